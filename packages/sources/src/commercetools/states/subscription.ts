import type { ShopState, SubscriptionState } from '@waybill/core';
import { isRecord, type JsonObject, known } from '../../read.ts';
import { at, needed, number, text } from '../json.ts';
import { linesOf } from './lines.ts';
import { currencyOf, type OwnedRow } from './order.ts';
import { customOf, NO_CURRENCY } from './parts.ts';
import { personOf } from './person.ts';
import type { Settings } from '../settings.ts';
import { storeState } from '../stores.ts';
import { totalsOf } from './totals.ts';

const STATUS: Readonly<Record<string, SubscriptionState['status']>> = {
  Paused: 'paused',
  Canceled: 'cancelled',
  Failed: 'failed',
  Expired: 'ended',
};

/** Converts a recurring order to states; its items are those of its cart. */
export function subscriptionStates({ row, store }: OwnedRow, settings: Settings): readonly ShopState[] {
  const found = at(row, 'cart', 'obj');
  const cart: JsonObject = isRecord(found) ? found : {};
  const customer = at(row, 'customer', 'obj');
  const account = isRecord(customer) ? customer : undefined;
  const lines = linesOf(cart, settings);
  const status = STATUS[text(row, 'recurringOrderState') ?? 'Active'] ?? 'active';
  const hasCart = isRecord(found);
  const locale = text(cart, 'locale') ?? text(account, 'locale');
  const state: SubscriptionState = {
    id: needed(row, 'id'),
    customer: personOf({ ...cart, ...row }, account),
    status,
    startedAt: text(row, 'startsAt') ?? text(row, 'createdAt'),
    updatedAt: text(row, 'lastModifiedAt'),
    nextOrderAt: text(row, 'nextOrderAt'),
    originalOrderId: text(row, 'originOrder', 'id'),
    interval: intervalOf(row),
    cancelledAt: status === 'cancelled' ? text(row, 'lastModifiedAt') : undefined,
    currency: hasCart ? currencyOf(cart) : NO_CURRENCY,
    total: hasCart ? totalsOf(cart, lines).total : undefined,
    lines,
    store: storeState(text(row, 'store', 'key'), store, locale, settings),
    custom: customOf(row, settings.orderFields),
  };
  return [known({ kind: 'subscription' as const, ...state })];
}

function intervalOf(row: JsonObject): string | undefined {
  const value = number(row, 'schedule', 'value');
  const unit = text(row, 'schedule', 'intervalUnit')?.toLowerCase();
  const day = number(row, 'schedule', 'day');
  if (value !== undefined && unit !== undefined) return `every ${value} ${unit}`;
  return day === undefined ? undefined : `day ${day} of every month`;
}
