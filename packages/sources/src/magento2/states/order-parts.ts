import type { OrderState } from '@waybill/core';

import { known, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, textOf, timeOf } from '../json.ts';
import { type LineShare, type Money, shareOfLines } from './order-lines.ts';

type Refunds = NonNullable<OrderState['refunds']>;
type Shipments = NonNullable<OrderState['shipments']>;

/** The state of a refunded credit memo; the others are open and cancelled. */
const REFUNDED = 2;

/** The credit memos of an order as refunds: each has its own id and amount. Its rows are before discounts. */
export function refundsOf(
  order: JsonObject,
  memos: readonly JsonObject[],
  money: Money,
): Refunds | undefined {
  const refunds = memos.flatMap((memo): Refunds => {
    const [id, amount] = [idOf(memo['entity_id']), money(memo['grand_total'])];
    if (id === undefined || amount === undefined || memo['state'] !== REFUNDED) return [];
    const lines = shareOfLines(order, objectsOf(memo['items'])).map((share) =>
      known({ lineId: share.lineId, quantity: share.quantity, amount: amountOf(share, money) }),
    );
    return [
      known({
        id,
        at: timeOf(memo['created_at']),
        amount,
        shipping: money(memo['shipping_amount']),
        tax: money(memo['tax_amount']),
        lines: lines.length === 0 ? undefined : lines,
      }),
    ];
  });
  return refunds.length === 0 ? undefined : refunds;
}

/** The amount of an item; the discounts of a bundle are on its parts. */
function amountOf({ item, parts }: LineShare, money: Money): number | undefined {
  const row = money(item['row_total']);
  if (row === undefined) return undefined;
  const offOf = (one: JsonObject): number =>
    (money(one['discount_amount']) ?? 0) - (money(one['discount_tax_compensation_amount']) ?? 0);
  const own = offOf(item);
  return row - (own === 0 ? parts.reduce((all, one) => all + offOf(one), 0) : own);
}

/** Tracking pages, by the codes of the carriers that Magento knows. */
const PAGES: Readonly<Record<string, string>> = {
  ups: 'https://www.ups.com/track?tracknum=',
  usps: 'https://tools.usps.com/go/TrackConfirmAction?tLabels=',
  fedex: 'https://www.fedex.com/fedextrack/?trknbr=',
  dhl: 'https://www.dhl.com/en/express/tracking.html?AWB=',
};

/** The code of a known carrier; for others the merchant's text. */
function carrierOf(track: JsonObject | undefined): string | undefined {
  const code = textOf(track?.['carrier_code']);
  return code === undefined || code === 'custom' ? textOf(track?.['title']) : code;
}

/** Returns the shipments of an order, with their current tracking numbers. */
export function shipmentsOf(order: JsonObject, shipments: readonly JsonObject[]): Shipments | undefined {
  const all = shipments.flatMap((shipment): Shipments => {
    const id = idOf(shipment['entity_id']);
    if (id === undefined) return [];
    const tracks = objectsOf(shipment['tracks']);
    const numbers = tracks.flatMap((track) => textOf(track['track_number']) ?? []);
    const [first] = tracks;
    const page = PAGES[textOf(first?.['carrier_code']) ?? ''];
    const lines = shareOfLines(order, objectsOf(shipment['items']));
    return [
      known({
        id,
        at: timeOf(shipment['created_at']),
        carrier: carrierOf(first),
        trackingNumbers: numbers.length === 0 ? undefined : numbers,
        trackingUrl:
          page === undefined || numbers.length === 0 ? undefined : page + encodeURIComponent(numbers[0]!),
        lines: lines.length === 0 ? undefined : lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
      }),
    ];
  });
  return all.length === 0 ? undefined : all;
}
