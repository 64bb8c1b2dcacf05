import { afterAll, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { type EventLog, openEventLog, openStateStore } from '../src/index.ts';
import { append, clock, destination, event, tempDir, type TestClock, until, world } from './support.ts';

const DAY = 24 * 60 * 60 * 1000;
const temp = tempDir();
afterAll(temp.clean);

const NOTHING = (_first: number, _last: number): readonly number[] => [];

/** Prunes by age until nothing more goes; what is in the log then. */
function prune(log: EventLog, before: number, keep = NOTHING): readonly number[] {
  for (let after: number | undefined = 0; after !== undefined;) {
    after = log.prune({
      upTo: log.lastSeq(),
      before,
      maxBytes: Number.POSITIVE_INFINITY,
      keep,
      after,
    }).next;
  }
  return log.read(0, 1_000).map((one) => one.seq);
}

async function commits(log: EventLog, now: TestClock, hours: readonly number[]): Promise<void> {
  let at = 0;
  for (const [n, hour] of hours.entries()) {
    now.advance((hour - at) * 60 * 60 * 1000);
    at = hour;
    await append(log, [event(`m${log.lastSeq() + 1}-${n}`)]);
  }
  now.advance(-at * 60 * 60 * 1000);
}

describe('the retention of a log', () => {
  it.each([
    ['for a commit', [0, 24 * 365, 1, 2]],
    ['for a commit, by less than events stay', [0, 100, 1, 2]],
    ['for the first commit', [100, 0, 1, 2]],
    ['for many commits', [0, ...Array.from({ length: 60 }, (_, n) => 500 + n), 1, 2]],
  ])('goes on when the clock was ahead %s', async (_when, hours) => {
    const now = clock();
    const log = openEventLog({ file: ':memory:', now });
    const begin = now();
    await commits(log, now, hours);
    now.advance(10 * DAY);
    await append(log, [event('young')]);
    const last = log.lastSeq();
    expect(prune(log, begin + 9 * DAY)).toEqual([last]);
    await log.close();
  });

  it('does not let go of what is young because the clock was behind for a commit', async () => {
    const now = clock();
    const log = openEventLog({ file: ':memory:', now });
    await commits(log, now, [0, 1, 2, -24 * 365 * 30, 3]);
    expect(prune(log, now() - DAY)).toEqual([1, 2, 3, 4, 5]);
    await log.close();
  });

  it('keeps of a block only the events that are needed, which are still found by their ids', async () => {
    const file = temp.path('log.db');
    const now = clock();
    const log = openEventLog({ file, now });
    await append(
      log,
      Array.from({ length: 100 }, (_, n) => event(`m${n + 1}`)),
    );
    now.advance(2 * DAY);
    await append(log, [event('young')]);
    const needed = [3, 4, 50, 100];
    const keep = (first: number, last: number): readonly number[] =>
      needed.filter((seq) => seq >= first && seq <= last);
    expect(prune(log, now() - DAY, keep)).toEqual([3, 4, 50, 100, 101]);
    expect(log.readMany([4, 50, 51]).map((one) => one.event.messageId)).toEqual(['m4', 'm50']);
    expect(['m3', 'm50', 'm51'].map((id) => log.find(id).length)).toEqual([1, 1, 0]);
    expect(log.lastSeq()).toBe(101);
    await log.close();
    const again = openEventLog({ file, now });
    expect(['m3', 'm50', 'm51', 'young'].map((id) => again.find(id).length)).toEqual([1, 1, 0, 1]);
    expect(prune(again, now() - DAY, NOTHING)).toEqual([101]);
    await again.close();
  });

  it('drops the runs of ids of what is gone, and finds by its id what stays of it', async () => {
    const file = temp.path('runs.db');
    const now = clock();
    const log = openEventLog({ file, now });
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
    const keep = (first: number, last: number): readonly number[] => (first <= 7 && last >= 7 ? [7] : []);
    expect(prune(log, now() - DAY, keep)).toEqual([7, 140_001]);
    expect(runs()).toBe(1);
    expect(['m7', 'm8', 'young'].map((id) => log.find(id).length)).toEqual([1, 0, 1]);
    await log.close();
  }, 60_000);
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
    const room = world([one]);
    await append(room.log, [event('first')]);
    await room.engine.idle();
    room.engine.configure([{ ...one, enabled: false }]);
    await append(
      room.log,
      Array.from({ length: 100 }, (_, n) => event(`backlog${n}`)),
    );
    room.engine.configure([]);
    await until(() => room.state.stats().length === 0);
    await append(
      room.log,
      Array.from({ length: 1_000 }, (_, n) => event(`gap${n}`)),
    );
    room.engine.configure([one]);
    await append(room.log, [event('after')]);
    await room.engine.idle();
    expect(seen).toEqual(['first', 'after']);
    await room.close();
  });

  it('begins at the end also when it was removed a moment before, with a step under way', async () => {
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
    const room = world([slow], { limits: { events: 1 } });
    await append(room.log, [event('a'), event('b'), event('c')]);
    room.engine.wake();
    while (room.engine.status()[0]?.cursor !== 0) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, 50));
    room.engine.configure([]);
    room.engine.configure([one]);
    release();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await append(room.log, [event('after')]);
    room.engine.wake();
    await room.engine.idle();
    expect(seen).toEqual(['a', 'after']);
    await room.close();
  });

  it('is not sent what waited for the removed one, which ends as skipped; its dead letters stay', async () => {
    const { seen, one } = delivered();
    const broken = destination((things) =>
      things.map(({ payload }) =>
        payload.id === 'bad'
          ? { status: 'rejected' as const, code: 'destination_rejected' as const, message: 'No.' }
          : { status: 'retry' as const, code: 'destination_result_unknown' as const, message: 'Later.' },
      ),
    );
    const file = temp.path('state.db');
    const state = openStateStore({ file });
    const room = world([broken], { state });
    await append(room.log, [event('bad', 'u1'), event('waits', 'u2'), event('behind', 'u2')]);
    room.engine.wake();
    while (state.waiting('fake') < 2) await new Promise((resolve) => setTimeout(resolve, 2));
    room.engine.configure([]);
    while (state.waiting('fake') > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    const steps = state.outcomesOf([1, 2, 3]).map(({ seq, status, code }) => [seq, status, code]);
    expect(steps).toEqual([
      [1, 'rejected', 'destination_rejected'],
      [2, 'skipped', 'destination_removed'],
      [3, 'skipped', 'destination_removed'],
    ]);
    expect(state.deadLetters({}).map(({ messageId }) => messageId)).toEqual(['bad']);
    room.engine.configure([one]);
    room.now.advance(DAY);
    await room.engine.idle();
    expect(seen).toEqual([]);
    // A person may still send it to the new one.
    expect(state.requeue([1], room.now())).toBe(1);
    room.engine.wake();
    await room.engine.idle();
    expect([seen, state.stats()[0]]).toMatchObject([['bad'], { retrying: 0, deadLetters: 0 }]);
    await room.close();
  });
});
