import type { Base } from './base.ts';
import type { Order, Subscription } from './entities.ts';
import { totalsOf } from './money.ts';
import type { Orders } from './orders.ts';

const MS = { day: 86_400_000, week: 7 * 86_400_000, month: 30 * 86_400_000 };

/** Recurring orders. */
export class Subscriptions {
  readonly #base: Base;
  readonly #orders: Orders;

  constructor(base: Base, orders: Orders) {
    this.#base = base;
    this.#orders = orders;
  }

  /** Starts a subscription with an order of a customer. */
  begin(orderId: number, interval: Subscription['interval']): Subscription {
    const order = this.#base.tables.order.get(orderId);
    if (order.customerId === undefined) throw new Error(`Order ${orderId} has no customer.`);
    const now = this.#base.clock.now();
    const subscription = this.#base.insert('subscription', {
      storeId: order.storeId,
      customerId: order.customerId,
      originOrderId: orderId,
      orderIds: [orderId],
      status: 'active',
      interval,
      nextAt: now + interval.count * MS[interval.unit],
      lastOrderAt: now,
      failures: 0,
      currency: order.currency,
      lines: order.lines,
      shipping: order.shipping,
      shippingTax: order.shippingTax,
    });
    this.#base.update('order', orderId, 'edited', { subscriptionId: subscription.id });
    return subscription;
  }

  /** Creates the next order. */
  renew(id: number): Order {
    const subscription = this.#get(id, 'active');
    const origin = this.#base.tables.order.get(subscription.originOrderId);
    const customer = this.#base.tables.customer.get(subscription.customerId);
    const lines = subscription.lines.map((line) => ({ ...line, ...this.#base.ids('line') }));
    const { storeId, currency, shipping, shippingTax } = subscription;
    const { billingAddress, shippingAddress, shippingMethod, phone, firstName, lastName } = origin;
    const order = this.#orders.add(
      {
        storeId,
        currency,
        shipping,
        shippingTax,
        billingAddress,
        shippingAddress,
        shippingMethod,
        phone,
        firstName,
        lastName,
        email: customer.email,
        customerId: customer.id,
        anonymousId: origin.anonymousId,
        lines,
        ...totalsOf({ lines, shipping, shippingTax }),
        subscriptionId: id,
        isRenewal: true,
      },
      { method: origin.paymentMethod },
    );
    const now = this.#base.clock.now();
    this.#base.update('subscription', id, 'renewed', {
      orderIds: [...subscription.orderIds, order.id],
      nextAt: now + subscription.interval.count * MS[subscription.interval.unit],
      lastOrderAt: now,
      failures: 0,
    });
    return order;
  }

  /** Fails the payment of the next order. */
  fail(id: number): Subscription {
    const { failures } = this.#get(id, 'active');
    return this.#base.update('subscription', id, 'failed', { failures: failures + 1 });
  }

  /** Pauses a subscription. */
  pause(id: number): Subscription {
    this.#get(id, 'active');
    return this.#base.update('subscription', id, 'paused', { status: 'paused' });
  }

  /** Resumes a subscription. */
  resume(id: number): Subscription {
    this.#get(id, 'paused');
    return this.#base.update('subscription', id, 'resumed', { status: 'active' });
  }

  /** Cancels a subscription. */
  cancel(id: number, reason?: string): Subscription {
    return this.#base.update('subscription', id, 'cancelled', {
      status: 'cancelled',
      cancelledAt: this.#base.clock.now(),
      cancelReason: reason,
      nextAt: undefined,
    });
  }

  #get(id: number, status: Subscription['status']): Subscription {
    const found = this.#base.tables.subscription.get(id);
    if (found.status !== status) throw new Error(`Subscription ${id} is ${found.status}.`);
    return found;
  }
}
