import type { ShopLine, ShopState, SubscriptionState } from '@waybill/core';
import { idOf, type JsonObject, listOf, must, numberOf, recordOf, some, textOf, timeOf } from '../../read.ts';
import type { Settings } from '../settings.ts';
import { orderLines } from './lines.ts';
import { moneyIn, newestOf, phoneOf, plainAmount, storeOf } from './parts.ts';

/** An auto order, with its original order, which has the customer and the names of items. */
export interface AutoOrderRow {
  readonly autoOrder: JsonObject;
  readonly order?: JsonObject;
}

/** Converts an auto order to a state. */
export function subscriptionState({ autoOrder, order = {} }: AutoOrderRow, settings: Settings): ShopState {
  const money = moneyIn(order, settings.currency ?? 'USD');
  const items = listOf(autoOrder, 'items');
  const rebills = listOf(autoOrder, 'rebill_orders');
  const counted = Math.max(0, ...items.map((item) => numberOf(item, 'number_of_rebills') ?? 0));
  const billing = recordOf(order, 'billing');
  const status = statusOf(autoOrder, items);
  const isOver = status === 'cancelled' || status === 'ended';
  const nextAt =
    timeOf(autoOrder, 'next_attempt') ?? items.map((item) => timeOf(item, 'next_shipment_dts')).sort()[0];
  const failures = numberOf(autoOrder, 'credit_card_attempt') ?? 0;
  return {
    kind: 'subscription',
    ...some({
      id: must(idOf(autoOrder, 'auto_order_oid'), 'auto_order_oid'),
      customer: some({
        id: idOf(recordOf(order, 'customer_profile'), 'customer_profile_oid'),
        email: textOf(billing, 'email'),
        phone: phoneOf(billing),
        firstName: textOf(billing, 'first_name'),
        lastName: textOf(billing, 'last_name'),
      }),
      status,
      startedAt: timeOf(order, 'creation_dts'),
      updatedAt: changedAt({ autoOrder, order }),
      nextOrderAt: isOver ? undefined : nextAt,
      originalOrderId: idOf(autoOrder, 'original_order_id'),
      lastOrderId: lastOf(rebills) ?? idOf(autoOrder, 'original_order_id'),
      orders: 1 + Math.max(rebills.length, counted),
      failures: failures > 0 ? failures : undefined,
      interval: items.map((item) => textOf(item, 'frequency')).find((one) => one !== undefined),
      cancelledAt: timeOf(autoOrder, 'canceled_dts'),
      cancelReason: textOf(autoOrder, 'cancel_reason') ?? textOf(autoOrder, 'failure_reason'),
      currency: money.currency,
      lines: linesOf(items, orderLines(order, money), money.currency),
      store: storeOf(order),
      custom: some({ code: textOf(autoOrder, 'auto_order_code') }),
    } satisfies SubscriptionState)!,
  } as ShopState;
}

/** Returns the newest time in an auto order: UltraCart has no time of change. */
export function changedAt({ autoOrder, order = {} }: AutoOrderRow): string | undefined {
  const times = ['canceled_dts', 'disabled_dts', 'merged_dts'].map((name) => timeOf(autoOrder, name));
  return newestOf([
    timeOf(order, 'creation_dts'),
    ...times,
    ...listOf(autoOrder, 'items').map((item) => timeOf(item, 'last_order_dts')),
    ...listOf(autoOrder, 'rebill_orders').map((rebill) => timeOf(rebill, 'creation_dts')),
  ]);
}

function statusOf(row: JsonObject, items: readonly JsonObject[]): SubscriptionState['status'] {
  const status = textOf(row, 'status');
  if (status === 'canceled') return 'cancelled';
  if (status === 'merged' || row['completed'] === true) return 'ended';
  // It is disabled when its payments fail permanently.
  if (status === 'disabled') return 'failed';
  return items.length > 0 && items.every((item) => item['paused'] === true) ? 'paused' : 'active';
}

function lastOf(rebills: readonly JsonObject[]): string | undefined {
  const sorted = [...rebills].sort(
    (a, b) => Date.parse(timeOf(a, 'creation_dts') ?? '') - Date.parse(timeOf(b, 'creation_dts') ?? ''),
  );
  return sorted.length === 0 ? undefined : idOf(sorted.at(-1)!, 'order_id');
}

/** The next items, with the names and prices of the original order. */
function linesOf(
  items: readonly JsonObject[],
  ordered: readonly ShopLine[],
  currency: string,
): readonly ShopLine[] {
  return items.map((item) => {
    const first = must(textOf(item, 'original_item_id'), 'original_item_id');
    const productId = textOf(item, 'arbitrary_item_id') ?? textOf(item, 'next_item_id') ?? first;
    const known = ordered.find((line) => line.productId === productId);
    return some({
      id: idOf(item, 'auto_order_item_oid'),
      productId,
      sku: productId,
      name: known?.name ?? productId,
      quantity: numberOf(item, 'arbitrary_quantity') ?? numberOf(item, 'original_quantity') ?? 1,
      price: plainAmount(item, 'arbitrary_unit_cost', currency) ?? known?.price,
      variant: known?.variant,
    } satisfies ShopLine)!;
  });
}
