import type { DeadLetterRow, ExchangeRow, RetryRow, Settlement } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { RowLeases } from './leases.ts';
import type { Names } from './names.ts';
import type { Gaps } from './state-gaps.ts';
import { type StateMemory, writeConflicts } from './state-memory.ts';
import type { Outcomes } from './state-outcomes.ts';

/** The number of exchanges without a dead letter that are kept. */
export const KEPT_EXCHANGES = 10_000;

/** Creates the function that writes a settlement; call it within a transaction. */
export function createSettle(
  database: Database,
  names: Names,
  parts: {
    readonly memory: StateMemory;
    readonly outcomes: Outcomes;
    readonly gaps: Gaps;
    readonly leases: RowLeases;
  },
): (settlement: Settlement) => 'settled' | 'stale' {
  const { memory, outcomes, gaps, leases } = parts;
  let prunedTo = 0;
  return (settlement) => {
    const lane = names.id(settlement.destination);
    database.run('INSERT INTO lanes (lane) VALUES (?) ON CONFLICT DO NOTHING', lane);
    if (settlement.epoch !== undefined && leases.isStale(lane, settlement.epoch)) return 'stale';
    const counts = { delivered: 0, skipped: 0, rejected: 0, waiting: 0 };
    const touched = new Set<string>();

    for (const row of settlement.removedRetries ?? []) {
      const removed = database.one<{ order_key: string }>(
        'DELETE FROM retries WHERE seq = ? AND lane = ? AND mapping = ? RETURNING order_key',
        row.seq,
        lane,
        names.id(row.mappingId),
      );
      if (removed === undefined) continue;
      counts.waiting -= 1;
      touched.add(removed.order_key);
    }
    for (const row of settlement.retries ?? []) {
      if (writeRetry(database, names, lane, row)) counts.waiting += 1;
      touched.add(row.user);
    }
    for (const key of touched) writeHead(database, lane, key);
    for (const row of settlement.outcomes ?? []) outcomes.write(lane, row, counts);
    for (const gap of settlement.gaps ?? []) {
      gaps.write(lane, gap);
      counts.rejected += gap.through - gap.seq + 1;
    }
    /** Counts the dead letters that refer to an exchange: it is removed with the last of them. */
    const kept = new Map<number, number>();
    for (const { exchangeIds } of settlement.deadLetters ?? []) {
      for (const id of exchangeIds) kept.set(id, (kept.get(id) ?? 0) + 1);
    }
    for (const row of settlement.deadLetters ?? []) writeDeadLetter(database, names, lane, row);
    for (const row of settlement.exchanges ?? []) {
      writeExchange(database, lane, row, kept.get(row.id) ?? 0);
      kept.delete(row.id);
    }
    // An exchange of an earlier attempt was written by an earlier settlement.
    for (const [id, count] of kept)
      database.run('UPDATE exchanges SET kept = kept + ? WHERE id = ?', count, id);
    if ((settlement.exchanges ?? []).length > 0) prunedTo = pruneExchanges(database, prunedTo);

    memory.write(lane, settlement.memory ?? []);
    writeConflicts(database, names, lane, settlement.conflicts ?? []);

    database.run(
      `UPDATE lanes SET removed_at = iif(?1 IS NULL, removed_at, NULL), cursor = coalesce(?1, cursor), delivered = delivered + ?, skipped = skipped + ?,
         rejected = rejected + ?, waiting = waiting + ?, dead = dead + ? WHERE lane = ?`,
      settlement.cursor ?? null,
      counts.delivered,
      counts.skipped,
      counts.rejected,
      counts.waiting,
      settlement.deadLetters?.length ?? 0,
      lane,
    );
    return 'settled';
  };
}

/** Inserts or replaces a waiting row; true when it is new. */
function writeRetry(database: Database, names: Names, lane: number, row: RetryRow): boolean {
  const mapping = names.id(row.mappingId);
  const known = database.one(
    'SELECT 1 AS found FROM retries WHERE seq = ? AND lane = ? AND mapping = ?',
    row.seq,
    lane,
    mapping,
  );
  database.run(
    `INSERT OR REPLACE INTO retries
       (seq, lane, mapping, position, order_key, attempts, due_at, first_failed_at, code, message, exchange)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.seq,
    lane,
    mapping,
    row.position,
    row.user,
    row.attempts,
    row.dueAt,
    row.firstFailedAt ?? null,
    row.code === undefined ? null : names.id(row.code),
    row.message ?? null,
    row.exchangeId ?? null,
  );
  return known === undefined;
}

/** Stores the due time of the first waiting row of an order key, so that due rows are found without reading the others. */
export function writeHead(database: Database, lane: number, orderKey: string): void {
  const head = database.one<{ due_at: number }>(
    'SELECT due_at FROM retries WHERE lane = ? AND order_key = ? ORDER BY seq, position LIMIT 1',
    lane,
    orderKey,
  );
  if (head === undefined) {
    database.run('DELETE FROM heads WHERE lane = ? AND order_key = ?', lane, orderKey);
    return;
  }
  database.run(
    'INSERT OR REPLACE INTO heads (lane, order_key, due_at) VALUES (?, ?, ?)',
    lane,
    orderKey,
    head.due_at,
  );
}

function writeDeadLetter(database: Database, names: Names, lane: number, row: DeadLetterRow): void {
  database.run(
    `INSERT INTO dead_letters (lane, seq, mapping, position, source, message_id, order_key, at, code, message,
       field, attempts, payload, payload_cut, exchanges, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    lane,
    row.seq,
    names.id(row.mappingId),
    row.position,
    names.id(row.sourceId),
    row.messageId,
    row.user,
    row.at,
    names.id(row.code),
    row.message,
    row.field ?? null,
    row.attempts,
    row.payload === undefined ? null : (JSON.stringify(row.payload) ?? null),
    row.payloadCut === true ? 1 : null,
    JSON.stringify(row.exchangeIds),
    row.mappingVersion ?? null,
  );
}

function writeExchange(database: Database, lane: number, row: ExchangeRow, kept: number): void {
  database.run(
    `INSERT INTO exchanges (id, lane, at, duration, request, response, failure, kept)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    lane,
    row.at,
    row.durationMs,
    JSON.stringify(row.request),
    row.response === undefined ? null : JSON.stringify(row.response),
    row.failure ?? null,
    kept,
  );
}

/** Removes old exchanges without a dead letter; returns the ID up to which that is done. */
function pruneExchanges(database: Database, prunedTo: number): number {
  const last = lastExchange(database);
  const limit = last - KEPT_EXCHANGES;
  // In strides: removing one row per settlement would cost more than it frees.
  if (limit < prunedTo + KEPT_EXCHANGES / 100) return prunedTo;
  database.run('DELETE FROM exchanges WHERE id > ? AND id <= ? AND kept = 0', prunedTo, limit);
  return limit;
}

/** Returns the highest ID that an exchange has had; AUTOINCREMENT remembers it. */
export function lastExchange(database: Database): number {
  return database.one<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'")?.seq ?? 0;
}
