import type { OrderRecord } from './order-record.ts';

/** No more orders than so many: those that were placed first go, and before them those of which nobody knows when. */
export function newestOf<T extends OrderRecord<unknown>>(
  orders: Readonly<Record<string, T>>,
  most: number,
): Readonly<Record<string, T>> {
  const all = Object.entries(orders);
  if (all.length <= most) return orders;
  const gone = all
    .map(([id, { placed }]) => ({ id, at: placed?.value ?? '' }))
    .sort((one, other) => (one.at === other.at ? (one.id < other.id ? -1 : 1) : one.at < other.at ? -1 : 1))
    .slice(0, all.length - most);
  const left = new Set(gone.map(({ id }) => id));
  return Object.fromEntries(all.filter(([id]) => !left.has(id)));
}
