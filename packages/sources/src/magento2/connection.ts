import type { ConnectionResult } from '@waybill/core';

import { isFailure } from '../remember.ts';
import { search } from './search.ts';
import type { Context } from './settings.ts';
import { storesOf, wantedViews } from './stores.ts';

/** The read resources, with the permission for each, as named in Magento's integration form. */
const READ: readonly (readonly [path: string, right: string])[] = [
  ['orders', 'Sales > Operations > Orders > Actions > View'],
  ['creditmemos', 'Sales > Operations > Credit Memos'],
  ['shipments', 'Sales > Operations > Shipments'],
  ['carts/search', 'Sales > Carts > Manage carts'],
  ['customers/search', 'Customers > All Customers'],
  ['products', 'Catalog > Inventory > Products'],
];

/** Reads one row of each resource, and reports missing permissions. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const stores = await storesOf(context);
  if (isFailure(stores)) return bad(context, stores.failure);
  const views = wantedViews(stores, context.settings.storeViews);
  if (isFailure(views)) return bad(context, views.failure, 'storeViews');
  const missing: string[] = [];
  for (const [path, right] of READ) {
    const found = await search(context, { path, groups: [], size: 1, page: 1, fields: '' });
    if (!isFailure(found)) continue;
    if (found.failure.code !== 'source_forbidden') return bad(context, found.failure);
    missing.push(right);
  }
  if (missing.length > 0) {
    const message = `The integration lacks these permissions: ${missing.join('; ')}. Grant them and activate it again.`;
    return bad(context, { code: 'source_forbidden', message });
  }
  const names = Object.values(stores.views).map(({ code }) => code);
  return { ok: true, message: `Store views: ${names.join(', ')}.` };
}

type Reason = Pick<Extract<ConnectionResult, { ok: false }>['issue'], 'code' | 'message'>;

function bad(
  { settings }: Context,
  { code, message }: Reason,
  path = settingOf(code, settings),
): ConnectionResult {
  return { ok: false, issue: { code, path, message } };
}

/** The setting to check. */
function settingOf(code: Reason['code'], { imsClientId }: Context['settings']): string {
  if (code !== 'source_unauthorized' && code !== 'source_forbidden') return 'baseUrl';
  return imsClientId === undefined ? 'accessToken' : 'imsClientId';
}
