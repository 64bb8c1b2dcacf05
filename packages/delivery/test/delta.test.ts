import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  defineAction,
  defineDestination,
  delivered,
  type Event,
  type Item,
  type Outcome,
  rejected,
  type ResolvedDestination,
  type ResolvedMapping,
  retry,
  type SendContext,
} from '@waybill/core';
import { replayDeadLetters, resync } from '../src/index.ts';
import { findChanges, MOST_FIELDS } from '../src/delta/changed.ts';
import { fingerprint } from '../src/delta/fields.ts';
import { dice } from './dice.ts';
import {
  append,
  clock,
  event,
  tempDir,
  until,
  type World,
  world,
  openLog,
  openState,
  key,
  type OpenState,
  DRIVERS,
  over,
} from './support.ts';

let cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});
async function run(...input: Parameters<typeof world>): Promise<World> {
  const made = await world(...input);
  cleanups.push(() => made.close());
  return made;
}

interface Profile {
  readonly user: string;
  readonly phone?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
}
type Send = (items: readonly Item<Profile>[], context: SendContext) => Outcome[] | Promise<Outcome[]>;

/** Profiles with merged fields. */
function profiles(send: Send, changes: Partial<ResolvedMapping> = {}, merged = true): ResolvedDestination {
  const action = defineAction({
    title: 'Update',
    description: 'Updates.',
    fields: {
      user: { label: 'User', description: 'User.', type: 'string', required: true },
      phone: { label: 'Phone', description: 'Phone.', type: 'string' },
      fields: { label: 'Fields', description: 'Fields.', type: 'object' },
    },
    batch: { maxItems: 100, maxBytes: 1_000_000 },
    ...(merged ? { delta: { fields: 'fields' } } : {}),
    send: async (items, context) => send(items as readonly Item<Profile>[], context),
  });
  return {
    id: 'crm',
    name: 'CRM',
    enabled: true,
    destination: defineDestination({
      slug: 'crm',
      name: 'CRM',
      description: 'For tests.',
      settings: { key: { label: 'Key', description: 'Key.', type: 'string' } },
      actions: { update: action },
    }),
    sources: undefined,
    settings: { key: 'one' },
    mappings: [
      {
        id: 'profile',
        name: 'Profile',
        enabled: true,
        action: 'update',
        trigger: 'type = "track"',
        dialect: 'waybill',
        mapping: {
          user: { '@path': '$.userId' },
          phone: { '@path': '$.properties.phone' },
          fields: { '@path': '$.properties.fields' },
        },
        delivery: { only: 'changed' },
        ...changes,
      },
    ],
  };
}
let ids = 0;
const change = (user: string, fields: Record<string, unknown>, more: Partial<Event> = {}): Event => ({
  ...event(`e${(ids += 1)}`, user, { fields }),
  ...more,
});
const said = async (w: World, seq: number) => {
  const [row] = await w.state.outcomes([seq]);
  return row === undefined
    ? undefined
    : [row.status, row.code, row.message].filter((one) => one !== undefined);
};
/** A destination that records its payloads. */
function deltaSender() {
  const sent: Profile[] = [];
  const send: Send = (items) => {
    sent.push(...items.map((one) => one.payload));
    return items.map(() => delivered());
  };
  return { sent, send };
}
async function deliver(w: World, events: readonly Event[], sourceId?: string): Promise<void> {
  await append(w.log, events, sourceId);
  w.engine.wake();
  await w.engine.idle();
}

describe.each(DRIVERS)('over %s:', (driver) => {
  beforeAll(() => over(driver));
  afterAll(() => over('sqlite'));

  describe('a mapping that only sends changes', () => {
    it('sends the members that changed, and skips an event without any', async () => {
      const { sent, send } = deltaSender();
      const w = await run([profiles(send)]);
      await deliver(w, [
        change('a', { name: 'Ann', city: 'Rome' }),
        change('a', { city: 'Rome', name: 'Ann' }),
        change('a', { name: 'Ann', city: 'Oslo' }),
        change('b', { name: 'Ann', city: 'Oslo' }),
      ]);
      await deliver(w, [change('a', { city: 'Rome' }), change('a', { city: null })]);
      expect(sent).toEqual(
        expect.arrayContaining([
          { user: 'a', fields: { name: 'Ann', city: 'Rome' } },
          { user: 'b', fields: { name: 'Ann', city: 'Oslo' } },
        ]),
      );
      expect(sent.filter((one) => one.user === 'a').slice(1)).toEqual([
        { user: 'a', fields: { city: 'Oslo' } },
        { user: 'a', fields: { city: 'Rome' } },
        { user: 'a', fields: { city: null } },
      ]);
      expect((await said(w, 2))?.slice(0, 2)).toEqual(['skipped', 'unchanged']);
      expect((await w.state.outcomes([2]))[0]).toMatchObject({ attempts: 0 });
      expect((await w.state.stats())[0]).toMatchObject({ delivered: 5, skipped: 1 });
    });

    it('sends the whole payload, or nothing, where the action cannot merge', async () => {
      const { sent, send } = deltaSender();
      const w = await run([profiles(send, {}, false)]);
      const both = { name: 'Ann', city: 'Rome' };
      await deliver(w, [change('a', both), change('a', both), change('a', { ...both, city: 'Oslo' })]);
      expect(sent.map((one) => one.fields)).toEqual([both, { ...both, city: 'Oslo' }]);
    });

    it('sends everything again after a re-sync of a user, a mapping or the lane, and with other settings', async () => {
      const { sent, send } = deltaSender();
      const one = profiles(send);
      const w = await run([one]);
      const both = (): Event[] => [change('a', { x: 1 }), change('b', { x: 1 })];
      const users = async (): Promise<string[]> => {
        sent.length = 0;
        await deliver(w, both());
        return sent.map(({ user }) => user).sort();
      };
      expect(await users()).toEqual(['a', 'b']);
      expect(await users()).toEqual([]);
      expect(await resync(w.state, { destination: 'crm', user: 'u:b' })).toBe(1);
      expect(await users()).toEqual(['b']);
      expect(await resync(w.state, { destination: 'crm', mappingId: 'other' })).toBe(0);
      expect(await resync(w.state, { destination: 'crm', mappingId: 'profile' })).toBe(2);
      expect(await users()).toEqual(['a', 'b']);
      await w.engine.configure([{ ...one, settings: { key: 'another account' } }]);
      expect(await users()).toEqual(['a', 'b']);
      expect(await users()).toEqual([]);
    });

    it('does not treat refused or unknown items as delivered', async () => {
      const outcomes: Outcome[] = [
        delivered(),
        rejected('destination_rejected', 'No.'),
        delivered(),
        delivered(),
      ];
      const sent: unknown[] = [];
      const w = await run([
        profiles((items) =>
          items.map(({ payload }) => {
            sent.push(payload.fields);
            return outcomes.shift() ?? delivered();
          }),
        ),
      ]);
      await deliver(w, [
        change('a', { x: 1, y: 1 }),
        change('a', { x: 2 }),
        // The refused 2 may have arrived: 1 is sent again, although it was the last delivered one.
        change('a', { x: 1, y: 1 }),
        change('a', { x: 1, y: 1 }),
      ]);
      expect(sent).toEqual([{ x: 1, y: 1 }, { x: 2 }, { x: 1 }]);
      expect(await replayDeadLetters(w.state, {}, w.now())).toEqual({ requeued: 1 });
      w.engine.wake();
      await w.engine.idle();
      expect(sent.at(-1)).toEqual({ x: 2 });
    });

    it.each([21, 22, 23, 24, 25, 26])(
      'leaves the destination with the last value of every field, through failures and crashes (seed %i)',
      async (seed) => {
        const random = dice(seed);
        const kept = new Map<string, Record<string, unknown>>();
        let calls = 0;
        const send: Send = (items) =>
          items.map(({ payload }) => {
            calls += 1;
            const fate = random();
            // Refused before any effect; accepted, but the answer was lost; accepted.
            if (fate < 0.15) return retry('destination_unavailable');
            kept.set(payload.user, { ...kept.get(payload.user), ...payload.fields });
            return fate < 0.3 ? retry('destination_result_unknown') : delivered();
          });
        const log = openLog({ file: ':memory:' });
        const real = openState({ file: ':memory:' });
        let dying = false;
        let crashes = 0;
        const state: OpenState = {
          ...real,
          settle(settlement) {
            // Like a process that is killed after the call and before its commit.
            if (dying) throw new Error('killed');
            return real.settle(settlement);
          },
        };
        const now = clock();
        const start = (): Promise<World> =>
          world([profiles(send)], { log, state, now, random: dice(seed + 1) });
        let w = await start();
        const expected = new Map<string, Record<string, unknown>>();
        for (let n = 0; n < 250; n += 1) {
          const user = `u${Math.floor(random() * 6)}`;
          const fields = Object.fromEntries(
            ['x', 'y', 'z'].flatMap((name) => (random() < 0.6 ? [[name, Math.floor(random() * 3)]] : [])),
          );
          expected.set(user, { ...expected.get(user), ...fields });
          await append(log, [change(user, fields)]);
          if (n % 8 !== 0) continue;
          now.advance(2_000);
          dying = n % 40 === 0;
          w.engine.wake();
          await new Promise((resolve) => setTimeout(resolve, 3));
          if (!dying) continue;
          crashes += 1;
          await w.engine.stop();
          dying = false;
          w = await start();
        }
        await until(
          async () => {
            const { waiting, cursor } = await real.lane(key('crm'));
            return waiting === 0 && cursor === 250;
          },
          () => {
            now.advance(5_000);
            w.engine.wake();
          },
        );
        expect(kept).toEqual(expected);
        const { delivered: done = 0, skipped = 0, rejected: refused = 0 } = (await real.stats())[0] ?? {};
        expect([done + skipped, refused]).toEqual([250, 0]);
        expect(skipped).toBeGreaterThan(5);
        process.stdout.write(
          `Delta: ${calls} sent, ${skipped} unchanged, ${crashes} crashes between send and settle (seed ${seed})\n`,
        );
        await w.close();
      },
    );

    it('is read in one query for a step, for any number of calls', async () => {
      const real = openState();
      const asked: number[] = [];
      const state: OpenState = {
        ...real,
        recall(destination, places) {
          asked.push(places.length);
          return real.recall(destination, places);
        },
      };
      const { sent, send } = deltaSender();
      const w = await run([profiles(send)], { state });
      const users = Array.from({ length: 300 }, (_, n) => `u${n}`);
      await deliver(
        w,
        users.map((user) => change(user, { x: 1 })),
      );
      expect([sent.length, asked.length]).toEqual([300, w.steps.length]);
      expect(Math.max(...asked)).toBeGreaterThan(10);
    });

    it('stores its values on disk, together with the outcome', async () => {
      const temp = tempDir();
      cleanups.push(temp.clean);
      const { sent, send } = deltaSender();
      for (let round = 0; round < 2; round += 1) {
        const w = await world([profiles(send)], {
          log: openLog({ file: temp.path('log.db') }),
          state: openState({ file: temp.path('state.db') }),
        });
        await deliver(w, [change('a', { x: 1 })]);
        await w.close();
      }
      expect(sent).toHaveLength(1);
    });

    it('bounds the stored values of a user', () => {
      const many = Object.fromEntries(Array.from({ length: MOST_FIELDS + 500 }, (_, n) => [`f${n}`, n]));
      const first = findChanges({ fields: many }, {}, 'fields');
      expect(Object.keys(first.delivered)).toHaveLength(MOST_FIELDS);
      const second = findChanges({ fields: many }, first.delivered, 'fields');
      expect(Object.keys((second.payload as { fields: object }).fields)).toHaveLength(500);
      expect(JSON.stringify(first.delivered).length).toBeLessThan(40 * MOST_FIELDS);
    });

    it('compares values by content, not by the order of their members', () => {
      expect(fingerprint({ a: [1, { b: 2, c: null }] })).toBe(fingerprint({ a: [1, { c: null, b: 2 }] }));
      const different = [1, '1', true, 'true', null, [], {}, [1], { a: 1 }, { a: '1' }, { a: null }, 1.5];
      expect(new Set(different.map(fingerprint)).size).toBe(different.length);
    });
  });

  describe('ownership of a field', () => {
    const owned = async (
      ownership: NonNullable<ResolvedMapping['ownership']>,
      more: Partial<ResolvedMapping> = {},
    ) => {
      const { sent, send } = deltaSender();
      const plain: Partial<ResolvedMapping> = { delivery: {}, ownership, ...more };
      return { sent, w: await run([profiles(send, plain)]) };
    };
    const fieldsOf = (sent: readonly Profile[]): unknown[] => sent.map((one) => one.fields);

    it('of the destination excludes every value', async () => {
      const { sent, w } = await owned({
        'fields.tier': { owner: 'destination' },
        phone: { owner: 'destination' },
      });
      await deliver(w, [change('a', { tier: 'gold', x: 1 }), change('a', { x: 2 })]);
      expect(fieldsOf(sent)).toEqual([{ x: 1 }, { x: 2 }]);
      expect(await said(w, 1)).toEqual([
        'delivered',
        '"fields.tier" was left out: it belongs to the destination.',
      ]);
      expect(await w.state.conflicts({})).toEqual([
        expect.objectContaining({
          destination: 'crm',
          seq: 1,
          mappingId: 'profile',
          user: 'u:a',
          field: 'fields.tier',
          rule: 'destination',
          sourceId: 'shop',
        }),
      ]);
    });

    it('of sources prefers the first one', async () => {
      const { sent, w } = await owned({ 'fields.city': { sources: ['erp', 'shop'] } });
      await deliver(w, [change('a', { city: 'from app' })], 'app');
      await deliver(w, [change('a', { city: 'from shop' })], 'shop');
      await deliver(w, [change('a', { city: 'from erp' })], 'erp');
      await deliver(w, [change('a', { city: 'from shop again', x: 1 })], 'shop');
      await deliver(w, [change('a', { city: 'from erp' })], 'app');
      await deliver(w, [change('b', { city: 'from shop' })], 'shop');
      expect(fieldsOf(sent)).toEqual([
        { city: 'from app' },
        { city: 'from shop' },
        { city: 'from erp' },
        { x: 1 },
        {},
        { city: 'from shop' },
      ]);
      expect((await said(w, 4))?.[1]).toBe(
        '"fields.city" was left out: it was set by a source that takes precedence (erp).',
      );
      // The same value is not a conflict.
      expect((await w.state.conflicts({})).map((row) => [row.seq, row.sourceId, row.keptSourceId])).toEqual([
        [4, 'shop', 'erp'],
      ]);
    });

    it('of the latest event excludes earlier values', async () => {
      const { sent, w } = await owned({ 'fields.city': { latest: true } });
      const at = (minute: number, city: string): Event =>
        change('a', { city }, { timestamp: `2025-06-01T12:${minute}:00.000Z` });
      await deliver(w, [at(20, 'Rome'), at(10, 'Oslo'), at(20, 'Bonn'), at(30, 'Kyiv')]);
      expect(fieldsOf(sent)).toEqual([{ city: 'Rome' }, {}, { city: 'Bonn' }, { city: 'Kyiv' }]);
      expect(await w.state.conflicts({ destination: 'crm' })).toHaveLength(1);
    });

    it('stores the time of a value that was confirmed without being sent', async () => {
      const { sent, w } = await owned({ 'fields.city': { latest: true } }, { delivery: { only: 'changed' } });
      const at = (minute: number, city: string): Event =>
        change('a', { city }, { timestamp: `2025-06-01T12:${minute}:00.000Z` });
      await deliver(w, [at(10, 'Rome'), at(30, 'Rome'), at(20, 'Oslo')]);
      expect(fieldsOf(sent)).toEqual([{ city: 'Rome' }]);
      expect((await said(w, 2))?.slice(0, 2)).toEqual(['skipped', 'unchanged']);
      expect(await said(w, 3)).toEqual([
        'skipped',
        'unchanged',
        '"fields.city" was left out: it was set by a later event (shop).',
      ]);
    });
  });

  describe('the memory of an action', () => {
    it('is stored with the outcomes of its call, and visible to the next call and after a restart', async () => {
      const seen: (string | undefined)[] = [];
      const send: Send = async (items, { memory }) => {
        seen.push(await memory?.get('count'));
        await memory?.set('count', String(Number(seen.at(-1) ?? 0) + 1));
        await memory?.set('x'.repeat(1_000), 'too long a key');
        await memory?.set('long', 'x'.repeat(5_000));
        return items.map(() => delivered());
      };
      const real = openState({ file: ':memory:' });
      let dying = false;
      const state: OpenState = {
        ...real,
        settle(settlement) {
          if (dying) throw new Error('killed');
          return real.settle(settlement);
        },
      };
      const log = openLog({ file: ':memory:' });
      const plain = profiles(send, { delivery: {} });
      let w = await world([plain], { log, state });
      await deliver(w, [change('a', {}), change('a', {}), change('a', {})].slice(0, 1));
      await deliver(w, [change('a', {})]);
      expect(seen).toEqual([undefined, '1']);
      dying = true;
      await append(log, [change('a', {})]);
      w.engine.wake();
      await until(() => seen.length === 3);
      await w.engine.stop();
      dying = false;
      const place = { space: 'action', scope: '' } as const;
      expect((await real.recall('crm', [{ ...place, key: 'count' }]))[0]).toBe('2');
      w = await world([plain], { log, state });
      await w.engine.idle();
      expect(seen).toEqual([undefined, '1', '2', '2']);
      expect((await real.recall('crm', [{ ...place, key: 'count' }]))[0]).toBe('3');
      expect((await real.recall('crm', [{ ...place, key: 'long' }]))[0]).toBeUndefined();
      await w.close();
    });

    it('is bounded: the values that were not written for longest are deleted', async () => {
      const state = openState({ file: ':memory:', memoryRows: 1_000 });
      const place = (n: number) => ({ space: 'action', scope: '', key: `k${n}` }) as const;
      for (let n = 0; n < 5_000; n += 50) {
        await state.settle({
          destination: 'l',
          memory: [
            { ...place(-1), value: 'written again' },
            ...Array.from({ length: 50 }, (_, at) => ({ ...place(n + at), value: 'v' })),
          ],
        });
      }
      expect((await state.recall('l', [place(-1)]))[0]).toBe('written again');
      expect((await state.recall('l', [place(4_999)]))[0]).toBe('v');
      expect((await state.recall('l', [place(0)]))[0]).toBeUndefined();
      const all = await state.recall(
        'l',
        Array.from({ length: 5_000 }, (_, n) => place(n)),
      );
      const left = all.filter(Boolean);
      expect(left.length).toBeLessThanOrEqual(1_010);
      await state.close();
    });
  });
});
