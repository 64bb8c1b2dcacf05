import type { Log } from './stores/log.ts';
import type { LaneStats } from './stores/rows.ts';
import type { State } from './stores/state.ts';

/**
 * The position of a destination in the log: the combined progress of its lanes, and the position before the first unprocessed
 * event.
 */
export interface Standing extends Omit<LaneStats, 'partition'> {
  /** The number of positions after its cursor, including those of other partitions. */
  readonly lag: number;
}

/** The positions of destinations, and the end of the log at the time of reading. */
export interface Standings {
  readonly last: number;
  readonly destinations: readonly Standing[];
}

/** The cursor of a reader of a partition. */
export interface PartitionCursor {
  /** 0 when absent. */
  readonly partition?: number;
  readonly cursor: number;
}

/** Returns the positions of the destinations of a state in a log. */
export async function standingsOf({
  log,
  state,
}: {
  readonly log: Pick<Log, 'read' | 'lastSeq'>;
  readonly state: Pick<State, 'stats'>;
}): Promise<Standings> {
  const last = await log.lastSeq();
  const lanes = Map.groupBy(await state.stats(), ({ destination }) => destination);
  const destinations = await Promise.all(
    [...lanes.values()].map(async (own): Promise<Standing> => {
      const cursor = await dealtWith(log, own, last);
      return { ...own.reduce(together), cursor, lag: Math.max(0, last - cursor) };
    }),
  );
  return { last, destinations };
}

/**
 * Returns the position up to which readers of all partitions have processed a log that ended at `last` before their cursors
 * were read. The reader of one of several partitions is at an event of its own, no matter how many others came since.
 */
export async function dealtWith(
  log: Pick<Log, 'read'>,
  cursors: readonly PartitionCursor[],
  last: number,
): Promise<number> {
  const [only, ...others] = cursors;
  if (only !== undefined && others.length === 0) return only.cursor;
  const left = await Promise.all(
    cursors.map(async ({ partition = 0, cursor }) => {
      const [next] = cursor < last ? await log.read({ after: cursor, limit: 1, partition }) : [];
      return next === undefined ? last : next.seq - 1;
    }),
  );
  return Math.min(last, ...left);
}

function together(
  { partition: _one, ...a }: LaneStats,
  { partition: _other, ...b }: LaneStats,
): Omit<LaneStats, 'partition'> {
  const oldest = Math.min(a.oldestRetryAt ?? Infinity, b.oldestRetryAt ?? Infinity);
  return {
    ...a,
    delivered: a.delivered + b.delivered,
    skipped: a.skipped + b.skipped,
    rejected: a.rejected + b.rejected,
    retrying: a.retrying + b.retrying,
    deadLetters: a.deadLetters + b.deadLetters,
    ...(Number.isFinite(oldest) ? { oldestRetryAt: oldest } : {}),
  };
}
