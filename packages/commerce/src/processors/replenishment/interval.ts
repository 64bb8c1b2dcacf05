import type { Payload } from '@waybill/core';
import type { settings } from './fields.ts';
import type { Purchases } from './purchases.ts';

const DAY = 86_400_000;

/** How long a product lasts, in days, and the origin of that; undefined when unknown. */
export interface Interval {
  readonly days: number;
  readonly by: 'customer' | 'setting';
}

/** Returns the interval of a product for a customer: their own, if they bought it often enough, else that of the settings. */
export function intervalOf(
  { product, times }: Purchases,
  { days = {}, defaultDays = 0, learnAfter = 3 }: Payload<typeof settings>,
): Interval | undefined {
  const own = learnAfter === 0 || times.length < learnAfter ? undefined : usualOf(times);
  if (own !== undefined) return { days: own, by: 'customer' };
  const named = [product.id, product.sku, product.category]
    .map((name) => (name !== undefined && Object.hasOwn(days, name) ? days[name] : undefined))
    .find((one) => typeof one === 'number' && one > 0) as number | undefined;
  const set = named ?? defaultDays;
  return set > 0 ? { days: set, by: 'setting' } : undefined;
}

/** The median interval between purchases, in whole days; two on the same day are one. */
function usualOf(times: readonly number[]): number | undefined {
  const pauses = times
    .slice(1)
    .map((time, index) => Math.round((time - times[index]!) / DAY))
    .filter((pause) => pause > 0)
    .sort((one, other) => one - other);
  const middle = pauses.length / 2;
  if (pauses.length === 0) return undefined;
  return pauses.length % 2 === 1
    ? pauses[Math.floor(middle)]
    : Math.round((pauses[middle - 1]! + pauses[middle]!) / 2);
}
