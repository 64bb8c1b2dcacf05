import { afterAll, describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { type Log, type State } from '../src/index.ts';
import {
  append,
  clock,
  destination,
  event,
  tempDir,
  type TestClock,
  until,
  world,
  openLog,
  openState,
  key,
} from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const temp = tempDir();
afterAll(temp.clean);

/** The number of events per ID. */
const counts = (log: Log, ids: readonly string[]): Promise<number[]> =>
  Promise.all(ids.map(async (messageId) => (await log.read({ messageId })).length));

const NOTHING = async (_first: number, _last: number): Promise<readonly number[]> => [];

/** Prunes by age until nothing more is removed; returns the rest of the log. */
async function prune(log: Log, before: number, keep = NOTHING): Promise<readonly number[]> {
  for (let after: number | undefined = 0; after !== undefined;) {
    const step = await log.prune({
      upTo: await log.lastSeq(),
      before,
      maxBytes: Number.POSITIVE_INFINITY,
      keep,
      after,
    });
    after = step.next;
  }
  return (await log.read({ after: 0, limit: 1_000 })).map((one) => one.seq);
}

async function commits(log: Log, now: TestClock, hours: readonly number[]): Promise<void> {
  let at = 0;
  for (const [n, hour] of hours.entries()) {
    now.advance((hour - at) * 60 * 60 * 1000);
    at = hour;
    await append(log, [event(`m${(await log.lastSeq()) + 1}-${n}`)]);
  }
  now.advance(-at * 60 * 60 * 1000);
}

describe('the retention of a log', () => {
  it.each([
    ['for a commit', [0, 24 * 365, 1, 2]],
    ['for a commit, by less than events stay', [0, 100, 1, 2]],
    ['for the first commit', [100, 0, 1, 2]],
    ['for many commits', [0, ...Array.from({ length: 60 }, (_, n) => 500 + n), 1, 2]],
  ])('continues when the clock was ahead %s', async (_when, hours) => {
    const now = clock();
    const log = openLog({ file: ':memory:', now });
    const begin = now();
    await commits(log, now, hours);
    now.advance(10 * DAY);
    await append(log, [event('young')]);
    const last = await log.lastSeq();
    expect(await prune(log, begin + 9 * DAY)).toEqual([last]);
    await log.close();
  });

  it('does not remove young events because the clock was behind for a commit', async () => {
    const now = clock();
    const log = openLog({ file: ':memory:', now });
    await commits(log, now, [0, 1, 2, -24 * 365 * 30, 3]);
    expect(await prune(log, now() - DAY)).toEqual([1, 2, 3, 4, 5]);
    await log.close();
  });

  it('keeps only the needed events of a block, which are still found by their ids', async () => {
    const file = temp.path('log.db');
    const now = clock();
    const log = openLog({ file, now });
    await append(
      log,
      Array.from({ length: 100 }, (_, n) => event(`m${n + 1}`)),
    );
    now.advance(2 * DAY);
    await append(log, [event('young')]);
    const needed = [3, 4, 50, 100];
    const keep = async (first: number, last: number): Promise<readonly number[]> =>
      needed.filter((seq) => seq >= first && seq <= last);
    expect(await prune(log, now() - DAY, keep)).toEqual([3, 4, 50, 100, 101]);
    expect((await log.read({ seqs: [4, 50, 51] })).map((one) => one.event.messageId)).toEqual(['m4', 'm50']);
    expect(await counts(log, ['m3', 'm50', 'm51'])).toEqual([1, 1, 0]);
    expect(await log.lastSeq()).toBe(101);
    await log.close();
    const again = openLog({ file, now });
    expect(await counts(again, ['m3', 'm50', 'm51', 'young'])).toEqual([1, 1, 0, 1]);
    expect(await prune(again, now() - DAY, NOTHING)).toEqual([101]);
    await again.close();
  });

  it('drops the runs of ids of removed events, and finds the remaining ones by id', async () => {
    const file = temp.path('runs.db');
    const now = clock();
    const log = openLog({ file, now });
    for (let n = 0; n < 35; n += 1) {
      await append(
        log,
        Array.from({ length: 4_000 }, (_, at) => event(`m${n * 4_000 + at + 1}`)),
      );
    }
    const runs = (): number => {
      const database = new DatabaseSync(file, { readOnly: true });
      const { count } = database.prepare('SELECT count(*) AS count FROM id_runs').get() as { count: number };
      database.close();
      return count;
    };
    const before = runs();
    expect(before).toBeGreaterThan(1);
    now.advance(2 * DAY);
    await append(log, [event('young')]);
    const keep = async (first: number, last: number): Promise<readonly number[]> =>
      first <= 7 && last >= 7 ? [7] : [];
    expect(await prune(log, now() - DAY, keep)).toEqual([7, 140_001]);
    expect(runs()).toBe(1);
    expect(await counts(log, ['m7', 'm8', 'young'])).toEqual([1, 0, 1]);
    await log.close();
  }, 60_000);
});

describe('the retention of a state', () => {
  const base = { destination: 'l', mappingId: 'm', attempts: 1 } as const;
  const limits = {
    outcomesUpTo: 0,
    after: 0,
    deadLettersBefore: 0,
    maxDeadLetterBytes: Number.POSITIVE_INFINITY,
    exchangesBefore: 0,
  };
  const letter = (seq: number, at: number, exchangeIds: readonly number[] = []) => ({
    ...{ ...base, seq, at, position: 0, messageId: `m${seq}`, sourceId: 's', user: 'u:a', exchangeIds },
    ...{ code: 'destination_rejected' as const, message: 'No.', payload: 'x'.repeat(1_000) },
  });
  const exchange = (id: number) => ({
    ...{ id, destination: 'l', at: 5, durationMs: 1 },
    request: { method: 'POST', url: 'http://x/', headers: {}, body: 'b'.repeat(1_000) },
  });
  const prunes = async (state: State, some: Partial<typeof limits>) => {
    const all = { outcomes: 0, exchanges: 0, letters: 0 };
    for (let after: number | undefined = 0; after !== undefined;) {
      const step = await state.prune({ ...limits, ...some, after });
      all.outcomes += step.outcomes;
      all.exchanges += step.exchanges;
      for (const { count } of step.expired) all.letters += count;
      after = step.next;
    }
    return all;
  };

  it('removes the outcomes of removed events, rows and parts of runs, and no others', async () => {
    const state = openState({ file: ':memory:' });
    const skipped = {
      ...base,
      mappingId: '',
      status: 'skipped',
      code: 'no_matching_mapping',
      at: 1,
    } as const;
    await state.settle({
      destination: 'l',
      cursor: 20_000,
      outcomes: [
        { ...base, seq: 1, through: 15_000, status: 'delivered', at: 1 },
        { ...base, seq: 30, mappingId: 'n', status: 'rejected', code: 'destination_rejected', at: 1 },
        ...Array.from({ length: 12_000 }, (_, n) => ({ ...skipped, seq: n + 1 })),
      ],
      deadLetters: [{ ...letter(30, 1), mappingId: 'n' }],
      retries: [{ ...base, seq: 40, position: 0, user: 'u:a', dueAt: 9 }],
    });
    await prunes(state, { outcomesUpTo: 11_000 });
    const kept = async (seq: number): Promise<readonly string[]> =>
      (await state.outcomes([seq])).map((one) => one.mappingId);
    expect(await Promise.all([1, 29, 31, 39, 41, 11_000].map(kept))).toEqual([[], [], [], [], [], []]);
    expect(
      (await Promise.all([30, 40, 11_001, 14_000, 15_000].map(kept))).map(({ length }) => length),
    ).toEqual([3, 2, 2, 1, 1]);
    expect(await state.needed(1, 100)).toEqual([30, 40]);
    await state.discard([1]);
    await prunes(state, { outcomesUpTo: 11_000 });
    expect([await kept(30), await state.needed(1, 100)]).toEqual([[], [40]]);
    await state.close();
  });

  it('gives each event of a gap one outcome, and removes those of events with another result', async () => {
    const state = openState({ file: ':memory:' });
    const gap = { destination: 'l', code: 'event_expired', at: 5 } as const;
    await state.settle({ destination: 'l', cursor: 10, gaps: [{ ...gap, seq: 1, through: 10 }] });
    await state.settle({ destination: 'l', cursor: 30, gaps: [{ ...gap, seq: 11, through: 30, at: 6 }] });
    expect(await state.gaps({})).toEqual([{ ...gap, seq: 1, through: 30, at: 6 }]);
    await state.settle({ destination: 'l', outcomes: [{ ...base, seq: 7, status: 'delivered', at: 9 }] });
    expect((await state.outcomes([6, 7, 31])).map(({ seq, status }) => [seq, status])).toEqual([
      [6, 'rejected'],
      [7, 'delivered'],
    ]);
    expect((await state.stats())[0]).toMatchObject({ delivered: 1, rejected: 29, cursor: 30 });
    expect(await state.gaps({ destination: 'l', after: 1 })).toMatchObject([{ seq: 8, through: 30 }]);
    await state.close();
  });

  it('removes dead letters that are too old or too many, and their exchanges with the last reference', async () => {
    const state = openState({ file: ':memory:' });
    await state.settle({
      destination: 'l',
      cursor: 1,
      exchanges: [exchange(1), exchange(2)],
      deadLetters: [
        letter(1, 10, [1]),
        // Written while the clock was fast.
        letter(2, 10_000, [1]),
        letter(3, 20, [1, 2]),
        letter(4, 500),
        letter(5, 600),
      ],
    });
    const before = (await state.sizes()).deadLetters;
    expect(before).toBeGreaterThan(5_000);
    expect(await prunes(state, { deadLettersBefore: 100 })).toMatchObject({ letters: 3, exchanges: 0 });
    expect((await state.deadLetters({})).map(({ seq }) => seq)).toEqual([4, 5]);
    expect((await state.stats())[0]?.deadLetters).toBe(2);
    expect((await prunes(state, { exchangesBefore: 100 })).exchanges).toBe(2);
    expect(await state.exchanges([1, 2])).toEqual([]);
    expect(await state.sizes()).toMatchObject({ exchanges: 0 });
    expect((await state.sizes()).deadLetters).toBeLessThan(before / 2);
    expect((await prunes(state, { maxDeadLetterBytes: 1_500 })).letters).toBe(1);
    expect((await state.deadLetters({})).map(({ seq }) => seq)).toEqual([5]);
    expect((await prunes(state, { maxDeadLetterBytes: 0 })).letters).toBe(1);
    expect(await state.sizes()).toMatchObject({ deadLetters: 0 });
    await state.close();
  });

  it('opens a folder of an earlier version without reading its content', async () => {
    const file = temp.path('old-state.db');
    for (const suffix of ['', '-wal']) {
      const packed = readFileSync(
        new URL(`../../../test/fixtures/folder-0.1/state.db${suffix}.gz`, import.meta.url),
      );
      writeFileSync(`${file}${suffix}`, gunzipSync(packed));
    }
    const state = openState({ file });
    const letters = (await state.deadLetters({})).map(({ id }) => id!);
    expect(letters).toHaveLength(2);
    expect((await state.sizes()).deadLetters).toBeGreaterThan(200);
    expect(await state.discard(letters)).toBe(2);
    expect((await state.sizes()).deadLetters).toBe(0);
    await state.close();
  });
});

describe('a destination that is added again', () => {
  const delivered = () => {
    const seen: string[] = [];
    return {
      seen,
      one: destination((things) => {
        seen.push(...things.map(({ payload }) => payload.id));
        return things.map(() => ({ status: 'delivered' as const }));
      }),
    };
  };

  it('begins at the end of the log, not where the removed one was', async () => {
    const { seen, one } = delivered();
    const room = await world([one]);
    await append(room.log, [event('first')]);
    await room.engine.idle();
    await room.engine.configure([{ ...one, enabled: false }]);
    await append(
      room.log,
      Array.from({ length: 100 }, (_, n) => event(`backlog${n}`)),
    );
    await room.engine.configure([]);
    await until(async () => (await room.state.stats()).length === 0);
    await append(
      room.log,
      Array.from({ length: 1_000 }, (_, n) => event(`gap${n}`)),
    );
    await room.engine.configure([one]);
    await append(room.log, [event('after')]);
    await room.engine.idle();
    expect(seen).toEqual(['first', 'after']);
    await room.close();
  });

  it('begins at the end also when it was removed just before, with a step in flight', async () => {
    const { seen, one } = delivered();
    let release = (): void => undefined;
    const slow = destination(
      async (things) => {
        await new Promise<void>((resolve) => (release = resolve));
        seen.push(...things.map(({ payload }) => payload.id));
        return things.map(() => ({ status: 'delivered' as const }));
      },
      { maxItems: 1 },
    );
    const room = await world([slow], { limits: { events: 1 } });
    await append(room.log, [event('a'), event('b'), event('c')]);
    room.engine.wake();
    while ((await room.engine.status())[0]?.cursor !== 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await room.engine.configure([]);
    await room.engine.configure([one]);
    release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await append(room.log, [event('after')]);
    room.engine.wake();
    await room.engine.idle();
    expect(seen).toEqual(['a', 'after']);
    await room.close();
  });

  it('does not receive the backlog of the removed one, which ends as skipped; its dead letters remain', async () => {
    const { seen, one } = delivered();
    const broken = destination((things) =>
      things.map(({ payload }) =>
        payload.id === 'bad'
          ? { status: 'rejected' as const, code: 'destination_rejected' as const, message: 'No.' }
          : { status: 'retry' as const, code: 'destination_result_unknown' as const, message: 'Later.' },
      ),
    );
    const file = temp.path('state.db');
    const state = openState({ file });
    const room = await world([broken], { state });
    await append(room.log, [event('bad', 'u1'), event('waits', 'u2'), event('behind', 'u2')]);
    room.engine.wake();
    while ((await state.lane(key('fake')))?.waiting < 2)
      await new Promise((resolve) => setTimeout(resolve, 2));
    await room.engine.configure([]);
    while ((await state.lane(key('fake')))?.waiting > 0)
      await new Promise((resolve) => setTimeout(resolve, 2));
    const steps = (await state.outcomes([1, 2, 3])).map(({ seq, status, code }) => [seq, status, code]);
    expect(steps).toEqual([
      [1, 'rejected', 'destination_rejected'],
      [2, 'skipped', 'destination_removed'],
      [3, 'skipped', 'destination_removed'],
    ]);
    expect((await state.deadLetters({})).map(({ messageId }) => messageId)).toEqual(['bad']);
    await room.engine.configure([one]);
    room.now.advance(DAY);
    await room.engine.idle();
    expect(seen).toEqual([]);
    // A person may still send it to the new one.
    expect(await state.requeue([1], room.now())).toBe(1);
    room.engine.wake();
    await room.engine.idle();
    expect([seen, (await state.stats())[0]]).toMatchObject([['bad'], { retrying: 0, deadLetters: 0 }]);
    await room.close();
  });
});
