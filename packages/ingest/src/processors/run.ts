import type { DeletionRequest, ResolvedProcessor } from '@waybill/core';
import type { Lease, Log, Timer, TimerWrite } from '@waybill/delivery';
import type { Elsewhere } from '../elsewhere.ts';
import { createLoop, createQueue, type Loop } from '../loop.ts';
import { createOwner } from '../owner.ts';
import type { CarryingIntake } from './carrying.ts';
import { createCommits } from './commits.ts';
import { forget } from './forget.ts';
import { createReader, keptBy } from './reader.ts';
import type { Rounds } from './rounds.ts';
import type { ReadAfter } from './shared-read.ts';
import type { SharedRows } from './shared-rows.ts';
import { createShadow, type Recomputation, type RecomputeAsk } from './shadow.ts';
import { readRow, type UserRow } from './user.ts';
import { type ProcessorFailure, readTimerKey, type Worked } from './work.ts';

/** Access to other processes, directly or through another thread. */
export interface ElsewhereAsked extends Omit<Elsewhere, 'isHere'> {
  isHere(owner: string): boolean | Promise<boolean>;
}

/** The input of running processors. */
export interface RunInput {
  readonly log: Pick<
    Log,
    | 'read'
    | 'lastSeq'
    | 'span'
    | 'carried'
    | 'carriedOf'
    | 'carriedAfter'
    | 'timers'
    | 'owners'
    | 'append'
    | 'get'
    | 'set'
  >;
  readonly intake: CarryingIntake;
  /** Partitions of the log; 1 when absent. A user is always in the same one. */
  readonly partitions?: number;
  /** Names this process among those that could work for the same processor. */
  readonly holder: string;
  readonly elsewhere?: ElsewhereAsked | undefined;
  readonly now: () => number;
  /** Creates tokens of strings, for links of a processor. */
  readonly seal?: (processor: string, text: string) => string;
  /** Called when a processor could not process an event or a timer. */
  readonly onFailure: (processor: string, failure: ProcessorFailure) => void;
  /** Collects garbage: called when there is much of it and little else. */
  readonly collect?: (() => void) | undefined;
  /** Called when a step failed; it is retried. */
  readonly onError: (processor: string, error: unknown) => void;
}

/** The status of a run. */
export interface RunStanding {
  /** The processed position of the log; 0 while it is unknown. */
  readonly reached: number;
  readonly recomputation?: Recomputation;
}

/** The operations of a run, independent of its thread. */
export interface RunHandle {
  standing(): Promise<RunStanding>;
  /** Returns the next timers by due time. */
  timers(limit: number): Promise<readonly WaitingTimer[]>;
  /** Returns the stored data of the user of a key, and the key that it is stored under; undefined when there is none. */
  user(key: string): Promise<(UserRow & { readonly key: string }) | undefined>;
  /** Deletes the stored data of a user. */
  forget(who: DeletionRequest): Promise<void>;
  /** Starts a recomputation, and replaces the current one, if any. */
  recompute(ask: RecomputeAsk): Promise<void>;
  /** Replaces the stored data by the recomputed one, once it is ready. */
  apply(): Promise<void>;
  /** Cancels a recomputation without a change. */
  cancel(): Promise<void>;
}

/** A running processor. */
export interface Run extends Loop, RunHandle {
  /** Resolves when it has its cursor in the log, or cannot have it: while another holder has the lease, or the store fails. */
  readonly begun: Promise<void>;
  /** The processed position of the log; 0 while it is unknown. */
  reached(): number;
}

/** A waiting timer. */
export interface WaitingTimer {
  readonly user: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly due: number;
}

/** The maximum number of timers per step. */
const MOST_TIMERS = 200;
/** The wait for a lease of an ended holder, in milliseconds. */
const TAKE_AGAIN = 1_000;
/** The wait after a failed step, in milliseconds. */
const TRY_AGAIN = 1_000;
const FAR = 60_000;
/** The interval of storing the cursor while events have no result. */
const KEEP_EVERY = 1_000;

/**
 * Runs one processor over a partition: reads the log after its cursor, and commits cursor, states, timers and derived events of a
 * step in one transaction. The next step is computed meanwhile. An interrupted step is repeated, and derives the same events.
 */
export function runProcessor(
  resolved: ResolvedProcessor,
  partition: number,
  input: RunInput & { readonly readAfter: ReadAfter; readonly rows: SharedRows; readonly rounds: Rounds },
): Run {
  const { log, intake, now } = input;
  const { id } = resolved;
  const name = ownerOf(id, partition);
  const kept = keptBy(log, name);
  const commits = createCommits();
  const { seal } = input;
  const sharedRows = commits.over(input.rows.of(name, partition));
  const reader = createReader(resolved, seal && ((text) => seal(id, text)));
  const shadow = createShadow({ resolved, partition, owner: name, log, intake, now });
  /** The position that steps have processed, including the one that is being committed; 0 while it is unknown. */
  let cursor = 0;
  /** The end of the log at the first look: a cursor that could not be stored then remains the same. */
  let end: number | undefined;
  /** Whether it has skipped events without a result since the cursor was stored. */
  let ahead = false;
  let keptAt = 0;
  /** No timer is due before this time, as far as steps have set them. */
  let quietUntil = Number.NEGATIVE_INFINITY;
  const dueTimers = async (dueBy: number): Promise<readonly Timer[]> => {
    if (dueBy < quietUntil) return [];
    const due = await log.timers(name, { dueBy, limit: MOST_TIMERS });
    if (due.length > 0) return due;
    const [next] = await log.timers(name, { limit: 1 });
    quietUntil = Math.min(next?.due ?? Number.POSITIVE_INFINITY, commits.due);
    return due;
  };
  const owner = createOwner({
    name,
    holder: input.holder,
    log,
    now,
    async onTaken(lease) {
      // Whatever its result is, the store has the cursor.
      await commits.ended().catch(() => undefined);
      const { cursor: last } = await log.carried(lease.key, []);
      await shadow.load();
      quietUntil = Number.NEGATIVE_INFINITY;
      const isNew = last === undefined || last === '';
      cursor = isNew ? (end ??= await log.lastSeq(partition)) : Number(last);
      // A new processor starts at the end of the log, wherever that is after a restart.
      if (isNew) await settle(lease);
    },
  });
  /** Begins the commit of a step, after that of the previous one, and moves the cursor. */
  const commit = (lease: Lease<string>, worked: Worked, reached: number): void => {
    const { events, state, timers, failures } = worked;
    const due = firstDue(timers);
    quietUntil = Math.min(quietUntil, due);
    const carry = { lease, cursor: String(reached), state, timers, sharesKeys: true };
    const carried = async (): Promise<unknown> => {
      const taken = await intake.carry(events, { source: { id }, path: 'processor' }, carry);
      if (taken !== 'stale') for (const failure of failures) input.onFailure(id, failure);
      return taken;
    };
    commits.begin({ from: cursor, state, due, result: carried() });
    cursor = reached;
    ahead = false;
    keptAt = now();
  };
  /** Waits for the commit of the previous step. Returns false when another holder has taken over: what was computed since is void. */
  const committed = async (): Promise<boolean> => {
    const isMine = await commits.ended();
    if (!isMine) owner.lost();
    return isMine;
  };
  /** Stores the cursor. */
  const settle = async (lease: Lease<string>): Promise<void> => {
    commit(lease, { events: [], state: [], timers: [], failures: [] }, cursor);
    await committed();
  };

  /** Reads the cursor of another holder. */
  const look = async (): Promise<void> => {
    const { cursor: reached } = await log.carried(name, []);
    if (reached !== undefined && reached !== '') cursor = Number(reached);
  };
  const work = async (): Promise<number> => {
    const lease = await owner.lease();
    if (lease === undefined) return (await look(), TAKE_AGAIN);
    if (shadow.applies) {
      if (!(await committed())) return 0;
      quietUntil = Number.NEGATIVE_INFINITY;
      return (await shadow.work(lease, cursor), 0);
    }
    const wait = await input.rounds.step(() => workOn(lease), { partition, after: cursor });
    if (wait === 0 || !(await shadow.work(lease, cursor))) return wait;
    input.rounds.more();
    return 0;
  };
  const workOn = async (lease: Lease<string>): Promise<number> => {
    const read = await input.readAfter(cursor, partition);
    const last = read.at(-1);
    const present = now();
    // No event before these due timers is still unread.
    const dueBy =
      last?.damage === undefined && last !== undefined ? Date.parse(last.event.receivedAt) : present;
    const { isOpen } = commits;
    let due = await dueTimers(Math.min(dueBy, present));
    let rows = sharedRows;
    if (due.length > 0 && isOpen) {
      // The step that is being committed may have fired or cancelled them.
      if (!(await committed())) return 0;
      due = await dueTimers(Math.min(dueBy, present));
      // Others may have read its users before that.
      rows = kept;
    }
    if (due.length === MOST_TIMERS) input.rounds.more();
    if (last === undefined && due.length === 0) {
      // Timers that it has set may be due, and events that it has derived are unread.
      if (isOpen) return (await committed(), 0);
      if (ahead && present - keptAt >= KEEP_EVERY) await settle(lease);
      const far = ahead ? KEEP_EVERY : FAR;
      return Math.max(1, Math.min(far, quietUntil - now()));
    }
    const mine = read.filter(reader.isMine);
    const reached = last?.through ?? last?.seq ?? cursor;
    // Skipped events are not worth a separate commit: after a crash they are skipped again.
    if (mine.length === 0 && due.length === 0 && present - keptAt < KEEP_EVERY) {
      cursor = reached;
      ahead = true;
      return 0;
    }
    const fired = due.map(waiting);
    const users = fired.map(({ user }) => user);
    const step = await reader.workOn(mine, users, { rows, now: present });
    for (const one of fired) step.timer(one.user, one.name, one.due);
    const worked = step.done();
    if (!(await committed())) return 0;
    commit(lease, worked, reached);
    return 0;
  };
  const alone = createQueue();
  const onError = (error: unknown): number => {
    // The store has the committed cursor.
    owner.lost();
    input.onError(id, error);
    return TRY_AGAIN;
  };
  const begun = alone(async () => {
    try {
      if ((await owner.lease()) === undefined) await look();
    } catch (error) {
      onError(error);
    }
  });
  const loop = createLoop({ work: () => alone(work), onError });
  /** Runs a function between two steps. */
  const between = async (what: (lease: Lease<string>) => Promise<void>): Promise<void> => {
    await alone(async () => {
      const lease = await owner.lease();
      if (lease === undefined || !(await committed()))
        throw new Error('Another server works for this processor.');
      await what(lease);
    });
    loop.wake();
  };
  /** An event is needed until its result is in the store. */
  const stored = (): number => commits.from ?? cursor;
  const userOf = async (key: string): ReturnType<RunHandle['user']> => {
    const bytes = (await kept([key])).get(key);
    if (bytes === undefined) return undefined;
    const row = readRow(bytes);
    return row.is === undefined ? { ...row, key } : userOf(row.is);
  };
  return {
    ...loop,
    begun,
    reached: stored,
    standing: async () => ({
      reached: stored(),
      ...(shadow.status === undefined ? {} : { recomputation: shadow.status }),
    }),
    timers: async (limit) => (await log.timers(name, { limit })).map(waiting),
    user: userOf,
    forget: (who) => between((lease) => forget(who, { log, lease })),
    recompute: (ask) => between((lease) => shadow.begin(lease, ask, cursor)),
    apply: () => between((lease) => shadow.apply(lease)),
    cancel: () => between((lease) => shadow.end(lease)),
    async stop() {
      await loop.stop();
      await committed().catch(onError);
      const lease = ahead ? await owner.lease() : undefined;
      if (lease !== undefined && ahead) await settle(lease);
      await owner.release();
    },
  };
}

/** Returns the due time of the first timer that is set; infinite without any. */
function firstDue(timers: readonly TimerWrite[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { due, value } of timers) if (value !== undefined) first = Math.min(first, due);
  return first;
}

function waiting({ key, due }: Timer): WaitingTimer {
  const [user, name] = readTimerKey(key);
  return { user, name, due };
}

/** The owner of the processor state of a partition. */
export function ownerOf(id: string, partition: number): string {
  return `processor ${partition === 0 ? id : JSON.stringify([id, partition])}`;
}
