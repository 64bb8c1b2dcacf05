import { randomUUID } from 'node:crypto';
import type { Letter, Peers, Signal } from '../../stores/peers.ts';
import type { Database } from './database.ts';
import { divideLimits } from './limit-parts.ts';
import { CLOCK, createRowLeases } from './leases.ts';
import type { Listener } from './listener.ts';

/** Distinguishes signals of these stores from those of others. */
interface Told {
  readonly by: string;
  readonly signal: Signal;
}

/** The maximum number of waiting letters of an owner. */
const MOST_LETTERS = 1_000;

/** The channel name of a schema. */
export function channelOf(schema: string): string {
  return `waybill_${schema}`;
}

/** Opens the coordination between processes in a database with existing tables. */
export function peersOf(database: Database, listener: Listener, now: (() => number) | undefined): Peers {
  const me = randomUUID();
  const at = (): number | null => now?.() ?? null;
  const time = `coalesce($3::bigint, ${CLOCK})`;
  return {
    async beat(role, member, ttl) {
      if (ttl === 0) {
        const others = await database.all<{ member: string }>(
          `SELECT member FROM ~members WHERE role = $1 AND held_until > coalesce($2::bigint, ${CLOCK}) ORDER BY member`,
          role,
          at(),
        );
        return others.map((row) => row.member);
      }
      const rows = await database.all<{ member: string }>(
        `WITH mine AS (
           INSERT INTO ~members AS known (role, member, held_until) VALUES ($1, $2, ${time} + $4::bigint)
           ON CONFLICT (role, member) DO UPDATE SET held_until = excluded.held_until
           RETURNING member
         ) SELECT member FROM mine
         UNION SELECT member FROM ~members WHERE role = $1 AND held_until > ${time} ORDER BY member`,
        role,
        member,
        at(),
        ttl,
      );
      // Members that are long gone are removed.
      await database.run(
        `DELETE FROM ~members WHERE role = $1 AND member <> $2 AND held_until < ${time} - 60000`,
        role,
        member,
        at(),
      );
      return rows.map((row) => row.member);
    },
    divide: divideLimits(database, now),
    async leave(role, member) {
      await database.run('DELETE FROM ~members WHERE role = $1 AND member = $2', role, member);
      await database.run('DELETE FROM ~limit_parts WHERE member = $1', member);
    },
    async tell(signal) {
      const told: Told = { by: me, signal };
      await database.all('SELECT pg_notify($1, $2)', channelOf(database.schema), JSON.stringify(told));
    },
    hear: (on) =>
      listener.hear((text) => {
        const told = readTold(text);
        if (told !== undefined && told.by !== me) on(told.signal);
      }),
    async post(owner, text) {
      const count = await database.run(
        `INSERT INTO ~letters (owner, content) SELECT $1, $2
         WHERE (SELECT count(*) FROM (SELECT 1 FROM ~letters WHERE owner = $1 LIMIT $3) AS waiting) < $3`,
        owner,
        text,
        MOST_LETTERS,
      );
      return count === 1 ? 'taken' : 'full';
    },
    letters: (owners, limit) =>
      database.all<Letter>(
        'SELECT id, owner, content AS text FROM ~letters WHERE owner = ANY ($1::text[]) ORDER BY id LIMIT $2',
        owners,
        limit,
      ),
    async remove(ids) {
      await database.run('DELETE FROM ~letters WHERE id = ANY ($1::bigint[])', ids);
    },
    turns: createRowLeases<string>(
      database,
      { table: 'turns', columns: { name: 'text' }, valuesOf: (name) => [name] },
      now,
    ),
  };
}

/** Any client of the database can send on a channel. */
function readTold(text: string): Told | undefined {
  try {
    return JSON.parse(text) as Told;
  } catch {
    return undefined;
  }
}
