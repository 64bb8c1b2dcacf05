import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import type { LoggedEvent } from '@waybill/delivery';
import { createShapes, SHAPE_LIMITS } from '../../src/observe/shapes.ts';

const AT = '2026-01-15T12:00:00.000Z';

function event(name: string, properties: Readonly<Record<string, unknown>> = {}): Event {
  return { type: 'track', event: name, messageId: name, timestamp: AT, receivedAt: AT, properties };
}

const EMPTY = { read: async (): Promise<readonly LoggedEvent[]> => [], lastSeq: async () => 0 };

describe('shapes', () => {
  it('sample a few events a second, and estimate the counts of all', async () => {
    const time = { now: 1_000 };
    const shapes = createShapes({ log: EMPTY, now: () => time.now });
    let looked = 0;
    const counted = (name: string): Event => ({
      ...event(name),
      get properties() {
        looked += 1;
        return {};
      },
    });
    for (let n = 0; n < 100; n += 1) {
      shapes.sample(
        's',
        Array.from({ length: 100 }, (_, k) => counted(k % 10 === 0 ? 'rare' : 'often')),
      );
      time.now += 10;
    }
    const before = looked;
    expect(before).toBeLessThanOrEqual(SHAPE_LIMITS.perSecond);
    time.now += 1_000;
    shapes.sample('s', [event('often')]);
    const list = await shapes.list({});
    expect(list.reduce((sum, one) => sum + one.count, 0)).toBe(10_001);
  });

  it('survive a store that is unreadable at first, and read the newest events afterwards', async () => {
    let away = 3;
    const answer = async <T>(value: T): Promise<T> => {
      if (away-- > 0) throw new Error('terminating connection due to administrator command');
      return value;
    };
    const logged: LoggedEvent = { seq: 1, sourceId: 's', event: event('E') };
    const log = { lastSeq: () => answer(1), read: () => answer([logged]) };
    const shapes = createShapes({ log, now: () => 0 });
    // An unawaited rejection must not end the process.
    await new Promise((resolve) => setImmediate(resolve));
    await expect(shapes.list({})).rejects.toThrow('terminating connection');
    await expect(shapes.list({})).rejects.toThrow('terminating connection');
    expect(await shapes.list({})).toMatchObject([{ event: 'E', count: 1 }]);
  });

  it('stay within their bounds for any input', async () => {
    const time = { now: 0 };
    const limits = { perSecond: 1_000_000, shapes: 20, shapesOfSource: 10, paths: 300, pathsOfShape: 50 };
    const shapes = createShapes({ log: EMPTY, now: () => time.now, limits });
    for (let n = 0; n < 2_000; n += 1) {
      const wild = Object.fromEntries(
        Array.from({ length: 90 }, (_, k) => [`k${n}-${k}`, 'x'.repeat(1_000)]),
      );
      shapes.sample(`source-${n % 4}`, [event(`name-${n}`, wild)]);
    }
    const list = await shapes.list({});
    expect(list.length).toBeLessThanOrEqual(20);
    expect(Math.max(...list.map(({ paths }) => paths.length))).toBeLessThanOrEqual(50);
    expect(list.reduce((sum, { paths }) => sum + paths.length, 0)).toBeLessThanOrEqual(300);
    expect(JSON.stringify(list).length).toBeLessThan(100_000);
  });

  it('read no inherited member, and only to a bounded depth', async () => {
    const shapes = createShapes({ log: EMPTY, now: () => 0 });
    let deep: Record<string, unknown> = { end: 1 };
    for (let n = 0; n < 60; n += 1) deep = { deep };
    shapes.sample('s', [event('E', { ...JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'), deep })]);
    const [shape] = await shapes.list({ event: 'E' });
    const paths = shape!.paths.map((one) => one.path);
    expect(paths).toEqual(expect.arrayContaining(['properties.__proto__.x', 'properties.constructor']));
    expect(Math.max(...paths.map((one) => one.split('.').length))).toBeLessThanOrEqual(8);
  });
});
