import { expect, it } from 'vitest';
import type { ShopState } from '@waybill/core';
import { changesOf } from '@waybill/commerce';
import { compare, type KeptState } from '../src/shops/compare.ts';

const person = { email: 'ada@example.com' };
const at = '2026-01-05T09:00:00.000Z';
const said = {
  kind: 'consent',
  id: 'email:ada@example.com',
  customer: person,
  channel: 'email',
  at,
} as const;
/** The consent in an order: the box was ticked. */
const ticked: ShopState = { ...said, state: 'subscribed', origin: 'checkout' };
/** The consent in the profile at the same time. */
const listed: ShopState = { ...said, state: 'subscribed', lists: ['Newsletter'] };

it('two rows with the same consent cause one event each, and no alternating events', () => {
  const known = new Map<string, KeptState>();
  const context = { platform: 'ultracart', source: 'shop', settings: {}, now: 0, known: () => undefined };
  const told = [ticked, listed, ticked, listed, ticked].flatMap((state) => {
    const { events, kept } = compare([state], known, { changes: changesOf, context, historical: false });
    for (const [key, one] of kept) known.set(key, one);
    return events.map(({ properties }) => properties?.['lists']);
  });
  expect(told).toEqual([undefined, ['Newsletter']]);
});

it('a checkbox in a checkout does not undo an opt-out of the same time, and a later one does', () => {
  const known = new Map<string, KeptState>();
  const context = { platform: 'ultracart', source: 'shop', settings: {}, now: 0, known: () => undefined };
  const refused: ShopState = { ...said, state: 'unsubscribed' };
  const later: ShopState = { ...ticked, at: '2026-01-05T09:00:01.000Z' };
  const told = [ticked, refused, ticked, refused, ticked, later].flatMap((state) => {
    const { events, kept } = compare([state], known, { changes: changesOf, context, historical: false });
    for (const [key, one] of kept) known.set(key, one);
    return events.map(({ event }) => event);
  });
  expect(told).toEqual(['Email Subscribed', 'Email Unsubscribed', 'Email Subscribed']);
});
