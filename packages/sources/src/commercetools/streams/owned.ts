import type { ShopFailure } from '@waybill/core';
import { byIds } from '../api.ts';
import type { JsonObject } from '../../read.ts';
import { text } from '../json.ts';
import type { OwnedRow } from '../states/order.ts';
import type { Context } from '../settings.ts';
import { storesOf } from '../stores.ts';

/** Adds their stores to rows, and their customers where only these have an e-mail address. */
export async function owned(
  rows: readonly JsonObject[],
  context: Context,
): Promise<{ readonly rows: readonly OwnedRow[] } | ShopFailure> {
  const stores = rows.some((row) => storeKeyOf(row) !== undefined) ? await storesOf(context) : new Map();
  if ('failure' in stores) return stores;
  const unnamed = rows.flatMap((row) =>
    text(row, 'customerEmail') === undefined ? (text(row, 'customerId') ?? []) : [],
  );
  const customers = await byIds(context, 'customers', unnamed);
  if ('failure' in customers) return customers;
  return {
    rows: rows.map((row) => {
      const customer =
        text(row, 'customerEmail') === undefined ? customers.get(text(row, 'customerId') ?? '') : undefined;
      const store = stores.get(storeKeyOf(row) ?? '');
      return {
        row,
        ...(customer === undefined ? {} : { customer }),
        ...(store === undefined ? {} : { store }),
      };
    }),
  };
}

function storeKeyOf(row: JsonObject): string | undefined {
  return text(row, 'store', 'key');
}
