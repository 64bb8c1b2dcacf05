import type { Event } from '../event/event.ts';
import type { Rejected, Retry } from '../result/outcome.ts';
import type { SendContext } from './action.ts';
import type { Fields } from './fields.ts';

/** An audience, as the events of its members name it in `context.personas`. */
export interface Audience {
  /** `computation_id`; the key if it has none. */
  readonly id: string;
  /** `computation_key`: its name. */
  readonly key: string;
  /** `audience_settings`: its settings at this destination. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Everything that its events say about it. */
  readonly personas: Readonly<Record<string, unknown>>;
}

/** The ID of an audience at its destination, or why it has none. */
export type AudienceAnswer =
  { readonly externalId: string; readonly outcome?: undefined } | { readonly outcome: Rejected | Retry };

/** When members of audiences are sent: each one as it enters or leaves, or in runs, with all members each time if `fullSync`. */
export type AudienceMode =
  { readonly type: 'realtime' } | { readonly type: 'synced'; readonly fullSync?: boolean };

/** How a destination creates and finds audiences. */
export interface Audiences<C = SendContext> {
  /** The settings that one audience can have. */
  readonly fields: Fields;
  /** Creates the audience at the destination, or finds the existing one. Called once per audience. */
  readonly create: (context: C, audience: Audience) => Promise<AudienceAnswer>;
  /** Checks whether the audience with this ID still exists. */
  readonly get: (context: C, audience: Audience, externalId: string) => Promise<AudienceAnswer>;
}

const CLASSES = new Set<unknown>(['audience', 'journey_step']);

/** The audience that an event is about, when the event does not contain the ID of the audience at a destination. */
export function audienceWithoutId(event: Event): Audience | undefined {
  const personas = event.context?.['personas'];
  if (!isObject(personas) || !CLASSES.has(personas['computation_class'])) return undefined;
  const { computation_key: key, computation_id: id, audience_settings: settings } = personas;
  if (typeof key !== 'string' || key === '' || isGiven(personas[EXTERNAL_ID])) return undefined;
  return {
    id: isGiven(id) ? String(id) : key,
    key,
    settings: isObject(settings) ? settings : {},
    personas,
  };
}

const EXTERNAL_ID = 'external_audience_id';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

/** Returns the event with the ID of its audience where mappings and actions read it. */
export function withExternalId(event: Event, { personas }: Audience, externalId: string): Event {
  return { ...event, context: { ...event.context, personas: { ...personas, [EXTERNAL_ID]: externalId } } };
}
