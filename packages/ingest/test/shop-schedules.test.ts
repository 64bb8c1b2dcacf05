import { describe, expect, it } from 'vitest';
import { createSources, type Sources } from '@waybill/ingest';
import { changes, fakeShop } from './fake-shop.ts';
import { world } from './support.ts';
import { testThread } from './thread.ts';

/** Random schedules; more with WAYBILL_SCHEDULES. */
const SCHEDULES = Number(process.env['WAYBILL_SCHEDULES'] ?? 6);
/** Milliseconds; as many more as there are more schedules. */
const LONGEST = Math.max(60_000, 10_000 * SCHEDULES);
const STEPS = 60;
const IDS = 12;

/** Over which log, and whether pages are read in another thread. */
interface Where {
  readonly driver: 'sqlite' | 'memory';
  readonly isAway: boolean;
}

/** A seeded generator of numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/**
 * Rows change and are deleted, webhooks are lost, duplicated and late, the shop fails, its clock is off, a back-fill runs, and
 * the process ends at any moment. In the end every row was reported in its final state, and nothing twice. Returns how often
 * another thread was started.
 */
async function schedule(seed: number, { driver, isAway }: Where): Promise<number> {
  const roll = dice(seed);
  const whole = (most: number): number => Math.floor(roll() * most);
  const one = await world(driver);
  const shop = fakeShop(1 + whole(4));
  shop.keyset = roll() < 0.5;
  const off = (roll() - 0.5) * 20 * 60_000;
  const told = (): string => new Date(Math.floor((one.time.now + off) / 1_000) * 1_000).toISOString();
  const thread = testThread(shop, () => one.time.now);
  let sources: Sources;
  const open = async (): Promise<void> => {
    sources = createSources({
      log: one.log,
      intake: one.intake,
      context: shop.contextOf(() => one.time.now),
      changes,
      references: () => [],
      holder: 'test',
      ...(isAway ? { thread } : {}),
      now: () => one.time.now,
      async sleep(milliseconds) {
        one.time.now += milliseconds;
      },
      room: () =>
        Promise.resolve(roll() < 0.3 ? { events: 0, waitMs: 1 } : { events: 1 + whole(4), waitMs: 0 }),
      onFailure: () => undefined,
    });
    await sources.configure([shop.instance()]);
  };
  const wake = async (milliseconds: number): Promise<void> => {
    one.time.now += milliseconds;
    sources.shop('shop')?.wake();
    if (roll() < 0.7) await sources.idle();
  };
  let version = 0;
  const late: string[] = [];
  await open();
  for (let step = 0; step < STEPS; step += 1) {
    const dicing = roll();
    const id = String(1 + whole(IDS));
    if (dicing < 0.4) {
      shop.put(id, told(), (version += 1));
      if (roll() < 0.7) late.push(id);
    } else if (dicing < 0.45) {
      // Polls do not see deletions: their webhooks are not lost here.
      if (shop.rows.delete(id)) late.push(id);
    } else if (dicing < 0.65 && late.length > 0) {
      const ids = late.splice(whole(late.length), 1 + whole(3));
      const hints = [...ids, ...(roll() < 0.3 ? ids : [])].map((row) => ({ stream: 'orders', id: row }));
      await sources!
        .shop('shop')!
        .take(hints)
        .catch(() => late.push(...ids));
    } else if (dicing < 0.72) shop.answer = () => ({ status: [500, 429, 401, 503][whole(4)]! });
    else if (dicing < 0.8) shop.answer = undefined;
    else if (dicing < 0.84) await sources!.backfill([{ id: `b${step}`, source: 'shop', stream: 'orders' }]);
    else if (dicing < 0.9) {
      const ending = sources!.stop();
      await one.reopen();
      await ending.catch(() => undefined);
      await open();
    } else if (dicing < 0.92) thread.end();
    else await wake(whole(90_000));
    one.time.now += 1_000;
  }
  shop.answer = undefined;
  await sources!.shop('shop')!.take(late.map((id) => ({ stream: 'orders', id })));
  for (let turn = 0; turn < 6; turn += 1) {
    await wake(400_000);
    await sources!.idle();
  }
  const events = await one.all();
  const last = new Map(
    events.map(({ messageId, event }) => [messageId.split(' ')[0]!, { messageId, event }]),
  );
  await sources!.stop();
  await one.close();
  for (let id = 1; id <= IDS; id += 1) {
    const row = shop.rows.get(String(id));
    const said = last.get(String(id));
    if (row === undefined) expect(said?.event ?? 'Gone').toBe('Gone');
    else expect(said?.messageId).toBe(`${row.id} ${row.updated} ${row.total}`);
  }
  const ids = events.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);
  return thread.starts;
}

describe.each([
  { driver: 'sqlite', isAway: false },
  { driver: 'memory', isAway: false },
  { driver: 'memory', isAway: true },
] as const)('a shop that is read over a log in $driver, its pages in another thread: $isAway', (where) => {
  it(
    `tells every row as it is in the end, whatever happens (${SCHEDULES} schedules)`,
    async () => {
      let starts = 0;
      for (let seed = 1; seed <= SCHEDULES; seed += 1) {
        try {
          starts += await schedule(seed, where);
        } catch (error) {
          throw new Error(`Schedule ${seed}: ${(error as Error).message}`, { cause: error });
        }
      }
      expect(starts > 0).toBe(where.isAway);
    },
    LONGEST,
  );
});
