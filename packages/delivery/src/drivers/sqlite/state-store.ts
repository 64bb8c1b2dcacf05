import type {
  ConflictFilter,
  ConflictRow,
  Correction,
  CorrectionRow,
  DeadLetterFilter,
  DeadLetterRow,
  ExchangeRow,
  GapFilter,
  GapRow,
  KeptRow,
  KeptWrite,
  LaneStats,
  MemoryFilter,
  MemoryPlace,
  OutcomeRow,
  RetryRow,
  Settlement,
  StateLimits,
  StatePruned,
  StateSizes,
} from '../../stores/rows.ts';
import type { StoreSupports } from '../../stores/stores.ts';
import { type Database, openDatabase, smallValues } from './database.ts';
import { createRowLeases, type RowLeases } from './leases.ts';
import { createNames, type Names } from './names.ts';
import { findCorrections } from './state-corrections.ts';
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

/** The key of the next ID for exchanges. */
const NEXT_EXCHANGE = 'next exchange';

/** Options for opening a state store. */
export interface StateStoreOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  /** For readers in addition to the one writer. */
  readonly readOnly?: boolean;
  /** The maximum of remembered values, for all lanes together; 1,000,000 when absent. */
  readonly memoryRows?: number;
}

/** What the SQLite drivers support for this file. */
export function sqliteSupports(file: string): StoreSupports {
  const disk = file !== ':memory:';
  return { durable: disk, concurrentReaders: disk, partitions: 1 };
}

/**
 * A delivery state in a file: written by one thread, readable from anywhere. Calls are synchronous; `state.ts` adapts it to the
 * port.
 */
export interface StateFile {
  readonly leases: Omit<RowLeases, 'isStale'>;
  /** Reserves a number of IDs for exchanges and returns the first. */
  reserve(count: number): number;
  /** Returns the cursor of a lane; undefined for a lane that was never settled. */
  cursor(destination: string): number | undefined;
  /** Applies a settlement in one transaction; throws, having changed nothing, when that fails. */
  settle(settlement: Settlement): 'settled' | 'stale';
  /** Returns the first waiting row of each order key, if it is due. Ordered by `dueAt`. */
  dueRetries(destination: string, now: number, limit: number): readonly RetryRow[];
  /** Returns the rows of one order key, in log order, then by position. */
  retriesOf(destination: string, user: string, limit?: number): readonly RetryRow[];
  /** Returns order keys with waiting rows. */
  parkedKeys(destination: string): readonly string[];
  /** Returns the number of waiting rows. */
  waiting(destination: string): number;
  /** Returns the earliest time at which a row becomes due; undefined when none waits. */
  nextDue(destination: string): number | undefined;
  /** Returns outcomes of events, by their positions in the log. */
  outcomesOf(seqs: readonly number[]): readonly OutcomeRow[];
  /** Returns a position after which a destination has no outcomes or waiting rows. */
  lastKnown(destination: string): number;
  /** Returns stretches that lanes gave up, by position. */
  gaps(filter: GapFilter): readonly GapRow[];
  /** Returns waiting rows of events, by their positions in the log. */
  retriesAt(seqs: readonly number[]): readonly RetryRow[];
  /** Ascending by id. */
  deadLetters(filter: DeadLetterFilter): readonly DeadLetterRow[];
  /**
   * Replays dead letters: their outcomes are replaced by waiting rows, due at once. Letters that were replayed before are
   * ignored. With a `correction` they are built from it, and wait with its user. Returns the number of replayed letters.
   */
  requeue(ids: readonly number[], now: number, correction?: Correction): number;
  /** Corrections of the items of events, by their positions in the log. */
  corrections(seqs: readonly number[]): readonly CorrectionRow[];
  exchanges(ids: readonly number[]): readonly ExchangeRow[];
  /** Returns counts of the existing lanes. */
  stats(): readonly LaneStats[];
  /** Whether there has ever been a lane, including removed ones. */
  hasLanes(): boolean;
  /**
   * Removes a lane permanently: its cursor, its memory, and its waiting items, which end as skipped. Outcomes and dead letters
   * stay. A later lane of the same name is a new one.
   */
  drop(destination: string, now: number): void;
  /**
   * Removes a few rows beyond the retention: outcomes of events that have left the log, dead letters, exchanges. Call it again
   * with the `next` of its result until there is none.
   */
  prune(limits: StateLimits): StatePruned;
  /** Deletes dead letters; their outcomes stay. Returns their number. */
  discard(ids: readonly number[]): number;
  /** Returns the sizes of the state; cheap. */
  sizes(): StateSizes;
  /** Returns the positions from `first` to `last` that waiting items and dead letters need, ascending. */
  needed(first: number, last: number): readonly number[];
  /** Returns a remembered value. The driver chooses which values it drops when there are too many: usually the oldest. */
  recall(destination: string, place: MemoryPlace): string | undefined;
  /** Removes remembered values; returns their number. */
  forget(filter: MemoryFilter): number;
  /** Ascending by id. */
  conflicts(filter: ConflictFilter): readonly ConflictRow[];
  /** Returns the values of the instance of a lane. */
  keptOf(destination: string): readonly KeptRow[];
  /** Writes and removes values of the instance of a lane, atomically, durable when it returns. */
  keep(destination: string, rows: readonly KeptWrite[]): void;
  /** Small durable values, such as the workspace. */
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  close(): void;
}

/** Opens the delivery state in a SQLite file. One writer per file; readers open it with `readOnly`. */
export function openStateStore({
  file,
  readOnly = false,
  memoryRows = KEPT_MEMORY,
}: StateStoreOptions): StateFile {
  const database = openDatabase({ file, readOnly, migrations: STATE_MIGRATIONS });
  const names = createNames(database);
  const memory = createStateMemory(database, names, memoryRows);
  const gaps = createGaps(database, names);
  const outcomes = createOutcomes(database, names, gaps);
  const sizes = (): ReturnType<typeof stateSizes> => stateSizes(database, memoryRows);
  const retention = createStateRetention(database, names, { outcomes, gaps, sizes });
  const leases = createRowLeases(database, { table: 'lanes', column: 'lane' });
  const settle = createSettle(database, names, { memory, outcomes, gaps, leases });
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
  const small = smallValues(database);
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
    outcomesOf: (seqs) => outcomes.of(seqs),
    lastKnown: (name) => outcomes.lastKnown(lane(name)),
    gaps: (filter) => gaps.list(filter),
    retriesAt: (seqs) =>
      seqs.flatMap((seq) =>
        database
          .all<StoredRetry>('SELECT * FROM retries WHERE seq = ? ORDER BY lane, position', seq)
          .map((row) => toRetry(names, row)),
      ),
    deadLetters: (filter: DeadLetterFilter): readonly DeadLetterRow[] =>
      findDeadLetters(database, names, filter).map((row: StoredDeadLetter) => toDeadLetter(names, row)),
    requeue: (ids, now, correction) => write(() => requeue(database, ids, now, correction)),
    corrections: (seqs) => findCorrections(database, names, seqs),
    exchanges: (ids) =>
      ids.flatMap((id) =>
        database
          .all<StoredExchange>('SELECT * FROM exchanges WHERE id = ?', id)
          .map((row) => toExchange(names, row)),
      ),
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
    ...small,
    leases: {
      acquire: (name, holder, times) => write(() => leases.acquire(names.id(String(name)), holder, times)),
      renew: (name, epoch, until) => leases.renew(lane(String(name)), epoch, until),
      release: (name, epoch) => leases.release(lane(String(name)), epoch),
    },
    reserve: (count) =>
      write(() => {
        // An earlier writer of the state may have assigned IDs itself.
        const first = Math.max(Number(small.get(NEXT_EXCHANGE) ?? 1), lastExchange(database) + 1);
        small.set(NEXT_EXCHANGE, String(first + count));
        return first;
      }),
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
