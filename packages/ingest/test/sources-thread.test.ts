import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSources, type Sources, type StreamStatus } from '@waybill/ingest';
import { changes, type FakeShop, fakeShop } from './fake-shop.ts';
import { type World, world } from './support.ts';
import { testThread, type TestThread } from './thread.ts';

const MINUTE = 60_000;

let one: World;
let shop: FakeShop;
let thread: TestThread;
let sources: Sources;
let failures: string[];
let hasPlan: boolean;
beforeEach(async () => {
  one = await world('memory');
  shop = fakeShop();
  failures = [];
  hasPlan = false;
  for (let id = 1; id <= 10; id += 1) shop.put(String(id), new Date(one.time.now - 1e9 + id).toISOString());
  thread = testThread(
    shop,
    () => one.time.now,
    () => hasPlan,
  );
  sources = createSources({
    log: one.log,
    intake: one.intake,
    context: shop.contextOf(() => one.time.now),
    changes,
    references: () => [],
    holder: 'test',
    thread,
    now: () => one.time.now,
    async sleep(milliseconds) {
      one.time.now += milliseconds;
    },
    room: () => Promise.resolve({ events: 3, waitMs: 0 }),
    onFailure: (stream, { code }) => failures.push(`${stream}: ${code}`),
  });
  await sources.configure([shop.instance()]);
  await sources.idle();
});
afterEach(async () => {
  await sources.stop();
  await one.close();
});

const backfill = async (id = 'past'): Promise<void> => {
  await sources.backfill([{ id, source: 'shop', stream: 'orders' }]);
  await sources.idle();
};
const said = async (): Promise<readonly string[]> =>
  (await one.all()).map(({ messageId, event }) => `${messageId.split(' ')[0]} ${event}`);
const status = (): StreamStatus => sources.status().findLast(({ mode }) => mode === 'backfill')!;
const all = Array.from({ length: 10 }, (_, id) => `${id + 1} New`);

describe('a back-fill whose pages are read in another thread', () => {
  it('reports every row once, as history; polls and hints need no thread', async () => {
    expect(thread.starts).toBe(0);
    await backfill();
    expect(await said()).toEqual(all);
    expect((await one.all()).every(({ context }) => context?.['historical'] === true)).toBe(true);
    expect(status()).toMatchObject({ read: 10, total: 10, ended: true });
    expect(thread.starts).toBe(1);
    await sources.shop('shop')!.take([{ stream: 'orders', id: '3' }]);
    await sources.idle();
    expect(await said()).toEqual(all);
  });

  it('continues after the thread has ended in the middle', async () => {
    let pages = 0;
    shop.meanwhile = () => {
      if ((pages += 1) === 2) thread.end();
    };
    await backfill();
    for (let turn = 0; turn < 5 && !status().ended; turn += 1) {
      one.time.now += MINUTE;
      sources.shop('shop')!.wake();
      await sources.idle();
    }
    expect(failures).toContain('shop shop: source_failed');
    expect(await said()).toEqual(all);
    expect(thread.starts).toBe(2);
  });

  it('sets aside rows that are unreadable or that the log refuses, and reports them later', async () => {
    shop.throws.add('2');
    shop.invalid.add('4');
    shop.torn.add('5');
    shop.put('7', shop.rows.get('7')!.updated, 40_000);
    await backfill();
    const asides = sources.shop('shop')!.asides();
    expect(asides.map(({ row, code }) => `${row} ${code}`).sort()).toEqual([
      '2 source_failed',
      '4 payload_not_a_choice',
      '5 source_failed',
      '7 event_too_large',
    ]);
    expect(await said()).toEqual(all.filter((text) => !['2 New', '4 New', '7 New'].includes(text)));
    shop.throws.clear();
    shop.invalid.clear();
    shop.torn.clear();
    await sources.backfill([{ id: 'again', source: 'shop', stream: 'orders' }]);
    await sources.idle();
    expect(
      sources
        .shop('shop')!
        .asides()
        .map(({ row }) => row),
    ).toEqual(['7']);
  });

  it('reads the next page while the rows of one are completed, and completes each row once', async () => {
    const completed: string[] = [];
    const pages: number[] = [];
    const begun = shop.calls.queries.length;
    shop.completing = async (ids) => {
      completed.push(...ids);
      // The shop takes a while: by then the next page has been asked for.
      await new Promise((resolve) => setImmediate(resolve));
      pages.push(shop.calls.queries.length - begun);
      return true;
    };
    await backfill();
    expect(await said()).toEqual(all);
    expect(completed).toEqual(all.map((text) => text.split(' ')[0]));
    expect(pages).toEqual([2, 3, 3]);
  });

  it('keeps prefetched rows while polls find nothing new, and reads them again when they do', async () => {
    const read = async (id: string, between: () => void): Promise<number> => {
      const begun = shop.calls.queries.length;
      let rows = 0;
      shop.completing = async (ids) => {
        // A poll is due after the first page.
        if ((rows += ids.length) === 4) {
          between();
          one.time.now += 2 * MINUTE;
        }
        return true;
      };
      await backfill(id);
      shop.completing = undefined;
      const created = shop.calls.queries.slice(begun).filter(({ by }) => by === 'created');
      return created.length;
    };
    expect(await read('calm', () => undefined)).toBe(3);
    expect(await read('new', () => shop.put('11', new Date(one.time.now).toISOString()))).toBeGreaterThan(3);
    expect((await said()).filter((text) => text === '11 New')).toHaveLength(1);
  });

  it('finds the row that cannot be completed, and reports the others', async () => {
    shop.completing = async (ids) => !ids.includes('3');
    await backfill();
    for (let turn = 0; turn < 10 && !status().ended; turn += 1) {
      one.time.now += 10 * MINUTE;
      sources.shop('shop')!.wake();
      await sources.idle();
    }
    expect(await said()).toEqual(all.filter((text) => text !== '3 New'));
    expect(sources.shop('shop')!.asides()).toHaveLength(1);
  });

  it('keeps the calls of the thread within the limits of the shop', async () => {
    let asked = 0;
    shop.answer = () => ((asked += 1) === 2 ? { status: 429, headers: { 'retry-after': '7' } } : undefined);
    const before = one.time.now;
    await backfill();
    expect(one.time.now - before).toBeGreaterThanOrEqual(7_000);
    expect(await said()).toEqual(all);
    expect(failures).toEqual([]);
  });

  it('reads a source with a tracking plan where its events are validated', async () => {
    hasPlan = true;
    await backfill();
    expect(await said()).toEqual(all);
    expect(thread.starts).toBe(0);
  });
});
