import { describe, expect, it } from 'vitest';
import { dummyShop } from '@waybill/ingest';
import { createTestShop, fakeClock, SAMPLE_SECRET, shopTests } from '@waybill/testing';

const row = { number: 1, at: '2026-01-01T00:01:00.000Z', version: 1 };

shopTests(
  dummyShop,
  { describe, it },
  {
    settings: { secret: SAMPLE_SECRET },
    rows: { orders: [row, { ...row, number: 2 }] },
    answers: [],
    webhook: { headers: { 'x-dummy-secret': SAMPLE_SECRET }, json: ['1'] },
    signsBody: false,
  },
);

describe('shopTests', () => {
  /** Which tests fail for a shop. */
  async function failing(change: object): Promise<readonly string[]> {
    const orders = { ...dummyShop.shop!.streams['orders']!, ...change };
    const shop = { ...dummyShop.shop!, streams: { orders } };
    const failed: string[] = [];
    const tests: [string, () => Promise<void>][] = [];
    shopTests(
      { ...dummyShop, shop },
      { describe: (_name, body) => body(), it: (name, body) => tests.push([name, body]) },
      { rows: { orders: [row] }, answers: [] },
    );
    for (const [name, body] of tests) await body().catch(() => failed.push(name));
    return failed;
  }

  it('find invalid states, invalid places, and unordered pages', async () => {
    const order = { kind: 'order', id: '1', currency: 'EUR', total: 1 };
    expect(await failing({})).toEqual([]);
    expect(await failing({ states: () => [{ ...order, status: 'odd' }] })).toHaveLength(1);
    let turn = 0;
    expect(
      await failing({ states: () => [{ ...order, status: 'placed', total: (turn += 1) }] }),
    ).toHaveLength(1);
    expect(await failing({ keyOf: () => ({ id: '1', at: 'yesterday' }) })).not.toEqual([]);
    const rows = [{ ...row, number: 2, at: '2026-01-01T00:02:00Z' }, row];
    expect(await failing({ page: async () => ({ rows }) })).toHaveLength(1);
  });
});

describe('a shop in a test', () => {
  it('is read as by a server: by hints, by back-fill, and again after a restart', async () => {
    const clock = fakeClock();
    const under = createTestShop(dummyShop, { settings: { orders: 3, secret: 'key' }, clock });
    expect(await under.sync()).toEqual([]);
    expect(await under.receive({ headers: { 'x-dummy-secret': 'wrong' }, json: ['1'] })).toBe(
      'source_signature_invalid',
    );
    expect(await under.receive({ headers: { 'X-Dummy-Secret': 'key' }, json: ['1'] })).toBeUndefined();
    const completed = (await under.sync()).filter(({ event }) => event === 'Order Completed');
    expect(completed.map(({ properties }) => properties?.['order_id'])).toEqual(['1']);
    await under.restart();
    const past = (await under.backfill()).filter(({ event }) => event === 'Order Completed');
    expect(past.map(({ context }) => context?.['historical'])).toEqual([true, true]);
    expect(under.status().at(-1)).toMatchObject({ ended: true, read: 3, total: 3 });
    await under.stop();
  });
});
