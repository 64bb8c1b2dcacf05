/** A ready-made mapping, as data. */
export type Preset =
  | {
      /** Stable name within the destination: `identify-calls`. */
      readonly slug: string;
      readonly name: string;
      /** Offered, and added automatically to a new destination. */
      readonly type: 'automatic';
      readonly action: string;
      readonly trigger: string;
      /** How the trigger is read; Waybill's own language when absent. */
      readonly dialect?: 'waybill' | 'segment';
      readonly mapping: Readonly<Record<string, unknown>>;
    }
  | {
      readonly slug: string;
      readonly name: string;
      /** Created for one kind of event that a product feature emits. */
      readonly type: 'specificEvent';
      readonly action: string;
      /** The kind of event, as Segment names it. */
      readonly eventSlug: string;
      readonly mapping: Readonly<Record<string, unknown>>;
    };

/** A preset, typed. The destination checks it against its actions. */
export function definePreset<const P extends Preset>(preset: P): P {
  return preset;
}

/** Returns the initial values of a new mapping: the default of every field that has one. */
export function defaultMapping(
  fields: Readonly<Record<string, { readonly default?: unknown }>>,
): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (field.default !== undefined) mapping[name] = field.default;
  }
  return mapping;
}
