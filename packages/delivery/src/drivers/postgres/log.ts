import type { Log } from '../../stores/log.ts';
import { DEDUPE_WINDOW, type StoresOptions } from '../../stores/stores.ts';
import { codeOf, type Database } from './database.ts';
import { createHorizon } from './horizon.ts';
import { createRowLeases } from './leases.ts';
import { createAppender } from './log-append.ts';
import { findCarried, findCarriedAfter, findCarriedOf, findTimers } from './log-carry.ts';
import { createRanges } from './log-ranges.ts';
import { createReader } from './log-read.ts';
import { createRetention } from './log-retention.ts';
import { shapeLog, shapeOf } from './log-shape.ts';
import { notesOf } from './notes.ts';

/** A log and its number of partitions. */
export interface LogTables {
  readonly log: Log;
  readonly partitions: number;
  /** Resolves when no append is pending. */
  idle(): Promise<void>;
}

/** The error code of a lock timeout. */
const LOCK_NOT_AVAILABLE = '55P03';

/** With one partition its index is redundant to that of positions. While the table is locked it stays until the next start. */
async function dropPartitionIndex(database: Database): Promise<void> {
  try {
    await database.transaction(({ script }) =>
      script("SET LOCAL lock_timeout = '500ms'; DROP INDEX IF EXISTS ~events_by_partition"),
    );
  } catch (error) {
    if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
  }
}

/** Opens the log of a database with existing tables. */
export async function openLog(
  database: Database,
  { partitions: wanted, mayWrite }: { readonly partitions: number; readonly mayWrite: () => void },
  options: StoresOptions,
): Promise<LogTables> {
  const { now = Date.now, dedupeWindowMs = DEDUPE_WINDOW } = options;
  const ranges = createRanges(database, now);
  if (options.writes.includes('log')) {
    await shapeLog(database, wanted);
    await ranges.ensure();
  }
  const { partitions, keys } = await shapeOf(database, wanted);
  if (partitions === 1 && options.writes.includes('log')) await dropPartitionIndex(database);
  const appender = createAppender({ database, ranges, partitions, keys, now, dedupeWindowMs });
  const reader = createReader(database, createHorizon(database), keys);
  const retention = createRetention(database, ranges, { now, dedupeWindowMs });
  const notes = notesOf(database, 'log_notes');
  const owners = createRowLeases<string>(
    database,
    { table: 'owners', columns: { owner: 'text' }, valuesOf: (owner) => [owner] },
    options.now,
  );
  const write =
    <Given extends readonly unknown[], T>(work: (...given: Given) => Promise<T>) =>
    async (...given: Given): Promise<T> => {
      mayWrite();
      return work(...given);
    };
  const append: Log['append'] = write((...[entries, carry]: Parameters<typeof appender.appendCarried>) =>
    carry === undefined ? appender.append(entries) : appender.appendCarried(entries, carry),
  ) as Log['append'];
  const log: Log = {
    append,
    read: reader.read,
    lastSeq: (partition) => reader.lastSeq(partition),
    span: reader.span,
    startAfter: write(async (seq) => {
      await database.one(
        "SELECT setval('~positions', $1) FROM ~positions WHERE last_value < $1 AND $1 > 0",
        seq,
      );
      await ranges.ensure();
    }),
    extent: retention.extent,
    prune: write(retention.prune),
    owners: { acquire: write(owners.acquire), renew: write(owners.renew), release: write(owners.release) },
    carried: (owner, keys) => findCarried(database, owner, keys),
    carriedOf: (owners, keys) => findCarriedOf(database, owners, keys),
    carriedAfter: (owner, page) => findCarriedAfter(database, owner, page),
    timers: (owner, filter) => findTimers(database, owner, filter),
    get: notes.get,
    set: write(notes.set),
  };
  return { log, partitions, idle: appender.idle };
}
