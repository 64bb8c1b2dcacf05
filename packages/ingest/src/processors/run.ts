import { compileTrigger, orderKey, type ResolvedProcessor } from '@waybill/core';
import type { Lease, Log, LoggedEvent } from '@waybill/delivery';
import type { Intake } from '../intake/intake.ts';
import { createLoop, type Loop } from '../loop.ts';
import { createOwner } from '../owner.ts';
import { createDerive } from './derive.ts';
import { introduces, keysOf } from './person.ts';
import { readRow } from './user.ts';
import { beginWork, type ProcessorFailure, readTimerKey, type Work } from './work.ts';

/** What running processors takes. */
export interface RunInput {
  readonly log: Pick<Log, 'read' | 'lastSeq' | 'carried' | 'timers' | 'owners'>;
  readonly intake: Pick<Intake, 'carry'>;
  /** Partitions of the log; 1 when absent. A user is always in the same one. */
  readonly partitions?: number;
  /** Names this process among those that could work for the same processor. */
  readonly holder: string;
  readonly now: () => number;
  /** Told of what a processor could not work on. */
  readonly onFailure: (processor: string, failure: ProcessorFailure) => void;
  /** Told of a step that could not be made; it is tried again. */
  readonly onError: (processor: string, error: unknown) => void;
}

/** A processor that runs. */
export interface Run extends Loop {
  /** The position up to which it has worked on the log; 0 as long as that is not known. */
  reached(): number;
}

/** Events of one step, and about the bytes of their text. */
const CHUNK = 200;
const CHUNK_BYTES = 1_000_000;
/** Timers of one step. */
const MOST_TIMERS = 200;
/** How long to wait for a holder that is gone, in milliseconds. */
const TAKE_AGAIN = 5_000;
/** How long to wait after a step that could not be made. */
const TRY_AGAIN = 1_000;
const FAR = 60_000;
/** How often the place is kept while nothing comes of what is read. */
const KEEP_EVERY = 1_000;

/**
 * Runs one processor over a partition: reads the log after its cursor, and settles cursor, states, timers and derived events of a step in one
 * transaction. A step that was cut off is made again, and derives the same events.
 */
export function runProcessor(resolved: ResolvedProcessor, partition: number, input: RunInput): Run {
  const { log, intake, now } = input;
  const { id } = resolved;
  const matches = compileTrigger(resolved.processor.trigger);
  const sources = new Set(resolved.sources);
  const derive = createDerive(resolved);
  /** 0 until it is known. */
  let cursor = 0;
  /** Whether it has passed over events that nothing came of since the cursor was kept. */
  let ahead = false;
  let keptAt = 0;
  const owner = createOwner({
    name: ownerOf(id, partition),
    holder: input.holder,
    log,
    now,
    async onTaken(lease) {
      const kept = (await log.carried(lease.key, [])).cursor;
      cursor = Number(kept ?? (await log.lastSeq(partition)));
      // One that is new begins at the end of the log, wherever that is after a restart.
      if (kept === undefined) await settle(lease, begin());
    },
  });
  const begin = (state: ReadonlyMap<string, Uint8Array> = new Map(), at = now()): Work =>
    beginWork(resolved, state, at, derive);
  const settle = async (lease: Lease<string>, work: Work): Promise<void> => {
    const { events, state, timers, failures } = work.done();
    const carry = { lease, cursor: String(cursor), state, timers };
    const taken = await intake.carry(events, { source: { id }, path: 'processor' }, carry);
    ahead = false;
    keptAt = now();
    if (taken === 'stale') owner.lost();
    else for (const failure of failures) input.onFailure(id, failure);
  };
  const merges = resolved.processor.merge !== undefined;
  const isMine = ({ damage, sourceId, event }: LoggedEvent): boolean =>
    damage === undefined && sources.has(sourceId) && (matches(event) || (merges && introduces(event)));
  /** What is kept under keys, and under those that they stand for by now. */
  const keptOf = async (keys: Iterable<string>): Promise<ReadonlyMap<string, Uint8Array>> => {
    const kept = new Map<string, Uint8Array>();
    let wanted = [...new Set(keys)];
    while (wanted.length > 0) {
      const { state } = await log.carried(owner.name, wanted);
      for (const [key, row] of state) kept.set(key, row);
      const others = merges ? [...state.values()].flatMap((row) => readRow(row).is ?? []) : [];
      wanted = [...new Set(others)].filter((key) => !kept.has(key));
    }
    return kept;
  };

  const work = async (): Promise<number> => {
    const lease = await owner.lease();
    if (lease === undefined) return TAKE_AGAIN;
    const read = await log.read({ after: cursor, limit: CHUNK, maxBytes: CHUNK_BYTES, partition });
    const last = read.at(-1);
    const present = now();
    // No event that came before these timers were due is still to be read.
    const dueBy =
      last?.damage === undefined && last !== undefined ? Date.parse(last.event.receivedAt) : present;
    const due = await log.timers(owner.name, { dueBy: Math.min(dueBy, present), limit: MOST_TIMERS });
    if (last === undefined && due.length === 0) {
      if (ahead && present - keptAt >= KEEP_EVERY) await settle(lease, begin());
      const [next] = await log.timers(owner.name, { limit: 1 });
      const far = ahead ? KEEP_EVERY : FAR;
      return Math.max(1, Math.min(far, (next?.due ?? Number.POSITIVE_INFINITY) - now()));
    }
    const mine = read.filter(isMine);
    const reached = last?.through ?? last?.seq ?? cursor;
    // What is of no concern is not worth a commit of its own: after a crash it is passed over again.
    if (mine.length === 0 && due.length === 0 && present - keptAt < KEEP_EVERY) {
      cursor = reached;
      ahead = true;
      return 0;
    }
    const fired = due.map((one) => ({ due: one.due, of: readTimerKey(one.key) }));
    const keys = mine.flatMap(({ event }) => (merges ? keysOf(event) : [orderKey(event)]));
    const step = begin(await keptOf([...keys, ...fired.map(({ of: [user] }) => user)]), present);
    for (const logged of mine)
      if (matches(logged.event)) step.event(logged);
      else step.introduce(logged);
    for (const { due: at, of } of fired) step.timer(...of, at);
    cursor = reached;
    await settle(lease, step);
    return 0;
  };
  const loop = createLoop({
    work,
    onError(error) {
      // The store knows how far it has come.
      owner.lost();
      input.onError(id, error);
      return TRY_AGAIN;
    },
  });
  return {
    ...loop,
    reached: () => cursor,
    async stop() {
      await loop.stop();
      const lease = ahead ? await owner.lease() : undefined;
      if (lease !== undefined && ahead) await settle(lease, begin());
      await owner.release();
    },
  };
}

/** The owner of what a processor keeps of a partition. */
function ownerOf(id: string, partition: number): string {
  return `processor ${partition === 0 ? id : JSON.stringify([id, partition])}`;
}
