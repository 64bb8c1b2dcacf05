import type { Base } from './base.ts';
import type { HistoryEntry, LineShare, Order, Refund, Shipment } from './entities.ts';
import { shareOf, taxOn } from './money.ts';

/** The input of a refund. */
export interface RefundInput {
  readonly lines?: readonly { readonly lineId: number; readonly quantity: number }[];
  /** Whether the whole shipping is refunded. */
  readonly shipping?: boolean;
  /** Goodwill beyond that, without tax. */
  readonly adjustment?: number;
  readonly reason?: string;
}

/** The input of a shipment. */
export interface ShipInput {
  /** Everything unsent when absent. */
  readonly lines?: readonly { readonly lineId: number; readonly quantity: number }[];
  readonly carrier?: string;
  readonly service?: string;
  readonly tracking?: string;
}

/** Parcels and refunds of placed orders. */
export class Fulfilment {
  readonly #base: Base;

  constructor(base: Base) {
    this.#base = base;
  }

  /** Creates a refund. */
  refund(orderId: number, input: RefundInput): Order {
    const order = this.#base.tables.order.get(orderId);
    const lines = (input.lines ?? []).map(({ lineId, quantity }) => refundedShare(order, lineId, quantity));
    const shipping = input.shipping === true ? order.shipping : 0;
    const { adjustment = 0 } = input;
    const tax =
      lines.reduce((all, line) => all + line.tax, 0) +
      (input.shipping === true ? order.shippingTax : 0) +
      taxOn(adjustment, this.#base.tables.store.get(order.storeId).taxRate);
    const amount = lines.reduce((all, line) => all + line.amount, 0) + shipping + adjustment + tax;
    const refund: Refund = {
      ...this.#base.ids('refund'),
      at: this.#base.clock.now(),
      reason: input.reason,
      lines,
      shipping,
      adjustment,
      tax,
      amount,
    };
    return this.#update(order, 'refunded', { refunds: [...order.refunds, refund] }, refund.id);
  }

  /** Creates a parcel. */
  ship(orderId: number, input: ShipInput = {}): Order {
    const order = this.#base.tables.order.get(orderId);
    const at = this.#base.clock.now();
    const shipment: Shipment = {
      ...this.#base.ids('shipment'),
      at,
      updatedAt: at,
      carrier: input.carrier ?? 'ups',
      service: input.service ?? 'Ground',
      trackings: input.tracking === undefined ? [] : [this.#tracking(input.tracking)],
      lines: input.lines ?? unsent(order),
    };
    return this.#update(order, 'shipped', { shipments: [...order.shipments, shipment] }, shipment.id);
  }

  /** Adds a tracking number. */
  track(orderId: number, shipmentId: number, number: string): Order {
    const tracking = this.#tracking(number);
    return this.#change(orderId, shipmentId, 'tracked', (one) => ({
      ...one,
      trackings: [...one.trackings, tracking],
    }));
  }

  /** Marks a parcel as delivered. */
  deliver(orderId: number, shipmentId: number): Order {
    const deliveredAt = this.#base.clock.now();
    return this.#change(orderId, shipmentId, 'delivered', (one) => ({ ...one, deliveredAt }));
  }

  #change(
    orderId: number,
    shipmentId: number,
    what: 'tracked' | 'delivered',
    change: (shipment: Shipment) => Shipment,
  ): Order {
    const order = this.#base.tables.order.get(orderId);
    if (!order.shipments.some(({ id }) => id === shipmentId))
      throw new Error(`Order ${orderId} has no shipment ${shipmentId}.`);
    const silent = what === 'tracked' ? 'tracking' : 'delivery';
    const quiet = this.#base.traits.silent.includes(silent);
    const at = this.#base.clock.now();
    const shipments = order.shipments.map((one) =>
      one.id === shipmentId ? { ...change(one), updatedAt: quiet ? one.updatedAt : at } : one,
    );
    return this.#update(order, what, { shipments }, shipmentId);
  }

  #tracking(number: string): Shipment['trackings'][number] {
    return { ...this.#base.ids('tracking'), number, at: this.#base.clock.now() };
  }

  #update(
    order: Order,
    what: keyof typeof SILENCES,
    change: Partial<Pick<Order, 'refunds' | 'shipments'>>,
    about: number,
  ): Order {
    const told = what === 'tracked' ? undefined : what;
    const entry = (name: HistoryEntry['what']) => ({
      id: this.#base.count('history'),
      at: this.#base.clock.now(),
      what: name,
    });
    const history = told === undefined ? order.history : [...order.history, entry(told)];
    return this.#base.update(
      'order',
      order.id,
      what,
      { ...change, history },
      { silent: SILENCES[what], about },
    );
  }
}

const SILENCES = {
  refunded: 'refund',
  shipped: 'shipment',
  tracked: 'tracking',
  delivered: 'delivery',
} as const;

function refundedShare(order: Order, lineId: number, quantity: number): LineShare {
  const line = order.lines.find(({ id }) => id === lineId);
  if (line === undefined) throw new Error(`Order ${order.id} has no line ${lineId}.`);
  const before = order.refunds
    .flatMap((one) => one.lines)
    .filter((one) => one.lineId === lineId)
    .reduce((all, one) => all + one.quantity, 0);
  if (before + quantity > line.quantity) throw new Error(`Line ${lineId} was given back already.`);
  const share = (amount: number) => shareOf(amount, before, before + quantity, line.quantity);
  return { lineId, quantity, amount: share(line.total), tax: share(line.tax) };
}

function unsent(order: Order): readonly { readonly lineId: number; readonly quantity: number }[] {
  const sent = order.shipments.flatMap(({ lines }) => lines);
  return order.lines.flatMap(({ id, quantity }) => {
    const left = sent.reduce((all, one) => (one.lineId === id ? all - one.quantity : all), quantity);
    return left > 0 ? [{ lineId: id, quantity: left }] : [];
  });
}
