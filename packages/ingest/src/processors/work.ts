import type { AnyProgress, ProcessorContext, ResolvedProcessor, SourceEvent } from '@waybill/core';
import type { CarriedWrite, LoggedEvent, TimerWrite } from '@waybill/delivery';
import { type Cause, createDerive, type Derive } from './derive.ts';
import { type HeldState, heldText, heldValue, textOf, valueOf } from './held.ts';
import {
  aliasOf,
  beginUser,
  nextOf,
  noteTimer,
  type StepRow,
  type StepUser,
  timersAfter,
  timersOf,
  without,
  writeOf,
} from './step-user.ts';
import { type Told, toldBy } from './told.ts';
import { isEmpty, noted, whoAfter, whoUnder } from './user.ts';

/** An event or a timer that a processor failed on; it is skipped. */
export interface ProcessorFailure {
  readonly cause: string;
  readonly message: string;
}

/** The changes of a step, to be written in one transaction. */
export interface Worked {
  readonly events: readonly SourceEvent[];
  readonly state: readonly CarriedWrite[];
  readonly timers: readonly TimerWrite[];
  readonly failures: readonly ProcessorFailure[];
}

/** A step of a processor over some users: pure except for the processor itself. */
export interface Work {
  event(logged: LoggedEvent): void;
  /** Applies only the identification in an event. */
  introduce(logged: LoggedEvent): void;
  /** Fires a timer, unless it was fired, cancelled or set again in the meantime. */
  timer(user: string, name: string, due: number): void;
  /** Returns the result of the step: the writes, or, when `all` is set, everything that was read too. */
  done(all?: boolean): Worked;
}

/** An event or a timer of a user, and its result. */
interface Turn {
  readonly before: StepRow;
  readonly cause: Cause;
  readonly now: number;
  readonly call: () => AnyProgress;
  /** A timer that fired. */
  readonly isFired?: boolean;
}

/** Parses the user and the name of a timer from its key. */
export function readTimerKey(key: string): readonly [user: string, name: string] {
  return JSON.parse(key) as [string, string];
}

/** Begins a step: `kept` contains the stored data of its users. */
export function beginWork(
  resolved: ResolvedProcessor,
  kept: ReadonlyMap<string, Uint8Array>,
  now: number,
  derive: Derive = createDerive(resolved),
  seal?: (text: string) => string,
): Work {
  const input = { resolved, kept, now, derive, seal };
  const calls: Call[] = [];
  let step = beginStep(input, false);
  const again = (): void => {
    step = beginStep(input, true);
    for (const call of calls) make(step, call);
  };
  const take = (call: Call): void => {
    calls.push(call);
    make(step, call);
    if (step.isSpoiled()) again();
  };
  return {
    event: (logged) => take(logged),
    introduce: (logged) => take({ introduced: logged }),
    timer: (user, name, due) => take({ user, name, due }),
    done(all) {
      const done = step.done(all);
      if (!step.isSpoiled()) return done;
      again();
      return step.done(all);
    },
  };
}

/** A recorded call of a step, to be repeated in careful mode. */
type Call =
  | LoggedEvent
  | { readonly introduced: LoggedEvent }
  | { readonly user: string; readonly name: string; readonly due: number };

function make(step: Step, call: Call): void {
  if ('event' in call) step.event(call);
  else if ('introduced' in call) step.introduce(call.introduced);
  else step.timer(call.user, call.name, call.due);
}

/** The input of a step. */
interface StepInput {
  readonly resolved: ResolvedProcessor;
  readonly kept: ReadonlyMap<string, Uint8Array>;
  readonly now: number;
  readonly derive: Derive;
  readonly seal: ((text: string) => string) | undefined;
}

/** An attempt of a step. */
interface Step extends Work {
  /** Whether a failure may have left a state changed, or too large: the whole step is repeated. */
  isSpoiled(): boolean;
}

/**
 * Begins a step whose states are passed from event to event, and serialised once at its end. A careful step serialises after each
 * event: then the changes of a failing processor are undone, and the event that makes a state too large fails.
 */
function beginStep({ resolved, kept, now, derive, seal }: StepInput, isCareful: boolean): Step {
  const { processor, settings: values } = resolved;
  const given = seal === undefined ? { settings: values } : { settings: values, seal };
  const users = new Map<string, StepUser>();
  const events: SourceEvent[] = [];
  const failures: ProcessorFailure[] = [];
  let isSpoiled = false;
  const userOf = (key: string): StepUser => {
    let user = users.get(key);
    if (user === undefined) {
      user = beginUser(key, kept.get(key));
      users.set(key, user);
    }
    return user;
  };
  const put = (user: StepUser, row: StepRow): void => {
    user.row = row;
    user.isTouched = true;
  };
  const stateOf = ({ state }: StepRow): unknown =>
    state === undefined ? processor.initial() : valueOf(state);
  const stateAfter = (before: HeldState | undefined, state: unknown): HeldState | undefined => {
    if (before !== undefined && valueOf(before) === state) return before;
    const held = heldValue(state);
    return isCareful && held !== undefined ? heldText(textOf(held)) : held;
  };
  let context: ProcessorContext | undefined;
  /** Most events of a step arrived at the same time. */
  const contextAt = (at: number, historical: boolean): ProcessorContext => {
    if (context?.now !== at || context.historical !== historical) context = { ...given, now: at, historical };
    return context;
  };

  /** Runs the processor for a user; on failure the user is restored to `before`. */
  const advance = (user: StepUser, { before, cause, now: at, call, isFired = false }: Turn): boolean => {
    put(user, before);
    try {
      const progress = call();
      const made = derive(progress, whoUnder(user.key, before.who), cause);
      const state = stateAfter(before.state, progress.state);
      const timers = timersAfter(user, before.timers, made.timers);
      for (const one of made.events) events.push(one);
      const { note } = made;
      const isSet = timers !== before.timers;
      if (state === before.state && !isFired && !isSet && note === undefined) return true;
      const row = {
        state,
        who: before.who,
        timers,
        next: isSet ? nextOf(timers) : before.next,
        turns: isFired || isSet ? before.turns + 1 : before.turns,
      };
      const { notes } = before;
      user.row = note === undefined && notes === undefined ? row : { ...row, ...noted(notes, note, at) };
      return true;
    } catch (error) {
      isSpoiled = !isCareful;
      // Discards all mutations: it is parsed again.
      if (isCareful && before.state !== undefined)
        user.row = { ...before, state: heldText(textOf(before.state)) };
      failures.push({ cause: cause.name, message: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };
  const fire = (user: StepUser, name: string, due: number): void => {
    const { row } = user;
    noteTimer(user, name, due, false);
    if (row.timers[name] !== due) return;
    const timers = without(row.timers, name);
    const key = `timer ${user.key} ${name} ${due} ${row.turns}`;
    const cause = { key, name, at: new Date(due).toISOString() };
    const call = (): AnyProgress =>
      processor.wake!(stateOf(row), { name, due }, { ...given, now, historical: false });
    const before = { ...row, timers, next: nextOf(timers) };
    advance(user, { before, cause, now, call, isFired: true });
  };
  /** Timers due before an event go first, however late. */
  const fireBefore = (arrived: number, ...of: readonly StepUser[]): void => {
    if (of.every(({ row }) => row.next > arrived)) return;
    const due = of.flatMap((user) =>
      Object.entries(user.row.timers).flatMap(([name, at]) => (at <= arrived ? [{ user, name, at }] : [])),
    );
    for (const { user, name, at } of due.sort((one, other) => one.at - other.at)) fire(user, name, at);
  };

  const holderOf = (key: string): StepUser => {
    const user = userOf(key);
    return user.row.is === undefined ? user : holderOf(user.row.is);
  };
  /** The user of the previous keys: successive events often have the same user. */
  let last: { readonly keys: readonly string[]; readonly user: StepUser } | undefined;
  /** Returns the user of an event. Data stored under weaker keys of the same user is moved to it. */
  const personOf = (told: Told): StepUser => {
    if (last?.keys === told.keys) return last.user;
    const { keys } = told;
    const user = holderOf(keys[0]!);
    let others: StepUser[] | undefined;
    for (let at = 1; at < keys.length; at += 1) {
      const other = userOf(keys[at]!);
      if (other === user || other.row.is === user.key) continue;
      others ??= [];
      others.push(other);
    }
    if (others === undefined) last = { keys: told.keys, user };
    else {
      last = undefined;
      join(user, others, told);
    }
    return user;
  };
  const join = (user: StepUser, others: readonly StepUser[], { arrived, cause, historical }: Told): void => {
    fireBefore(arrived, user, ...others);
    const alias = aliasOf(user.key);
    for (const other of others) {
      const { timers: set, who, notes: earlierNotes } = other.row;
      if (!isEmpty(other.row)) {
        const { row } = user;
        const notes = [...(row.notes ?? []), ...(earlierNotes ?? [])];
        const before = { ...row, who: { ...who, ...row.who }, notes };
        const earlier = { state: stateOf(other.row), timers: set };
        const call = (): AnyProgress =>
          processor.merge!(stateOf(row), earlier, contextAt(arrived, historical));
        const turn = {
          before,
          cause: { ...cause, key: `merge ${other.key} ${cause.key}` },
          now: arrived,
          call,
        };
        if (!advance(user, turn)) continue;
        for (const [name, due] of Object.entries(set)) noteTimer(other, name, due, false);
      }
      put(other, alias);
    }
  };

  return {
    event(logged) {
      const told = toldBy(logged);
      const { event, arrived, cause, historical } = told;
      const user = processor.merge === undefined ? userOf(told.keys[0]!) : personOf(told);
      if (user.row.next <= arrived) fireBefore(arrived, user);
      const { row } = user;
      const who = whoAfter(row.who, told);
      const before = who === row.who ? row : { ...row, who };
      const call = (): AnyProgress => processor.process(stateOf(row), event, contextAt(arrived, historical));
      advance(user, { before, cause, now: arrived, call });
    },
    introduce(logged) {
      const told = toldBy(logged);
      const user = personOf(told);
      if (user.row.next <= told.arrived) fireBefore(told.arrived, user);
      const { row } = user;
      if (!isEmpty(row)) put(user, { ...row, who: whoAfter(row.who, told) });
    },
    timer: (user, name, due) => fire(userOf(user), name, due),
    isSpoiled: () => isSpoiled,
    done(all = false) {
      const state: CarriedWrite[] = [];
      const timers: TimerWrite[] = [];
      try {
        for (const user of users.values()) {
          if (user.isTouched && (all || user.row !== user.kept)) {
            const write = writeOf(user, all);
            if (write !== undefined) state.push(write);
          }
          if (user.timers !== undefined) timers.push(...timersOf(user));
        }
      } catch (error) {
        if (isCareful) throw error;
        isSpoiled = true;
      }
      return { events, state, timers, failures };
    },
  };
}
