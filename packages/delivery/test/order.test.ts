import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Action,
  defineAction,
  defineDestination,
  delivered,
  type Item,
  type Outcome,
  rejected,
  type ResolvedDestination,
  retry,
} from '@waybill/core';
import { dice } from './dice.ts';
import {
  append,
  destination,
  event,
  mapping,
  type Thing,
  until,
  world,
  key,
  DRIVERS,
  over,
} from './support.ts';

describe.each(DRIVERS)('over %s:', (driver) => {
  beforeAll(() => over(driver));
  afterAll(() => over('sqlite'));

  describe('order', () => {
    it.each([1, 2, 3, 4])('is kept for every user under random failures (seed %i)', async (seed) => {
      const random = dice(seed);
      const ended = new Map<string, string[]>();
      const answer = (items: readonly Item<Thing>[]): Outcome[] =>
        items.map(({ payload }) => {
          const fate = random();
          if (fate < 0.25) return retry(fate < 0.1 ? 'destination_timeout' : 'destination_result_unknown');
          const user = payload.user ?? '';
          ended.set(user, [...(ended.get(user) ?? []), payload.id]);
          return fate < 0.3 ? rejected('destination_rejected', 'No.') : delivered();
        });
      const second = { id: { '@template': '{{messageId}}-second' }, user: { '@path': '$.userId' } };
      const w = await world(
        [
          destination(answer, {
            maxItems: 1,
            mappings: [mapping(), mapping({ id: 'second', mapping: second })],
          }),
        ],
        { random: dice(seed + 100), limits: { events: 20 } },
      );
      const expected = new Map<string, string[]>();
      for (let n = 0; n < 300; n += 1) {
        const user = `u${Math.floor(random() * 12)}`;
        const id = `m${String(n).padStart(3, '0')}`;
        expected.set(user, [...(expected.get(user) ?? []), id, `${id}-second`]);
        await append(w.log, [event(id, user)]);
        if (n % 10 === 0) {
          w.now.advance(500);
          w.engine.wake();
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
      await until(
        async () =>
          (await w.state.lane(key('fake')))?.cursor === 300 &&
          (await w.state.lane(key('fake')))?.waiting === 0,
        () => {
          w.now.advance(5_000);
          w.engine.wake();
        },
      );
      expect(ended).toEqual(expected);
      const { delivered: done = 0, rejected: refused = 0 } = (await w.state.stats())[0] ?? {};
      expect(done + refused).toBe(600);
      const seqs = Array.from({ length: 300 }, (_, n) => n + 1);
      expect(await w.state.outcomes(seqs)).toHaveLength(600);
      await w.close();
    });

    it('does not block others behind a user with thousands of events', async () => {
      const seen: string[] = [];
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const w = await world(
        [
          destination(
            async (items) => {
              const [first] = items;
              if (seen.length > 200 && first?.payload.user === 'hot') await gate;
              seen.push(first?.payload.id ?? '');
              return [delivered()];
            },
            { maxItems: 1 },
          ),
        ],
        { limits: { events: 500 } },
      );
      const hot = Array.from({ length: 3_000 }, (_, n) => event(`hot${n}`, 'hot'));
      await append(w.log, [...hot.slice(0, 2_900), event('cold', 'cold'), ...hot.slice(2_900)]);
      w.engine.wake();
      await until(() => seen.includes('cold'));
      expect(seen.length).toBeLessThan(1_500);
      open();
      await w.engine.idle();
      expect(seen.filter((id) => id !== 'cold')).toEqual(hot.map((one) => one.messageId));
      await w.close();
    });

    it('does not block others behind a call that hangs, and keeps its user in order', async () => {
      const seen: string[] = [];
      let open = (): void => undefined;
      const gate = new Promise<void>((resolve) => (open = resolve));
      const w = await world(
        [
          destination(
            async (items) => {
              const id = items[0]?.payload.id ?? '';
              if (id === 'stuck1') await gate;
              seen.push(id);
              return [delivered()];
            },
            { maxItems: 1 },
          ),
        ],
        { limits: { patience: 20 } },
      );
      await append(w.log, [event('stuck1', 'stuck'), event('a1', 'a'), event('stuck2', 'stuck')]);
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fake')))?.cursor === 3);
      await append(w.log, [event('a2', 'a'), event('stuck3', 'stuck')]);
      w.engine.wake();
      await until(async () => (await w.state.lane(key('fake')))?.cursor === 5);
      w.now.advance(120_000);
      w.engine.wake();
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(seen).toEqual(['a1', 'a2']);
      expect((await w.state.lane(key('fake')))?.waiting).toBe(3);
      open();
      await w.engine.idle();
      expect(seen).toEqual(['a1', 'a2', 'stuck1', 'stuck2', 'stuck3']);
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 5, retrying: 0 });
      await w.close();
    });

    it.each([11, 12, 13, 14, 15, 16])(
      'of a user is the order of the log, through bulk and single calls of three actions (seed %i)',
      async (seed) => {
        const random = dice(seed);
        const seen = new Map<string, string[]>();
        let calls = 0;
        const answer = (items: readonly Item<Thing>[]): Outcome[] => {
          calls += 1;
          const whole = random();
          if (whole < 0.08) return items.map(() => retry('destination_unavailable'));
          if (whole < 0.12) return items.map(() => retry('destination_rate_limited', undefined, 3_000));
          return items.map(({ payload }) => {
            const fate = random();
            if (fate < 0.2) return retry('destination_result_unknown');
            const user = payload.user ?? '';
            seen.set(user, [...(seen.get(user) ?? []), payload.id]);
            return fate < 0.25 ? rejected('destination_rejected', 'No.') : delivered();
          });
        };
        const w = await world([three(answer)], {
          random: dice(seed + 100),
          limits: { events: 50, depth: 4 },
        });
        const expected = new Map<string, string[]>();
        for (let n = 0; n < 400; n += 1) {
          // A third of the events belong to one user.
          const user = random() < 0.3 ? 'hot' : `u${Math.floor(random() * 15)}`;
          const id = `m${String(n).padStart(3, '0')}`;
          const kind = ['bulk', 'other', 'single', 'all'][Math.floor(random() * 4)]!;
          const ids = kind === 'all' ? ['bulk', 'other', 'single'] : [kind];
          expected.set(user, [...(expected.get(user) ?? []), ...ids.map((one) => `${id} ${one}`)]);
          await append(w.log, [event(id, user, { [kind]: true, all: kind === 'all' })]);
          if (n % 20 === 0) {
            w.now.advance(500);
            w.engine.wake();
            await new Promise((resolve) => setTimeout(resolve, 1));
          }
        }
        await until(
          async () =>
            (await w.state.lane(key('fake')))?.cursor === 400 &&
            (await w.state.lane(key('fake')))?.waiting === 0,
          () => {
            w.now.advance(2_000);
            w.engine.wake();
          },
        );
        expect(seen).toEqual(expected);
        expect(calls).toBeGreaterThan(50);
        await w.close();
      },
    );

    it('slows neither others nor the throughput for a user with thousands of alternating actions', async () => {
      const HOT = 5_000;
      const seen: string[] = [];
      let othersDoneAfter = 0;
      let prepared = 0;
      const w = await world(
        [
          three((items) => {
            for (const { payload } of items) {
              seen.push(payload.id);
              if (payload.user !== 'hot') othersDoneAfter = seen.filter((id) => id.startsWith('h')).length;
            }
            return items.map(() => delivered());
          }),
        ],
        { limits: { events: 1_000 } },
      );
      const { log } = w;
      const read = log.read.bind(log);
      log.read = (query) => {
        if ('seqs' in query) prepared += query.seqs.length;
        return read(query);
      };
      const hot = Array.from({ length: HOT }, (_, n) =>
        event(`h${n}`, 'hot', n % 2 === 0 ? { bulk: true } : { other: true }),
      );
      const others = Array.from({ length: 500 }, (_, n) => event(`c${n}`, `u${n}`, { bulk: true }));
      await append(
        log,
        hot.flatMap((one, n) => (n % 10 === 0 ? [one, others[n / 10]!] : [one])),
      );
      const began = performance.now();
      w.engine.wake();
      await w.engine.idle();
      const seconds = (performance.now() - began) / 1_000;
      process.stdout.write(
        `Hot user: ${HOT} alternating events in ${seconds.toFixed(1)} s, the other 500 users done after ` +
          `${othersDoneAfter} of them, ${prepared} rows read\n`,
      );
      const of = (prefix: string): string[] => seen.filter((id) => id.startsWith(prefix));
      expect(of('h').map((id) => id.split(' ')[0])).toEqual(hot.map((one) => one.messageId));
      expect(of('c')).toHaveLength(500);
      expect(othersDoneAfter).toBeLessThan(HOT / 4);
      // Rows of the busy user that were read in vain.
      expect(prepared).toBeLessThan(3 * HOT);
      await w.close();
    });
  });
});

/** A destination with two bulk actions and a single one; IDs name the action of an event. */
function three(answer: (items: readonly Item<Thing>[]) => Outcome[]): ResolvedDestination {
  const action = (title: string, bulk: boolean): Action =>
    defineAction({
      title,
      description: 'Sends.',
      fields: {
        id: { label: 'Id', description: 'Id.', type: 'string', required: true },
        user: { label: 'User', description: 'User.', type: 'string' },
      },
      ...(bulk ? { batch: { maxItems: 20, maxBytes: 1_000_000, oneItemPerUser: true } } : {}),
      send: async (items) => answer(items),
    });
  const base = destination(() => []);
  return {
    ...base,
    destination: defineDestination({
      slug: 'three',
      name: 'Three',
      description: 'For tests.',
      settings: {},
      actions: { bulk: action('Bulk', true), other: action('Other', true), single: action('Single', false) },
    }),
    settings: {},
    mappings: ['bulk', 'other', 'single'].map((name) =>
      mapping({
        id: name,
        action: name,
        trigger: `properties.${name} = true or properties.all = true`,
        mapping: { id: { '@template': `{{messageId}} ${name}` }, user: { '@path': '$.userId' } },
      }),
    ),
  };
}
