import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ShopLimits } from '@waybill/core';
import {
  createSources,
  receiveHints,
  type ShopReading,
  type Sources,
  type StreamStatus,
} from '@waybill/ingest';
import { changes, type FakeShop, fakeShop } from './fake-shop.ts';
import { type World, world } from './support.ts';

const MINUTE = 60_000;
/** A total that makes an event too large. */
const LARGE = 40_000;

let one: World;
let shop: FakeShop;
let sources: Sources | undefined;
let failures: string[];
let room = 0;
beforeEach(async () => {
  one = await world();
  shop = fakeShop();
  failures = [];
  room = 0;
});
afterEach(async () => {
  await sources?.stop();
  sources = undefined;
  await one.close();
});

/** A time, by minutes before or after the one that a test begins at. */
const BEGIN = Date.parse('2026-01-15T12:00:00Z');
const at = (minutes: number): string => new Date(BEGIN + minutes * MINUTE).toISOString();
async function open(limits?: Partial<ShopLimits>): Promise<void> {
  sources = createSources({
    log: one.log,
    intake: one.intake,
    context: shop.contextOf(() => one.time.now),
    changes,
    references: () => [],
    holder: 'test',
    now: () => one.time.now,
    async sleep(milliseconds) {
      one.time.now += milliseconds;
    },
    room: () => Promise.resolve({ events: Infinity, waitMs: room }),
    onFailure: (stream, { code }) => failures.push(`${stream}: ${code}`),
  });
  await sources.configure([shop.instance(limits)]);
  await sources.idle();
}
async function restart(): Promise<void> {
  await sources!.stop();
  await one.reopen();
  await open();
}
const reading = (): ShopReading => sources!.shop('shop')!;
/** Continues after a while, as if the loop had slept. */
async function after(milliseconds: number): Promise<void> {
  one.time.now += milliseconds;
  reading().wake();
  await sources!.idle();
}
const hint = async (...ids: readonly string[]): Promise<void> => {
  await reading().take(ids.map((id) => ({ stream: 'orders', id })));
  await sources!.idle();
};
/** The events so far: "1 New". */
const said = async (): Promise<readonly string[]> =>
  (await one.all()).map(({ messageId, event }) => `${messageId.split(' ')[0]} ${event}`);
const line = (mode: StreamStatus['mode']): StreamStatus =>
  sources!.status().findLast((status) => status.mode === mode)!;

describe.each([true, false])('a poll of a shop that can start after a row: %s', (keyset) => {
  beforeEach(() => {
    shop.keyset = keyset;
  });

  it('reports each change once, also one that became visible late', async () => {
    for (let id = 1; id <= 10; id += 1) shop.put(String(id), at(id / 10));
    await open();
    expect(await said()).toEqual(Array.from({ length: 10 }, (_, id) => `${id + 1} New`));
    await after(MINUTE);
    shop.put('11', at(-3));
    shop.put('3', at(1), 5);
    await after(MINUTE);
    await after(MINUTE);
    expect((await said()).slice(10)).toEqual(['11 New', '3 Changed']);
  });

  it('is not awaited by a manual run, nor is a sweep', async () => {
    shop.put('1', at(-60));
    await open();
    shop.put('2', at(0));
    reading().readNow(['poll']);
    await sources!.idle();
    expect(await said()).toEqual(['2 New']);
    reading().readNow(['poll', 'sweep']);
    await sources!.idle();
    expect(await said()).toEqual(['2 New', '1 New']);
    const { length } = shop.calls.queries;
    reading().wake();
    await sources!.idle();
    expect(shop.calls.queries).toHaveLength(length);
  });

  it('reads pages of equal times to their end, and continues in the middle after a restart', async () => {
    for (let id = 1; id <= 18; id += 1) shop.put(String(id), at(id > 14 ? 1 : 0));
    let pages = 0;
    shop.meanwhile = () => {
      // The store refuses later writes, as from an ended process.
      if ((pages += 1) === 3) void sources!.stop();
    };
    await open();
    const first = await said();
    expect(first.length).toBeLessThan(18);
    shop.meanwhile = undefined;
    await restart();
    expect((await said()).length).toBe(18);
    expect(new Set(await said()).size).toBe(18);
  });

  it('loses no row when others change while it reads', async () => {
    for (let id = 1; id <= 12; id += 1) shop.put(String(id), at(id / 100));
    let moved = false;
    shop.meanwhile = () => {
      if (moved) return;
      moved = true;
      shop.put('1', at(0.5), 2);
      shop.put('2', at(0.5), 2);
    };
    await open();
    const known = new Set((await said()).map((text) => text.split(' ')[0]));
    expect(known.size).toBe(12);
    expect(await said()).toContain('2 Changed');
  });

  it('ends when the shop returns its last page again and again', async () => {
    shop.repeats = true;
    for (let id = 1; id <= 8; id += 1) shop.put(String(id), at(0));
    await open();
    expect(await said()).toHaveLength(8);
    expect(shop.calls.queries.length).toBeLessThan(8);
  });

  it('finds the rows that break a page, sets them aside, and reads them again when they are repaired', async () => {
    for (let id = 1; id <= 8; id += 1) shop.put(String(id), at(id / 100));
    shop.spoils.add('3');
    await open();
    await after(2_000);
    await after(3_000);
    expect(new Set(await said())).toEqual(new Set([1, 2, 4, 5, 6, 7, 8].map((id) => `${id} New`)));
    const [row] = reading().asides();
    expect(row).toMatchObject({ stream: 'orders', code: 'source_unavailable' });
    await restart();
    expect(reading().asides()).toHaveLength(1);
    shop.spoils.clear();
    expect(await reading().again()).toBe(1);
    await sources!.idle();
    expect(await said()).toContain('3 New');
    expect(reading().asides()).toEqual([]);
  });
});

it('several rows that break pages are set aside, and none while the shop is down', async () => {
  for (let id = 1; id <= 24; id += 1) shop.put(String(id), at(id / 100));
  for (const id of ['2', '3', '5', '24']) shop.spoils.add(id);
  shop.answer = () => ({ status: 500 });
  await open();
  for (let turn = 0; turn < 8; turn += 1) await after(300_000);
  expect(reading().asides()).toEqual([]);
  expect(shop.calls.made).toBeLessThan(9 * 3 + 1);
  shop.answer = undefined;
  for (let turn = 0; turn < 12; turn += 1) await after(300_000);
  expect(await said()).toHaveLength(20);
  expect(reading().asides().length).toBeGreaterThanOrEqual(4);
});

describe('unreadable rows', () => {
  it('are set aside with their text, the rest continues, and they are read again by id', async () => {
    for (const id of ['1', '2', '3']) shop.put(id, at(0));
    shop.throws.add('1');
    shop.invalid.add('2');
    await open();
    expect(await said()).toEqual(['3 New']);
    expect(reading().asides()).toMatchObject([
      { row: '2', code: 'payload_not_a_choice', message: expect.stringContaining('order.status') as string },
      {
        row: '1',
        code: 'source_failed',
        message: 'Row 1 has no lines.',
        text: expect.stringContaining('"id":"1"') as string,
      },
    ]);
    expect(line('poll')).toMatchObject({ setAside: 2 });
    shop.throws.clear();
    await reading().again(['orders 1']);
    await sources!.idle();
    expect(await said()).toEqual(['3 New', '1 New']);
    expect(reading().asides()).toHaveLength(1);
  });
});

it('an unreadable part of a row is set aside alone, until the row is complete', async () => {
  for (const id of ['1', '2']) shop.put(id, at(0));
  shop.torn.add('1');
  await open();
  expect(await said()).toEqual(['1 New', '2 New']);
  expect(reading().asides()).toMatchObject([
    { row: '1', code: 'source_failed', message: 'It has no id.', text: '{"of":"1"}' },
  ]);
  await restart();
  await reading().again();
  await sources!.idle();
  expect(reading().asides()).toHaveLength(1);
  shop.torn.clear();
  await reading().again();
  await sources!.idle();
  expect([await said(), reading().asides()]).toEqual([['1 New', '2 New'], []]);
});

it('a row whose event is too large is set aside, and reported later', async () => {
  shop.put('1', at(0), LARGE);
  shop.put('2', at(0));
  await open();
  expect(await said()).toEqual(['2 New']);
  expect(reading().asides()).toMatchObject([{ row: '1', code: 'event_too_large' }]);
  shop.put('1', at(0), 7);
  await reading().again();
  await sources!.idle();
  expect(await said()).toEqual(['2 New', '1 New']);
});

it('a hint may contain the whole row', async () => {
  await open();
  const row = { id: '3', created: at(-600), updated: at(-600), total: 2 };
  await reading().take([{ stream: 'orders', id: '3', row }]);
  await sources!.idle();
  expect(await said()).toEqual(['3 New']);
  expect(shop.calls.gets).toEqual([]);
});

it('the clock of a shop may be ten minutes off, in either direction', async () => {
  for (const off of [-10, 10]) {
    await open();
    shop.put(`${20 + off}`, at((one.time.now - BEGIN) / MINUTE + off));
    await after(MINUTE);
    expect(await said()).toContain(`${20 + off} New`);
    await sources!.stop();
    await one.close();
    one = await world();
    shop = fakeShop();
  }
  await open();
});

it('a row in the far future does not affect the clock', async () => {
  shop.put('1', '2099-01-01T00:00:00Z');
  await open();
  shop.put('2', at(0));
  await after(MINUTE);
  expect(await said()).toEqual(['1 New', '2 New']);
});

it('a sweep finds rows without a visible change', async () => {
  shop.put('1', at(-60));
  await open();
  expect(await said()).toEqual([]);
  await after(86_400_000);
  expect(await said()).toEqual(['1 New']);
});

it('an empty page with a next page is a failure', async () => {
  shop.drips = true;
  await open();
  expect(failures).toContain('shop orders: source_failed');
});

describe('hints', () => {
  it('are processed once, however often and in whatever order they arrive', async () => {
    await open();
    shop.put('7', at(-600), 3);
    await hint('7', '7');
    await hint('7');
    expect(await said()).toEqual(['7 New']);
    shop.put('7', at(-700), 4);
    await hint('7');
    expect(await said()).toEqual(['7 New']);
    shop.rows.delete('7');
    await hint('7', '8');
    await hint('7');
    expect(await said()).toEqual(['7 New', '7 Gone']);
    expect(line('poll')).toMatchObject({ waiting: 0 });
  });

  it('wait while the shop is down, across a restart too', async () => {
    await open();
    shop.answer = () => ({ status: 500 });
    await hint('1', '2');
    shop.put('1', at(-600));
    shop.put('2', at(-600));
    await restart();
    expect(line('poll')).toMatchObject({ waiting: 2 });
    shop.answer = undefined;
    await after(MINUTE);
    await after(MINUTE);
    expect(await said()).toEqual(['1 New', '2 New']);
  });

  it('R3: are accepted at once while the shop does not answer, so no checkout waits for their result', async () => {
    await open();
    shop.answer = () => ({ status: 500 });
    shop.put('1', at(-600));
    expect(await reading().take([{ stream: 'orders', id: '1' }])).toBe('taken');
    await sources!.idle();
    expect([await said(), line('poll')]).toMatchObject([[], { waiting: 1 }]);
    shop.answer = undefined;
    await after(MINUTE);
    await after(MINUTE);
    expect(await said()).toEqual(['1 New']);
  });

  it('of an unreadable row are dropped in the end, and the row is set aside', async () => {
    shop.spoils.add('1');
    await open();
    await hint('1');
    for (let tries = 0; tries < 10; tries += 1) await after(3_600_000);
    expect(reading().asides()).toMatchObject([{ row: '1', code: 'source_unavailable' }]);
    expect(line('poll')).toMatchObject({ waiting: 0 });
  });

  it('of a request are durable when it is answered, and a wrong signature is refused and recorded', async () => {
    await open();
    shop.put('5', at(-600));
    const receive = (key: string, body: unknown) =>
      receiveHints(
        shop.instance(),
        {
          method: 'POST',
          headers: { 'x-key': key },
          query: {},
          body: new TextEncoder().encode(JSON.stringify(body)),
        },
        { take: reading().take, intake: one.intake, context: reading().context() },
      );
    expect(await receive('wrong', [])).toMatchObject({ failure: { code: 'source_signature_invalid' } });
    expect(await receive('right', [{ stream: 'odd', id: '1' }])).toMatchObject({
      failure: { code: 'source_failed' },
    });
    expect(one.refusals.list(5)).toHaveLength(2);
    shop.answer = () => ({ status: 500 });
    expect(await receive('right', [{ stream: 'orders', id: '5' }])).toEqual({ taken: 1 });
    // Killed before anything was read.
    shop.answer = undefined;
    await restart();
    await after(10_000);
    expect(await said()).toEqual(['5 New']);
  });
});

describe('limits', () => {
  it('a temporarily refused call is retried automatically', async () => {
    shop.put('1', at(0));
    for (const headers of [{ 'retry-after': '7' }, undefined]) {
      let refused = 0;
      shop.answer = () => ((refused += 1) <= 2 ? { status: 429, ...(headers && { headers }) } : undefined);
      const began = one.time.now;
      await open();
      expect(await said()).toEqual(['1 New']);
      expect(one.time.now - began).toBe(headers === undefined ? 3_000 : 14_000);
      await sources!.stop();
      one.time.now += MINUTE;
    }
  });

  it('a long wait pauses the source, with the time of the retry', async () => {
    shop.answer = () => ({ status: 503, headers: { 'retry-after': '7200' } });
    await open();
    expect(line('poll').waitsUntil).toBe(one.time.now + 7_200_000);
    const { made } = shop.calls;
    await after(3_600_000);
    expect(shop.calls.made).toBe(made);
    shop.answer = undefined;
    shop.put('1', at(119));
    await after(3_600_000);
    expect(await said()).toEqual(['1 New']);
  });

  it('daily calls are counted across a restart', async () => {
    const limits = { quotas: [{ calls: 3, seconds: 86_400 }] };
    shop.put('1', at(0));
    await open(limits);
    await after(MINUTE);
    shop.put('2', at(2));
    await after(MINUTE);
    await sources!.stop();
    await one.reopen();
    await open(limits);
    await after(MINUTE);
    expect(shop.calls.made).toBe(3);
    expect(line('poll').waitsUntil).toBeGreaterThan(one.time.now + 80_000_000);
    await after(100_000_000);
    expect(shop.calls.made).toBeGreaterThan(3);
  });

  it('the remaining quota reported by the shop takes precedence', async () => {
    let left = 1;
    for (let id = 1; id <= 12; id += 1) shop.put(String(id), at(id / 100));
    shop.answer = () => ({ status: 200, headers: { left: String((left -= 1)) } });
    const began = one.time.now;
    await open({ left: ({ left: calls }) => ({ calls: Number(calls), resetMs: 10_000 }) });
    expect(await said()).toHaveLength(12);
    expect(one.time.now - began).toBeGreaterThanOrEqual(30_000);
  });

  it('wrong credentials stop everything except the next attempt, and are reported', async () => {
    shop.answer = () => ({ status: 401 });
    await open();
    expect(line('poll')).toMatchObject({ failure: { code: 'source_unauthorized' } });
    expect(shop.calls.made).toBe(1);
    shop.answer = undefined;
    shop.put('1', at(0));
    await after(2_000);
    expect(await said()).toEqual(['1 New']);
    expect(line('poll')).not.toHaveProperty('failure');
  });
});

describe('a back-fill', () => {
  const asked = { id: 'b-1', source: 'shop', stream: 'orders' };
  const fill = (count: number): void => {
    for (let id = 1; id <= count; id += 1) shop.put(String(id), at(-10_000 + Math.floor(id / 3)));
  };

  it('marks unknown rows as history, is counted, waits for room, and continues after a restart', async () => {
    fill(30);
    await open();
    await hint('5');
    shop.put('5', at(-500), 9);
    let pages = 0;
    shop.meanwhile = () => {
      if ((pages += 1) === 3) room = 3_600_000;
    };
    await sources!.backfill([asked]);
    await sources!.idle();
    expect(line('backfill')).toMatchObject({ ended: false, total: 30, backfill: 'b-1' });
    // Live changes take precedence.
    shop.put('99', at(1));
    await hint('99');
    const marks = async () =>
      new Map(
        (await one.all()).map(({ messageId, context }) => [messageId.split(' ')[0], context?.['historical']]),
      );
    expect((await marks()).get('99')).toBeUndefined();
    room = 0;
    await restart();
    expect(line('backfill')).toMatchObject({ ended: true, total: 30, read: 30 });
    const all = await marks();
    expect(all.size).toBe(31);
    expect([...all].flatMap(([id, mark]) => (mark === true ? [] : [id])).sort()).toEqual(['5', '99']);
    expect(await said()).toContain('5 Changed');
  });

  it('reads each row once, with each kind of paging', async () => {
    for (const keyset of [true, false]) {
      shop.keyset = keyset;
      fill(50);
      await open();
      await sources!.backfill([{ ...asked, id: `b ${keyset}`, from: at(-9_990) }]);
      await sources!.idle();
      expect(line('backfill')).toMatchObject({ ended: true, total: 21, read: 21 });
      await sources!.stop();
    }
    expect(await said()).toHaveLength(21);
  });
});

describe('a deletion', () => {
  it('removes rows of a person that were set aside or wait, and keeps those of others', async () => {
    await open();
    const row = (id: string, email: string): object => ({
      id,
      created: at(0),
      updated: at(0),
      total: 1,
      email,
    });
    shop.throws.add('1').add('2');
    const rows = [row('1', 'Ada@example.com'), row('2', 'bob@example.com')] as never[];
    await reading().take(rows.map((one: { id: string }) => ({ stream: 'orders', id: one.id, row: one })));
    await sources!.idle();
    expect(reading().asides()).toHaveLength(2);
    shop.answer = () => ({ status: 500 });
    await hint('9');
    const taken = reading().take([{ stream: 'orders', id: '3', row: row('3', 'ada@example.com') }]);
    const erased = sources!.erase({ email: 'ada@Example.com' });
    await taken;
    await erased;
    expect(
      reading()
        .asides()
        .map((one) => one.row),
    ).toEqual(['2']);
    await restart();
    expect(
      reading()
        .asides()
        .map((one) => one.row),
    ).toEqual(['2']);
  });
});
