import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPace, createSources, dummySource, type ShopReading, type Sources } from '@waybill/ingest';
import { changes, type FakeShop, fakeShop } from './fake-shop.ts';
import { type World, world } from './support.ts';

it('a back-fill never adds more than may wait for the slowest destination', async () => {
  let now = 0;
  let [last, cursor] = [0, 0];
  const lanes = async () => [
    { destination: 'slow', cursor, lag: last - cursor },
    { destination: 'quick', cursor: last, lag: 0 },
  ];
  const pace = createPace({ now: () => now, lanes, most: 100_000 });
  let most = 0;
  for (let look = 0; look < 1_000; look += 1) {
    now += 10;
    cursor = Math.min(last, cursor + 20);
    const { events, waitMs } = await pace.room();
    expect(events > 0).toBe(waitMs === 0);
    last += events;
    most = Math.max(most, last - cursor);
  }
  expect(most).toBe(50_000);
  expect(cursor).toBe(19_980);
});

it('a back-fill continues, if slowly, when live events alone keep a destination busy', async () => {
  let [now, last, cursor] = [0, 200_000, 0];
  const pace = createPace({
    now: () => now,
    lanes: async () => [{ destination: 'd', cursor, lag: last - cursor }],
  });
  // Events that wait at the start may also be historical.
  expect((await pace.room()).events).toBe(0);
  now += 1_000;
  cursor = 200_000;
  last = 400_000;
  expect((await pace.room()).events).toBe(10);
});

it('a back-fill adds little at a time during live events, and gets a tenth of the time', async () => {
  let now = 0;
  const pace = createPace({ now: () => now, lanes: async () => [] });
  const looked = async (ms: number) => ((now += ms), pace.room());
  expect(await looked(0)).toEqual({ events: 500, waitMs: 0 });
  expect(await looked(40)).toEqual({ events: 500, waitMs: 0 });
  pace.live();
  expect(await looked(10)).toEqual({ events: 0, waitMs: 90 });
  expect(await looked(30)).toEqual({ events: 0, waitMs: 60 });
  expect(await looked(60)).toEqual({ events: 50, waitMs: 0 });
  expect(await looked(7)).toEqual({ events: 0, waitMs: 63 });
  expect(await looked(63)).toEqual({ events: 50, waitMs: 0 });
  expect(await looked(400)).toEqual({ events: 0, waitMs: 200 });
  expect(await looked(500)).toEqual({ events: 500, waitMs: 0 });
});

it('a destination that was not measured for long does not count as stopped', async () => {
  let now = 1_000_000;
  let position = { destination: 'd', cursor: 3, lag: 0 };
  const pace = createPace({ now: () => now, lanes: async () => [position] });
  expect((await pace.room()).events).toBeGreaterThan(0);
  now += 3_600_000;
  position = { ...position, lag: 200_000 };
  expect((await pace.room()).waitMs).toBeGreaterThan(0);
});

describe('a partly written page of a back-fill', () => {
  let one: World;
  let shop: FakeShop;
  let sources: Sources;
  let room = { events: 1, waitMs: 0 };
  let looks = 0;
  let atLook: (() => Promise<unknown>) | undefined;
  beforeEach(async () => {
    one = await world();
    shop = fakeShop(10);
    room = { events: 3, waitMs: 0 };
    looks = 0;
    atLook = undefined;
  });
  afterEach(async () => {
    await sources.stop();
    await one.close();
  });
  const open = (): Sources =>
    createSources({
      log: one.log,
      intake: one.intake,
      context: shop.contextOf(() => one.time.now),
      changes,
      references: () => [],
      holder: 'test',
      now: () => one.time.now,
      async room() {
        looks += 1;
        await atLook?.();
        return room;
      },
      onFailure: () => undefined,
    });
  const asked = { id: 'b-1', source: 'shop', stream: 'orders' };
  const time = (minutes: number): string => new Date(one.time.now + minutes * 60_000).toISOString();
  const said = async (): Promise<readonly string[]> =>
    (await one.all()).map(({ messageId, event }) => `${messageId.split(' ')[0]} ${event}`);

  it('continues with the rest after a restart, without duplicates', async () => {
    for (let id = 1; id <= 25; id += 1) shop.put(String(id), time(id - 10_000));
    sources = open();
    await sources.configure([shop.instance()]);
    await sources.idle();
    atLook = async () => {
      if (looks === 3) room = { events: 0, waitMs: 3_600_000 };
    };
    await sources.backfill([asked]);
    await sources.idle();
    expect(await said()).toHaveLength(6);
    expect(sources.status().at(-1)).toMatchObject({ read: 0, ended: false });
    await sources.stop();
    await one.reopen();
    room = { events: 3, waitMs: 0 };
    sources = open();
    await sources.configure([shop.instance()]);
    await sources.idle();
    expect(await said()).toEqual(Array.from({ length: 25 }, (_, id) => `${id + 1} New`));
    expect((await one.all()).every(({ context }) => context?.['historical'] === true)).toBe(true);
    expect(sources.status().at(-1)).toMatchObject({ read: 25, total: 25, ended: true });
  });

  it('gives priority to hints, and is read again after them', async () => {
    for (let id = 1; id <= 10; id += 1) shop.put(String(id), time(id - 10_000));
    sources = open();
    await sources.configure([shop.instance()]);
    await sources.idle();
    let reading: ShopReading | undefined;
    atLook = async () => {
      if (looks !== 2) return;
      // It changes after the page was read.
      shop.put('9', time(0), 7);
      reading = sources.shop('shop');
      await reading!.take([{ stream: 'orders', id: '9' }]);
    };
    await sources.backfill([asked]);
    await sources.idle();
    const all = await said();
    expect(all.indexOf('9 New')).toBeLessThan(9);
    expect(all.toSorted()).toEqual(Array.from({ length: 10 }, (_, id) => `${id + 1} New`).toSorted());
    expect(shop.calls.queries.filter(({ by }) => by === 'created').length).toBeGreaterThan(1);
  });

  it('is handled equally for a source that is not a shop', async () => {
    const settings = { secret: 'dummy', events: 50, pageSize: 20 };
    const source = dummySource;
    sources = open();
    await sources.configure([{ id: 'plain', type: 'dummy', enabled: true, settings, source } as never]);
    await sources.idle();
    const before = (await one.all()).length;
    await sources.backfill([{ id: 'b-2', source: 'plain', stream: 'history' }]);
    await sources.idle();
    const past = (await one.all()).slice(before);
    expect(past).toHaveLength(50);
    expect(new Set(past.map(({ messageId }) => messageId)).size).toBe(50);
    expect(looks).toBeGreaterThanOrEqual(50 / 3);
    expect(sources.status().at(-1)).toMatchObject({ read: 50, ended: true });
  });
});
