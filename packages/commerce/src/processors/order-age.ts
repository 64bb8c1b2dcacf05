import { keyed } from './keyed.ts';
import { countsAs } from './order-keys.ts';
import { greater, type OrderRecord, type Said } from './order-record.ts';

/** Limits the number of orders: drops those without a time, then the oldest. */
export function newestOf<T extends OrderRecord<unknown>>(
  orders: Readonly<Record<string, T>>,
  most: number,
): Readonly<Record<string, T>> {
  const all = Object.entries(orders);
  if (all.length <= most) return orders;
  const keyOf = countsAs(Object.keys(orders));
  const placed = new Map<string, Said<string> | undefined>();
  for (const [key, order] of all) {
    const as = keyOf(key);
    if (as !== undefined) placed.set(as, greater(placed.get(as), order.placed));
  }
  const left = new Set(
    [...placed]
      .map(([id, said]) => ({ id, at: said?.value ?? '' }))
      .sort((one, other) => (one.at === other.at ? (one.id < other.id ? 1 : -1) : one.at < other.at ? 1 : -1))
      .slice(0, most)
      .map(({ id }) => id),
  );
  return keyed(all.filter(([key]) => left.has(keyOf(key) ?? '')));
}
