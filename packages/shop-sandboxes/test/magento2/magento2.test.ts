import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { authorizationOf } from '../../../sources/src/magento2/oauth.ts';

interface Schema {
  readonly definitions: Readonly<Record<string, { properties?: Record<string, unknown> }>>;
}
const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8')) as Schema;
// The description only has strings; Magento also returns lists, such as those of categories.
delete schema.definitions['framework-attribute-interface']!.properties!['value'];
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
ajv.addSchema(nullable(schema) as object, 'magento');

/** Magento returns null where its description has a string or a number. */
function nullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullable);
  if (typeof value !== 'object' || value === null) return value;
  const { type, ...rest } = value as { readonly type?: unknown };
  const members = Object.fromEntries(Object.entries(rest).map(([name, one]) => [name, nullable(one)]));
  return typeof type === 'string' && type !== 'object'
    ? { ...members, type: [type, 'null'] }
    : { ...value, ...members };
}

/** Validates an answer by the description of Magento. */
function issuesOf(name: string, body: unknown): readonly string[] {
  const validate = ajv.getSchema(`magento#/definitions/${name}`)!;
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

let shop: ShopSandbox;
beforeAll(async () => {
  shop = await createShopSandbox({ platform: 'magento2', start: Date.UTC(2026, 2, 1) });
  await shop.play('all');
});
afterAll(() => shop.close());

let nonces = 0;

// Loosely typed answers.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = any;

async function get(path: string, query: Readonly<Record<string, string>> = {}, change: object = {}) {
  const url = `${shop.url}/rest/all/V1/${path}`;
  const keys = { ...shop.settings, ...change } as unknown as Parameters<typeof authorizationOf>[1];
  const once = { nonce: `n${(nonces += 1)}`, timestamp: Math.floor(Date.now() / 1000) };
  const authorization = authorizationOf({ method: 'GET', url, query }, keys, { ...once, ...change });
  const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { headers: { authorization } });
  return { status: answer.status, body: (await answer.json()) as Loose };
}

const page = { 'searchCriteria[pageSize]': '100', 'searchCriteria[currentPage]': '1' };

it.each([
  ['orders', 'sales-data-order-search-result-interface', 7],
  ['creditmemos', 'sales-data-creditmemo-search-result-interface', 2],
  ['shipments', 'sales-data-shipment-search-result-interface', 3],
  ['customers/search', 'customer-data-customer-search-results-interface', 4],
  ['carts/search', 'quote-data-cart-search-results-interface', 6],
  ['products', 'catalog-data-product-search-results-interface', 8],
  ['categories/list', 'catalog-data-category-search-results-interface', 5],
])('%s match the documentation of Magento', async (path, name, count) => {
  const { status, body } = await get(path, page);
  expect(status).toBe(200);
  expect(body.total_count).toBe(count);
  expect(issuesOf(name, body)).toEqual([]);
});

it.each([
  ['store/storeConfigs', 'store-data-store-config-interface'],
  ['store/storeViews', 'store-data-store-interface'],
  ['store/websites', 'store-data-website-interface'],
])('%s match the documentation of Magento', async (path, name) => {
  const { body } = await get(path);
  expect(body).toHaveLength(2);
  for (const one of body) expect(issuesOf(name, one)).toEqual([]);
});

it('the totals of a cart match the documentation of Magento', async () => {
  const { body } = await get(`carts/${shop.day.cast['bensCart']}/totals`);
  expect(issuesOf('quote-data-totals-interface', body)).toEqual([]);
});

it('finds by criteria, in order, with the requested members', async () => {
  const filter = (group: number, at: number, field: string, value: string, is: string) => ({
    [`searchCriteria[filter_groups][${group}][filters][${at}][field]`]: field,
    [`searchCriteria[filter_groups][${group}][filters][${at}][value]`]: value,
    [`searchCriteria[filter_groups][${group}][filters][${at}][condition_type]`]: is,
  });
  const { body } = await get('orders', {
    ...page,
    ...filter(0, 0, 'entity_id', '2', 'gt'),
    ...filter(0, 1, 'entity_id', '1', 'eq'),
    ...filter(1, 0, 'entity_id', '1,3,4', 'in'),
    'searchCriteria[sortOrders][0][field]': 'entity_id',
    'searchCriteria[sortOrders][0][direction]': 'DESC',
    fields: 'items[entity_id,items[sku]],total_count',
  });
  expect(body.total_count).toBe(3);
  expect(body.items.map((one: { entity_id: number }) => one.entity_id)).toEqual([4, 3, 1]);
  expect(Object.keys(body.items[0])).toEqual(['entity_id', 'items']);
  expect(Object.keys(body.items[0].items[0])).toEqual(['sku']);
  expect((await get('orders', { ...page, ...filter(0, 0, 'colour', 'red', 'eq') })).status).toBe(500);
  expect((await get('orders', { ...page, 'searchCriteria[currentPage]': '9' })).body.items).toEqual([]);
});

it('refuses unsigned and wrongly signed requests', async () => {
  const said = async (change: object) => (await get('orders', page, change)).body.message as string;
  expect(await said({ consumerSecret: 'x' })).toContain('signature is invalid');
  expect(await said({ accessToken: 'x' })).toContain('token');
  expect(await said({ timestamp: Math.floor(Date.now() / 1000) + 700 })).toContain('timestamp');
  await get('orders', page, { nonce: 'again' });
  expect(await said({ nonce: 'again' })).toContain('nonce');
  expect((await fetch(`${shop.url}/rest/all/V1/orders`)).status).toBe(401);
  expect((await get('customers/99')).body.message).toBe('No such entity with %fieldName = %fieldValue');
});
