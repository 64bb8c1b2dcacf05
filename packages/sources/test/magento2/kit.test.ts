import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'vitest';
import { type CannedAnswers, shopTests } from '@waybill/testing';
import { Day } from '../../../shop-sandboxes/src/day/index.ts';
import { magento2 as platform } from '../../../shop-sandboxes/src/magento2/index.ts';
import { createClock, randomOf, ShopModel } from '../../../shop-sandboxes/src/model/index.ts';
import { magento2 } from '../../src/magento2/index.ts';
import { fixture } from './support.ts';

const NOW = Date.UTC(2026, 2, 1);
const model = new ShopModel({
  clock: createClock({ real: () => NOW, start: NOW }),
  seed: 1,
  traits: platform.traits,
});
const day = new Day(model);
while (day.step() !== undefined);

const URL_OF_SHOP = 'http://shop.example';
const view = platform.open({
  model,
  url: () => URL_OF_SHOP,
  now: () => NOW,
  random: randomOf(1),
  limits: true,
  spoil: () => undefined,
  tokenCalls: () => undefined,
});

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const event = fixture('event.creditmemo');
const body = JSON.stringify(event);

/** The answers of the shop after its day. */
const answers: CannedAnswers = ({ method, url, headers }) => {
  if (url.endsWith('.pem')) return { text: pem };
  const { pathname, searchParams } = new URL(url);
  const request = { method, url, path: pathname, query: searchParams, headers, body: '' };
  const answer = view.handle(request);
  return answer instanceof Promise ? undefined : { status: answer.status, json: answer.body };
};

shopTests(
  magento2,
  { describe, it },
  {
    settings: { ...view.settings, adobeClientId: event.recipientclientid },
    clock: { now: () => NOW },
    answers,
    rows: {
      products: [
        {
          product: fixture('products.search').items[0],
          children: [],
          categories: [],
          view: { id: '1', code: 'de', currency: 'EUR' },
          isOnSale: false,
        },
      ],
      customers: [{ customer: fixture('customers.search').items[0] }],
      newsletter: [{ customer: fixture('customers.search').items[0] }],
      orders: [{ order: fixture('order.placed'), creditmemos: [], shipments: [] }],
      shipments: [{ shipment: fixture('shipments.search').items[0] }],
      carts: [{ cart: fixture('cart.active.customer'), totals: fixture('cart.totals'), catalog: {} }],
    },
    webhook: {
      body,
      headers: {
        'x-adobe-digital-signature-1': createSign('RSA-SHA256').update(body).sign(privateKey, 'base64'),
        'x-adobe-public-key1-path': '/prod/keys/pub-key-1.pem',
      },
    },
  },
);
