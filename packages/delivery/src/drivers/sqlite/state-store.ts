import type {
  DeadLetterFilter,
  DeadLetterRow,
  KeptRow,
  KeptWrite,
  RetryRow,
  StateStore,
  StoreSupports,
} from '../../store/port.ts';
import { type Database, openDatabase, smallValues } from './database.ts';
import { createNames, type Names } from './names.ts';
import { findDeadLetters, requeue } from './state-dead-letters.ts';
import { createStateMemory, findConflicts, KEPT_MEMORY } from './state-memory.ts';
import { createGaps } from './state-gaps.ts';
import { dropLane, hasLanes, laneStats, neededSeqs } from './state-lanes.ts';
import {
  type StoredDeadLetter,
  type StoredExchange,
  type StoredRetry,
  toDeadLetter,
  toExchange,
  toRetry,
} from './state-rows.ts';
import { createStateRetention } from './state-retention.ts';
import { stateSizes } from './state-sizes.ts';
import { createOutcomes } from './state-outcomes.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { createSettle, lastExchange } from './state-settle.ts';

/** How to open a state store. */
export interface StateStoreOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  /** For readers beside the one writer. */
  readonly readOnly?: boolean;
  /** Values that lanes remember, of all lanes together; 1,000,000 when absent. */
  readonly memoryRows?: number;
}

/** What the SQLite drivers can do with this file. */
export function sqliteSupports(file: string): StoreSupports {
  const disk = file !== ':memory:';
  return { durable: disk, concurrentReaders: disk };
}

/** Opens the delivery state in a SQLite file. One writer a file; readers open it with `readOnly`. */
export function openStateStore({
  file,
  readOnly = false,
  memoryRows = KEPT_MEMORY,
}: StateStoreOptions): StateStore {
  const database = openDatabase({ file, readOnly, migrations: STATE_MIGRATIONS });
  const names = createNames(database);
  const memory = createStateMemory(database, names, memoryRows);
  const gaps = createGaps(database, names);
  const outcomes = createOutcomes(database, names, gaps);
  const sizes = (): ReturnType<typeof stateSizes> => stateSizes(database, memoryRows);
  const retention = createStateRetention(database, names, { outcomes, gaps, sizes });
  const settle = createSettle(database, names, { memory, outcomes, gaps });
  const write = <T>(work: () => T): T => {
    try {
      return database.transaction(work);
    } catch (error) {
      names.reset();
      memory.reset();
      outcomes.reset();
      gaps.reset();
      throw error;
    }
  };
  const lane = (name: string): number => names.find(name) ?? -1;
  return {
    cursor: (name) =>
      database.one<{ cursor: number | null }>('SELECT cursor FROM lanes WHERE lane = ?', lane(name))
        ?.cursor ?? undefined,
    settle: (settlement) => write(() => settle(settlement)),
    dueRetries: (name, now, limit) => dueRetries(database, names, lane(name), now, limit),
    retriesOf: (name, orderKey, limit = -1) =>
      database
        .all<StoredRetry>(
          'SELECT * FROM retries WHERE lane = ? AND order_key = ? ORDER BY seq, position LIMIT ?',
          lane(name),
          orderKey,
          limit,
        )
        .map((row) => toRetry(names, row)),
    parkedKeys: (name) =>
      database
        .all<{ order_key: string }>('SELECT order_key FROM heads WHERE lane = ?', lane(name))
        .map((row) => row.order_key),
    waiting: (name) =>
      database.one<{ waiting: number }>('SELECT waiting FROM lanes WHERE lane = ?', lane(name))?.waiting ?? 0,
    nextDue: (name) =>
      database.one<{ due: number | null }>('SELECT min(due_at) AS due FROM heads WHERE lane = ?', lane(name))
        ?.due ?? undefined,
    outcomesOf: (seqs) => seqs.flatMap((seq) => outcomes.at(seq)),
    gaps: (filter) => gaps.list(filter),
    retriesAt: (seqs) =>
      seqs.flatMap((seq) =>
        database
          .all<StoredRetry>('SELECT * FROM retries WHERE seq = ? ORDER BY lane, position', seq)
          .map((row) => toRetry(names, row)),
      ),
    deadLetters: (filter: DeadLetterFilter): readonly DeadLetterRow[] =>
      findDeadLetters(database, names, filter).map((row: StoredDeadLetter) => toDeadLetter(names, row)),
    requeue: (ids, now) => write(() => requeue(database, ids, now)),
    exchanges: (ids) =>
      ids.flatMap((id) =>
        database
          .all<StoredExchange>('SELECT * FROM exchanges WHERE id = ?', id)
          .map((row) => toExchange(names, row)),
      ),
    lastExchangeId: () => lastExchange(database),
    stats: () => laneStats(database, names),
    hasLanes: () => hasLanes(database),
    drop: (name, now) =>
      write(() => {
        memory.forget({ destination: name });
        database.run('DELETE FROM kept WHERE lane = ?', lane(name));
        dropLane(database, names, outcomes, { lane: name, now });
      }),
    prune: (limits) => write(() => retention.prune(limits)),
    discard: (ids) => write(() => retention.discard(ids)),
    sizes,
    needed: (first, last) => neededSeqs(database, first, last),
    recall: (name, place) => memory.recall(name, place),
    forget: (filter) => write(() => memory.forget(filter)),
    conflicts: (filter) => findConflicts(database, names, filter),
    keptOf: (name) =>
      database.all<KeptRow>('SELECT key, value FROM kept WHERE lane = ? ORDER BY key', lane(name)),
    keep: (name, rows) => write(() => keep(database, names.id(name), rows)),
    ...smallValues(database),
    close: () => database.close(),
  };
}

function keep(database: Database, lane: number, rows: readonly KeptWrite[]): void {
  for (const { key, value } of rows) {
    if (value === undefined) database.run('DELETE FROM kept WHERE lane = ? AND key = ?', lane, key);
    else database.run('INSERT OR REPLACE INTO kept (lane, key, value) VALUES (?, ?, ?)', lane, key, value);
  }
}

function dueRetries(
  database: Database,
  names: Names,
  lane: number,
  now: number,
  limit: number,
): readonly RetryRow[] {
  const heads = database.all<{ order_key: string }>(
    'SELECT order_key FROM heads WHERE lane = ? AND due_at <= ? ORDER BY due_at, order_key LIMIT ?',
    lane,
    now,
    limit,
  );
  return heads.flatMap(({ order_key }) =>
    database
      .all<StoredRetry>(
        'SELECT * FROM retries WHERE lane = ? AND order_key = ? ORDER BY seq, position LIMIT 1',
        lane,
        order_key,
      )
      .map((row) => toRetry(names, row)),
  );
}
