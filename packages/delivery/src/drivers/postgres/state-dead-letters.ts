import type { Correction, CorrectionRow, DeadLetterFilter, DeadLetterRow } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows } from './rows.ts';
import { lockLanes } from './state-lanes.ts';
import { takeOutcomes } from './state-outcomes.ts';
import { writeRetries } from './state-retries.ts';
import { type StoredDeadLetter, toDeadLetter } from './state-rows.ts';

const COLUMNS = `id, destination, partition, seq, mapping_id, mapping_version, position, message_id, source_id, user_key, at,
  code, message, field, attempts, payload_cut, to_json(exchange_ids)::text AS exchanges, replayed_at`;

/** Writes dead letters of a lane; call it within a transaction. */
export async function writeDeadLetters(
  statements: Statements,
  partition: number,
  rows: readonly DeadLetterRow[],
): Promise<void> {
  await insertRows(statements, 'dead_letters', {
    columns: {
      destination: ['text', (row) => row.destination],
      partition: ['smallint', () => partition],
      seq: ['bigint', (row) => row.seq],
      mapping_id: ['text', (row) => row.mappingId],
      mapping_version: ['int', (row) => row.mappingVersion ?? null],
      position: ['int', (row) => row.position],
      message_id: ['text', (row) => row.messageId],
      source_id: ['text', (row) => row.sourceId],
      user_key: ['text', (row) => row.user],
      at: ['bigint', (row) => row.at],
      code: ['text', (row) => row.code],
      message: ['text', (row) => row.message],
      field: ['text', (row) => row.field ?? null],
      attempts: ['int', (row) => row.attempts],
      payload: ['text', (row) => (row.payload === undefined ? null : (JSON.stringify(row.payload) ?? null))],
      payload_cut: ['bool', (row) => row.payloadCut === true],
      exchange_ids: ['text', (row) => `{${row.exchangeIds.join(',')}}`],
    } as Columns<DeadLetterRow>,
    casts: { exchange_ids: 'bigint[]' },
    rows,
  });
}

/** Returns dead letters that match a filter, ascending by ID. */
export async function findDeadLetters(
  { all }: Statements,
  filter: DeadLetterFilter,
): Promise<readonly DeadLetterRow[]> {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const where = (condition: string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  where('id = ANY (?::bigint[])', filter.ids);
  where('destination = ?', filter.destination);
  where('mapping_id = ?', filter.mappingId);
  where('code = ?', filter.code);
  where("coalesce(field, '') = ?", filter.field);
  where('source_id = ?', filter.sourceId);
  where('message_id = ?', filter.messageId);
  where('seq = ?', filter.seq);
  where('user_key = ?', filter.user);
  where('at >= ?', filter.from);
  where('at <= ?', filter.to);
  where('id > ?', filter.afterId);
  where('replayed_at = ?', filter.replayedAt);
  if (filter.includeReplayed !== true && filter.replayedAt === undefined)
    conditions.push('replayed_at IS NULL');
  const text = conditions.length === 0 ? 'true' : conditions.join(' AND ');
  const payload = filter.withoutPayload === true ? 'NULL::text' : 'payload';
  values.push(filter.limit ?? null, filter.maxBytes ?? null);
  const [limit, bytes] = [`$${values.length - 1}`, `$${values.length}::bigint`];
  const rows = await all<StoredDeadLetter>(
    `SELECT * FROM (SELECT *, sum(octet_length(coalesce(payload, ''))) OVER (ORDER BY id) AS bytes,
         row_number() OVER (ORDER BY id) AS place
       FROM (SELECT ${COLUMNS}, ${payload} AS payload FROM ~dead_letters WHERE ${text} ORDER BY id LIMIT ${limit}) AS found
     ) AS counted WHERE place = 1 OR ${bytes} IS NULL OR bytes <= ${bytes} ORDER BY id`,
    ...values,
  );
  return rows.map(toDeadLetter);
}

/** Replays dead letters as waiting rows, due at once, and removes their outcomes. */
export function requeue(
  database: Database,
  ids: readonly number[],
  now: number,
  correction?: Correction,
): Promise<number> {
  return database.transaction(async (statements) => {
    await lockLanes(
      statements,
      '(destination, partition) IN (SELECT destination, partition FROM ~dead_letters WHERE id = ANY ($1::bigint[]))',
      ids,
    );
    const rows = await statements.all<StoredDeadLetter>(
      'UPDATE ~dead_letters SET replayed_at = $2 WHERE id = ANY ($1::bigint[]) AND replayed_at IS NULL RETURNING *',
      ids,
      now,
    );
    if (correction !== undefined) await writeCorrections(statements, rows, correction, now);
    for (const own of Map.groupBy(
      rows,
      ({ destination, partition }) => `${partition} ${destination}`,
    ).values())
      await putBack(statements, own, now, correction);
    return rows.length;
  });
}

async function putBack(
  statements: Statements,
  rows: readonly StoredDeadLetter[],
  now: number,
  correction: Correction | undefined,
): Promise<void> {
  const { destination, partition } = rows[0]!;
  const lane: LaneKey = { destination, partition };
  const change = { delivered: 0, skipped: 0, rejected: 0 };
  const places = rows.map(({ mapping_id, seq }) => ({ mapping_id, first: seq, last: seq }));
  await takeOutcomes(statements, destination, places, change);
  const retries = rows.map(({ seq, mapping_id: mappingId, position, user_key }) => ({
    destination,
    seq,
    mappingId,
    position,
    user: correction?.user ?? user_key,
    attempts: 0,
    dueAt: now,
  }));
  const added = await writeRetries(statements, lane, [], retries);
  await statements.run(
    `UPDATE ~lanes SET delivered = delivered + $3, skipped = skipped + $4, rejected = rejected + $5,
       waiting = waiting + $6, dead = dead - $7 WHERE destination = $1 AND partition = $2`,
    destination,
    partition,
    change.delivered,
    change.skipped,
    change.rejected,
    added,
    rows.length,
  );
}

async function writeCorrections(
  statements: Statements,
  rows: readonly StoredDeadLetter[],
  { event }: Correction,
  at: number,
): Promise<void> {
  const text = JSON.stringify(event);
  const distinct = new Map(rows.map((row) => [`${row.seq} ${row.destination} ${row.mapping_id}`, row]));
  await insertRows(statements, 'corrections', {
    columns: {
      seq: ['bigint', (row) => row.seq],
      destination: ['text', (row) => row.destination],
      mapping_id: ['text', (row) => row.mapping_id],
      event: ['text', () => text],
      at: ['bigint', () => at],
    } as Columns<StoredDeadLetter>,
    rows: [...distinct.values()],
    end: 'ON CONFLICT (seq, destination, mapping_id) DO UPDATE SET event = excluded.event, at = excluded.at',
  });
}

/** Returns corrections of the items of events. */
export async function findCorrections(
  { all }: Statements,
  seqs: readonly number[],
): Promise<readonly CorrectionRow[]> {
  const rows = await all<{ destination: string; seq: number; mapping_id: string; event: string; at: number }>(
    'SELECT * FROM ~corrections WHERE seq = ANY ($1::bigint[]) ORDER BY seq, destination, mapping_id',
    seqs,
  );
  return rows.map(({ destination, seq, mapping_id: mappingId, event, at }) => ({
    destination,
    seq,
    mappingId,
    event: JSON.parse(event) as CorrectionRow['event'],
    at,
  }));
}
