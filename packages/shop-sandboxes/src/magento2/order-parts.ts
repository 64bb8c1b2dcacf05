import type { Order, Refund, ShopModel, Shipment } from '../model/index.ts';
import { discountOf } from './lines.ts';
import { decimal, type Row, timeText } from './values.ts';

/** A refund or a shipment with its order. */
export interface PartOf<T> {
  readonly order: Order;
  readonly part: T;
}

/** All refunds, or all shipments. */
export function partsOf<T extends Refund | Shipment>(
  model: ShopModel,
  pick: (order: Order) => readonly T[],
): readonly PartOf<T>[] {
  return model.tables.order.all().flatMap((order) => pick(order).map((part) => ({ order, part })));
}

/** The searchable values of a refund or shipment. */
export function partField(
  { order, part }: PartOf<Refund | Shipment>,
  field: string,
): string | number | undefined {
  switch (field) {
    case 'entity_id':
      return part.id;
    case 'order_id':
      return order.id;
    case 'store_id':
      return order.storeId;
    case 'created_at':
      return timeText(part.at);
    case 'updated_at':
      return timeText('updatedAt' in part ? part.updatedAt : part.at);
    default:
      return undefined;
  }
}

/** A credit memo. Its lines are before discounts. */
export function memoRow(model: ShopModel, { order, part: refund }: PartOf<Refund>): Row {
  const store = model.tables.store.get(order.storeId);
  const amount = (minor: number): number => decimal(minor, order.currency);
  return {
    entity_id: refund.id,
    increment_id: String(refund.id).padStart(9, '0'),
    order_id: order.id,
    store_id: order.storeId,
    state: 2,
    created_at: timeText(refund.at),
    updated_at: timeText(refund.at),
    order_currency_code: order.currency,
    adjustment: amount(refund.adjustment),
    adjustment_positive: amount(refund.adjustment),
    adjustment_negative: 0,
    shipping_amount: amount(refund.shipping),
    tax_amount: amount(refund.tax),
    grand_total: amount(refund.amount),
    items: refund.lines.map((share) => {
      const line = order.lines.find(({ id }) => id === share.lineId)!;
      const gross = line.price * share.quantity;
      const { amount: off, back } = discountOf(gross - share.amount, line.taxRate, store);
      return {
        entity_id: refund.id * 100 + share.lineId,
        parent_id: refund.id,
        order_item_id: share.lineId,
        product_id: line.productId,
        sku: line.sku,
        name: line.name,
        qty: share.quantity,
        base_cost: null,
        price: amount(line.price),
        base_price: amount(line.price),
        row_total: amount(gross),
        discount_amount: amount(off),
        discount_tax_compensation_amount: amount(back),
        tax_amount: amount(share.tax),
      };
    }),
    comments: [],
  };
}

const CARRIERS: Readonly<Record<string, string>> = {
  ups: 'United Parcel Service',
  usps: 'United States Postal Service',
  fedex: 'Federal Express',
  dhl: 'DHL',
};

/** A shipment with its tracking numbers. */
export function shipmentRow({ order, part: shipment }: PartOf<Shipment>): Row {
  return {
    entity_id: shipment.id,
    increment_id: String(shipment.id).padStart(9, '0'),
    order_id: order.id,
    store_id: order.storeId,
    created_at: timeText(shipment.at),
    updated_at: timeText(shipment.updatedAt),
    total_qty: shipment.lines.reduce((all, { quantity }) => all + quantity, 0),
    packages: [],
    comments: [],
    items: shipment.lines.map(({ lineId, quantity }) => {
      const line = order.lines.find(({ id }) => id === lineId)!;
      return {
        entity_id: shipment.id * 100 + lineId,
        parent_id: shipment.id,
        order_item_id: lineId,
        product_id: line.productId,
        sku: line.sku,
        name: line.name,
        qty: quantity,
      };
    }),
    tracks: shipment.trackings.map((one) => ({
      entity_id: one.id,
      order_id: order.id,
      parent_id: shipment.id,
      created_at: timeText(one.at),
      updated_at: timeText(one.at),
      weight: 1,
      qty: 1,
      description: null,
      track_number: one.number,
      title: CARRIERS[shipment.carrier] ?? shipment.carrier,
      carrier_code: shipment.carrier,
    })),
  };
}
