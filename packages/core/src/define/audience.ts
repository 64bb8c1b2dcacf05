import type { Event } from '../event/event.ts';
import type { Rejected, Retry } from '../result/outcome.ts';
import type { SendContext } from './action.ts';
import type { Fields } from './fields.ts';

/** An audience, as the events of its members name it in `context.personas`. */
export interface Audience {
  /** `computation_id`; the key where there is none. */
  readonly id: string;
  /** `computation_key`: what it is called. */
  readonly key: string;
  /** `audience_settings`: what a person has set for it at this destination. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Everything that the events say of it. */
  readonly personas: Readonly<Record<string, unknown>>;
}

/** The id of an audience at its destination, or why it has none. */
export type AudienceAnswer =
  { readonly externalId: string; readonly outcome?: undefined } | { readonly outcome: Rejected | Retry };

/** What a destination does for audiences beside its actions. */
export interface Audiences<C = SendContext> {
  /** What a person may set for one audience. */
  readonly fields: Fields;
  /** Makes the audience there, or finds the one that is meant. Called once for each audience. */
  readonly create: (context: C, audience: Audience) => Promise<AudienceAnswer>;
  /** Looks whether the audience of this id is still there. */
  readonly get: (context: C, audience: Audience, externalId: string) => Promise<AudienceAnswer>;
}

const CLASSES = new Set<unknown>(['audience', 'journey_step']);

/** The audience that an event is about, when it does not bring the id that the audience has at a destination. */
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

/** The event with the id of its audience, where mappings and actions read it. */
export function withExternalId(event: Event, { personas }: Audience, externalId: string): Event {
  return { ...event, context: { ...event.context, personas: { ...personas, [EXTERNAL_ID]: externalId } } };
}
