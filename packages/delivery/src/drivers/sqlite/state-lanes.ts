import type { LaneStats } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Outcomes } from './state-outcomes.ts';

interface StoredLane {
  readonly lane: number;
  readonly cursor: number | null;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly waiting: number;
  readonly dead: number;
  readonly oldest: number | null;
}

/** Returns counts of the lanes that were not removed. */
export function laneStats(database: Database, names: Names): readonly LaneStats[] {
  return database
    .all<StoredLane>(
      `SELECT lanes.*, (SELECT min(first_failed_at) FROM retries
         WHERE retries.lane = lanes.lane AND first_failed_at IS NOT NULL) AS oldest
       FROM lanes WHERE removed_at IS NULL ORDER BY lane`,
    )
    .map((row) => ({
      destination: names.text(row.lane),
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
export function hasLanes(database: Database): boolean {
  return database.one('SELECT 1 AS found FROM lanes LIMIT 1') !== undefined;
}

/** Removes a lane, except its outcomes and dead letters; call it within a transaction. */
export function dropLane(
  database: Database,
  names: Names,
  outcomes: Outcomes,
  { lane: name, now }: { readonly lane: string; readonly now: number },
): void {
  const lane = names.find(name);
  if (lane === undefined) return;
  const change = { delivered: 0, skipped: 0, rejected: 0 };
  const waiting = database.all<{ seq: number; mapping: number; attempts: number }>(
    'SELECT seq, mapping, attempts FROM retries WHERE lane = ?',
    lane,
  );
  for (const { seq, mapping, attempts } of waiting) {
    // Replayed items have an earlier outcome.
    if (outcomes.has({ lane, mapping }, seq)) continue;
    const end = { status: 'skipped', code: 'destination_removed', attempts, at: now } as const;
    outcomes.write(lane, { destination: name, seq, mappingId: names.text(mapping), ...end }, change);
  }
  database.run('DELETE FROM retries WHERE lane = ?', lane);
  database.run('DELETE FROM heads WHERE lane = ?', lane);
  database.run(
    `UPDATE lanes SET cursor = NULL, waiting = 0, skipped = skipped + ?, removed_at = ?,
       holder = NULL, epoch = epoch + 1 WHERE lane = ?`,
    change.skipped,
    now,
    lane,
  );
}

/**
 * Returns the positions that waiting items and dead letters need; one statement, so that an item that moves between them is not
 * missed.
 */
export function neededSeqs(database: Database, first: number, last: number): readonly number[] {
  return database
    .all<{ seq: number }>(
      `SELECT seq FROM retries WHERE seq BETWEEN ?1 AND ?2
       UNION SELECT seq FROM dead_letters WHERE seq BETWEEN ?1 AND ?2 AND replayed_at IS NULL ORDER BY seq`,
      first,
      last,
    )
    .map((row) => row.seq);
}
