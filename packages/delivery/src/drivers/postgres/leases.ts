import type { Lease } from '../../stores/leases.ts';
import type { Statements } from './database.ts';

/** Milliseconds of the server's clock: processes agree about it, however far their own are apart. */
const CLOCK = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Leases as columns of a table: `holder`, `held_until` and `epoch`. */
export interface RowLeases<Key> {
  acquire(key: Key, holder: string, ttl: number): Promise<Lease<Key> | undefined>;
  renew(lease: Lease<Key>, ttl: number): Promise<boolean>;
  release(lease: Lease<Key>): Promise<void>;
}

/** Which rows: their table, the columns of their key, and the values of those. */
export interface LeaseTable<Key> {
  readonly table: string;
  readonly columns: readonly string[];
  readonly valuesOf: (key: Key) => readonly unknown[];
}

/** The leases of a table. `now` is asked in place of the server's clock when it is given. */
export function createRowLeases<Key>(
  database: Statements,
  { table, columns, valuesOf }: LeaseTable<Key>,
  now: (() => number) | undefined,
): RowLeases<Key> {
  const time = (place: number): string => `coalesce($${place}::bigint, ${CLOCK})`;
  const at = (): number | null => now?.() ?? null;
  const where = columns.map((name, index) => `${name} = $${index + 1}`).join(' AND ');
  const next = columns.length + 1;
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
    async renew({ key, epoch }, ttl) {
      const count = await database.run(
        `UPDATE ~${table} SET held_until = ${time(next + 1)} + $${next + 2} WHERE ${where} AND epoch = $${next}`,
        ...valuesOf(key),
        epoch,
        at(),
        ttl,
      );
      return count === 1;
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
