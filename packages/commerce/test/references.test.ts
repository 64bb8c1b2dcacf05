import { expect, it } from 'vitest';
import { referencesOf } from '@waybill/commerce';
import type { ShopState } from '@waybill/core';

const line = { productId: 'p1', name: 'Tea', quantity: 1 };
const order: ShopState = {
  kind: 'order',
  id: '1',
  status: 'placed',
  currency: 'EUR',
  total: 1,
  customer: { id: '7' },
  lines: [line, { ...line, productId: 'p2' }, line],
};

it('names the customer and each product once', () => {
  expect(referencesOf(order)).toEqual([
    { kind: 'customer', id: '7' },
    { kind: 'product', id: 'p1' },
    { kind: 'product', id: 'p2' },
  ]);
  expect(referencesOf({ kind: 'review', id: '1', productId: 'p1' })).toEqual([{ kind: 'product', id: 'p1' }]);
});

it('names none for guests, for empty and for deleted rows', () => {
  const { customer: _customer, lines: _lines, ...bare } = order;
  expect(referencesOf({ ...bare, customer: { email: 'a@example.com' } } as ShopState)).toEqual([]);
  expect(referencesOf({ kind: 'customer', id: '7' })).toEqual([]);
  expect(referencesOf({ kind: 'order', id: '1', gone: true })).toEqual([]);
});
