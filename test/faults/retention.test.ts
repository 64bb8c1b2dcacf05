import { afterEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { type Answer, type House, openHouse } from '../e2e/house.ts';
import { arrived, faults, track, until } from './support.ts';

let house: House;
afterEach(() => house.close());

const DAYS = 24 * 60 * 60 * 1000;

/** Makes everything in the log so many days older than it is. */
function age(days: number): void {
  const database = new DatabaseSync(join(house.dataDir, 'log.db'));
  database.prepare('UPDATE blocks SET at = at - ?').run(days * DAYS);
  database.close();
}

async function ids(): Promise<readonly string[]> {
  const { body } = await house.admin('events?after=0&limit=1000');
  return body.map((one: Answer) => one.event.messageId);
}

async function sandboxSettings(settings: object): Promise<void> {
  await fetch(`${house.sandbox.url}/_sandbox/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  });
}

const big = (id: string): object => ({ ...track(id, 'u1'), context: { filler: 'x'.repeat(30_000) } });

describe('the log', () => {
  it('lets go what is too old, but keeps what a dead letter needs', async () => {
    house = await openHouse({ server: { retention: { days: 7 } } });
    await sandboxSettings({ disallowedEventNames: ['Poison'] });
    for (let n = 0; n < 20; n += 1) await house.track('track', track(`old${n}`, 'u1'));
    await house.track('track', track('poison', 'u1', 0, 'Poison'));
    await house.server.idle();
    age(8);
    await house.track('track', track('young', 'u1'));
    await house.server.idle();
    expect(await house.server.prune()).toBe(20);
    expect(await ids()).toEqual(['poison', 'young']);
    await sandboxSettings({ disallowedEventNames: [] });
    const { body } = await house.admin('dead-letters/replay', { method: 'POST', body: {} });
    expect(body).toEqual({ requeued: 1 });
    await house.server.idle();
    expect((await arrived(house)).get('poison')).toBe(1);
    expect(await house.server.prune()).toBe(1);
    expect(await ids()).toEqual(['young']);
  });

  it('lets go the oldest when there is too much, and takes no position twice', async () => {
    house = await openHouse({ server: { retention: { gigabytes: 0.002 } } });
    for (let n = 0; n < 120; n += 1) await house.track('track', big(`m${n}`));
    await house.server.idle();
    await until(async () => (await house.server.prune()) === 0);
    const left = await ids();
    expect(left.length).toBeLessThan(100);
    expect(left.at(-1)).toBe('m119');
    await house.restart();
    await house.track('track', track('next', 'u1'));
    await house.server.idle();
    expect((await arrived(house)).get('next')).toBe(1);
    const { body } = await house.admin('events?after=120&limit=10');
    expect(body[0]).toMatchObject({ seq: 121, event: { messageId: 'next' } });
  });

  it('keeps what a destination has not dealt with, also one that is disabled, and what waits', async () => {
    house = await openHouse({ server: { retention: { days: 7 } } });
    await house.admin('destinations/iterable', { method: 'PATCH', body: { enabled: false } });
    for (let n = 0; n < 10; n += 1) await house.track('track', track(`kept${n}`, 'u1'));
    age(8);
    await house.track('track', track('young', 'u1'));
    expect(await house.server.prune()).toBe(0);
    await faults(house, [{ match: { path: '/api/*' }, kind: 'status', status: 500 }]);
    await house.admin('destinations/iterable', { method: 'PATCH', body: { enabled: true } });
    await until(async () => (await house.admin('stats')).body.destinations[0].retrying > 0);
    expect(await house.server.prune()).toBe(0);
    await house.restart();
    await faults(house, []);
    await house.server.idle();
    expect((await arrived(house)).size).toBe(11);
    expect(await house.server.prune()).toBe(10);
  });
});
