import { type PartAsk, type PartHeld, partOf } from '../../stores/limit-parts.ts';
import type { Database } from './database.ts';
import { CLOCK } from './leases.ts';
import { type Columns, insertRows } from './rows.ts';

/** A row of `limit_parts`. */
interface StoredPart extends PartHeld {
  readonly name: string;
  readonly member: string;
  readonly until: number;
}

const COLUMNS: Columns<StoredPart> = {
  name: ['text', (row) => row.name],
  member: ['text', (row) => row.member],
  own: ['float8', (row) => row.own],
  wanted: ['float8', (row) => row.wanted],
  part: ['float8', (row) => row.part],
  held_until: ['bigint', (row) => row.until],
};

/** Divides limits among members serially: each reads what the others hold, and takes no more than is left. */
export function divideLimits(
  database: Database,
  now: (() => number) | undefined,
): (member: string, asks: readonly PartAsk[], ttl: number) => Promise<ReadonlyMap<string, number>> {
  return (member, asks, ttl) =>
    database.transaction(async (statements) => {
      await statements.all(
        'SELECT pg_advisory_xact_lock(hashtextextended($1, 2))',
        `waybill ${database.schema}`,
      );
      const clock = await statements.one<{ at: number }>(
        `SELECT coalesce($1::bigint, ${CLOCK}) AS at`,
        now?.() ?? null,
      );
      const at = clock?.at ?? 0;
      await statements.run('DELETE FROM ~limit_parts WHERE held_until <= $1', at);
      const rows = await statements.all<StoredPart>(
        'SELECT name, own, wanted, part FROM ~limit_parts WHERE name = ANY ($1::text[]) AND member <> $2',
        asks.map(({ name }) => name),
        member,
      );
      const others = Map.groupBy(rows, ({ name }) => name);
      const parts = asks.map((ask) => ({
        ...ask,
        member,
        part: partOf(ask, others.get(ask.name) ?? []),
        until: at + ttl,
      }));
      await insertRows(statements, 'limit_parts', {
        columns: COLUMNS,
        rows: parts,
        end: `ON CONFLICT (name, member) DO UPDATE SET own = excluded.own, wanted = excluded.wanted, part = excluded.part,
          held_until = excluded.held_until`,
      });
      return new Map(parts.map(({ name, part }) => [name, part]));
    });
}
