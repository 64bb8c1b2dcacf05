import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { delivered, type Item, type Outcome, rejected, type ResolvedDestination, retry } from '@waybill/core';
import { type DeadLetterRow, forecastDeadLetters, replayDeadLetters, storyOf } from '../src/index.ts';
import {
  type Answer,
  append,
  clock,
  destination,
  event,
  mapping,
  type Thing,
  until,
  type World,
  world,
  openLog,
  key,
  DRIVERS,
  over,
} from './support.ts';

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
const all =
  (outcome: Outcome): Answer =>
  (items) =>
    items.map(() => outcome);
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe.each(DRIVERS)('over %s:', (driver) => {
  beforeAll(() => over(driver));
  afterAll(() => over('sqlite'));

  describe('a lane', () => {
    it('delivers the events of the log and records one outcome per event and mapping', async () => {
      const seen: string[] = [];
      const w = await run([
        destination((items) => {
          seen.push(...items.map((one) => one.payload.id));
          return items.map(() => delivered());
        }),
      ]);
      await append(
        w.log,
        range(10).map((n) => event(`m${n}`)),
      );
      w.engine.wake();
      await w.engine.idle();
      expect(seen).toEqual(range(10).map((n) => `m${n}`));
      expect(await w.state.stats()).toEqual([
        expect.objectContaining({ destination: 'fake', cursor: 10, delivered: 10, skipped: 0, rejected: 0 }),
      ]);
      expect(await w.state.outcomes([1])).toEqual([
        expect.objectContaining({ mappingId: 'things', status: 'delivered', attempts: 1 }),
      ]);
    });

    it('records one skip for an event without a matching mapping', async () => {
      const w = await run([
        destination(all(delivered()), { mappings: [mapping({ trigger: 'type = "page"' })] }),
      ]);
      await append(w.log, [event('m1')]);
      w.engine.wake();
      await w.engine.idle();
      expect(await w.state.outcomes([1])).toEqual([
        expect.objectContaining({ mappingId: '', status: 'skipped', code: 'no_matching_mapping' }),
      ]);
    });

    it('skips events of sources that the destination does not receive from', async () => {
      const w = await run([destination(all(delivered()), { sources: ['app'] })]);
      await append(w.log, [event('m1')], 'shop');
      await append(w.log, [event('m2')], 'app');
      w.engine.wake();
      await w.engine.idle();
      expect(await w.state.outcomes([1])).toEqual([]);
      expect(await w.state.outcomes([2])).toHaveLength(1);
    });

    it('delivers 997 of 1,000 in one call and keeps three dead letters with their own reasons', async () => {
      let calls = 0;
      const bad = new Set(['m3', 'm500', 'm999']);
      const w = await run([
        destination((items) => {
          calls += 1;
          return items.map(({ payload }) =>
            bad.has(payload.id) ? rejected('destination_rejected', `No ${payload.id}.`, 'id') : delivered(),
          );
        }),
      ]);
      await append(
        w.log,
        range(1_000).map((n) => event(`m${n}`, `u${n}`)),
      );
      w.engine.wake();
      await w.engine.idle();
      expect(calls).toBe(1);
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 997, rejected: 3, deadLetters: 3 });
      expect(
        (await w.state.deadLetters({})).map((row) => [row.messageId, row.message, row.field, row.payload]),
      ).toEqual(['m3', 'm500', 'm999'].map((id) => [id, `No ${id}.`, 'id', { id, user: `u${id.slice(1)}` }]));
    });

    it('keeps the order of a user after a retried item, while other users continue', async () => {
      const seen: string[] = [];
      let broken = true;
      const w = await run([
        destination(
          (items) =>
            items.map(({ payload }) => {
              if (broken && payload.id === 'a1') return retry('destination_result_unknown');
              seen.push(payload.id);
              return delivered();
            }),
          { maxItems: 1 },
        ),
      ]);
      await append(w.log, [event('a1', 'a'), event('b1', 'b'), event('a2', 'a'), event('b2', 'b')]);
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fake')))?.cursor === 4);
      expect(seen).toEqual(['b1', 'b2']);
      await append(w.log, [event('a3', 'a'), event('b3', 'b')]);
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fake')))?.cursor === 6);
      expect(seen).toEqual(['b1', 'b2', 'b3']);
      expect(
        (await w.state.retries({ lane: key('fake'), user: 'u:a' })).map((row) => [row.seq, row.attempts]),
      ).toEqual([
        [1, 1],
        [3, 0],
        [5, 0],
      ]);
      broken = false;
      w.now.advance(1_000);
      w.engine.wake();
      await w.engine.idle();
      expect(seen).toEqual(['b1', 'b2', 'b3', 'a1', 'a2', 'a3']);
    });

    it('makes a dead letter of an item that fails for the whole window, with the last reason', async () => {
      const w = await run([destination(all(retry('destination_result_unknown', 'Nobody knows.')))]);
      await append(w.log, [event('m1')]);
      w.engine.wake();
      await until(
        async () => (await w.state.deadLetters({})).length === 1,
        () => {
          w.now.advance(60_000);
          w.engine.wake();
        },
      );
      const [letter] = await w.state.deadLetters({});
      expect(letter).toMatchObject({ code: 'retries_exhausted', messageId: 'm1' });
      expect(letter?.message).toContain('Nobody knows.');
      expect(letter!.attempts).toBeGreaterThan(5);
      expect(letter!.at - Date.UTC(2025, 5, 1, 12)).toBeGreaterThanOrEqual(4 * 3_600_000);
      await w.engine.idle();
    });

    it('waits as long as the destination asks', async () => {
      let calls = 0;
      const w = await run([
        destination((items) => {
          calls += 1;
          return items.map(() =>
            calls === 1 ? retry('destination_rate_limited', 'Slow.', 90_000) : delivered(),
          );
        }),
      ]);
      await append(w.log, [event('m1')]);
      w.engine.wake();
      await until(() => calls === 1);
      await until(async () => (await w.state.lane(key('fake')))?.waiting === 1);
      w.now.advance(89_000);
      w.engine.wake();
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(calls).toBe(1);
      w.now.advance(3_000);
      w.engine.wake();
      await w.engine.idle();
      expect(calls).toBe(2);
    });

    it('retries an action that throws a few times and then stores the item', async () => {
      const w = await run([
        destination(() => {
          throw new Error('Oops.');
        }),
      ]);
      await append(w.log, [event('m1')]);
      w.engine.wake();
      await until(
        async () => (await w.state.deadLetters({})).length === 1,
        () => {
          w.now.advance(60_000);
          w.engine.wake();
        },
      );
      expect((await w.state.deadLetters({}))[0]).toMatchObject({ code: 'retries_exhausted', attempts: 5 });
      expect((await w.state.deadLetters({}))[0]?.message).toContain('Oops.');
    });

    it('stops when the credentials are refused, and continues when they are changed', async () => {
      const answer = (items: readonly Item<Thing>[], { settings }: { settings: unknown }): Outcome[] =>
        items.map(() =>
          (settings as { key: string }).key === 'good-key'
            ? delivered()
            : rejected('destination_unauthorized', 'Bad key.'),
        );
      const w = await run([destination(answer, { settings: { key: 'bad-key' } })], {
        limits: { events: 10 },
      });
      await append(
        w.log,
        range(50).map((n) => event(`m${n}`, `u${n}`)),
      );
      w.engine.wake();
      await until(async () => (await w.engine.status())[0]?.hold !== undefined);
      for (let n = 0; n < 20; n += 1) {
        w.now.advance(3_600_000);
        w.engine.wake();
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      expect((await w.engine.status())[0]).toMatchObject({
        cursor: 10,
        lag: 40,
        hold: { code: 'destination_unauthorized' },
      });
      expect(await w.state.deadLetters({})).toEqual([]);
      await w.engine.configure([destination(answer, { settings: { key: 'good-key' } })]);
      await w.engine.idle();
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 50, rejected: 0, retrying: 0 });
      expect((await w.engine.status())[0]?.hold).toBeUndefined();
    });
  });

  describe('replay', () => {
    it('sends a dead letter again with the current mapping', async () => {
      const answer: Answer = (items) =>
        items.map(({ payload }) =>
          payload.user === 'fixed' ? delivered() : rejected('destination_rejected', 'No.'),
        );
      const w = await run([destination(answer)]);
      await append(w.log, [event('m1', 'u1')]);
      w.engine.wake();
      await w.engine.idle();
      expect(await w.state.deadLetters({})).toHaveLength(1);
      const edited = mapping({ mapping: { id: { '@path': '$.messageId' }, user: 'fixed' } });
      await w.engine.configure([destination(answer, { mappings: [edited] })]);
      expect(await replayDeadLetters(w.state, { destination: 'fake' }, w.now())).toEqual({ requeued: 1 });
      w.engine.wake();
      await w.engine.idle();
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 1, rejected: 0, deadLetters: 0 });
      expect((await storyOf('m1', w.log, w.state))[0]?.steps).toEqual([
        expect.objectContaining({ mappingId: 'things', status: 'delivered' }),
      ]);
    });
  });

  it('reports of an event without a mapping whether it would be sent now', async () => {
    const own = destination(all(delivered()));
    const w = await run([own]);
    await append(w.log, [event('m1', 'u1'), event('m2', 'u1')]);
    await w.engine.idle();
    const letter = (seq: number): DeadLetterRow => ({
      destination: 'fake',
      seq,
      mappingId: '',
      position: 0,
      user: 'u:u1',
      sourceId: 's',
      messageId: `m${seq}`,
      at: 1,
      code: 'mapping_failed',
      message: 'No.',
      attempts: 0,
      exchangeIds: [],
    });
    await w.state.settle({ destination: 'fake', deadLetters: [letter(1), letter(2)] });
    const stores = { state: w.state, log: w.log };
    const forecast = async (destinations: readonly ResolvedDestination[]): Promise<unknown> => {
      const steps = forecastDeadLetters({ ...stores, destinations }, {});
      for (;;) {
        const { done, value } = await steps.next();
        if (done === true) return value.outcomes;
      }
    };
    expect(await forecast([own])).toEqual([
      { destination: 'fake', mappingId: '', outcome: 'sent', count: 2 },
    ]);
    const never = destination(all(delivered()), { mappings: [mapping({ trigger: 'event = "Other"' })] });
    expect(await forecast([never])).toMatchObject([
      { count: 2, outcome: 'skipped', code: 'no_matching_mapping' },
    ]);
  });

  describe('two destinations', () => {
    it('are independent of each other', async () => {
      let release = (): void => undefined;
      const gate = new Promise<void>((resolve) => (release = resolve));
      const slow = destination(
        async (items) => {
          await gate;
          return items.map(() => delivered());
        },
        { id: 'slow' },
      );
      const w = await run([slow, destination(all(delivered()), { id: 'fast' })], { limits: { events: 10 } });
      await append(
        w.log,
        range(100).map((n) => event(`m${n}`)),
      );
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fast')))?.cursor === 100);
      expect((await w.state.lane(key('slow')))?.cursor).toBe(0);
      release();
      await w.engine.idle();
      expect((await w.state.stats()).map((one) => one.delivered)).toEqual([100, 100]);
    });

    it('keep their positions while disabled; one added later begins at the end of the log', async () => {
      const w = await run([destination(all(delivered()), { id: 'one', enabled: false })]);
      await append(w.log, [event('m1')]);
      w.engine.wake();
      await w.engine.idle();
      expect((await w.state.lane(key('one')))?.cursor).toBe(0);
      await w.engine.configure([
        destination(all(delivered()), { id: 'one' }),
        destination(all(delivered()), { id: 'two' }),
      ]);
      await w.engine.idle();
      expect((await w.state.stats()).map((one) => [one.destination, one.delivered])).toEqual([
        ['one', 1],
        ['two', 0],
      ]);
    });
  });

  describe('the log', () => {
    it('drops duplicates, also within one call', async () => {
      const now = clock();
      const log = openLog({ file: ':memory:', now });
      const entry = { sourceId: 'shop', event: event('m1') };
      expect(await log.append([entry, entry])).toEqual([{ accepted: true }, { accepted: false }]);
      expect(await log.append([entry, { ...entry, sourceId: 'app' }])).toEqual([
        { accepted: false },
        { accepted: true },
      ]);
      now.advance(8 * 24 * 3_600_000);
      expect(await log.append([entry])).toEqual([{ accepted: true }]);
      await log.close();
    });
  });
});
