import { amountsOf } from './order-money.ts';
import type { OrderRecord } from './order-record.ts';

/** A product of an order, as it is kept. */
export interface OrderedProduct {
  readonly id: string;
  readonly quantity: number;
}

/** Whether nothing of an order is with the customer: cancelled, given back whole, a test, or another stands in for it. */
export function isUndone(order: OrderRecord<unknown>): boolean {
  if (order.cancelled !== undefined || order.test === true || order.replaced === true) return true;
  if (Object.values(order.refunds ?? {}).some(({ value }) => value.whole === true)) return true;
  const amounts = amountsOf(order);
  return amounts !== undefined && amounts.refunded > 0 && amounts.refunded >= amounts.total;
}

/** The products of an order that were given back, every piece of them. */
export function givenBack(order: OrderRecord<readonly OrderedProduct[]>): ReadonlySet<string> {
  const left = new Map<string, number>();
  for (const { id, quantity } of order.lines?.value ?? []) left.set(id, (left.get(id) ?? 0) + quantity);
  for (const { value } of Object.values(order.refunds ?? {}))
    for (const { id, quantity } of value.lines?.value ?? []) left.set(id, (left.get(id) ?? 0) - quantity);
  return new Set([...left].filter(([, quantity]) => quantity <= 0).map(([id]) => id));
}
