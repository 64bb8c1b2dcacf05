import type { ShopFailure } from '@waybill/core';
import { call, list } from './api.ts';
import { HOOK_HEADER, hookSecret } from './hints.ts';
import { type JsonObject, recordOf, textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** The subscribed scopes; each includes all events below it. */
const SCOPES = [
  'store/order/*',
  'store/shipment/*',
  'store/cart/*',
  'store/customer/*',
  'store/subscriber/*',
  'store/product/*',
  'store/sku/*',
] as const;

/**
 * Ensures an active hook of each scope for this address: BigCommerce disables hooks that failed for two days, or had no events
 * for ninety.
 */
export async function subscribe(
  address: string,
  context: Context,
): Promise<{ readonly message: string } | ShopFailure> {
  const found = await list(context, { path: 'v3/hooks', query: { limit: 250 } });
  if ('failure' in found) return found;
  const mine = found.rows.filter((hook) => textOf(hook, 'destination') === address);
  const headers = { [HOOK_HEADER]: hookSecret(context.settings) };
  let made = 0;
  let repaired = 0;
  for (const scope of SCOPES) {
    const hook = mine.find((one) => textOf(one, 'scope') === scope);
    if (hook !== undefined && isWell(hook, headers)) continue;
    const json = { scope, destination: address, is_active: true, headers };
    const id = hook === undefined ? undefined : textOf(hook, 'id');
    const done = await call(
      context,
      id === undefined
        ? { method: 'POST', path: 'v3/hooks', json }
        : { method: 'PUT', path: `v3/hooks/${id}`, json },
    );
    if ('failure' in done) return done;
    if (id === undefined) made += 1;
    else repaired += 1;
  }
  const kept = SCOPES.length - made - repaired;
  return {
    message: `${SCOPES.length} hooks call ${address}: ${kept} unchanged, ${made} created, ${repaired} enabled again.`,
  };
}

function isWell(hook: JsonObject, headers: Readonly<Record<string, string>>): boolean {
  return hook['is_active'] === true && recordOf(hook, 'headers')[HOOK_HEADER] === headers[HOOK_HEADER];
}
