import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delivered, type Outcome, retry } from '@waybill/core';
import { backoff, RETRY_POLICY } from '../src/index.ts';
import { dice } from './dice.ts';
import { append, destination, event, until, type World, world, key, DRIVERS, over } from './support.ts';

let open: World[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});
async function run(...input: Parameters<typeof world>): Promise<World> {
  const made = await world(...input);
  open.push(made);
  return made;
}
const events = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => event(`m${from + n}`, `u${from + n}`));

/** A destination that is down until it is switched; `sizes` are the items of its calls. */
function breakable(code: 'destination_unavailable' | 'destination_rate_limited' = 'destination_unavailable') {
  const sizes: number[] = [];
  const self = {
    down: true,
    sizes,
    instance: destination((items): Outcome[] => {
      sizes.push(items.length);
      return items.map(() => (self.down ? retry(code) : delivered()));
    }),
  };
  return self;
}

describe.each(DRIVERS)('over %s:', (driver) => {
  beforeAll(() => over(driver));
  afterAll(() => over('sqlite'));

  describe('a lane with an open circuit breaker', () => {
    it('tries one item, and then eight times as many with every step', async () => {
      const fake = breakable();
      const w = await run([fake.instance], { limits: { events: 1_000 } });
      await append(w.log, events(5_000));
      w.engine.wake();
      await until(async () => (await w.engine.status())[0]?.hold !== undefined);
      fake.sizes.length = 0;
      for (let tried = 1; tried <= 10; tried += 1) {
        w.now.advance(30_000);
        w.engine.wake();
        await until(() => fake.sizes.length >= tried);
      }
      expect(fake.sizes.length).toBeGreaterThanOrEqual(10);
      expect(fake.sizes.length).toBeLessThanOrEqual(20);
      expect(new Set(fake.sizes)).toEqual(new Set([1]));
      fake.sizes.length = 0;
      fake.down = false;
      await until(
        async () => (await w.state.stats())[0]?.delivered === 5_000,
        () => {
          w.now.advance(1_000);
          w.engine.wake();
        },
      );
      expect(fake.sizes[0]).toBe(1);
      for (const [at, size] of fake.sizes.slice(0, 3).entries()) expect(size).toBeLessThanOrEqual(8 ** at);
      expect(Math.max(...fake.sizes)).toBe(1_000);
    });

    it('notices within half a minute that the destination works again, however long it was down', async () => {
      const fake = breakable();
      const w = await run([fake.instance]);
      await append(w.log, events(3));
      w.engine.wake();
      for (let n = 0; n < 400; n += 1) {
        w.now.advance(31_000);
        w.engine.wake();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect((await w.engine.status())[0]?.hold).toBeDefined();
      fake.down = false;
      await append(w.log, [event('later', 'u0')]);
      w.now.advance(31_000);
      w.engine.wake();
      await until(async () => (await w.engine.status())[0]?.hold === undefined);
      expect((await w.state.stats())[0]?.delivered).toBeGreaterThanOrEqual(1);
    });

    it('logs it as a warning, but as information when it is only asked for fewer calls', async () => {
      for (const [code, level] of [
        ['destination_unavailable', 'warn'],
        ['destination_rate_limited', 'info'],
      ] as const) {
        const fake = breakable(code);
        const w = await run([fake.instance]);
        await append(w.log, events(5));
        w.engine.wake();
        await until(async () => (await w.engine.status())[0]?.hold !== undefined);
        expect(w.logged.map((one) => one.level)).toEqual([level]);
      }
    });

    it('makes no dead letters for as long as the whole destination is down, for three days', async () => {
      const fake = breakable();
      const w = await run([fake.instance]);
      await append(w.log, events(10));
      w.engine.wake();
      for (let hours = 0; hours < 48; hours += 0.1) {
        w.now.advance(360_000);
        w.engine.wake();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect((await w.state.stats())[0]).toMatchObject({ rejected: 0, retrying: 10 });
      await until(
        async () => (await w.state.deadLetters({})).length === 10,
        () => {
          w.now.advance(600_000);
          w.engine.wake();
        },
      );
      expect(w.now() - Date.UTC(2025, 5, 1, 12)).toBeGreaterThanOrEqual(72 * 3_600_000);
      expect((await w.state.deadLetters({}))[0]?.message).toContain('destination_unavailable');
    });

    it('keeps every event while it is disabled, for any time', async () => {
      const fake = breakable();
      const w = await run([fake.instance]);
      await append(w.log, events(10));
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fake')))?.waiting === 10);
      await w.engine.configure([{ ...fake.instance, enabled: false }]);
      await append(w.log, events(10, 10));
      fake.sizes.length = 0;
      for (let days = 0; days < 30; days += 1) {
        w.now.advance(86_400_000);
        w.engine.wake();
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(fake.sizes).toEqual([]);
      fake.down = false;
      await w.engine.configure([fake.instance]);
      await w.engine.idle();
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 20, rejected: 0 });
    });
  });

  describe('retries', () => {
    it('of many items that failed together are spread over minutes', () => {
      const random = dice(5);
      const perMinute = new Map<number, number>();
      for (let n = 0; n < 10_000; n += 1) {
        const minute = Math.floor(backoff(RETRY_POLICY, { attempts: 10, random: random() }) / 60_000);
        perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
      }
      expect(perMinute.size).toBeGreaterThanOrEqual(8);
      expect(Math.max(...perMinute.values())).toBeLessThan(1_500);
      const asked = Array.from({ length: 1_000 }, () =>
        backoff(RETRY_POLICY, { attempts: 7, random: random(), afterMs: 60_000 }),
      );
      expect(Math.min(...asked)).toBeGreaterThanOrEqual(60_000);
      expect(Math.max(...asked)).toBeGreaterThan(110_000);
    });

    it('are configurable for each reason', async () => {
      const w = await run([destination((items) => items.map(() => retry('destination_result_unknown')))], {
        policy: { reasons: { destination_result_unknown: { maxAttempts: 2 } } },
      });
      await append(w.log, events(1));
      w.engine.wake();
      await until(
        async () => (await w.state.deadLetters({})).length === 1,
        () => {
          w.now.advance(10_000);
          w.engine.wake();
        },
      );
      expect((await w.state.deadLetters({}))[0]?.attempts).toBe(2);
    });
  });

  describe('an edit of another destination', () => {
    it('keeps the open circuit of a lane, and one of its own closes it', async () => {
      const broken = breakable();
      const one = { ...broken.instance, id: 'broken' };
      const other = destination((items) => items.map(() => delivered()), { id: 'other' });
      const w = await run([one, other]);
      await append(w.log, events(10));
      w.engine.wake();
      const hold = async () =>
        (await w.engine.status()).find(({ destination }) => destination === 'broken')?.hold;
      await until(async () => (await hold()) !== undefined);
      const { since } = (await hold())!;
      const calls = broken.sizes.length;
      w.now.advance(1);
      await w.engine.configure([{ ...one }, { ...other, name: 'Renamed' }]);
      w.engine.wake();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect((await hold())?.since).toBe(since);
      expect(broken.sizes).toHaveLength(calls);
      await w.engine.configure([{ ...one, settings: { key: 'another-secret-key' } }, other]);
      w.engine.wake();
      await until(() => broken.sizes.length > calls);
    });
  });
});
