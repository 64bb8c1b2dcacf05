import { hash } from 'node:crypto';
import { type AnyProgress, compileValidator, type ResolvedProcessor, type SourceEvent } from '@waybill/core';
import type { Who } from './user.ts';

/** What an event or a timer has led to, checked. */
export interface Advance {
  readonly events: readonly SourceEvent[];
  readonly timers: Readonly<Record<string, number | null>>;
  readonly note: string | undefined;
}

/** What derived events come of. */
export interface Cause {
  /** The same whenever the same thing is worked on again, so that derived events keep their ids. */
  readonly key: string;
  /** The messageId of an event, or the name of a timer. */
  readonly name: string;
  /** ISO 8601: the time of derived events that name none. */
  readonly at: string;
  /** Of the past: so is what is derived of it. */
  readonly historical?: boolean;
}

/** Most events come to nothing: they need no lists of their own. */
const NONE: readonly never[] = Object.freeze([]);
const NOT_SET: Advance['timers'] = Object.freeze({});
/** The most events of one cause. */
const MOST_EVENTS = 100;

/** Checks what a processor gives back and makes whole events of it; the state stays as it was given. */
export type Derive = (progress: AnyProgress, who: Who, cause: Cause) => Advance;

/** Makes what checks the answers of a processor; it throws an Error that says what is wrong with one. */
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

/** An id that follows from its cause or its key alone: what is derived again is the same event. */
function derivedId(processor: string, ...of: readonly (string | number)[]): string {
  return `derived-${hash('sha256', JSON.stringify([processor, ...of]), 'base64url').slice(0, 27)}`;
}
