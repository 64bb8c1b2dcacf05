import type { Statements } from './database.ts';

/*
 * Positions are drawn within transactions that end in any order. So a transaction that appends first takes a shared advisory
 * lock whose key says "I draw nothing up to here", and only then draws; the lock ends with the transaction, after its writes
 * are visible. A reader first reads how far positions have been drawn, then the locks, and then the events: a transaction that
 * drew a position up to the first of these and has not ended is among the second. Nobody waits, and other transactions do not
 * matter.
 */

const POSITION_BITS = 48n;
const SPACES = 0x7fff;

/** The limit up to which readers may read. */
export interface Horizon {
  /** Returns the last position that a read starting now may return: no position before it can still appear. */
  readable(): Promise<number>;
}

/** The first statement of a transaction that draws positions. */
export function announce(schema: string): string {
  const base = BigInt(spaceOf(schema)) << POSITION_BITS;
  return `SELECT pg_advisory_xact_lock_shared(${base} + CASE WHEN is_called THEN last_value + 1 ELSE last_value END) FROM ~positions`;
}

/** The horizon of a log. Callers during a pending query share the next one, which sees all earlier appends. */
export function createHorizon(database: Statements & { readonly schema: string }): Horizon {
  const script = `SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS drawn FROM ~positions;
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) AS first FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND (classid::bigint >> 16) = ${spaceOf(database.schema)}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const look = async (): Promise<number> => {
    const [[{ drawn }], [{ first }]] = (await database.script(script)) as [
      [{ drawn: number }],
      [{ first: number | null }],
    ];
    return first === null ? drawn : Math.min(drawn, first - 1);
  };
  let looking: Promise<unknown> | undefined;
  let next: Promise<number> | undefined;
  const begin = (): Promise<number> => {
    const answer = look();
    const ended = answer.then(
      () => undefined,
      () => undefined,
    );
    looking = ended;
    void ended.then(() => {
      if (looking === ended) looking = undefined;
    });
    return answer;
  };
  return {
    readable() {
      if (looking === undefined) return begin();
      next ??= looking.then(() => {
        next = undefined;
        return begin();
      });
      return next;
    },
  };
}

/** Logs in several schemas of a database usually have different keys; logs that share a key wait longer, but lose nothing. */
function spaceOf(schema: string): number {
  let hash = 0;
  for (const character of schema) hash = (Math.imul(hash, 31) + character.codePointAt(0)!) >>> 0;
  return 1 + (hash % SPACES);
}
