import { amountsOf } from './order-money.ts';
import type { OrderRecord } from './order-record.ts';

/** A stored product of an order. */
export interface OrderedProduct {
  readonly id: string;
  readonly quantity: number;
}

/** Whether an order has no effect: cancelled, fully refunded, a test, or replaced. */
export function isUndone(order: OrderRecord<unknown>): boolean {
  if (order.cancelled !== undefined || order.test === true || order.replaced === true) return true;
  if (Object.values(order.refunds ?? {}).some(({ value }) => value.whole === true)) return true;
  const amounts = amountsOf(order);
  return amounts !== undefined && amounts.refunded > 0 && amounts.refunded >= amounts.total;
}

/** Returns the fully returned products of an order. */
export function givenBack(order: OrderRecord<readonly OrderedProduct[]>): ReadonlySet<string> {
  const left = new Map<string, number>();
  for (const { id, quantity } of order.lines?.value ?? []) left.set(id, (left.get(id) ?? 0) + quantity);
  for (const { value } of Object.values(order.refunds ?? {}))
    for (const { id, quantity } of value.lines?.value ?? []) left.set(id, (left.get(id) ?? 0) - quantity);
  return new Set([...left].filter(([, quantity]) => quantity <= 0).map(([id]) => id));
}
