import { expect, it } from 'vitest';
import { magento2 } from '../../src/magento2/index.ts';
import { authorizationOf } from '../../src/magento2/oauth.ts';
import { contextOf, fixture, KEYS, NOW, type Reply, stream } from './support.ts';

const all = { by: 'changed', skip: 0, limit: 100 } as const;

it('signs calls as OAuth 1.0a with HMAC-SHA256', () => {
  const { method, url, params, oauth, expected_signature } = fixture('oauth');
  const keys = {
    consumerKey: oauth.oauth_consumer_key,
    consumerSecret: oauth.consumer_secret,
    accessToken: oauth.oauth_token,
    accessTokenSecret: oauth.token_secret,
  };
  const once = { nonce: oauth.oauth_nonce, timestamp: Number(oauth.oauth_timestamp) };
  const header = authorizationOf({ method, url, query: params }, keys, once);
  expect(header).toContain(`oauth_signature="${encodeURIComponent(expected_signature)}"`);
  expect(header).not.toContain(oauth.consumer_secret + '"');
});

it('requests rows after another one: later, or at the same time with a higher id', async () => {
  const { context, calls } = contextOf();
  await stream('orders').page!(
    {
      ...all,
      since: '2026-11-21T10:00:00Z',
      until: '2026-11-21T13:30:00.500Z',
      after: { id: '7', at: '2026-11-21T12:00:00Z' },
      skip: 100,
    },
    context,
  );
  const { url, query } = calls.find((one) => one.url.endsWith('/orders'))!;
  expect(url).toBe('https://shop.example/rest/all/V1/orders');
  const filters = Object.fromEntries(
    Object.entries(query!).map(([name, value]) => [name.replaceAll('searchCriteria', ''), value]),
  );
  expect(filters).toMatchObject({
    '[filter_groups][0][filters][0][field]': 'updated_at',
    '[filter_groups][0][filters][0][condition_type]': 'gteq',
    '[filter_groups][0][filters][0][value]': '2026-11-21 12:00:00',
    '[filter_groups][1][filters][0][condition_type]': 'gt',
    '[filter_groups][1][filters][1][field]': 'entity_id',
    '[filter_groups][1][filters][1][value]': '7',
    '[filter_groups][2][filters][0][condition_type]': 'lteq',
    '[filter_groups][2][filters][0][value]': '2026-11-21 13:30:00',
    '[sortOrders][0][field]': 'updated_at',
    '[sortOrders][1][field]': 'entity_id',
    '[pageSize]': '100',
    '[currentPage]': '2',
  });
});

it('a page past the end is empty, also when Magento returns the last one again', async () => {
  const body = { items: [fixture('order.guest')], total_count: 1 };
  const { context } = contextOf((_call, path): Reply => (path === 'orders' ? { body } : undefined));
  expect(await stream('orders').page!({ ...all, skip: 100 }, context)).toEqual({ rows: [], more: false });
});

it('counts without reading rows, and separates store views', async () => {
  const { context, calls } = contextOf(
    (_call, path): Reply => (path === 'orders' ? { body: { items: null, total_count: 41 } } : undefined),
    { storeViews: ['default'] },
  );
  expect(await stream('orders').count!({ by: 'created' }, context)).toEqual({ count: 41 });
  expect(calls.at(-1)!.query).toMatchObject({
    fields: 'total_count',
    'searchCriteria[filter_groups][0][filters][0][field]': 'store_id',
    'searchCriteria[filter_groups][0][filters][0][value]': '1',
  });
});

it('a missing store view is reported, with the existing ones', async () => {
  const { context } = contextOf(undefined, { storeViews: ['fr'] });
  const message = 'There is no store view "fr"; existing ones: default.';
  expect(await stream('orders').page!(all, context)).toMatchObject({
    failure: { code: 'source_not_found', message },
  });
  expect(await magento2.testConnection!(context)).toMatchObject({ ok: false, issue: { message } });
});

it.each([
  [
    'source_unauthorized',
    401,
    { message: 'The signature is invalid. Verify and try again.' },
    'X-Forwarded-Proto',
  ],
  ['source_forbidden', 403, fixture('error.403'), 'Magento_Sales::actions_view'],
  ['source_forbidden', 401, fixture('error.403'), 'Magento_Sales::actions_view'],
  ['source_rate_limited', 429, { message: 'Slow down.' }, 'Slow down.'],
  ['source_unavailable', 503, '<html><title>Maintenance</title></html>', 'Maintenance'],
  ['source_unreadable_answer', 200, '<html><title>Shop</title></html>', 'Shop'],
  ['source_not_found', 404, '<html><title>Not here</title></html>', 'Not here'],
  [
    'source_rejected',
    400,
    { message: 'Signature method %1 is not supported', parameters: ['HMAC-SHA1'] },
    'HMAC-SHA1',
  ],
] as const)('a failed answer is %s', async (code, status, body, words) => {
  const { context } = contextOf((): Reply => ({ status, body, headers: { 'retry-after': '7' } }));
  const found = await stream('customers').page!(all, context);
  if (!('failure' in found)) throw new Error('A failure was expected.');
  expect(found.failure).toMatchObject({ code, message: expect.stringContaining(words) as string });
  if (found.failure.status === 'retry') expect(found.failure.afterMs).toBe(7000);
  expect(JSON.stringify(found)).not.toContain(KEYS.consumerSecret);
});

it('a reused nonce and a clock that is ahead are corrected at once', async () => {
  const times: string[] = [];
  const { context } = contextOf((call): Reply => {
    const said = call.headers!['authorization']!;
    times.push(/oauth_timestamp="(\d+)"/.exec(said)![1]!);
    if (times.length === 1)
      return {
        status: 401,
        body: { message: 'The timestamp is incorrect.' },
        headers: { date: new Date(NOW - 900_000).toUTCString() },
      };
    return { body: { items: [], total_count: 0 } };
  });
  expect(await stream('products').count!({ by: 'created' }, context)).toEqual({ count: 0 });
  expect(Number(times[0]) - Number(times[1])).toBe(900);
});

it('a row that was deleted is gone', async () => {
  const { context } = contextOf((_call, path): Reply =>
    path.startsWith('customers/') ? { status: 404, body: fixture('error.customer.404') } : undefined,
  );
  expect(await stream('customers').get!('2', context)).toBe('gone');
  expect(await stream('products').get!('2', context)).toBe('gone');
});

it('the cloud service is called with a token of IMS, renewed when it is refused', async () => {
  let tokens = 0;
  const { context, calls } = contextOf(
    (call): Reply => {
      if (call.url.endsWith('/ims/token/v3')) {
        tokens += 1;
        return { body: { access_token: `t${tokens}`, expires_in: 3600 } };
      }
      if (call.headers!['authorization'] === 'Bearer t1')
        return { status: 401, body: { error_code: '401013' } };
      return { body: { items: [], total_count: 3 } };
    },
    { baseUrl: 'https://na1.api.commerce.adobe.com/tenant', imsClientId: 'id', imsClientSecret: 'secret' },
  );
  expect(await stream('products').count!({ by: 'created' }, context)).toEqual({ count: 3 });
  expect(calls.at(-1)).toMatchObject({
    url: 'https://na1.api.commerce.adobe.com/tenant/V1/products',
    headers: { authorization: 'Bearer t2', 'x-api-key': 'id', store: 'all' },
  });
});

it('the connection is tested permission by permission', async () => {
  const { context } = contextOf((_call, path): Reply =>
    path === 'carts/search' || path === 'orders' ? { status: 401, body: fixture('error.403') } : undefined,
  );
  expect(await magento2.testConnection!(context)).toMatchObject({
    ok: false,
    issue: {
      code: 'source_forbidden',
      message: expect.stringMatching(/Orders > Actions > View; Sales > Carts/) as string,
    },
  });
  expect(await magento2.testConnection!(contextOf().context)).toEqual({
    ok: true,
    message: 'Store views: default.',
  });
});
