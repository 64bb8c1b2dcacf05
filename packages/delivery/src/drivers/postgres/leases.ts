import type { Lease } from '../../stores/leases.ts';
import type { Statements } from './database.ts';

/** Milliseconds of the server's clock: a common time for processes with different clocks. */
export const CLOCK = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Leases as columns of a table: `holder`, `held_until` and `epoch`. */
export interface RowLeases<Key> {
  acquire(key: Key, holder: string, ttl: number): Promise<Lease<Key> | undefined>;
  renew(lease: Lease<Key>, ttl: number): Promise<boolean>;
  release(lease: Lease<Key>): Promise<void>;
}

/** The leased rows: their table, the key columns with types, and their values. */
export interface LeaseTable<Key> {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly valuesOf: (key: Key) => readonly unknown[];
}

/** A pending renewal, batched with others of the same moment: one process has many leases. */
interface Renewal<Key> {
  readonly lease: Lease<Key>;
  readonly ttl: number;
  readonly answer: PromiseWithResolvers<boolean>;
}

/** The leases of a table. `now`, if given, replaces the server's clock. */
export function createRowLeases<Key>(
  database: Statements,
  { table, columns: types, valuesOf }: LeaseTable<Key>,
  now: (() => number) | undefined,
): RowLeases<Key> {
  const columns = Object.keys(types);
  const time = (place: number): string => `coalesce($${place}::bigint, ${CLOCK})`;
  const at = (): number | null => now?.() ?? null;
  const where = columns.map((name, index) => `${name} = $${index + 1}`).join(' AND ');
  const next = columns.length + 1;
  const waiting: Renewal<Key>[] = [];
  const renewAll = async (renewals: readonly Renewal<Key>[]): Promise<void> => {
    const keys = renewals.map(({ lease }) => valuesOf(lease.key));
    const arrays = columns.map((name, index) => `$${index + 1}::${types[name]}[]`);
    try {
      const rows = await database.all<{ place: number }>(
        `WITH given AS MATERIALIZED (
           SELECT * FROM unnest(${arrays.join(', ')}, $${next}::bigint[], $${next + 1}::bigint[], $${next + 2}::int[])
             AS one (${columns.join(', ')}, epoch, ttl, place)
         ) UPDATE ~${table} AS held SET held_until = ${time(next + 3)} + given.ttl FROM given
           WHERE ${columns.map((name) => `held.${name} = given.${name}`).join(' AND ')} AND held.epoch = given.epoch
           RETURNING given.place`,
        ...columns.map((_name, index) => keys.map((values) => values[index])),
        renewals.map(({ lease }) => lease.epoch),
        renewals.map(({ ttl }) => ttl),
        renewals.map((_renewal, place) => place),
        at(),
      );
      const renewed = new Set(rows.map(({ place }) => place));
      for (const [place, { answer }] of renewals.entries()) answer.resolve(renewed.has(place));
    } catch (error) {
      for (const { answer } of renewals) answer.reject(error);
    }
  };
  return {
    async acquire(key, holder, ttl) {
      const row = await database.one<{ epoch: number }>(
        `INSERT INTO ~${table} AS held (${columns.join(', ')}, holder, held_until, epoch)
         VALUES (${columns.map((_name, index) => `$${index + 1}`).join(', ')}, $${next}, ${time(next + 1)} + $${next + 2}, 1)
         ON CONFLICT (${columns.join(', ')}) DO UPDATE
           SET holder = excluded.holder, held_until = excluded.held_until, epoch = held.epoch + 1
           WHERE held.holder IS NULL OR held.holder = excluded.holder OR held.held_until <= ${time(next + 1)}
         RETURNING epoch`,
        ...valuesOf(key),
        holder,
        at(),
        ttl,
      );
      return row && { key, epoch: row.epoch };
    },
    renew(lease, ttl) {
      const answer = Promise.withResolvers<boolean>();
      waiting.push({ lease, ttl, answer });
      if (waiting.length === 1) setImmediate(() => void renewAll(waiting.splice(0)));
      return answer.promise;
    },
    async release({ key, epoch }) {
      await database.run(
        `UPDATE ~${table} SET holder = NULL WHERE ${where} AND epoch = $${next}`,
        ...valuesOf(key),
        epoch,
      );
    },
  };
}
