import type { SQLInputValue } from 'node:sqlite';
import type { Correction, DeadLetterFilter } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import { writeCorrection } from './state-corrections.ts';
import type { StoredDeadLetter } from './state-rows.ts';
import { writeHead } from './state-settle.ts';

const COLUMNS = `id, lane, seq, mapping, position, source, message_id, order_key, at, code, message, field, attempts,
  payload_cut, exchanges, replayed_at, version`;

/** Returns dead letters that match a filter, ascending by ID. */
export function findDeadLetters(
  database: Database,
  names: Names,
  filter: DeadLetterFilter,
): readonly StoredDeadLetter[] {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (condition: string, value: SQLInputValue | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  const named = (text: string | undefined): number | undefined =>
    text === undefined ? undefined : (names.find(text) ?? -1);
  if (filter.ids !== undefined) where('id IN (SELECT value FROM json_each(?))', JSON.stringify(filter.ids));
  where('lane = ?', named(filter.destination));
  where('mapping = ?', named(filter.mappingId));
  where('code = ?', named(filter.code));
  where("coalesce(field, '') = ?", filter.field);
  where('source = ?', named(filter.sourceId));
  where('message_id = ?', filter.messageId);
  where('seq = ?', filter.seq);
  where('order_key = ?', filter.user);
  where('at >= ?', filter.from);
  where('at <= ?', filter.to);
  where('id > ?', filter.afterId);
  where('replayed_at = ?', filter.replayedAt);
  if (filter.includeReplayed !== true && filter.replayedAt === undefined)
    conditions.push('replayed_at IS NULL');
  const text = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const payload = filter.withoutPayload === true ? 'NULL AS payload' : 'payload';
  const rows = database
    .prepare(`SELECT ${COLUMNS}, ${payload} FROM dead_letters ${text} ORDER BY id LIMIT ?`)
    .iterate(...values, filter.limit ?? -1) as Iterable<StoredDeadLetter>;
  const found: StoredDeadLetter[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.payload?.length ?? 0;
    if (found.length > 0 && bytes > (filter.maxBytes ?? Number.POSITIVE_INFINITY)) break;
    found.push(row);
  }
  return found;
}

/** Replays dead letters as waiting rows, due at once, and removes their outcomes. Call it within a transaction. */
export function requeue(
  database: Database,
  ids: readonly number[],
  now: number,
  correction?: Correction,
): number {
  let count = 0;
  const touched = new Map<string, { lane: number; orderKey: string }>();
  for (const id of new Set(ids)) {
    const row = database.one<StoredDeadLetter>(
      'UPDATE dead_letters SET replayed_at = ? WHERE id = ? AND replayed_at IS NULL RETURNING *',
      now,
      id,
    );
    if (row === undefined) continue;
    const orderKey = correction?.user ?? row.order_key;
    if (correction !== undefined) writeCorrection(database, row, correction, now);
    const removed = database
      .prepare('DELETE FROM outcomes WHERE seq = ? AND lane = ? AND mapping = ?')
      .run(row.seq, row.lane, row.mapping).changes;
    const added = database
      .prepare(
        `INSERT INTO retries (seq, lane, mapping, position, order_key, attempts, due_at)
         VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING`,
      )
      .run(row.seq, row.lane, row.mapping, row.position, orderKey, now).changes;
    database.run(
      'UPDATE lanes SET rejected = rejected - ?, waiting = waiting + ?, dead = dead - 1 WHERE lane = ?',
      removed,
      added,
      row.lane,
    );
    touched.set(`${row.lane} ${orderKey}`, { lane: row.lane, orderKey });
    count += 1;
  }
  for (const { lane, orderKey } of touched.values()) writeHead(database, lane, orderKey);
  return count;
}
