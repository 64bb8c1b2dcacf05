import type { ConnectionResult } from '@waybill/core';
import { type ApiCall, call, noList } from './api.ts';
import type { Context } from './settings.ts';

/** One call per required permission. */
function neededAt(now: number): readonly ApiCall[] {
  const one = { _limit: 1 };
  const json = { creation_date_begin: new Date(now - 86_400_000).toISOString(), query_target: 'origin' };
  return [
    { method: 'POST', path: 'order/orders/query', query: one, json },
    { path: 'customer/customers', query: one },
    { path: 'item/items', query: one },
    { path: 'auto_order/auto_orders', query: one },
    // No cart has this ID: without the permission it is refused, with it not found.
    { path: 'checkout/cart/00000000000000000000000000000000' },
    { path: 'webhook/webhooks', query: one },
  ];
}

/** Tests the key, and each of the permissions, one after the other: UltraCart accepts one call at a time. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const messages: string[] = [];
  for (const asked of neededAt(context.now())) {
    const found = await call(context, asked);
    const isCart = asked.path.startsWith('checkout/');
    const got = 'missing' in found && found.status === 404 && !isCart ? noList(context, asked) : found;
    if (!('failure' in got)) continue;
    const { code, message } = got.failure;
    // For a missing cart, only an answer about the permission is known.
    if (code === 'source_rejected' && isCart) continue;
    if (code !== 'source_forbidden') {
      const path = code === 'source_unauthorized' ? 'apiKey' : 'apiUrl';
      return { ok: false, issue: { code, path, message } };
    }
    messages.push(message);
  }
  if (messages.length > 0)
    return { ok: false, issue: { code: 'source_forbidden', path: 'apiKey', message: messages.join(' ') } };
  return { ok: true, message: 'UltraCart accepts the key, with all permissions.' };
}
