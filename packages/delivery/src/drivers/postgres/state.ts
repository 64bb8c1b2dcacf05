import type { ExchangeRow } from '../../stores/rows.ts';
import type { LaneKey, State } from '../../stores/state.ts';
import type { StoresOptions } from '../../stores/stores.ts';
import type { Database } from './database.ts';
import { createRowLeases } from './leases.ts';
import { notesOf } from './notes.ts';
import { findCorrections, findDeadLetters, requeue } from './state-dead-letters.ts';
import { findGaps } from './state-gaps.ts';
import { drop, hasLanes, laneStats, neededSeqs } from './state-lanes.ts';
import { findConflicts, findKept, forget, keep, recall } from './state-memory.ts';
import { findOutcomes, lastKnown } from './state-outcomes.ts';
import { discard, prune, sizes } from './state-retention.ts';
import { findParked, findPlace, findRetries } from './state-retries.ts';
import { type StoredExchange, toExchange } from './state-rows.ts';
import { createSettle } from './state-settle.ts';

const MILLION = 1_000_000;

/** Opens the state of a database with existing tables. */
export function stateOf(
  database: Database,
  mayWrite: () => void,
  { now, memoryRows = MILLION }: StoresOptions,
): State {
  const notes = notesOf(database, 'state_notes');
  const settle = createSettle(database, memoryRows);
  const leases = createRowLeases<LaneKey>(
    database,
    {
      table: 'lanes',
      columns: { destination: 'text', partition: 'smallint' },
      valuesOf: ({ destination, partition }) => [destination, partition],
    },
    now,
  );
  const write =
    <Given extends readonly unknown[], T>(work: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      mayWrite();
      return work(...given);
    };
  return {
    leases: { acquire: write(leases.acquire), renew: write(leases.renew), release: write(leases.release) },
    lane: (key) => findPlace(database, key),
    settle: write(settle),
    retries: (filter) => findRetries(database, filter),
    parked: (lane) => findParked(database, lane),
    outcomes: (seqs) => findOutcomes(database, seqs),
    lastKnown: (destination) => lastKnown(database, destination),
    gaps: (filter) => findGaps(database, filter),
    deadLetters: (filter) => findDeadLetters(database, filter),
    exchanges: (ids) => findExchanges(database, ids),
    conflicts: (filter) => findConflicts(database, filter),
    requeue: write((ids, at, correction) => requeue(database, ids, at, correction)),
    corrections: (seqs) => findCorrections(database, seqs),
    discard: write((ids) => discard(database, ids)),
    reserve: write((count) => reserve(database, count)),
    stats: () => laneStats(database),
    hasLanes: () => hasLanes(database),
    drop: write((destination, at) => drop(database, destination, at)),
    recall: (destination, places) => recall(database, destination, places),
    forget: write((filter) => forget(database, filter)),
    kept: (destination) => findKept(database, destination),
    keep: write((destination, rows) => keep(database, destination, rows)),
    prune: write((limits) => prune(database, limits, memoryRows)),
    needed: (first, last) => neededSeqs(database, first, last),
    sizes: () => sizes(database),
    get: notes.get,
    set: write(notes.set),
  };
}

/** Reserves a number of IDs and returns the first. */
async function reserve({ one }: Database, count: number): Promise<number> {
  const row = await one<{ first: number }>(
    'UPDATE ~blocks SET next = next + $1 RETURNING next - $1 AS first',
    count,
  );
  return row!.first;
}

async function findExchanges({ all }: Database, ids: readonly number[]): Promise<readonly ExchangeRow[]> {
  const rows = await all<StoredExchange>(
    `SELECT exchanges.* FROM unnest($1::bigint[]) WITH ORDINALITY AS given (id, place)
     JOIN ~exchanges AS exchanges USING (id) ORDER BY place`,
    ids,
  );
  return rows.map(toExchange);
}
