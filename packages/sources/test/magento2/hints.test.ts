import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { HintAnswer } from '@waybill/core';
import { magento2 } from '../../src/magento2/index.ts';
import { contextOf, fixture, type Reply, webhook } from './support.ts';

const PATH = '/prod/keys/pub-key-1.pem';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const event = fixture('event.creditmemo');
const adobeClientId: string = event.recipientclientid;

function signed(body: unknown, path = PATH): Readonly<Record<string, string>> {
  const signature = createSign('RSA-SHA256').update(JSON.stringify(body)).sign(privateKey, 'base64');
  return { 'x-adobe-digital-signature-1': signature, 'x-adobe-public-key1-path': path };
}

function keysAt(settings: Readonly<Record<string, unknown>> = { adobeClientId }) {
  return contextOf((call): Reply => (call.url.endsWith('.pem') ? { body: pem } : undefined), settings);
}

async function ask(body: unknown, headers = signed(body), { context } = keysAt()): Promise<HintAnswer> {
  return magento2.shop!.hints!(webhook(body, headers), context);
}

const of = (type: string, value: unknown) => ({
  ...event,
  type: `com.adobe.commerce.${type}`,
  data: { ...event.data, value },
});

it.each([
  ['observer.sales_order_save_commit_after', { entity_id: '57' }, 'orders', '57'],
  ['observer.checkout_submit_all_after', { order: { entity_id: 57 } }, 'orders', '57'],
  ['plugin.sales.api.order_management.place', { entity_id: '57' }, 'orders', '57'],
  ['observer.sales_order_creditmemo_save_after', { entity_id: '8', order_id: '57' }, 'orders', '57'],
  ['observer.sales_order_shipment_save_after', { entity_id: '9', order_id: '57' }, 'orders', '57'],
  ['observer.sales_order_shipment_track_save_after', { entity_id: '3', order_id: '57' }, 'orders', '57'],
  ['observer.sales_quote_save_after', { entity_id: '310' }, 'carts', '310'],
  ['observer.checkout_cart_product_add_after', { quote_id: 310 }, 'carts', '310'],
  ['observer.customer_save_commit_after', { entity_id: 31 }, 'customers', '31'],
  ['observer.customer_delete_commit_after', { entity_id: 31 }, 'customers', '31'],
  ['observer.customer_login', { customer: { entity_id: 31 } }, 'customers', '31'],
  ['observer.newsletter_subscriber_save_commit_after', { customer_id: '31' }, 'customers', '31'],
  ['observer.catalog_product_save_commit_after', { entity_id: 4 }, 'products', '4'],
] as const)('%s names the rows to read', async (type, value, stream, id) => {
  expect(await ask(of(type, value))).toEqual({ hints: [{ stream, id }] });
});

it('accepts batches, and skips unknown events', async () => {
  const batch = [
    event,
    of('observer.rma_save_commit_after', { entity_id: 1 }),
    of('observer.customer_login', {}),
  ];
  expect(await ask(batch)).toEqual({ hints: [{ stream: 'orders', id: '57' }] });
});

it('refuses a changed or reformatted body, a request without a signature, and events for others', async () => {
  const refused = { refused: { code: 'source_signature_invalid' } };
  expect(await ask({ ...event, id: 'x' }, signed(event))).toMatchObject(refused);
  expect(await ask(JSON.stringify(event, null, 1), signed(event))).toMatchObject(refused);
  expect(await ask(event, {})).toMatchObject(refused);
  expect(await ask({ ...event, recipientclientid: 'other' })).toMatchObject(refused);
  expect(await ask(event, signed(event), keysAt({}))).toMatchObject(refused);
});

it('either key is valid, and one is fetched once a day', async () => {
  const under = keysAt();
  const { 'x-adobe-digital-signature-1': signature } = signed(event);
  const second = {
    'x-adobe-digital-signature-1': 'AAAA',
    'x-adobe-public-key1-path': PATH,
    'x-adobe-digital-signature-2': signature!,
    'x-adobe-public-key2-path': '/prod/keys/pub-key-2.pem',
  };
  for (let times = 0; times < 3; times += 1)
    expect(await ask(event, second, under)).toEqual({ hints: [{ stream: 'orders', id: '57' }] });
  expect(under.calls).toHaveLength(2);
});

it.each(['/evil.pem', 'https://evil.example/prod/keys/a.pem', '/prod/keys/../../a.pem'])(
  'fetches no key from %s',
  async (path) => {
    const under = keysAt();
    expect(await ask(event, signed(event, path), under)).toMatchObject({ refused: {} });
    expect(under.calls).toEqual([]);
  },
);

it('fetches few keys, for any number of requests', async () => {
  const under = keysAt();
  for (let at = 0; at < 30; at += 1) await ask(event, { ...signed(event, `/prod/keys/${at}.pem`) }, under);
  expect(under.calls).toHaveLength(10);
});

it('returns the challenge with which Adobe registers an address', async () => {
  const { context } = keysAt();
  const ask = (challenge: string) =>
    magento2.shop!.hints!({ ...webhook(''), method: 'GET', query: { challenge } }, context);
  expect(await ask('a1-b2')).toEqual({
    hints: [],
    answer: { status: 200, body: 'a1-b2', contentType: 'text/plain' },
  });
  expect(await ask('<script>')).toMatchObject({ refused: {} });
});
