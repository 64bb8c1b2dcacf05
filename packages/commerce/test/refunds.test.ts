import { describe, expect, it } from 'vitest';
import { changesOf } from '@waybill/commerce';
import type { OrderState, ShopState } from '@waybill/core';
import { contextOf } from './support.ts';

/** An order of two bones and a leash, with a total of refunds. */
function orderOf(refunded: number, bones: number, leashes: number): ShopState {
  const line = { quantity: 2, price: 900, total: 1800 };
  const back = (quantity: number, price: number) =>
    quantity === 0 ? {} : { refundedQuantity: quantity, refundedAmount: quantity * price };
  const state: OrderState = {
    id: '1',
    status: 'placed',
    placedAt: '2026-02-01T00:00:00.000Z',
    updatedAt: `2026-02-0${1 + bones + leashes}T00:00:00.000Z`,
    customer: { id: '7', email: 'pat@example.com' },
    currency: 'USD',
    total: 3000,
    lines: [
      { id: '1', productId: 'BONE', name: 'Bone', ...line, ...back(bones, 900) },
      { id: '2', productId: 'LEASH', name: 'Leash', quantity: 1, price: 1200, ...back(leashes, 1200) },
    ],
    ...(refunded === 0
      ? {}
      : { refundedTotal: refunded, refundedAt: `2026-02-0${1 + bones + leashes}T00:00:00.000Z` }),
  };
  return { kind: 'order', ...state };
}

/** The events about refunds. */
function told(before: ShopState | undefined, after: ShopState) {
  return changesOf(before, after, contextOf()).map(({ event, messageId, timestamp, properties = {} }) => ({
    event,
    messageId: messageId.split('|').slice(2).join('|'),
    timestamp,
    total: properties['total'],
    refunded_total: properties['refunded_total'],
    products: (properties['products'] as Record<string, unknown>[]).map(({ product_id: id, quantity }) => [
      id,
      quantity,
    ]),
  }));
}

const bone = {
  event: 'Order Refunded',
  messageId: 'Order Refunded|1|900',
  timestamp: '2026-02-02T00:00:00.000Z',
  total: 9,
  refunded_total: 9,
  products: [['BONE', 1]],
};

it('of a shop that reports the refunded total, each increase is a separate refund', () => {
  expect(told(orderOf(0, 0, 0), orderOf(900, 1, 0))).toEqual([bone]);
  expect(told(orderOf(900, 1, 0), orderOf(3000, 2, 1))).toEqual([
    {
      ...bone,
      messageId: 'Order Refunded|1|3000',
      timestamp: '2026-02-04T00:00:00.000Z',
      total: 21,
      refunded_total: 30,
      products: [
        ['BONE', 1],
        ['LEASH', 1],
      ],
    },
  ]);
  expect(told(orderOf(900, 1, 0), orderOf(900, 1, 0))).toEqual([]);
});

describe('the parts of an increase', () => {
  const last = (before: ShopState | undefined, after: ShopState) => {
    const { shipping, tax, reason } = changesOf(before, after, contextOf()).at(-1)?.properties ?? {};
    return { shipping, tax, reason };
  };
  const parts = (refundedShipping: number, refundedTax: number, refundReason: string) => ({
    refundedShipping,
    refundedTax,
    refundReason,
  });
  const one = { ...orderOf(900, 1, 0), ...parts(0, 75, 'Damaged') } as ShopState;
  const both = { ...orderOf(3000, 2, 1), ...parts(500, 195, 'Late') } as ShopState;

  it('are the shop’s shipping and tax, minus the previous ones', () => {
    expect(last(orderOf(0, 0, 0), one)).toEqual({ shipping: 0, tax: 0.75, reason: 'Damaged' });
    expect(last(one, both)).toEqual({ shipping: 5, tax: 1.2, reason: 'Late' });
    expect(last(undefined, both)).toEqual({ shipping: 5, tax: 1.95, reason: 'Late' });
  });

  it('are missing where the shop did not report them before', () => {
    expect(last(orderOf(900, 1, 0), both)).toEqual({ reason: 'Late' });
  });

  it('are not a change of the order', () => {
    expect(changesOf(orderOf(900, 1, 0), one, contextOf())).toEqual([]);
  });
});

it('an order that is first seen with a refund is completed, and refunded', () => {
  expect(told(undefined, orderOf(900, 1, 0)).map(({ event }) => event)).toEqual([
    'Order Completed',
    'Order Refunded',
  ]);
  expect(told(undefined, orderOf(900, 1, 0))[1]).toEqual(bone);
});
