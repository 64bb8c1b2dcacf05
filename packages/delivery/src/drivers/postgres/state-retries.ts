import type { RetryRow } from '../../stores/rows.ts';
import type { LaneKey, LanePlace, RetryFilter } from '../../stores/state.ts';
import type { Statements } from './database.ts';
import { type Columns, unnest } from './rows.ts';
import { type StoredRetry, toRetry } from './state-rows.ts';

const columnsOf = ({ destination, partition }: LaneKey): Columns<RetryRow> => ({
  destination: ['text', () => destination],
  partition: ['smallint', () => partition],
  seq: ['bigint', (row) => row.seq],
  mapping_id: ['text', (row) => row.mappingId],
  position: ['int', (row) => row.position],
  user_key: ['text', (row) => row.user],
  attempts: ['int', (row) => row.attempts],
  due_at: ['bigint', (row) => row.dueAt],
  first_failed_at: ['bigint', (row) => row.firstFailedAt ?? null],
  code: ['text', (row) => row.code ?? null],
  message: ['text', (row) => row.message ?? null],
  exchange_id: ['bigint', (row) => row.exchangeId ?? null],
});

type Item = Pick<RetryRow, 'seq' | 'mappingId'>;

const ITEMS: Columns<Item> = {
  seq: ['bigint', ({ seq }) => seq],
  mapping_id: ['text', ({ mappingId }) => mappingId],
};

/** Removes and writes waiting rows of a lane; returns the change of their number. Call it within a transaction. */
export async function writeRetries(
  statements: Statements,
  lane: LaneKey,
  removed: readonly Item[],
  written: readonly RetryRow[],
): Promise<number> {
  const rows = [...new Map(written.map((row) => [`${row.seq} ${row.mappingId}`, row])).values()];
  // A replaced row may have belonged to another user: both users have a new first row then.
  const gone = await take(statements, lane, [...removed, ...rows]);
  if (rows.length > 0) {
    const { text, names, values } = unnest(columnsOf(lane), rows);
    await statements.run(`INSERT INTO ~retries (${names}) SELECT ${names} FROM ${text}`, ...values);
  }
  await writeHeads(statements, lane, [...new Set([...gone, ...rows.map(({ user }) => user)])]);
  return rows.length - gone.length;
}

/** Removes rows and returns their users. */
async function take(
  { all }: Statements,
  { destination, partition }: LaneKey,
  items: readonly Item[],
): Promise<readonly string[]> {
  if (items.length === 0) return [];
  const { text, values } = unnest(ITEMS, items, 3);
  const rows = await all<{ user_key: string }>(
    `DELETE FROM ~retries AS old USING ${text} WHERE old.seq = given.seq AND old.destination = $1
       AND old.mapping_id = given.mapping_id AND old.partition = $2 RETURNING old.user_key`,
    destination,
    partition,
    ...values,
  );
  return rows.map((row) => row.user_key);
}

/** Stores the due time of the first waiting row of each user, so that due rows are found without reading the others. */
async function writeHeads(
  { run }: Statements,
  { destination, partition }: LaneKey,
  users: readonly string[],
): Promise<void> {
  if (users.length === 0) return;
  const first = `SELECT $1, $2::smallint, given.user_key, found.due_at FROM unnest($3::text[]) AS given (user_key)
    CROSS JOIN LATERAL (SELECT due_at FROM ~retries WHERE destination = $1 AND partition = $2::smallint
      AND user_key = given.user_key ORDER BY seq, position LIMIT 1) AS found`;
  await run(
    'DELETE FROM ~heads WHERE destination = $1 AND partition = $2 AND user_key = ANY ($3::text[])',
    destination,
    partition,
    users,
  );
  await run(`INSERT INTO ~heads ${first}`, destination, partition, users);
}

/** Returns the position of a lane. */
export async function findPlace({ often }: Statements, key: LaneKey): Promise<LanePlace> {
  const row = await often<{ cursor: number | null; waiting: number; due: number | null }>(
    `SELECT cursor, waiting, (SELECT min(due_at) FROM ~heads AS heads
       WHERE heads.destination = lanes.destination AND heads.partition = lanes.partition) AS due
     FROM ~lanes AS lanes WHERE destination = $1 AND partition = $2`,
    key.destination,
    key.partition,
  );
  if (row === undefined) return { waiting: 0 };
  return {
    waiting: row.waiting,
    ...(row.cursor === null ? {} : { cursor: row.cursor }),
    ...(row.due === null ? {} : { nextDue: row.due }),
  };
}

/** Returns waiting rows. */
export async function findRetries({ all }: Statements, filter: RetryFilter): Promise<readonly RetryRow[]> {
  if ('seqs' in filter) {
    const rows = await all<StoredRetry>(
      'SELECT * FROM ~retries WHERE seq = ANY ($1::bigint[]) ORDER BY seq, destination, position',
      filter.seqs,
    );
    return rows.map(toRetry);
  }
  const { destination, partition } = filter.lane;
  if ('user' in filter) {
    const rows = await all<StoredRetry>(
      `SELECT * FROM ~retries WHERE destination = $1 AND partition = $2 AND user_key = $3
       ORDER BY seq, position LIMIT $4`,
      destination,
      partition,
      filter.user,
      filter.limit ?? null,
    );
    return rows.map(toRetry);
  }
  const rows = await all<StoredRetry>(
    `SELECT found.* FROM (SELECT user_key, due_at FROM ~heads WHERE destination = $1 AND partition = $2 AND due_at <= $3
       ORDER BY due_at, user_key LIMIT $4) AS due
     CROSS JOIN LATERAL (SELECT * FROM ~retries AS one WHERE one.destination = $1 AND one.partition = $2
       AND one.user_key = due.user_key ORDER BY seq, position LIMIT 1) AS found ORDER BY due.due_at, due.user_key`,
    destination,
    partition,
    Math.min(filter.dueBy, Number.MAX_SAFE_INTEGER),
    filter.limit,
  );
  return rows.map(toRetry);
}

/** Returns users with waiting rows. */
export async function findParked({ all }: Statements, key: LaneKey): Promise<readonly string[]> {
  const rows = await all<{ user_key: string }>(
    'SELECT user_key FROM ~heads WHERE destination = $1 AND partition = $2',
    key.destination,
    key.partition,
  );
  return rows.map((row) => row.user_key);
}
