import { hash } from 'node:crypto';
import { type AnyProgress, compileValidator, type ResolvedProcessor, type SourceEvent } from '@waybill/core';
import type { Who } from './user.ts';

/** The checked result of an event or a timer. */
export interface Advance {
  readonly events: readonly SourceEvent[];
  readonly timers: Readonly<Record<string, number | null>>;
  readonly note: string | undefined;
}

/** The cause of derived events. */
export interface Cause {
  /** The same whenever the same work is repeated, so that derived events keep their IDs. */
  readonly key: string;
  /** The messageId of an event, or the name of a timer. */
  readonly name: string;
  /** ISO 8601: the default time of derived events. */
  readonly at: string;
  /** Marks a historical cause: its derived events are historical too. */
  readonly historical?: boolean;
}

/** Most events have no result: they need no lists. */
const NONE: readonly never[] = Object.freeze([]);
const NOT_SET: Advance['timers'] = Object.freeze({});
/** The maximum number of derived events of one cause. */
const MOST_EVENTS = 100;

/** Checks the result of a processor and creates complete events from it; the state is returned unchanged. */
export type Derive = (progress: AnyProgress, who: Who, cause: Cause) => Advance;

/** Creates the check for the results of a processor; it throws an Error that describes the problem. */
export function createDerive({ id, processor }: Pick<ResolvedProcessor, 'id' | 'processor'>): Derive {
  const validators = new Map(
    Object.entries(processor.events).map(([name, fields]) => [name, compileValidator(fields)]),
  );
  const propertiesOf = (event: string, properties: unknown): Readonly<Record<string, unknown>> => {
    const validate = validators.get(event);
    if (validate === undefined) throw new Error(`It derives "${event}", which its definition does not list.`);
    const checked = validate(properties);
    if (checked.ok) return checked.payload as Readonly<Record<string, unknown>>;
    const [issue] = checked.issues;
    throw new Error(`"${event}" does not match its fields: ${issue?.path ?? ''}: ${issue?.message ?? ''}`);
  };
  const eventsOf = (
    events: NonNullable<AnyProgress['events']>,
    { email, ...ids }: Who,
    cause: Cause,
  ): readonly SourceEvent[] => {
    const context = {
      ...(email === undefined ? {} : { traits: { email } }),
      derived: { by: id, from: cause.name },
    };
    return events.map(({ event, properties, timestamp = cause.at, key, historical }, index) => ({
      type: 'track',
      messageId: key === undefined ? derivedId(id, cause.key, index) : derivedId(id, `key ${key}`),
      ...ids,
      event,
      timestamp,
      properties: propertiesOf(event, properties),
      context: cause.historical === true || historical === true ? { ...context, historical: true } : context,
    }));
  };
  return (progress, who, cause) => {
    if (typeof progress !== 'object' || progress === null) throw new Error('It returned no progress.');
    const { events = NONE, timers = NOT_SET, note } = progress;
    if (note !== undefined && typeof note !== 'string') throw new Error('A note must be a string.');
    if (events.length > MOST_EVENTS)
      throw new Error(`It derives ${events.length} events at once; the maximum is ${MOST_EVENTS}.`);
    if (timers !== NOT_SET) checkTimers(timers, processor.wake !== undefined);
    return { timers, note, events: events.length === 0 ? NONE : eventsOf(events, who, cause) };
  };
}

function checkTimers(timers: Readonly<Record<string, number | null>>, wakes: boolean): void {
  for (const name of Object.keys(timers)) {
    const due = timers[name] as number | null;
    if (due !== null && !Number.isSafeInteger(due))
      throw new Error(`The timer "${name}" is set to ${String(due)}, which is not a time.`);
    if (due !== null && !wakes) throw new Error(`It sets the timer "${name}" and has no "wake".`);
  }
}

/** An ID that depends only on its cause or its key: an event derived again is the same event. */
function derivedId(processor: string, ...of: readonly (string | number)[]): string {
  return `derived-${hash('sha256', JSON.stringify([processor, ...of]), 'base64url').slice(0, 27)}`;
}
