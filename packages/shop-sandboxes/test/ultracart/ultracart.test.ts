import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { easternTime } from '../../src/ultracart/eastern.ts';

interface Schema {
  readonly definitions: Readonly<Record<string, { additionalProperties?: boolean }>>;
}
const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8')) as Schema;
for (const model of Object.values(schema.definitions)) model.additionalProperties = false;
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
ajv.addSchema(schema, 'ultracart');

/** Validates an answer by the description of UltraCart. */
function issuesOf(name: string, body: unknown): readonly string[] {
  const validate = ajv.getSchema(`ultracart#/definitions/${name}`)!;
  validate(body);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

let shop: ShopSandbox;
let abandoned: string;
beforeAll(async () => {
  shop = await createShopSandbox({
    platform: 'ultracart',
    start: Date.UTC(2026, 2, 1),
    limits: false,
    webhookUrl: 'http://127.0.0.1:9/',
  });
  await shop.play('all');
  const { model, day } = shop;
  const { coffee, germany } = day.things;
  const cart = model.carts.begin(germany, [{ productId: coffee }], { customerId: day.cast.dora! });
  abandoned = model.carts.abandon(cart.id).uuid;
  const { email, storeId } = model.tables.customer.get(day.cast.chiyo!);
  model.customers.say({ storeId, email, channel: 'sms', state: 'unsubscribed', origin: 'account' });
});
afterAll(() => shop.close());

async function call(path: string, init: RequestInit = {}, key = String(shop.settings['apiKey'])) {
  const headers = { 'x-ultracart-simple-key': key, 'content-type': 'application/json' };
  const answer = await fetch(`${shop.url}/rest/v2/${path}`, { headers, ...init });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

const post = (json: object): RequestInit => ({ method: 'POST', body: JSON.stringify(json) });
const since = { creation_date_begin: '2000-01-01T00:00:00Z', creation_date_end: '2100-01-01T00:00:00Z' };

describe('a merchant at UltraCart', () => {
  it.each([
    ['order/orders/query?_limit=200', 'OrdersResponse', 'orders', since],
    ['customer/customers?_limit=200', 'CustomersResponse', 'customers'],
    ['auto_order/auto_orders?_limit=200', 'AutoOrdersResponse', 'auto_orders'],
    ['item/items?_limit=200', 'ItemsResponse', 'items'],
    ['webhook/webhooks', 'WebhooksResponse', 'webhooks'],
  ])('%s matches the documentation of UltraCart', async (path, name, list, query?: object) => {
    const { status, body } = await call(path, query && post(query));
    expect([status, issuesOf(name, body)]).toEqual([200, []]);
    expect(body[list]).not.toEqual([]);
  });

  it('single things match the documentation of UltraCart', async () => {
    const cart = await call(`checkout/cart/${abandoned}`);
    expect(issuesOf('CartResponse', cart.body)).toEqual([]);
    const customer = await call('customer/customers/1');
    expect(issuesOf('CustomerResponse', customer.body)).toEqual([]);
    const { productId } = shop.model.tables.review.all()[0]!;
    const reviews = await call(`item/items/${productId}/reviews`);
    expect(issuesOf('ItemReviewsResponse', reviews.body)).toEqual([]);
    const autoOrder = await call('auto_order/auto_orders/1');
    expect(issuesOf('AutoOrderResponse', autoOrder.body)).toEqual([]);
    const changed = await call('customer/customers/1/email_lists', post({ add_to_lists: ['news'] }));
    expect(issuesOf('CustomerEmailListChanges', changed.body)).toEqual([]);
    const refused = await call('item/items', {}, 'guessed');
    expect([refused.status, issuesOf('ErrorResponse', refused.body)]).toEqual([401, []]);
  });

  it('shows STOP in a profile, and an opt-in to text messages only in an order', async () => {
    const { body } = await call('customer/customers?_limit=200');
    const stopped = (body['customers'] as readonly { email: string; activity: { sms_stop: boolean } }[])
      .filter(({ activity }) => activity.sms_stop)
      .map(({ email }) => email);
    expect(stopped).toHaveLength(1);
  });
});

it('clocks of New York are correct around each change of 20 years', () => {
  const zone = new Intl.DateTimeFormat('en', { timeZone: 'America/New_York', timeZoneName: 'longOffset' });
  const offsetOf = (at: number): string =>
    zone
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')!
      .value.replace('GMT', '');
  for (let day = Date.UTC(2010, 0, 1); day < Date.UTC(2030, 0, 1); day += 86_400_000)
    for (const hour of [5, 6, 7]) {
      const at = day + hour * 3_600_000;
      const told = easternTime(at);
      expect([told.slice(19), Date.parse(told)]).toEqual([offsetOf(at), at]);
    }
});
