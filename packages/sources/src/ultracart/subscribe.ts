import type { ShopFailure } from '@waybill/core';
import { call, list } from './api.ts';
import { loginOf } from './hints.ts';
import { textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** The subscribed events, by category. */
const EVENTS: Readonly<Record<string, readonly string[]>> = {
  order: [
    'order_create',
    'order_update',
    'order_stage_change',
    'order_payment_process',
    'order_payment_failed',
    'order_refund',
    'order_reject',
    'order_ship',
    'order_ship_delivered',
    'order_delete',
  ],
  auto_order: [
    'auto_order_create',
    'auto_order_update',
    'auto_order_cancel',
    'auto_order_decline',
    'auto_order_disable',
    'auto_order_rebill',
  ],
  customer: ['customer_create', 'customer_update', 'customer_delete'],
  item: ['item_create', 'item_update', 'item_delete'],
  checkout: ['checkout_cart_abandon'],
};

/** The maximum number of events of a request, and of its bytes. */
const BATCH = { maximum_events: 100, maximum_size: 1_048_576 };

/**
 * Ensures a webhook for this address. An existing one is rewritten: UltraCart does not show its password, and disables it when
 * it has failed for long.
 */
export async function subscribe(
  address: string,
  context: Context,
): Promise<{ readonly message: string } | ShopFailure> {
  const found = await list(context, 'webhooks', { path: 'webhook/webhooks', query: { _limit: 200 } });
  if ('failure' in found) return found;
  const mine = found.rows.find((one) => textOf(one, 'webhook_url') === address);
  const id = mine === undefined ? undefined : textOf(mine, 'webhook_oid');
  const { user, password } = loginOf(context.settings);
  const json = {
    ...(id === undefined ? {} : { webhook_oid: Number(id) }),
    webhook_url: address,
    authentication_type: 'basic',
    basic_username: user,
    basic_password: password,
    api_version: '2017-03-01',
    compress_events: false,
    disabled: false,
    ...BATCH,
    // Rows are read again: only IDs are needed.
    event_categories: Object.entries(EVENTS).map(([category, names]) => ({
      event_category: category,
      subscribed: true,
      events: names.map((name) => ({ event_name: name, subscribed: true })),
    })),
  };
  const done = await call(
    context,
    id === undefined
      ? { method: 'POST', path: 'webhook/webhooks', json }
      : { method: 'PUT', path: `webhook/webhooks/${encodeURIComponent(id)}`, json },
  );
  if ('failure' in done) return done;
  const wasOff = mine?.['disabled'] === true ? ', which was disabled' : '';
  return { message: `A webhook calls ${address}: ${id === undefined ? 'created' : `renewed${wasOff}`}.` };
}
