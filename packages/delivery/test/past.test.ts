import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delivered, type Event } from '@waybill/core';
import {
  append,
  destination,
  DRIVERS,
  event,
  key,
  mapping,
  openLog,
  openState,
  over,
  until,
  world,
} from './support.ts';

/** A historical event. */
const past = (id: string, user: string): Event => ({ ...event(id, user), context: { historical: true } });
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe.each(DRIVERS)('events of the past, over %s:', (driver) => {
  beforeAll(() => over(driver));
  afterAll(() => over('sqlite'));

  /** A destination that accepts a number of items, and the rest when it is opened. */
  const gated = (most: number, changes = {}) => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const target = destination(
      async (items) => {
        if (seen.length >= most) await gate.promise;
        seen.push(...items.map(({ payload }) => payload.id));
        return items.map(() => delivered());
      },
      { maxItems: 1, ...changes },
    );
    return { seen, target, open: gate.resolve };
  };

  it('wait for live ones, except those of the same user, which go first', async () => {
    const { seen, target, open } = gated(50);
    const w = await world([target], { limits: { patience: 60_000 } });
    await append(
      w.log,
      range(3_000).map((n) => past(`p${n}`, `u${n % 1_500}`)),
    );
    w.engine.wake();
    await until(() => seen.length >= 50);
    await append(w.log, [event('live', 'somebody'), event('own', 'u1400')]);
    open();
    await w.engine.idle();
    expect(seen).toHaveLength(3_002);
    expect(new Set(seen).size).toBe(3_002);
    const at = (id: string): number => seen.indexOf(id);
    // One step was running, with at most 500 of them.
    expect(Math.max(at('live'), at('own'))).toBeLessThan(1_000);
    expect([at('p1400') < at('p2900'), at('p2900') < at('own'), at('own') < at('p2899')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await w.state.lane(key('fake'))).toEqual({ cursor: 3_002, waiting: 0 });
    await w.close();
  });

  it('are not sent again after a stop, nor are those before them', async () => {
    const { seen, target, open } = gated(30);
    const [log, state] = [openLog(), openState()];
    const first = await world([target], { log, state, limits: { patience: 60_000, events: 100 } });
    await append(
      log,
      range(1_000).map((n) => past(`p${n}`, `u${n}`)),
    );
    await append(
      log,
      range(20).map((n) => event(`l${n}`, `u${n * 50}`)),
    );
    first.engine.wake();
    await until(() => seen.length >= 30);
    const stopped = first.engine.stop();
    open();
    await stopped;
    const before = seen.length;
    expect(before).toBeLessThan(1_020);
    const second = await world([target], { log, state });
    await second.engine.idle();
    expect([seen.length, new Set(seen).size]).toEqual([1_020, 1_020]);
    for (const n of range(20)) expect(seen.indexOf(`p${n * 50}`)).toBeLessThan(seen.indexOf(`l${n}`));
    expect((await second.state.stats())[0]).toMatchObject({ cursor: 1_020, delivered: 1_020 });
    await second.close();
  });

  it('of sources that are not for a destination do not block its cursor', async () => {
    const { seen, target } = gated(1_000, { sources: new Set(['web']) });
    const w = await world([target]);
    await append(w.log, [past('other', 'u')]);
    await append(w.log, [past('own', 'u')], 'web');
    w.engine.wake();
    await until(async () => (await w.state.lane(key('fake'))).cursor === 2);
    expect(seen).toEqual(['own']);
    await w.close();
  });

  it('end with the other waiting items: one outcome each', async () => {
    const { seen, target, open } = gated(10, { mappings: [mapping({ trigger: 'type = "track"' })] });
    const w = await world([target], { limits: { patience: 60_000, events: 10 } });
    await append(w.log, [
      ...range(40).map((n) => past(`p${n}`, `u${n}`)),
      ...range(5).map((n) => event(`l${n}`, `u${n * 10}`)),
      ...range(60).map((n) => past(`p${n + 40}`, `u${n + 40}`)),
    ]);
    w.engine.wake();
    await until(() => seen.length >= 10);
    w.engine.expire('fake', 103);
    open();
    w.engine.wake();
    await w.engine.idle();
    const outcomes = await w.state.outcomes(range(105).map((n) => n + 1));
    expect(outcomes.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(range(105).map((n) => n + 1));
    const sent = outcomes.filter(({ status }) => status === 'delivered').length;
    expect(sent).toBe(seen.length);
    expect((await w.state.stats())[0]).toMatchObject({ cursor: 105, delivered: sent, rejected: 105 - sent });
    expect([sent > 10, sent < 100]).toEqual([true, true]);
    await w.close();
  });
});
