import { type AnyProgress, orderKey, type ResolvedProcessor, type SourceEvent } from '@waybill/core';
import type { CarriedWrite, LoggedEvent, TimerWrite } from '@waybill/delivery';
import { type Cause, createDerive, type Derive } from './derive.ts';
import { readRow, type UserRow, whoAfter, writeRow } from './user.ts';

/** An event or a timer that a processor could not work on; it is passed over. */
export interface ProcessorFailure {
  readonly cause: string;
  readonly message: string;
}

/** Everything that one step changes, to be written in one transaction. */
export interface Worked {
  readonly events: readonly SourceEvent[];
  readonly state: readonly CarriedWrite[];
  readonly timers: readonly TimerWrite[];
  readonly failures: readonly ProcessorFailure[];
}

/** A step of a processor over some users: pure but for what the processor itself does. */
export interface Work {
  event(logged: LoggedEvent): void;
  /** Fires a timer, unless it was fired, taken back or set anew in the meantime. */
  timer(user: string, name: string, due: number): void;
  done(): Worked;
}

const SET = new Uint8Array([1]);

/** The key of a timer in the store. */
export function timerKey(user: string, name: string): string {
  return JSON.stringify([user, name]);
}

/** The user and the name of a timer, from its key. */
export function readTimerKey(key: string): readonly [user: string, name: string] {
  return JSON.parse(key) as [string, string];
}

/** Begins a step: `kept` has what is kept of its users. */
export function beginWork(
  resolved: ResolvedProcessor,
  kept: ReadonlyMap<string, Uint8Array>,
  now: number,
  derive: Derive = createDerive(resolved),
): Work {
  const { processor, settings } = resolved;
  const rows = new Map<string, UserRow>();
  const events: SourceEvent[] = [];
  const timers = new Map<string, TimerWrite>();
  const failures: ProcessorFailure[] = [];
  const rowOf = (user: string): UserRow => rows.get(user) ?? readRow(kept.get(user));
  const stateOf = ({ state }: UserRow): unknown =>
    state === undefined ? processor.initial() : (JSON.parse(state) as unknown);
  const write = (user: string, name: string, due: number, isSet: boolean): void => {
    const key = timerKey(user, name);
    timers.set(`${due} ${key}`, isSet ? { key, due, value: SET } : { key, due });
  };

  /** Lets the processor go on with a user; where it fails, the user stays as `before` has them. */
  const advance = (user: string, before: UserRow, cause: Cause, call: () => AnyProgress): void => {
    rows.set(user, before);
    try {
      const made = derive(call(), before.who, cause);
      const left = { ...before.timers };
      for (const [name, due] of Object.entries(made.timers)) {
        if (left[name] !== undefined) write(user, name, left[name], false);
        delete left[name];
        if (due === null) continue;
        left[name] = due;
        write(user, name, due, true);
      }
      for (const one of made.events) events.push(one);
      rows.set(user, { state: made.state, who: before.who, timers: left, turns: before.turns + 1 });
    } catch (error) {
      failures.push({ cause: cause.name, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const fire = (user: string, name: string, due: number): void => {
    const row = rowOf(user);
    write(user, name, due, false);
    if (row.timers[name] !== due) return;
    const { [name]: _fired, ...left } = row.timers;
    const key = `timer ${user} ${name} ${due} ${row.turns}`;
    const cause = { key, name, at: new Date(due).toISOString() };
    advance(user, { ...row, timers: left }, cause, () =>
      processor.wake!(stateOf(row), { name, due }, { settings, now }),
    );
  };

  return {
    event({ seq, event }) {
      const user = orderKey(event);
      const arrived = Date.parse(event.receivedAt);
      // What was due before the event came goes first, however late it is.
      const due = Object.entries(rowOf(user).timers).filter(([, at]) => at <= arrived);
      for (const [name, at] of due.sort(([, one], [, other]) => one - other)) fire(user, name, at);
      const row = rowOf(user);
      const before = { ...row, who: whoAfter(row.who, event) };
      const cause = {
        key: `event ${seq} ${event.messageId}`,
        name: event.messageId,
        at: event.timestamp,
        historical: event.context?.['historical'] === true,
      };
      advance(user, before, cause, () => processor.process(stateOf(row), event, { settings, now: arrived }));
    },
    timer: fire,
    done: () => ({
      events,
      state: [...rows].map(([key, row]) => {
        const value = writeRow(row);
        return value === undefined ? { key } : { key, value };
      }),
      timers: [...timers.values()],
      failures,
    }),
  };
}
