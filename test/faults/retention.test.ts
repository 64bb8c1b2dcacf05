import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { arrived, faults, track, until } from './support.ts';

let harness: Harness;
afterEach(() => harness.close());

const DAYS = 24 * 60 * 60 * 1000;

/** Makes all entries of the log older by a number of days. */
function age(days: number): void {
  const database = new DatabaseSync(join(harness.dataDir, 'log.db'));
  database.prepare('UPDATE blocks SET at = at - ?').run(days * DAYS);
  database.close();
}

async function ids(): Promise<readonly string[]> {
  const { body } = await harness.admin('events?after=0&limit=1000');
  return body.events.map((one: Answer) => one.event.messageId);
}

async function sandboxSettings(settings: object): Promise<void> {
  await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

const big = (id: string): object => ({ ...track(id, 'u1'), context: { filler: 'x'.repeat(30_000) } });

describe('the log', () => {
  it('drops old events, except those that a dead letter needs', async () => {
    harness = await openHarness({ server: { retention: { days: 7 } } });
    await sandboxSettings({ disallowedEventNames: ['Poison'] });
    for (let n = 0; n < 20; n += 1) await harness.track('track', track(`old${n}`, 'u1'));
    await harness.track('track', track('poison', 'u1', 0, 'Poison'));
    await harness.server.idle();
    age(8);
    await harness.track('track', track('young', 'u1'));
    await harness.server.idle();
    expect(await harness.server.prune()).toBe(20);
    expect(await ids()).toEqual(['poison', 'young']);
    await sandboxSettings({ disallowedEventNames: [] });
    const { body } = await harness.admin('dead-letters/replay', { method: 'POST', body: {} });
    expect(body).toEqual({ requeued: 1, replayedAt: expect.any(Number) });
    await harness.server.idle();
    expect((await arrived(harness)).get('poison')).toBe(1);
    expect(await harness.server.prune()).toBe(1);
    expect(await ids()).toEqual(['young']);
  });

  it('drops the oldest events beyond its size, and uses no position twice', async () => {
    harness = await openHarness({ server: { retention: { gigabytes: 0.002 } } });
    for (let n = 0; n < 120; n += 1) await harness.track('track', big(`m${n}`));
    await harness.server.idle();
    await until(async () => (await harness.server.prune()) === 0);
    const left = await ids();
    expect(left.length).toBeLessThan(100);
    expect(left.at(-1)).toBe('m119');
    await harness.restart();
    await harness.track('track', track('next', 'u1'));
    await harness.server.idle();
    expect((await arrived(harness)).get('next')).toBe(1);
    const { body } = await harness.admin('events?after=120&limit=10');
    expect(body.events[0]).toMatchObject({ seq: 121, event: { messageId: 'next' } });
  });

  it('keeps undelivered events, also of a disabled destination, and waiting items', async () => {
    harness = await openHarness({ server: { retention: { days: 7 } } });
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { enabled: false } });
    for (let n = 0; n < 10; n += 1) await harness.track('track', track(`kept${n}`, 'u1'));
    age(8);
    await harness.track('track', track('young', 'u1'));
    expect(await harness.server.prune()).toBe(0);
    await faults(harness, [{ match: { path: '/api/*' }, kind: 'status', status: 500 }]);
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { enabled: true } });
    await until(async () => (await harness.admin('stats')).body.destinations[0].retrying > 0);
    expect(await harness.server.prune()).toBe(0);
    await harness.restart();
    await faults(harness, []);
    await harness.server.idle();
    expect((await arrived(harness)).size).toBe(11);
    expect(await harness.server.prune()).toBe(10);
  });
});
