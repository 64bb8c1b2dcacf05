import { failed, type ShopFailure } from '@waybill/core';
import { list } from './api.ts';
import { ORDER_EXPAND } from './expand.ts';
import { idOf, type JsonObject } from '../read.ts';
import type { Context } from './settings.ts';

/** The maximum number of orders per call. */
const MOST = 200;

/** Reads orders by ID in one call. Missing ones are absent. */
export async function ordersById(
  ids: readonly string[],
  context: Context,
): Promise<ReadonlyMap<string, JsonObject> | ShopFailure> {
  const found = new Map<string, JsonObject>();
  for (let at = 0; at < ids.length; at += MOST) {
    const asked = await list(context, 'orders', {
      method: 'POST',
      path: 'order/orders/batch',
      query: { _expand: ORDER_EXPAND },
      json: { order_ids: ids.slice(at, at + MOST) },
    });
    if ('failure' in asked) return asked;
    for (const order of asked.rows) {
      const id = idOf(order, 'order_id');
      if (id !== undefined) found.set(id, order);
    }
  }
  return found;
}

/** Requested orders, and the call that will read them. */
interface Batch {
  readonly ids: Set<string>;
  readonly found: Promise<ReadonlyMap<string, JsonObject> | ShopFailure>;
}

const NAME = 'orders to come';

/** Reads an order. Concurrent requests share one call, because the daily number of calls is limited. */
export async function orderOf(
  id: string,
  context: Context,
): Promise<{ readonly row: JsonObject } | 'gone' | ShopFailure> {
  const { memory } = context;
  const batch = (memory.get(NAME) as Batch | undefined) ?? begin(context);
  batch.ids.add(id);
  const found = await batch.found;
  // Safe in a Map.
  if ('failure' in found) return found;
  const row = found.get(id);
  return row === undefined ? 'gone' : { row };
}

function begin(context: Context): Batch {
  const ids = new Set<string>();
  const found = Promise.resolve()
    .then(() => {
      context.memory.delete(NAME);
      return ordersById([...ids], context);
    })
    .catch((error: unknown): ShopFailure => ({ failure: failed('source_failed', String(error)) }));
  const batch = { ids, found };
  context.memory.set(NAME, batch);
  return batch;
}
