import type { StateLimits, StatePruned, StateSizes } from '../../stores/rows.ts';
import type { Database, Statements } from './database.ts';
import { KEPT_EXCHANGES } from './state-exchanges.ts';
import { neededSeqs } from './state-lanes.ts';
import { forgetOldest } from './state-memory.ts';

/** The number of rows of outcomes removed in one transaction: no longer than a settlement. */
const OUTCOMES = 5_000;
/** The number of positions inspected in one transaction, where there are few rows. */
const SPAN = 200_000;
/** The number of dead letters, and of exchanges, removed in one transaction. */
const ROWS = 500;

interface Letter {
  readonly id: number;
  readonly at: number;
  readonly bytes: number;
}

interface Gone {
  readonly destination: string;
  readonly partition: number;
  readonly lying: boolean;
  /** JSON. */
  readonly exchanges: string;
}

const BYTES = "(octet_length(coalesce(payload, '')) + octet_length(message) + 200)";

/** Removes what is beyond the retention from a state, in small steps. */
export async function prune(
  database: Database,
  limits: StateLimits,
  memoryRows: number,
): Promise<StatePruned> {
  const { after, outcomesUpTo } = limits;
  const { count, to } =
    after < outcomesUpTo ? await pruneOutcomes(database, after, outcomesUpTo) : { count: 0, to: after };
  const going = await lettersToGo(database, limits);
  const expired = await remove(database, going);
  const exchanges = await pruneExchanges(database, limits.exchangesBefore);
  await forgetOldest(database, memoryRows);
  const more = to < outcomesUpTo || going.length === ROWS || exchanges === ROWS;
  return {
    outcomes: count,
    exchanges,
    expired: [...expired].map(([destination, letters]) => ({ destination, count: letters })),
    ...(more ? { next: to } : {}),
  };
}

/** Deletes dead letters; returns their number. */
export async function discard(database: Database, ids: readonly number[]): Promise<number> {
  const counts = await remove(database, ids);
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Removes dead letters, and the old exchanges that only they refer to; returns their number per destination. */
function remove(database: Database, ids: readonly number[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  if (ids.length === 0) return Promise.resolve(counts);
  return database.transaction(async (statements) => {
    const gone = await statements.all<Gone>(
      `DELETE FROM ~dead_letters WHERE id = ANY ($1::bigint[])
       RETURNING destination, partition, replayed_at IS NULL AS lying, to_json(exchange_ids)::text AS exchanges`,
      ids,
    );
    for (const { destination } of gone) counts.set(destination, (counts.get(destination) ?? 0) + 1);
    await countDown(statements, gone);
    await statements.run(
      `DELETE FROM ~exchanges AS old WHERE id = ANY ($1::bigint[]) AND id <= (SELECT max(id) FROM ~exchanges) - $2
         AND NOT EXISTS (SELECT 1 FROM ~dead_letters WHERE exchange_ids @> ARRAY[old.id])`,
      gone.flatMap(({ exchanges }) => JSON.parse(exchanges) as number[]),
      KEPT_EXCHANGES,
    );
    return counts;
  });
}

async function countDown({ run }: Statements, gone: readonly Gone[]): Promise<void> {
  const lying = gone.filter((one) => one.lying);
  const lanes = Map.groupBy(lying, ({ destination, partition }) => JSON.stringify([destination, partition]));
  for (const [, rows] of [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)))
    await run(
      'UPDATE ~lanes SET dead = dead - $3 WHERE destination = $1 AND partition = $2',
      rows[0]!.destination,
      rows[0]!.partition,
      rows.length,
    );
}

/** Removes the outcomes of a stretch of the log, except rows with a needed position. */
async function pruneOutcomes(
  database: Database,
  after: number,
  upTo: number,
): Promise<{ readonly count: number; readonly to: number }> {
  const reached = await database.one<{ last: number }>(
    'SELECT last FROM ~outcomes WHERE last > $1 ORDER BY last OFFSET $2 LIMIT 1',
    after,
    OUTCOMES,
  );
  const to = Math.min(upTo, after + SPAN, reached?.last ?? upTo);
  const needed = await neededSeqs(database, 0, to);
  const kept = 'AND NOT EXISTS (SELECT 1 FROM unnest($3::bigint[]) AS needed (seq) WHERE';
  const count = await database.transaction(async ({ run }) => {
    await run(
      `DELETE FROM ~corrections WHERE seq > $1 AND seq <= $2 ${kept} needed.seq = corrections.seq)`,
      after,
      to,
      needed,
    );
    await run('DELETE FROM ~gaps WHERE last <= $1', to);
    return run(
      `DELETE FROM ~outcomes WHERE last > $1 AND last <= $2 ${kept} needed.seq BETWEEN outcomes.first AND outcomes.last)`,
      after,
      to,
      needed,
    );
  });
  return { count, to };
}

/** The dead letters beyond the retention. */
async function lettersToGo(
  { all, one }: Database,
  { deadLettersBefore: before, maxDeadLetterBytes }: StateLimits,
): Promise<readonly number[]> {
  const oldest = await all<Letter>(
    `SELECT id, at, ${BYTES} AS bytes FROM ~dead_letters ORDER BY id LIMIT $1`,
    ROWS,
  );
  // Letters before an old one are older, even if the clock was wrong.
  const old = oldest.findLastIndex(({ at }) => at < before) + 1;
  const table = await one<{ bytes: number }>("SELECT pg_total_relation_size('~dead_letters') AS bytes");
  // The table does not shrink when rows are removed: rows are counted only when the limit may be exceeded.
  const counted =
    (table?.bytes ?? 0) <= maxDeadLetterBytes
      ? undefined
      : await one<{ bytes: number }>(`SELECT coalesce(sum(${BYTES}), 0)::bigint AS bytes FROM ~dead_letters`);
  let excess = (counted?.bytes ?? 0) - maxDeadLetterBytes;
  let count = 0;
  for (; count < oldest.length && (count < old || excess > 0); count += 1) excess -= oldest[count]!.bytes;
  return oldest.slice(0, count).map(({ id }) => id);
}

function pruneExchanges({ run }: Database, before: number): Promise<number> {
  return run(
    `DELETE FROM ~exchanges WHERE id IN (SELECT id FROM ~exchanges AS old WHERE at < $1
       AND NOT EXISTS (SELECT 1 FROM ~dead_letters WHERE exchange_ids @> ARRAY[old.id])
       AND id > (SELECT max(id) FROM ~exchanges) - $2 ORDER BY id LIMIT $3)`,
    before,
    2 * KEPT_EXCHANGES,
    ROWS,
  );
}

/** Bytes on disk by kind. */
export async function sizes({ one }: Database): Promise<StateSizes> {
  const bytes = (...tables: readonly string[]): string =>
    tables.map((table) => `pg_total_relation_size('~${table}')`).join(' + ');
  const row = await one<Omit<StateSizes, 'deadLetters' | 'free'> & { readonly letters: number }>(
    `SELECT ${bytes('outcomes', 'lanes', 'kinds', 'gaps', 'retries', 'heads', 'corrections')} AS outcomes,
       ${bytes('dead_letters')} AS letters, ${bytes('exchanges')} AS exchanges,
       ${bytes('memory', 'kept', 'conflicts')} AS memory`,
  );
  const { outcomes = 0, letters: deadLetters = 0, exchanges = 0, memory = 0 } = row ?? {};
  return { outcomes, deadLetters, exchanges, memory, free: 0 };
}
