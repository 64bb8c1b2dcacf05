import { beforeAll, describe, expect, it } from 'vitest';
import type { SourceEvent } from '@waybill/core';
import { type ProcessorsReport, runProcessors } from '../crash/processors.ts';

/** More with `npm run crash -- --processors`. */
const KILLS = 2;

let report: ProcessorsReport;
const seed = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 1e6));
beforeAll(async () => {
  report = await runProcessors({ kills: KILLS, seed });
}, 120_000);

/** By time; of one time, by name. */
const placeOf = ({ timestamp, event }: SourceEvent): string => `${timestamp} ${event}`;

/** The derived events of a user with one of these names, in order of time: the name, then the requested members. */
function derived(
  who: string,
  members: Readonly<Record<string, readonly string[]>>,
): readonly (readonly unknown[])[] {
  return report.calm.derived
    .filter(({ userId, anonymousId }) => (userId ?? anonymousId) === who)
    .filter(({ event }) => Object.hasOwn(members, event!))
    .sort((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
    .map(({ event, properties = {} }: SourceEvent) => [
      event,
      ...members[event!]!.map((name) => properties[name]),
    ]);
}

describe('the recorded day through all processors, worked out by hand', () => {
  // Orders six minutes after the first cart event, closes all views with that; comes back at 20:50, views the lantern, and is
  // reminded two hours later.
  it('matches for Mara', () => {
    const members = {
      'Abandoned Cart Step': [],
      'Browse Abandoned': ['viewed', 'viewed_at', 'currency', 'products'],
      'Order Attributed': ['order_id', 'revenue', 'currency', 'touches', 'campaignId', 'is_direct'],
      'Message Allowed': ['event', 'channel', 'consent', 'consented_at'],
      'Message Withheld': [],
    };
    const lantern = { product_id: 'P-1003', name: 'Ember Lantern', price: 39.5 };
    expect(derived('u-1001', members)).toEqual([
      ['Order Attributed', 'AF-7001', 393.45, 'EUR', 1, 77, false],
      ['Browse Abandoned', 1, '2026-03-14T20:50:00.000Z', 'EUR', [lantern]],
      ['Message Allowed', 'Browse Abandoned', 'email', 'subscribed', '2026-03-14T08:06:30.000Z'],
    ]);
  });

  // Came by an advertisement as a visitor, and ordered; puts a beanie into a new cart at 19:04:21 and leaves it.
  it('matches for Oliver', () => {
    const members = {
      'Abandoned Cart Step': ['cart_id', 'step', 'abandoned_at', 'value', 'currency'],
      'Abandoned Cart Ended': ['reason', 'step', 'open_carts'],
      'Browse Abandoned': [],
      'Order Attributed': ['order_id', 'revenue', 'currency', 'touches', 'last_touch'],
      'Message Allowed': ['event', 'consent'],
      'Message Withheld': [],
    };
    const click = { at: '2026-03-14T09:10:00.000Z', click_ids: { gclid: 'G-1' } };
    const left = '2026-03-14T19:04:21.238Z';
    const all = derived('u-1002', members);
    expect(all).toHaveLength(6);
    expect(all).toEqual(
      expect.arrayContaining([
        ['Order Attributed', 'AF-7002', 190.15, 'GBP', 1, click],
        ['Abandoned Cart Step', 'cart-u-1002', 1, left, 21.15, 'GBP'],
        ['Abandoned Cart Step', 'cart-u-1002', 2, left, 21.15, 'GBP'],
        ['Message Allowed', 'Abandoned Cart Step', 'unknown'],
        ['Abandoned Cart Ended', 'done', 2, 0],
      ]),
    );
  });

  // Takes the candles out at 15:07:48: 2 x 104.65 + 60.55 are left, which she leaves. She had said no to e-mail in the morning.
  it('matches for Priya', () => {
    const members = {
      'Abandoned Cart Step': ['step', 'abandoned_at', 'value', 'currency'],
      'Abandoned Cart Ended': ['reason', 'step'],
      'Browse Abandoned': [],
      'Order Attributed': [],
      'Message Allowed': [],
      'Message Withheld': ['event', 'reason', 'consented_at'],
    };
    const left = '2026-03-14T15:07:48.478Z';
    const withheld = ['Message Withheld', 'Abandoned Cart Step', 'unsubscribed', '2026-03-14T14:00:00.000Z'];
    const all = derived('20417', members);
    expect(all).toHaveLength(5);
    expect(all.filter(([event]) => event === 'Message Withheld')).toEqual([withheld, withheld]);
    expect(all.filter(([event]) => event !== 'Message Withheld')).toEqual([
      ['Abandoned Cart Step', 1, left, 269.85, 'USD'],
      ['Abandoned Cart Step', 2, left, 269.85, 'USD'],
      ['Abandoned Cart Ended', 'done', 2],
    ]);
  });

  it('matches for the products: one sold out, back in stock at ten per cent less, and one deleted', () => {
    const members = {
      'Catalog Item Changed': ['product_id'],
      'Catalog Item Removed': ['product_id'],
      'Product Back In Stock': ['price'],
      'Price Dropped': ['previous_price', 'price', 'percent'],
    };
    expect(derived('candle', members)).toEqual([
      ['Catalog Item Changed', 'P-1015'],
      ['Catalog Item Removed', 'P-1015'],
    ]);
    const lantern = derived('lantern', members);
    expect(lantern).toHaveLength(4);
    expect(lantern).toEqual(
      expect.arrayContaining([
        ['Catalog Item Changed', 'P-1003'],
        ['Product Back In Stock', 35.55],
        ['Price Dropped', 39.5, 35.55, 10],
      ]),
    );
  });
});

it(`ends alike where processes are killed before and after commits of processors (seed ${seed})`, () => {
  expect(report.differences).toEqual([]);
  expect([...report.kills.values()].reduce((sum, one) => sum + one, 0)).toBe(KILLS);
});
