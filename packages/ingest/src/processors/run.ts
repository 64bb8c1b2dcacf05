import type { DeletionRequest, ResolvedProcessor } from '@waybill/core';
import type { Lease, Log, Timer } from '@waybill/delivery';
import type { Elsewhere } from '../elsewhere.ts';
import { createLoop, createQueue, type Loop } from '../loop.ts';
import { createOwner } from '../owner.ts';
import type { CarryingIntake } from './carrying.ts';
import { forget } from './forget.ts';
import { createReader, keptBy } from './reader.ts';
import type { Rounds } from './rounds.ts';
import type { ReadAfter } from './shared-read.ts';
import { createShadow, type Recomputation, type RecomputeAsk } from './shadow.ts';
import { readRow, type UserRow } from './user.ts';
import { beginWork, type ProcessorFailure, readTimerKey, type Work } from './work.ts';

/** Other processes, asked in this thread or through another. */
export interface ElsewhereAsked extends Omit<Elsewhere, 'isHere'> {
  isHere(owner: string): boolean | Promise<boolean>;
}

/** What running processors takes. */
export interface RunInput {
  readonly log: Pick<
    Log,
    'read' | 'lastSeq' | 'span' | 'carried' | 'carriedAfter' | 'timers' | 'owners' | 'append' | 'get' | 'set'
  >;
  readonly intake: CarryingIntake;
  /** Partitions of the log; 1 when absent. A user is always in the same one. */
  readonly partitions?: number;
  /** Names this process among those that could work for the same processor. */
  readonly holder: string;
  readonly elsewhere?: ElsewhereAsked | undefined;
  readonly now: () => number;
  /** Makes tokens of texts, for links of a processor. */
  readonly seal?: (processor: string, text: string) => string;
  /** Told of what a processor could not work on. */
  readonly onFailure: (processor: string, failure: ProcessorFailure) => void;
  /** Told of a step that could not be made; it is tried again. */
  readonly onError: (processor: string, error: unknown) => void;
}

/** How a run stands. */
export interface RunStanding {
  /** The position up to which it has worked on the log; 0 as long as that is not known. */
  readonly reached: number;
  readonly recomputation?: Recomputation;
}

/** What is asked of a run, whichever thread it works in. */
export interface RunHandle {
  standing(): Promise<RunStanding>;
  /** The next timers that are due. */
  timers(limit: number): Promise<readonly WaitingTimer[]>;
  /** What is kept of the user of a key, and the key under which that is; undefined when there is nothing. */
  user(key: string): Promise<(UserRow & { readonly key: string }) | undefined>;
  /** Removes what is kept of somebody. */
  forget(who: DeletionRequest): Promise<void>;
  /** Begins a recomputation in place of one that there is. */
  recompute(ask: RecomputeAsk): Promise<void>;
  /** Puts what was recomputed in the place of what is kept, once it is ready. */
  apply(): Promise<void>;
  /** Ends a recomputation without a change. */
  cancel(): Promise<void>;
}

/** A processor that runs. */
export interface Run extends Loop, RunHandle {
  /** Resolves when it has its place in the log, or cannot have it: while another holder has it, or the store fails. */
  readonly begun: Promise<void>;
  /** The position up to which it has worked on the log; 0 as long as that is not known. */
  reached(): number;
}

/** A timer that waits. */
export interface WaitingTimer {
  readonly user: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly due: number;
}

/** Timers of one step. */
const MOST_TIMERS = 200;
/** How long to wait for a holder that is gone, in milliseconds. */
const TAKE_AGAIN = 1_000;
/** How long to wait after a step that could not be made. */
const TRY_AGAIN = 1_000;
const FAR = 60_000;
/** How often the place is kept while nothing comes of what is read. */
const KEEP_EVERY = 1_000;

/**
 * Runs one processor over a partition: reads the log after its cursor, and settles cursor, states, timers and derived events of a step in one
 * transaction. A step that was cut off is made again, and derives the same events.
 */
export function runProcessor(
  resolved: ResolvedProcessor,
  partition: number,
  input: RunInput & { readonly readAfter: ReadAfter; readonly rounds: Rounds },
): Run {
  const { log, intake, now } = input;
  const { id } = resolved;
  const name = ownerOf(id, partition);
  const kept = keptBy(log, name);
  const { seal } = input;
  const reader = createReader(resolved, kept, seal && ((text) => seal(id, text)));
  const shadow = createShadow({ resolved, partition, owner: name, log, intake, now });
  /** 0 until it is known. */
  let cursor = 0;
  /** Where the log ended when that was looked up first: a place that could not be kept then stays the same. */
  let end: number | undefined;
  /** Whether it has passed over events that nothing came of since the cursor was kept. */
  let ahead = false;
  let keptAt = 0;
  /** No timer is due before then, as far as steps have set them. */
  let quietUntil = Number.NEGATIVE_INFINITY;
  const dueTimers = async (dueBy: number): Promise<readonly Timer[]> => {
    if (dueBy < quietUntil) return [];
    const due = await log.timers(name, { dueBy, limit: MOST_TIMERS });
    if (due.length > 0) return due;
    const [next] = await log.timers(name, { limit: 1 });
    quietUntil = next?.due ?? Number.POSITIVE_INFINITY;
    return due;
  };
  const owner = createOwner({
    name,
    holder: input.holder,
    log,
    now,
    async onTaken(lease) {
      const { cursor: last } = await log.carried(lease.key, []);
      await shadow.load();
      quietUntil = Number.NEGATIVE_INFINITY;
      const isNew = last === undefined || last === '';
      cursor = isNew ? (end ??= await log.lastSeq(partition)) : Number(last);
      // One that is new begins at the end of the log, wherever that is after a restart.
      if (isNew) await settle(lease, begin());
    },
  });
  const begin = (): Work => beginWork(resolved, new Map(), now(), reader.derive);
  const settle = async (lease: Lease<string>, work: Work): Promise<void> => {
    const { events, state, timers, failures } = work.done();
    for (const { due, value } of timers) if (value !== undefined) quietUntil = Math.min(quietUntil, due);
    const carry = { lease, cursor: String(cursor), state, timers };
    const taken = await intake.carry(events, { source: { id }, path: 'processor' }, carry);
    ahead = false;
    keptAt = now();
    if (taken === 'stale') owner.lost();
    else for (const failure of failures) input.onFailure(id, failure);
  };

  /** Where another holder has come to. */
  const look = async (): Promise<void> => {
    const { cursor: reached } = await log.carried(name, []);
    if (reached !== undefined && reached !== '') cursor = Number(reached);
  };
  const work = async (): Promise<number> => {
    const lease = await owner.lease();
    if (lease === undefined) return (await look(), TAKE_AGAIN);
    if (shadow.applies) {
      quietUntil = Number.NEGATIVE_INFINITY;
      return (await shadow.work(lease, cursor), 0);
    }
    const wait = await input.rounds.step(() => workOn(lease));
    if (wait === 0 || !(await shadow.work(lease, cursor))) return wait;
    input.rounds.more();
    return 0;
  };
  const workOn = async (lease: Lease<string>): Promise<number> => {
    const read = await input.readAfter(cursor, partition);
    const last = read.at(-1);
    const present = now();
    // No event that came before these timers were due is still to be read.
    const dueBy =
      last?.damage === undefined && last !== undefined ? Date.parse(last.event.receivedAt) : present;
    const due = await dueTimers(Math.min(dueBy, present));
    if (due.length === MOST_TIMERS) input.rounds.more();
    if (last === undefined && due.length === 0) {
      if (ahead && present - keptAt >= KEEP_EVERY) await settle(lease, begin());
      const far = ahead ? KEEP_EVERY : FAR;
      return Math.max(1, Math.min(far, quietUntil - now()));
    }
    const mine = read.filter(reader.isMine);
    const reached = last?.through ?? last?.seq ?? cursor;
    // What is of no concern is not worth a commit of its own: after a crash it is passed over again.
    if (mine.length === 0 && due.length === 0 && present - keptAt < KEEP_EVERY) {
      cursor = reached;
      ahead = true;
      return 0;
    }
    const fired = due.map(waiting);
    const step = await reader.workOn(
      mine,
      fired.map(({ user }) => user),
      present,
    );
    for (const one of fired) step.timer(one.user, one.name, one.due);
    cursor = reached;
    await settle(lease, step);
    return 0;
  };
  const alone = createQueue();
  const onError = (error: unknown): number => {
    // The store knows how far it has come.
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
  /** Does something between two steps. */
  const between = async (what: (lease: Lease<string>) => Promise<void>): Promise<void> => {
    await alone(async () => {
      const lease = await owner.lease();
      if (lease === undefined) throw new Error('Another server works for this processor.');
      await what(lease);
    });
    loop.wake();
  };
  const userOf = async (key: string): ReturnType<RunHandle['user']> => {
    const bytes = (await kept([key])).get(key);
    if (bytes === undefined) return undefined;
    const row = readRow(bytes);
    return row.is === undefined ? { ...row, key } : userOf(row.is);
  };
  return {
    ...loop,
    begun,
    reached: () => cursor,
    standing: async () => ({
      reached: cursor,
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
      const lease = ahead ? await owner.lease() : undefined;
      if (lease !== undefined && ahead) await settle(lease, begin());
      await owner.release();
    },
  };
}

function waiting({ key, due }: Timer): WaitingTimer {
  const [user, name] = readTimerKey(key);
  return { user, name, due };
}

/** The owner of what a processor keeps of a partition. */
export function ownerOf(id: string, partition: number): string {
  return `processor ${partition === 0 ? id : JSON.stringify([id, partition])}`;
}
