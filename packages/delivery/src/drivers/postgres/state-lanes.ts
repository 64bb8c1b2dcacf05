import type { LaneStats } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Database, Statements } from './database.ts';
import { writeOutcomes } from './state-outcomes.ts';
import { type StoredRetry, toRetry } from './state-rows.ts';

interface StoredLane extends LaneKey {
  readonly cursor: number | null;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly dead: number;
  readonly oldest: number | null;
}

/** Locks the lanes that a condition selects until the transaction ends; in a fixed order, against deadlocks. */
export function lockLanes(
  { all }: Statements,
  where: string,
  ...values: readonly unknown[]
): Promise<readonly LaneKey[]> {
  return all<LaneKey>(
    `SELECT destination, partition FROM ~lanes WHERE ${where} ORDER BY destination, partition FOR UPDATE`,
    ...values,
  );
}

/** Returns counts of the lanes that were not removed. */
export async function laneStats({ all }: Statements): Promise<readonly LaneStats[]> {
  const rows = await all<StoredLane>(
    `SELECT lanes.*, (SELECT min(first_failed_at) FROM ~retries AS retries WHERE retries.destination = lanes.destination
       AND retries.partition = lanes.partition AND first_failed_at IS NOT NULL) AS oldest
     FROM ~lanes AS lanes WHERE settled AND NOT removed ORDER BY destination, partition`,
  );
  return rows.map((row) => ({
    destination: row.destination,
    ...(row.partition === 0 ? {} : { partition: row.partition }),
    cursor: row.cursor ?? 0,
    delivered: row.delivered,
    skipped: row.skipped,
    rejected: row.rejected,
    retrying: row.waiting,
    deadLetters: row.dead,
    ...(row.oldest === null ? {} : { oldestRetryAt: row.oldest }),
  }));
}

/** Whether the state has ever had a lane. */
export async function hasLanes({ one }: Statements): Promise<boolean> {
  return (await one('SELECT 1 AS found FROM ~lanes WHERE settled LIMIT 1')) !== undefined;
}

/** Removes a destination, except its outcomes and dead letters. */
export function drop(database: Database, destination: string, now: number): Promise<void> {
  return database.transaction(async (statements) => {
    const { run } = statements;
    const lanes = await lockLanes(statements, 'destination = $1', destination);
    await run('DELETE FROM ~memory WHERE destination = $1', destination);
    await run('DELETE FROM ~kept WHERE destination = $1', destination);
    for (const lane of lanes) await dropLane(statements, lane, now);
  });
}

async function dropLane(statements: Statements, lane: LaneKey, at: number): Promise<void> {
  const { destination, partition } = lane;
  // Replayed items have an earlier outcome.
  const open = await statements.all<StoredRetry>(
    `SELECT * FROM ~retries AS retries WHERE destination = $1 AND partition = $2 AND NOT EXISTS (
       SELECT 1 FROM (SELECT last FROM ~outcomes AS one WHERE one.destination = retries.destination
         AND one.mapping_id = retries.mapping_id AND one.first <= retries.seq ORDER BY one.first DESC LIMIT 1) AS found
       WHERE found.last >= retries.seq)`,
    destination,
    partition,
  );
  const end = { status: 'skipped', code: 'destination_removed', at } as const;
  const outcomes = open
    .map(toRetry)
    .map(({ seq, mappingId, attempts }) => ({ destination, seq, mappingId, attempts, ...end }));
  const change = await writeOutcomes(statements, lane, outcomes);
  await statements.run(
    'DELETE FROM ~retries WHERE destination = $1 AND partition = $2',
    destination,
    partition,
  );
  await statements.run(
    'DELETE FROM ~heads WHERE destination = $1 AND partition = $2',
    destination,
    partition,
  );
  await statements.run(
    `UPDATE ~lanes SET cursor = NULL, waiting = 0, delivered = delivered + $3, skipped = skipped + $4,
       rejected = rejected + $5, removed = true, holder = NULL, epoch = epoch + 1
     WHERE destination = $1 AND partition = $2`,
    destination,
    partition,
    change.delivered,
    change.skipped,
    change.rejected,
  );
}

/**
 * Returns the positions that waiting items and dead letters need; one statement, so that an item that moves between them is not
 * missed.
 */
export async function neededSeqs(
  { all }: Statements,
  first: number,
  last: number,
): Promise<readonly number[]> {
  const rows = await all<{ seq: number }>(
    `SELECT seq FROM ~retries WHERE seq BETWEEN $1 AND $2
     UNION SELECT seq FROM ~dead_letters WHERE seq BETWEEN $1 AND $2 AND replayed_at IS NULL ORDER BY seq`,
    first,
    last,
  );
  return rows.map(({ seq }) => seq);
}
