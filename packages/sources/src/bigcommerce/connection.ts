import type { ConnectionResult } from '@waybill/core';
import { call, dataOf } from './api.ts';
import { textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** One call per required scope. */
const NEEDED = [
  'v2/orders',
  'v3/orders/payment_actions/refunds',
  'v3/customers',
  'v3/customers/subscribers',
  'v3/catalog/products',
  'v3/channels',
  'v3/hooks',
];
/** No cart has this ID: without the scope it is refused, with it not found. */
const NO_CART = '00000000-0000-0000-0000-000000000000';

/** Tests the credentials, and each of the scopes. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  const store = await call(context, { path: 'v2/store' });
  if ('missing' in store || 'failure' in store) {
    const issue =
      'failure' in store
        ? store.failure
        : ({ code: 'source_not_found', message: 'The store returned no information about itself.' } as const);
    return { ok: false, issue: { code: issue.code, path: pathOf(issue.code), message: issue.message } };
  }
  const tried = [
    ...NEEDED.map((path) => ({ path, query: { limit: 1 } })),
    { path: `v3/carts/${NO_CART}` },
    { path: `v3/checkouts/${NO_CART}` },
  ];
  const answers = await Promise.all(tried.map((asked) => call(context, asked)));
  const failures = answers.flatMap((answer) => ('failure' in answer ? [answer.failure] : []));
  const first = failures[0];
  if (first !== undefined) {
    const message = failures.map((one) => one.message).join(' ');
    return { ok: false, issue: { code: first.code, path: pathOf(first.code), message } };
  }
  const facts = dataOf(store.body);
  const { storeHash } = context.settings;
  return {
    ok: true,
    message: `${textOf(facts, 'name') ?? storeHash}: ${textOf(facts, 'currency') ?? ''}, all permissions.`,
  };
}

function pathOf(code: string): string {
  if (code === 'source_not_found') return 'storeHash';
  return code === 'source_unauthorized' || code === 'source_forbidden' ? 'accessToken' : 'apiUrl';
}
