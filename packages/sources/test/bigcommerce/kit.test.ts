import { createHmac } from 'node:crypto';
import { describe, it } from 'vitest';
import { shopTests } from '@waybill/testing';
import { cart, checkout, customer, order, product, refund, review, shipment, subscriber } from './rows.ts';
import { bigcommerce, NOW, SETTINGS } from './shop.ts';

const body = JSON.stringify({
  scope: 'store/order/created',
  data: { type: 'order', id: 250 },
  producer: 'stores/abc123',
});
const at = String(NOW / 1000);
const signature = createHmac('sha256', SETTINGS.clientSecret).update(`msg_1.${at}.${body}`).digest('base64');

shopTests(
  bigcommerce,
  { describe, it },
  {
    settings: SETTINGS,
    clock: { now: () => NOW },
    rows: {
      orders: [{ order, coupons: [{ code: 'TEN' }], shipments: [shipment], refunds: [refund] }],
      refunds: [{ refund, order: { order, coupons: [], shipments: [], refunds: [refund] } }],
      customers: [{ customer, attributes: {} }],
      subscribers: [{ subscriber }],
      products: [{ product, currency: 'EUR', categories: [] }],
      reviews: [{ product, reviews: [review] }],
      carts: [{ cart, checkout }, { ordered: { cart: cart.id, order } }],
      abandonedCarts: [{ cart, isAbandoned: true }],
    },
    webhook: {
      body,
      headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` },
    },
  },
);
