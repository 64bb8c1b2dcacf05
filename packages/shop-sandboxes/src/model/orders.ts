import type { Base, Content } from './base.ts';
import { changedLines } from './carts.ts';
import type { Catalog } from './catalog.ts';
import type { Cart, HistoryEntry, Order } from './entities.ts';
import { totalsOf } from './money.ts';

/** The options of placing an order. */
export interface PlaceInput {
  /** open: the payment may still fail; placed, not paid, for what is paid later; paid otherwise. */
  readonly payment?: 'paid' | 'later' | 'open';
  readonly method?: Order['paymentMethod'];
  readonly isTest?: boolean;
  /** Whether the customer opts in to the newsletter. */
  readonly optIn?: boolean;
  /** Whether the customer opts in to text messages. */
  readonly smsOptIn?: boolean;
}

/** Orders, from the cart to the cancellation. `Fulfilment` handles parcels and refunds. */
export class Orders {
  readonly #base: Base;
  readonly #catalog: Catalog;

  constructor(base: Base, catalog: Catalog) {
    this.#base = base;
    this.#catalog = catalog;
  }

  /** Places an order from a cart after checkout. */
  place(cartId: number, input: PlaceInput = {}): Order {
    const cart = this.#base.tables.cart.get(cartId);
    if (cart.status !== 'active' || cart.lines.length === 0)
      throw new Error(`Cart ${cartId} cannot be ordered.`);
    const order = this.#insert(orderOf(cart), input);
    this.#base.update('cart', cartId, 'ordered', { status: 'ordered', orderId: order.id });
    return order;
  }

  /** Creates an order without a cart: a renewal, an import. */
  add(content: OrderContent, input: PlaceInput = {}): Order {
    return this.#insert(content, input);
  }

  /** Records the payment. */
  pay(id: number): Order {
    const { history, placedAt = this.#base.clock.now() } = this.#base.tables.order.get(id);
    const change = { status: 'placed', paid: true, placedAt, history: this.#log(history, 'paid') } as const;
    return this.#base.update('order', id, 'paid', change);
  }

  /** Changes the quantity of a line; if the platform replaces orders, returns the new one. */
  edit(id: number, lineId: number, quantity: number): Order {
    const order = this.#base.tables.order.get(id);
    const coupon = order.coupon === undefined ? undefined : this.#catalog.coupons.get(order.coupon);
    const lines = changedLines(order.lines, lineId, quantity, coupon);
    const edited = { lines, ...totalsOf({ ...order, lines }) };
    if (this.#base.traits.edits === 'inPlace')
      return this.#base.update('order', id, 'edited', {
        ...edited,
        history: this.#log(order.history, 'edited'),
      });
    const {
      id: _id,
      uuid: _uuid,
      version: _version,
      createdAt: _created,
      updatedAt: _updated,
      ...content
    } = order;
    const next = this.#insert(
      {
        ...content,
        ...edited,
        lines: lines.map((line) => ({ ...line, ...this.#base.ids('line') })),
        number: `${order.number}-1`,
        replacesId: id,
      },
      { payment: order.paid ? 'paid' : 'later', method: order.paymentMethod, isTest: order.isTest },
    );
    this.#cancel(id, 'Edited', next.id);
    return next;
  }

  /** Cancels an order. */
  cancel(id: number, reason?: string): Order {
    return this.#cancel(id, reason);
  }

  /** Adds an internal comment to an order. */
  comment(id: number, comment: string): Order {
    const { history } = this.#base.tables.order.get(id);
    const change = { history: this.#log(history, 'comment', comment) };
    return this.#base.update('order', id, 'comment', change, { silent: 'comment' });
  }

  /** Deletes an order. */
  delete(id: number): void {
    this.#base.remove('order', id);
  }

  #cancel(id: number, reason: string | undefined, replacedById?: number): Order {
    const { history } = this.#base.tables.order.get(id);
    return this.#base.update('order', id, replacedById === undefined ? 'cancelled' : 'replaced', {
      status: 'cancelled',
      cancelledAt: this.#base.clock.now(),
      cancelReason: reason,
      replacedById,
      history: this.#log(history, 'cancelled', reason),
    });
  }

  #insert(content: OrderContent, input: PlaceInput): Order {
    const { payment = 'paid', method = 'card', isTest = false, optIn = false, smsOptIn = false } = input;
    const number = content.number ?? String(this.#base.count('order number', 100_001));
    const status = payment === 'open' ? 'open' : 'placed';
    return this.#base.insert('order', {
      ...content,
      number,
      status,
      paid: payment === 'paid',
      isTest,
      optIn,
      smsOptIn,
      placedAt: status === 'open' ? undefined : this.#base.clock.now(),
      paymentMethod: method,
      paymentUuid: this.#base.uuid(),
      chargeUuid: this.#base.uuid(),
      refunds: [],
      shipments: [],
      history: this.#log([], status),
    });
  }

  #log(history: Order['history'], what: HistoryEntry['what'], comment?: string): Order['history'] {
    const entry = { id: this.#base.count('history'), at: this.#base.clock.now(), what, comment };
    return [...history, entry];
  }
}

type Made =
  | 'number'
  | 'status'
  | 'paid'
  | 'isTest'
  | 'optIn'
  | 'smsOptIn'
  | 'placedAt'
  | 'paymentMethod'
  | 'paymentUuid'
  | 'chargeUuid'
  | 'refunds'
  | 'shipments'
  | 'history';

/** An order without the members set by placing. */
export type OrderContent = Omit<Content<Order>, Made> & { readonly number?: string };

function orderOf(cart: Cart): OrderContent {
  const { email, billingAddress, shippingAddress } = cart;
  if (email === undefined || billingAddress === undefined || shippingAddress === undefined)
    throw new Error(`Cart ${cart.id} was not checked out.`);
  const { storeId, customerId, anonymousId, currency, lines, coupon, shipping, shippingTax } = cart;
  return {
    storeId,
    customerId,
    anonymousId,
    email,
    firstName: billingAddress.firstName,
    lastName: billingAddress.lastName,
    phone: cart.phone ?? billingAddress.phone,
    billingAddress,
    shippingAddress,
    currency,
    lines,
    coupon,
    ...totalsOf(cart),
    shipping,
    shippingTax,
    shippingMethod: cart.shippingMethod,
    cartId: cart.id,
    isRenewal: false,
    attribution: cart.attribution,
  };
}
