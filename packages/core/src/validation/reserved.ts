import { MODE_KEY, ROOT_KEY } from '../mapping/paths.ts';
import type { Field, FieldConditions, Fields, Json } from '../define/fields.ts';

/**
 * Keys of a mapping that are settings and never part of a payload: batching, the sync mode, outputs of hooks.
 * Definitions may declare some of them as fields, so that a mapping editor shows them.
 */
export const RESERVED_MAPPING_KEYS: ReadonlySet<string> = new Set([
  'enable_batching',
  'batch_size',
  'batch_bytes',
  'batch_keys',
  MODE_KEY,
  '__segment_internal_matching_key',
  ROOT_KEY,
  'onMappingSave',
  'retlOnMappingSave',
]);

const INTERNAL = '__segment_internal_';

/** Whether a key of a mapping is a setting of the mapping and not part of the payload. */
export function isReservedMappingKey(key: string): boolean {
  return RESERVED_MAPPING_KEYS.has(key) || key.startsWith(INTERNAL);
}

const stripped = new WeakMap<Fields, Fields>();

/** Returns the fields of an action that its payload has: all but the declared settings of the mapping. */
export function payloadFields(fields: Fields): Fields {
  const known = stripped.get(fields);
  if (known) return known;
  const entries = Object.entries(fields);
  const kept = entries.filter(([key]) => !isReservedMappingKey(key));
  // The same object when there is nothing to leave out, so that caches by identity are shared.
  const result = kept.length === entries.length ? fields : Object.fromEntries<Field>(kept);
  stripped.set(fields, result);
  return result;
}

function namesIn(conditions: boolean | FieldConditions | undefined): string[] {
  if (typeof conditions !== 'object') return [];
  return conditions.conditions.flatMap((one) => (one.type === 'syncMode' ? [] : [one.fieldKey]));
}

/** The names that conditions of these fields read. */
function asked(fields: Fields): string[] {
  return Object.values(fields).flatMap((field) => [
    ...namesIn(field.required),
    ...(field.properties ? asked(field.properties) : []),
  ]);
}

/**
 * Returns the settings of a mapping that are plain values and that conditions of the fields read. None for nearly all
 * actions, so that their mappings share one validator.
 */
export function askedSettings(
  fields: Fields,
  mapping: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Json>> {
  const settings: Record<string, Json> = {};
  for (const key of asked(fields)) {
    if (!isReservedMappingKey(key)) continue;
    const value = Object.hasOwn(mapping, key) ? mapping[key] : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      settings[key] = value;
    }
  }
  return settings;
}

/** Returns the sync mode of a mapping. */
export function mappingSyncMode(mapping: Readonly<Record<string, unknown>>): string | undefined {
  const mode = mapping[MODE_KEY];
  return typeof mode === 'string' ? mode : undefined;
}

/** Returns the part of a mapping that makes the payload. */
export function payloadMapping(
  mapping: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(mapping).filter(([key]) => key === ROOT_KEY || !isReservedMappingKey(key)),
  );
}
