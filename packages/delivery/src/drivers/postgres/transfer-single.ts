import type { Event } from '@waybill/core';
import { DEDUPE_WINDOW } from '../../stores/stores.ts';
import type { CopyNoun, CopyPage, CopyRow, CopyValue } from '../../stores/transfer.ts';
import type { Statements } from './database.ts';
import { type Keys, messageKey } from './message-key.ts';
import { NUMBERED, type Single } from './transfer-tables.ts';

/** The maximum number of events, and of their bytes, in a page. */
const EVENTS = 1_000;
const BYTES = 4 * 2 ** 20;

const SINGLE: ReadonlySet<CopyNoun> = new Set<Single>([
  ...(['events', 'log-position', 'next-exchange', 'state-counters', 'last-change'] as const),
]);

/** Whether a noun is not stored as rows of a table. */
export function isSingle(noun: CopyNoun): noun is Single {
  return SINGLE.has(noun);
}

/** Returns the rows of such a noun. */
export async function singleRows(
  statements: Statements,
  noun: Single,
  after: string | undefined,
): Promise<CopyPage> {
  const { all } = statements;
  const rows = async (text: string): Promise<CopyPage> => ({
    rows: (await all<Record<string, CopyValue>>(text)).map((row) => Object.values(row)),
  });
  switch (noun) {
    case 'events':
      return eventsAfter(statements, Number(after ?? 0));
    case 'log-position':
      return rows(
        `SELECT last FROM (SELECT greatest((SELECT seq FROM ~events ORDER BY seq DESC LIMIT 1),
           (SELECT max(seq) FROM ~removed)) AS last) AS one WHERE last > 0`,
      );
    case 'next-exchange':
      return rows('SELECT next FROM ~blocks WHERE next > 1');
    case 'last-change':
      return rows('SELECT id FROM ~last_change WHERE id > 0');
    case 'state-counters':
      return rows(
        NUMBERED.map(
          (name) => `SELECT '${name}' AS name, last_value FROM ~${name}_id_seq WHERE is_called`,
        ).join(' UNION ALL '),
      );
  }
}

/** Writes the rows of such a noun; within a transaction. */
export async function writeSingle(
  { run, one }: Statements,
  noun: Exclude<Single, 'events'>,
  rows: readonly CopyRow[],
): Promise<void> {
  for (const [first, second] of rows) {
    if (noun === 'next-exchange') await run('UPDATE ~blocks SET next = $1', first);
    else if (noun === 'last-change') await run('UPDATE ~last_change SET id = $1', first);
    else if (noun === 'state-counters') {
      const table = NUMBERED.find((name) => name === first);
      if (table !== undefined) await one(`SELECT setval('~${table}_id_seq', $1)`, second);
    } else {
      await one(`SELECT setval('~positions', $1)`, first);
      await run('INSERT INTO ~removed VALUES (0, $1)', first);
    }
  }
}

async function eventsAfter({ all }: Statements, after: number): Promise<CopyPage> {
  const found = await all<{ seq: number; source_id: string; at: number; body: string }>(
    `SELECT seq, source_id, at, body FROM (
       SELECT *, coalesce(sum(octet_length(body)) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
       FROM (SELECT seq, source_id, at, body FROM ~events WHERE seq > $1 ORDER BY seq LIMIT $2) AS rows
     ) AS counted WHERE before = 0 OR before < $3 ORDER BY seq`,
    after,
    EVENTS,
    BYTES,
  );
  // Other drivers never write a body with several lines.
  const rows = found.map(({ seq, source_id, at, body }): CopyRow => [
    seq,
    source_id,
    at,
    body.includes('\n') ? JSON.stringify(JSON.parse(body)) : body,
  ]);
  return found.length === 0 ? { rows } : { rows, next: String(found.at(-1)!.seq) };
}

/** Writes events at their positions, and the IDs that are still in the deduplication window; within a transaction. */
export async function writeEvents(
  { run }: Statements,
  rows: readonly CopyRow[],
  { keys, now }: { readonly keys: Keys; readonly now: number },
): Promise<void> {
  if (rows.length === 0) return;
  const columns = [0, 1, 2, 3].map((index) => rows.map((row) => row[index]));
  const messages = rows.map((row) => messageKey((JSON.parse(String(row[3])) as Event).messageId, keys));
  await run(
    `INSERT INTO ~events (seq, partition, source_id, at, body, message)
     SELECT seq, 0, source_id, at, body, message
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::uuid[]) AS given (seq, source_id, at, body, message)`,
    ...columns,
    messages,
  );
  const young = new Map<string, readonly [message: string, source: unknown, seq: unknown, at: unknown]>();
  for (const [index, [seq, source, at]] of rows.entries())
    if (Number(at) > now - DEDUPE_WINDOW)
      young.set(`${messages[index]} ${String(source)}`, [messages[index]!, source, seq, at]);
  const ids = [...young.values()];
  await run(
    `INSERT INTO ~ids AS known (message, source_id, seq, at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
     ON CONFLICT (message, source_id) DO UPDATE SET seq = excluded.seq, at = excluded.at`,
    ...[0, 1, 2, 3].map((column) => ids.map((row) => row[column])),
  );
}
