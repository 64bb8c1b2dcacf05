import type { LogExtent, Pruned, PruneLimits } from '../../stores/log.ts';
import type { Database } from './database.ts';
import type { Range, Ranges } from './log-ranges.ts';

/** Events, and ids, removed in one transaction. */
const ROWS = 5_000;
/** The duration of each removal of IDs, in milliseconds: time-based, so that any number of expired IDs is removed soon. */
const FORGETTING = 20_000;

/** Removes old events from a log: a whole table where nothing is kept, otherwise in small steps. */
export interface Retention {
  extent(): Promise<LogExtent>;
  prune(limits: PruneLimits): Promise<Pruned>;
}

/** Creates the retention of a log. */
export function createRetention(
  database: Database,
  ranges: Ranges,
  { now, dedupeWindowMs }: { readonly now: () => number; readonly dedupeWindowMs: number },
): Retention {
  const { all, one, run } = database;
  const oldestOf = (): Promise<{ seq: number; at: number } | undefined> =>
    one('SELECT seq, at FROM ~events ORDER BY seq LIMIT 1');
  /** Bytes on disk, minus the removed share of the oldest table, which is freed with the table. */
  const bytesFrom = async (oldest: number): Promise<number> => {
    const row = await one<{ bytes: number }>(
      `SELECT (coalesce(sum(pg_total_relation_size(format('%I.%I', $1::text, 'events_' || first)::regclass)
           * CASE WHEN first <= $2 AND last >= $2 THEN (least(last, drawn) - $2 + 1)::float / greatest(1, least(last, drawn) - first + 1) ELSE 1 END
         ), 0) + pg_total_relation_size('~ids'))::bigint AS bytes
       FROM ~ranges, (SELECT last_value AS drawn FROM ~positions) AS positions`,
      database.schema,
      oldest,
    );
    return row?.bytes ?? 0;
  };
  const forgetIds = async (): Promise<void> => {
    const began = now();
    const forget = (): Promise<number> =>
      run(
        'DELETE FROM ~ids WHERE ctid = ANY (ARRAY (SELECT ctid FROM ~ids WHERE at <= $1 ORDER BY at LIMIT $2))',
        began - dedupeWindowMs,
        ROWS,
      );
    while ((await forget()) === ROWS && now() - began < FORGETTING);
  };
  /** Removes the oldest table; undefined when it must stay, or is partly needed. */
  const dropOldest = async (limits: PruneLimits, tooMuch: boolean): Promise<Pruned | undefined> => {
    const { upTo, before, after = 0, keep } = limits;
    const range = await one<Range>('SELECT first, last FROM ~ranges ORDER BY first LIMIT 1');
    if (range === undefined || range.first <= after || range.last > upTo) return undefined;
    const table = `~events_${range.first}`;
    const newest = await one<{ at: number }>(`SELECT at FROM ${table} ORDER BY at DESC LIMIT 1`);
    if (newest !== undefined) {
      if (newest.at >= before && !tooMuch) return undefined;
      if ((await keep(range.first, range.last)).length > 0) return undefined;
    }
    const removed = await ranges.drop(range);
    return removed === undefined ? undefined : { removed, through: range.last, next: range.last };
  };
  const removeRows = async (limits: PruneLimits, excess: number, eventBytes: number): Promise<Pruned> => {
    const { upTo, before, after = 0, keep } = limits;
    const rows = await all<{ seq: number; at: number }>(
      'SELECT seq, at FROM ~events WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3',
      after,
      Math.min(upTo, Number.MAX_SAFE_INTEGER),
      ROWS,
    );
    const surplus = excess <= 0 ? 0 : Math.ceil(excess / Math.max(1, eventBytes));
    const young = rows.findIndex(({ at }, index) => at >= before && index >= surplus);
    const going = young < 0 ? rows : rows.slice(0, young);
    const through = going.at(-1)?.seq;
    if (through === undefined) return { removed: 0 };
    const first = going[0]!.seq;
    const kept = await keep(first, through);
    const removed = await database.transaction(async (statements) => {
      await statements.run(
        `INSERT INTO ~removed SELECT partition, max(seq) FROM ~events WHERE seq BETWEEN $1 AND $2 GROUP BY partition
         ON CONFLICT (partition) DO UPDATE SET seq = greatest(removed.seq, excluded.seq)`,
        first,
        through,
      );
      return statements.run(
        'DELETE FROM ~events WHERE seq BETWEEN $1 AND $2 AND seq <> ALL ($3::bigint[])',
        first,
        through,
        kept,
      );
    });
    return { removed, through, ...(young < 0 && rows.length === ROWS ? { next: through } : {}) };
  };
  const extent = async (): Promise<LogExtent> => {
    const oldest = await oldestOf();
    const bytes = await bytesFrom(oldest?.seq ?? 0);
    const newest = await one<{ bytes: number | null }>(
      `SELECT avg(octet_length(body))::float AS bytes FROM (SELECT body FROM ~events ORDER BY seq DESC LIMIT 100) AS newest`,
    );
    const eventBytes = newest?.bytes ?? undefined;
    return {
      bytes,
      ...(eventBytes === undefined ? {} : { eventBytes }),
      ...(oldest === undefined ? {} : { firstSeq: oldest.seq, oldestAt: oldest.at }),
    };
  };
  return {
    extent,
    async prune(limits) {
      await forgetIds();
      const { bytes, eventBytes = 1 } = await extent();
      const excess = bytes - limits.maxBytes;
      return (await dropOldest(limits, excess > 0)) ?? removeRows(limits, excess, eventBytes);
    },
  };
}
