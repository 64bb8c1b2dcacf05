import { orderIdOf, ordersIn } from '../order-keys.ts';
import { joined, type OrderRecord } from '../order-record.ts';
import type { Subscription } from './subscription.ts';

/** An order, which the shop may mark as a renewal. */
export interface Order extends OrderRecord {
  readonly rebill?: true;
}

/** An order of a subscription, with its number. */
export interface Rebill {
  readonly orderId: string;
  readonly subscriptionId: string;
  readonly order: Order;
  readonly isRebill: boolean;
  readonly count: number;
}

/** Merges two records of the same order. */
export function joinedOrders(one: Order, other: Order): Order {
  const rebill = one.rebill ?? other.rebill;
  return { ...joined(one, other), ...(rebill === undefined ? {} : { rebill }) };
}

/** Returns the orders of subscriptions, the oldest first, without cancelled ones and tests. */
export function rebillsOf(
  orders: Readonly<Record<string, Order>>,
  subscriptions: Readonly<Record<string, Subscription>>,
): readonly Rebill[] {
  const bySubscription = new Map<string, [string, Order][]>();
  for (const [orderId, order] of Object.entries(ordersIn(orders, joinedOrders))) {
    const { placed, cancelled, test, subscription } = order;
    if (placed === undefined || cancelled !== undefined || test === true || subscription === undefined)
      continue;
    const of = bySubscription.get(subscription.value) ?? [];
    bySubscription.set(subscription.value, [...of, [orderId, order]]);
  }
  return [...bySubscription].flatMap(([subscriptionId, all]) => {
    const known = Object.hasOwn(subscriptions, subscriptionId) ? subscriptions[subscriptionId] : undefined;
    const original = known?.original?.value;
    let count = 0;
    return all
      .sort(([a, one], [b, other]) => {
        const [first, second] = [one.placed!.value, other.placed!.value];
        return first === second ? (a < b ? -1 : 1) : first < second ? -1 : 1;
      })
      .map(([orderId, order], index) => {
        const isFirst =
          original === undefined ? index === 0 && order.rebill !== true : orderIdOf(orderId) === original;
        if (!isFirst) count += 1;
        return { orderId, subscriptionId, order, isRebill: !isFirst, count };
      });
  });
}
