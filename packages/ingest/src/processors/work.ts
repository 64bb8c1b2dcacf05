import {
  type AnyProgress,
  isHistorical,
  orderKey,
  type ResolvedProcessor,
  type SourceEvent,
} from '@waybill/core';
import type { CarriedWrite, LoggedEvent, TimerWrite } from '@waybill/delivery';
import { type Cause, createDerive, type Derive, type ParsedState } from './derive.ts';
import { keysOf } from './person.ts';
import { isEmpty, noted, readRow, rowOfAlias, type UserRow, whoAfter, whoUnder, writeRow } from './user.ts';

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
  /** Sees who the person of an event is, and nothing else. */
  introduce(logged: LoggedEvent): void;
  /** Fires a timer, unless it was fired, taken back or set anew in the meantime. */
  timer(user: string, name: string, due: number): void;
  done(): Worked;
}

/** Something that happened to a user, and what it makes of them. */
interface Turn {
  readonly before: UserRow;
  readonly cause: Cause;
  readonly now: number;
  readonly call: () => AnyProgress;
}

/** What the store keeps of a timer: that it is set. */
const SET = new Uint8Array([1]);

/** Sets a timer in the store, or takes it back. */
export function timerWrite(user: string, name: string, due: number, isSet: boolean): TimerWrite {
  const key = JSON.stringify([user, name]);
  return isSet ? { key, due, value: SET } : { key, due };
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
  seal?: (text: string) => string,
): Work {
  const { processor, settings: values } = resolved;
  const given = seal === undefined ? { settings: values } : { settings: values, seal };
  const rows = new Map<string, UserRow>();
  const events: SourceEvent[] = [];
  const timers = new Map<string, TimerWrite>();
  const failures: ProcessorFailure[] = [];
  const read = new Map<string, UserRow>();
  const rowOf = (user: string): UserRow => {
    const row = rows.get(user) ?? read.get(user);
    if (row !== undefined) return row;
    const first = readRow(kept.get(user));
    read.set(user, first);
    return first;
  };
  /** The last state of a user that was parsed: one that a processor gives back as it was needs no text of its own. */
  const parsed = new Map<string, ParsedState>();
  const stateOf = (user: string, { state: text }: UserRow): unknown => {
    if (text === undefined) return processor.initial();
    const last = parsed.get(user);
    if (last?.text === text) return last.state;
    const state = JSON.parse(text) as unknown;
    parsed.set(user, { text, state });
    return state;
  };
  const write = (user: string, name: string, due: number, isSet: boolean): void => {
    const one = timerWrite(user, name, due, isSet);
    timers.set(`${due} ${one.key}`, one);
  };

  /** Lets the processor go on with a user; where it fails, the user stays as `before` has them. */
  const advance = (user: string, { before, cause, now: at, call }: Turn): boolean => {
    rows.set(user, before);
    try {
      const progress = call();
      const made = derive(progress, whoUnder(user, before.who), cause, parsed.get(user));
      const left = { ...before.timers };
      for (const [name, due] of Object.entries(made.timers)) {
        if (left[name] !== undefined) write(user, name, left[name], false);
        delete left[name];
        if (due === null) continue;
        left[name] = due;
        write(user, name, due, true);
      }
      for (const one of made.events) events.push(one);
      const { state, note } = made;
      const { who, turns, notes } = before;
      rows.set(user, { state, who, timers: left, turns: turns + 1, ...noted(notes, note, at) });
      return true;
    } catch (error) {
      // Whatever was done to it until then: it is read anew.
      parsed.delete(user);
      failures.push({ cause: cause.name, message: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };
  const fire = (user: string, name: string, due: number): void => {
    const row = rowOf(user);
    write(user, name, due, false);
    if (row.timers[name] !== due) return;
    const { [name]: _fired, ...left } = row.timers;
    const key = `timer ${user} ${name} ${due} ${row.turns}`;
    const cause = { key, name, at: new Date(due).toISOString() };
    const context = { ...given, now, historical: false };
    const call = (): AnyProgress => processor.wake!(stateOf(user, row), { name, due }, context);
    advance(user, { before: { ...row, timers: left }, cause, now, call });
  };
  /** What was due before an event came goes first, however late it is. */
  const fireBefore = (users: readonly string[], arrived: number): void => {
    const due: { readonly user: string; readonly name: string; readonly at: number }[] = [];
    for (const user of users) {
      const { timers: set } = rowOf(user);
      for (const name in set) if (set[name]! <= arrived) due.push({ user, name, at: set[name]! });
    }
    for (const { user, name, at } of due.sort((one, other) => one.at - other.at)) fire(user, name, at);
  };

  const holderOf = (key: string): string => {
    const { is } = rowOf(key);
    return is === undefined ? key : holderOf(is);
  };
  /** The user of an event. What was kept under weaker keys of the same person is theirs from now on. */
  const personOf = ({ event }: LoggedEvent, { arrived, cause, historical }: Told): string => {
    const [key, ...weaker] = keysOf(event);
    const user = holderOf(key!);
    const others = weaker.filter((other) => other !== user && rowOf(other).is !== user);
    fireBefore([user, ...others], arrived);
    for (const other of others) {
      const { timers: set, who, notes: earlierNotes } = rowOf(other);
      if (!isEmpty(rowOf(other))) {
        const row = rowOf(user);
        const notes = [...(row.notes ?? []), ...(earlierNotes ?? [])];
        const before = { ...row, who: { ...who, ...row.who }, notes };
        const earlier = { state: stateOf(other, rowOf(other)), timers: set };
        const context = { ...given, now: arrived, historical };
        const call = (): AnyProgress => processor.merge!(stateOf(user, row), earlier, context);
        const turn = { before, cause: { ...cause, key: `merge ${other} ${cause.key}` }, now: arrived, call };
        if (!advance(user, turn)) continue;
        for (const [name, due] of Object.entries(set)) write(other, name, due, false);
      }
      rows.set(other, rowOfAlias(user));
    }
    return user;
  };

  return {
    event(logged) {
      const { event } = logged;
      const told = toldBy(logged);
      const { arrived, cause, historical } = told;
      const user = processor.merge === undefined ? orderKey(event) : personOf(logged, told);
      fireBefore([user], arrived);
      const row = rowOf(user);
      const before = { ...row, who: whoAfter(row.who, event) };
      const context = { ...given, now: arrived, historical };
      const call = (): AnyProgress => processor.process(stateOf(user, row), event, context);
      advance(user, { before, cause, now: arrived, call });
    },
    introduce(logged) {
      const user = personOf(logged, toldBy(logged));
      const row = rowOf(user);
      if (!isEmpty(row)) rows.set(user, { ...row, who: whoAfter(row.who, logged.event) });
    },
    timer: fire,
    done: () => ({
      events,
      // Of whom nothing was kept and nothing is, nothing is written.
      state: [...rows].flatMap(([key, row]) => {
        const value = writeRow(row);
        return value !== undefined ? [{ key, value }] : kept.has(key) ? [{ key }] : [];
      }),
      timers: [...timers.values()],
      failures,
    }),
  };
}

/** What an event is a cause of, and when it came. */
interface Told {
  readonly arrived: number;
  readonly historical: boolean;
  readonly cause: Cause;
}

function toldBy({ seq, event }: LoggedEvent): Told {
  const { messageId, timestamp, receivedAt } = event;
  const historical = isHistorical(event);
  const cause = { key: `event ${seq} ${messageId}`, name: messageId, at: timestamp, historical };
  return { arrived: Date.parse(receivedAt), historical, cause };
}
