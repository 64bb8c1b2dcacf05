import { expect, it } from 'vitest';
import type { ShopState } from '@waybill/core';
import { isWhose, type Named, namedBy } from '@waybill/commerce';

const NOBODY: Named = { customers: new Set(), emails: new Set(), userIds: new Set() };
const order = (customer: object): ShopState =>
  ({ kind: 'order', id: '1', status: 'placed', currency: 'EUR', total: 1, customer }) as ShopState;
const account = { kind: 'customer', id: '7', externalId: 'x-7', email: ' Ada@Example.com' } as ShopState;

it('an account names the orders and the address of its user', () => {
  const named = namedBy(account, { ...NOBODY, userIds: new Set(['eu-7']) });
  expect(isWhose(account, named, {})).toBe(true);
  expect(isWhose(order({ id: '7', email: 'other@example.com' }), named, {})).toBe(true);
  expect(isWhose(order({ email: 'ADA@example.com' }), named, {})).toBe(true);
  expect(isWhose(order({ id: '8', email: 'bob@example.com' }), named, {})).toBe(false);
  expect(isWhose({ kind: 'customer', id: '7', gone: true }, named, {})).toBe(false);
  expect(isWhose({ kind: 'product', id: '7', name: 'Tea', status: 'active' } as ShopState, named, {})).toBe(
    false,
  );
});

it.each([
  [{ userIdPrefix: 'eu-' }, 'eu-7'],
  [{ identity: 'external' }, 'x-7'],
  [{ identity: 'email' }, 'ada@example.com'],
] as const)('a user id is read according to the settings: %j', (settings, userId) => {
  expect(isWhose(account, { ...NOBODY, userIds: new Set([userId]) }, settings)).toBe(true);
  expect(isWhose(account, { ...NOBODY, userIds: new Set(['7']) }, settings)).toBe(false);
});
