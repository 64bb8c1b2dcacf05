import {
  type AnyProgress,
  isHistorical,
  orderKey,
  type ResolvedProcessor,
  type SourceEvent,
} from '@waybill/core';
import type { CarriedWrite, LoggedEvent, TimerWrite } from '@waybill/delivery';
import { type Cause, createDerive, type Derive } from './derive.ts';
import { type HeldState, heldText, heldValue } from './held.ts';
import { keysOf } from './person.ts';
import {
  isEmpty,
  isSameWho,
  noted,
  readRow,
  rowOfAlias,
  type UserRow,
  whoAfter,
  whoUnder,
  writeRow,
} from './user.ts';

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
  /** What the step comes to: what is to be written, or, where `all` is wanted, everything that was looked at too. */
  done(all?: boolean): Worked;
}

/** What is kept of a user, while a step goes on. */
type StepRow = Omit<UserRow, 'state'> & { readonly state: HeldState | undefined };

/** Of a user of whom nothing is kept. */
const NOTHING: StepRow = Object.freeze({ state: undefined, who: {}, timers: {}, turns: 0 });

function heldRow(row: UserRow): StepRow {
  return { ...row, state: row.state === undefined ? undefined : heldText(row.state) };
}

/** Something that happened to a user, and what it makes of them. */
interface Turn {
  readonly before: StepRow;
  readonly cause: Cause;
  readonly now: number;
  readonly call: () => AnyProgress;
  /** A timer that fired. */
  readonly isFired?: boolean;
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
  const input = { resolved, kept, now, derive, seal };
  const calls: ((step: Step) => void)[] = [];
  let step = beginStep(input, false);
  const again = (): void => {
    step = beginStep(input, true);
    for (const call of calls) call(step);
  };
  const take = (call: (step: Step) => void): void => {
    calls.push(call);
    call(step);
    if (step.isSpoiled()) again();
  };
  return {
    event: (logged) => take((one) => one.event(logged)),
    introduce: (logged) => take((one) => one.introduce(logged)),
    timer: (user, name, due) => take((one) => one.timer(user, name, due)),
    done(all) {
      const done = step.done(all);
      if (!step.isSpoiled()) return done;
      again();
      return step.done(all);
    },
  };
}

/** What a step begins with. */
interface StepInput {
  readonly resolved: ResolvedProcessor;
  readonly kept: ReadonlyMap<string, Uint8Array>;
  readonly now: number;
  readonly derive: Derive;
  readonly seal: ((text: string) => string) | undefined;
}

/** A step as it is tried. */
interface Step extends Work {
  /** Whether something failed that may have left a state changed, or too large a state behind: all of it is to be done again. */
  isSpoiled(): boolean;
}

/**
 * A step whose states go from event to event as they are, and are written out once at its end. A careful one writes out each: then what a
 * failing processor did to a state is undone, and the event that makes one too large fails.
 */
function beginStep({ resolved, kept, now, derive, seal }: StepInput, isCareful: boolean): Step {
  const { processor, settings: values } = resolved;
  const given = seal === undefined ? { settings: values } : { settings: values, seal };
  const rows = new Map<string, StepRow>();
  const events: SourceEvent[] = [];
  const timers = new Map<string, TimerWrite>();
  const failures: ProcessorFailure[] = [];
  const read = new Map<string, StepRow>();
  let isSpoiled = false;
  const rowOf = (user: string): StepRow => {
    const row = rows.get(user) ?? read.get(user);
    if (row !== undefined) return row;
    const bytes = kept.get(user);
    const first = bytes === undefined ? NOTHING : heldRow(readRow(bytes));
    read.set(user, first);
    return first;
  };
  const stateOf = ({ state }: StepRow): unknown =>
    state === undefined ? processor.initial() : state.value();
  const stateAfter = (before: HeldState | undefined, state: unknown): HeldState | undefined => {
    if (before !== undefined && before.value() === state) return before;
    const held = heldValue(state);
    return isCareful && held !== undefined ? heldText(held.text()) : held;
  };
  const write = (user: string, name: string, due: number, isSet: boolean): void => {
    const one = timerWrite(user, name, due, isSet);
    timers.set(`${due} ${one.key}`, one);
  };

  /** Lets the processor go on with a user; where it fails, the user stays as `before` has them. */
  const advance = (user: string, { before, cause, now: at, call, isFired = false }: Turn): boolean => {
    rows.set(user, before);
    try {
      const progress = call();
      const made = derive(progress, whoUnder(user, before.who), cause);
      const state = stateAfter(before.state, progress.state);
      const left = { ...before.timers };
      let isSet = false;
      for (const [name, due] of Object.entries(made.timers)) {
        if ((left[name] ?? null) === due) continue;
        isSet = true;
        if (left[name] !== undefined) write(user, name, left[name], false);
        delete left[name];
        if (due === null) continue;
        left[name] = due;
        write(user, name, due, true);
      }
      for (const one of made.events) events.push(one);
      const { note } = made;
      const { who, turns, notes } = before;
      if (state === before.state && !isFired && !isSet && note === undefined) return true;
      rows.set(user, {
        state,
        who,
        timers: left,
        turns: isFired || isSet ? turns + 1 : turns,
        ...noted(notes, note, at),
      });
      return true;
    } catch (error) {
      isSpoiled = !isCareful;
      // Whatever was done to it until then: it is read anew.
      if (isCareful && before.state !== undefined)
        rows.set(user, { ...before, state: heldText(before.state.text()) });
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
    const call = (): AnyProgress => processor.wake!(stateOf(row), { name, due }, context);
    advance(user, { before: { ...row, timers: left }, cause, now, call, isFired: true });
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
        const earlier = { state: stateOf(rowOf(other)), timers: set };
        const context = { ...given, now: arrived, historical };
        const call = (): AnyProgress => processor.merge!(stateOf(row), earlier, context);
        const turn = { before, cause: { ...cause, key: `merge ${other} ${cause.key}` }, now: arrived, call };
        if (!advance(user, turn)) continue;
        for (const [name, due] of Object.entries(set)) write(other, name, due, false);
      }
      rows.set(other, { ...rowOfAlias(user), state: undefined });
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
      const who = whoAfter(row.who, event);
      const before = isSameWho(who, row.who) ? row : { ...row, who };
      const context = { ...given, now: arrived, historical };
      const call = (): AnyProgress => processor.process(stateOf(row), event, context);
      advance(user, { before, cause, now: arrived, call });
    },
    introduce(logged) {
      const user = personOf(logged, toldBy(logged));
      const row = rowOf(user);
      if (!isEmpty(row)) rows.set(user, { ...row, who: whoAfter(row.who, logged.event) });
    },
    timer: fire,
    isSpoiled: () => isSpoiled,
    done(all = false) {
      const state: CarriedWrite[] = [];
      try {
        for (const [key, row] of rows)
          if (all || row !== read.get(key)) state.push(...writesOf(key, row, kept.get(key), all));
      } catch (error) {
        if (isCareful) throw error;
        isSpoiled = true;
      }
      return { events, state, timers: [...timers.values()], failures };
    },
  };
}

/** What is to be written of a user: nothing of whom nothing is or was kept, and of whom the same is. */
function writesOf(
  key: string,
  row: StepRow,
  before: Uint8Array | undefined,
  all: boolean,
): readonly CarriedWrite[] {
  const { who, timers, turns, notes, is } = row;
  const value = writeRow({
    state: row.state?.text(),
    who,
    timers,
    turns,
    ...(notes === undefined ? {} : { notes }),
    ...(is === undefined ? {} : { is }),
  });
  if (value === undefined) return before === undefined ? [] : [{ key }];
  const isSame = !all && before !== undefined && Buffer.compare(value, before) === 0;
  return isSame ? [] : [{ key, value }];
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
