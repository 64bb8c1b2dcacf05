import { codeOf, type Database } from './database.ts';
import { FIRST_RANGE } from './log-schema.ts';

/** A range that fills faster than this, in milliseconds, is followed by one twice as large. */
const QUICK = 60 * 60 * 1000;
const LARGEST = 2 ** 22;

/** A table of events for the positions from `first` to `last`. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** The tables of events. */
export interface Ranges {
  /** Creates the next table in time; call it with the last drawn position. */
  reached(seq: number): Promise<void>;
  /** Creates a table for the next position, whatever it is. */
  ensure(): Promise<void>;
  /** Removes the table of a range, and returns its number of events; undefined when it is locked. */
  drop(range: Range): Promise<number | undefined>;
}

/** The tables of a log. */
export function createRanges(database: Database, now: () => number): Ranges {
  const { schema } = database;
  let known: Range = { first: 0, last: 0 };
  const ensure = (): Promise<void> =>
    database.transaction(async ({ all, one, run, script }) => {
      await all('SELECT pg_advisory_xact_lock(hashtextextended($1, 1))', `waybill ${schema}`);
      const { drawn = 0 } =
        (await one<{ drawn: number }>('SELECT last_value AS drawn FROM ~positions')) ?? {};
      const newest = await one<Range & { made_at: number }>(
        'SELECT * FROM ~ranges ORDER BY first DESC LIMIT 1',
      );
      if (newest !== undefined && !isNear(newest, drawn)) {
        known = newest;
        return;
      }
      const at = now();
      const before = newest === undefined ? FIRST_RANGE / 2 : newest.last - newest.first + 1;
      const isQuick = newest === undefined || at - newest.made_at < QUICK;
      const size = Math.min(LARGEST, isQuick ? before * 2 : before);
      const first = (newest?.last ?? 0) + 1;
      const last = Math.max(first, drawn) + size - 1;
      // Created separately and then attached: appends are not blocked.
      await script(
        `CREATE TABLE ~events_${first} (LIKE ~events INCLUDING DEFAULTS);
         ALTER TABLE ~events ATTACH PARTITION ~events_${first} FOR VALUES FROM (${first}) TO (${last + 1})`,
      );
      await run('INSERT INTO ~ranges VALUES ($1, $2, $3)', first, last, at);
      known = { first, last };
    });
  let ensuring: Promise<void> | undefined;
  const once = (): Promise<void> => {
    ensuring ??= ensure().finally(() => {
      ensuring = undefined;
    });
    return ensuring;
  };
  return {
    ensure: once,
    reached: async (seq) => {
      if (isNear(known, seq)) await once();
    },
    async drop({ first }) {
      try {
        return await database.transaction(async ({ one, run, script }) => {
          const gone = await one<{ count: number }>(
            `WITH gone AS (SELECT partition, max(seq) AS seq, count(*) AS count FROM ~events_${first} GROUP BY partition),
               noted AS (INSERT INTO ~removed SELECT partition, seq FROM gone
                 ON CONFLICT (partition) DO UPDATE SET seq = greatest(removed.seq, excluded.seq))
             SELECT coalesce(sum(count), 0)::int AS count FROM gone`,
          );
          // A transaction that waits for the table blocks all later ones.
          await script(`SET LOCAL lock_timeout = '500ms'; DROP TABLE ~events_${first}`);
          await run('DELETE FROM ~ranges WHERE first = $1', first);
          return gone?.count ?? 0;
        });
      } catch (error) {
        if (codeOf(error) === LOCK_NOT_AVAILABLE) return undefined;
        throw error;
      }
    },
  };
}

const LOCK_NOT_AVAILABLE = '55P03';

function isNear({ first, last }: Range, seq: number): boolean {
  return seq >= first + (last - first) / 2;
}
