import { describe, it } from 'vitest';
import { shopTests } from '@waybill/testing';
import { commercetools, fixture, NOW, SETTINGS } from './shop.ts';
import type { Loose } from '../loose.ts';

const row = { ...fixture('order'), customerEmail: 'jane@example.com' };
const sns = fixture('sns');
const payment = fixture('payment');

/** Five rows of a list, two of them of one time. */
function listed(path: string): readonly Loose[] {
  const example = fixture(LISTS[path]!);
  return ['1', '2', '2', '3', '4'].map((second, index) => {
    const at = `2026-03-03T21:00:0${second}.000Z`;
    return { ...example, id: `row-${index}`, createdAt: at, lastModifiedAt: at };
  });
}

const LISTS: Readonly<Record<string, string>> = {
  orders: 'order',
  payments: 'payment',
  carts: 'cart',
  customers: 'customer',
  'product-projections': 'product-projection',
  reviews: 'review',
  'recurring-orders': 'recurring-order',
};

shopTests(
  commercetools,
  { describe, it },
  {
    settings: SETTINGS,
    clock: { now: () => NOW },
    answers: ({ url }) => {
      const { pathname, searchParams } = new URL(url);
      if (pathname.endsWith('.pem')) return { text: sns.certificate };
      if (pathname === '/oauth/token') return { json: { access_token: 'token', expires_in: 600 } };
      const from = Number(searchParams.get('offset') ?? 0);
      const all = searchParams.has('var.ids') ? [] : listed(pathname.replace('/shop/', ''));
      return { json: { results: all.slice(from, from + Number(searchParams.get('limit'))) } };
    },
    // SNS signs members of the body, regardless of its formatting.
    signsBody: false,
    rows: {
      orders: [{ row }],
      payments: [{ payment, orders: [{ row }] }],
      carts: [{ row: fixture('cart') }],
      customers: [{ customer: fixture('customer') }],
      products: [fixture('product-projection')],
      reviews: [fixture('review')],
      subscriptions: [{ row: fixture('recurring-order') }],
    },
    webhook: {
      body: JSON.stringify(sns.notification),
      headers: { 'x-amz-sns-message-type': 'Notification' },
    },
  },
);
