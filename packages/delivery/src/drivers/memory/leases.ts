import type { Lease, Leases } from '../../stores/leases.ts';

interface Held {
  holder: string | undefined;
  until: number;
  epoch: number;
}

/** Leases by key. */
export interface LeaseTable<Key> {
  leases(now: () => number): {
    readonly [Name in keyof Leases<Key>]: (
      ...given: Parameters<Leases<Key>[Name]>
    ) => Awaited<ReturnType<Leases<Key>[Name]>>;
  };
  isStale(lease: Lease<Key>): boolean;
  /** Ends the lease; its former holder can no longer write. */
  end(key: Key): void;
}

/** Creates an empty table. */
export function createLeaseTable<Key>(nameOf: (key: Key) => string): LeaseTable<Key> {
  const rows = new Map<string, Held>();
  const rowOf = (key: Key): Held => {
    const name = nameOf(key);
    const known = rows.get(name) ?? { holder: undefined, until: 0, epoch: 0 };
    rows.set(name, known);
    return known;
  };
  const isStale = ({ key, epoch }: Lease<Key>): boolean => rowOf(key).epoch !== epoch;
  return {
    isStale,
    end(key) {
      const row = rowOf(key);
      row.epoch += 1;
      row.holder = undefined;
    },
    leases: (now) => ({
      acquire(key, holder, ttl) {
        const row = rowOf(key);
        if (row.holder !== undefined && row.holder !== holder && row.until > now()) return undefined;
        Object.assign(row, { holder, until: now() + ttl, epoch: row.epoch + 1 });
        return { key, epoch: row.epoch };
      },
      renew(lease, ttl) {
        if (isStale(lease)) return false;
        rowOf(lease.key).until = now() + ttl;
        return true;
      },
      release(lease) {
        if (!isStale(lease)) rowOf(lease.key).holder = undefined;
      },
    }),
  };
}
