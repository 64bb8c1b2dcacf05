import type { OrderState } from '@waybill/core';
import { filled, type JsonObject, listOf, numberOf, recordOf, some, textOf, timeOf } from '../../read.ts';
import { newestOf } from './parts.ts';

type Shipment = NonNullable<OrderState['shipments']>[number];

/**
 * Returns the parcels of an order. UltraCart has none: items sent at one time form a parcel. A tracking number belongs to the
 * parcel of its time, else to the first.
 */
export function shipmentsOf(order: JsonObject): readonly Shipment[] | undefined {
  const shipping = recordOf(order, 'shipping');
  const items = listOf(order, 'items').filter((item) => item['kit_component'] !== true);
  const whole = timeOf(shipping, 'shipping_date');
  const times = new Set(items.flatMap((item) => timeOf(item, 'shipped_dts') ?? []));
  if (times.size === 0 && whole !== undefined) times.add(whole);
  const sorted = [...times].sort();
  const details = detailsOf(shipping);
  return filled(
    sorted.map((at, index): Shipment => {
      const own = details.filter((one) => {
        const sent = timeOf(one, 'shipped_date');
        return sent !== undefined && times.has(sent) ? sent === at : index === 0;
      });
      const lines = items
        .filter((item) => timeOf(item, 'shipped_dts') === at)
        .map((item) => some({ lineId: textOf(item, 'item_index'), quantity: numberOf(item, 'quantity') })!);
      return some({
        id: at,
        at,
        service: textOf(own[0] ?? {}, 'shipping_method') ?? textOf(shipping, 'shipping_method'),
        trackingNumbers: filled(own.flatMap((one) => textOf(one, 'tracking_number') ?? [])),
        trackingUrl: own.map((one) => textOf(one, 'tracking_url')).find((url) => url !== undefined),
        deliveredAt: deliveredAt(own),
        lines: filled(lines),
      })!;
    }),
  );
}

/** The numbers with their details, with an empty one when there are none. */
function detailsOf(shipping: JsonObject): readonly JsonObject[] {
  const details = listOf(shipping, 'tracking_number_details').filter(
    (one) => textOf(one, 'tracking_number') !== undefined,
  );
  const known = new Set(details.map((one) => textOf(one, 'tracking_number')));
  const given = shipping['tracking_numbers'];
  const bare = (Array.isArray(given) ? given : [])
    .map((number: unknown) => ({ tracking_number: number }))
    .filter(
      (one) => !known.has(textOf(one, 'tracking_number')) && textOf(one, 'tracking_number') !== undefined,
    );
  return [...details, ...bare];
}

/** When the last of them arrived; absent while one is in transit. */
function deliveredAt(details: readonly JsonObject[]): string | undefined {
  const times = details.map((one) => timeOf(one, 'actual_delivery_date'));
  return times.includes(undefined) ? undefined : newestOf(times);
}
