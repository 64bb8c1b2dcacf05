import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { arrived, track, until } from '../faults/support.ts';
import { demoWorkspace, type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

let harness: Harness;
afterEach(() => harness.close());

async function send(prefix: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const batch = Array.from({ length: Math.min(100, count - from) }, (_, n) =>
      track(`${prefix}${from + n}`, `u${n % 10}`),
    );
    // While the machine is slow even a healthy destination can be behind for a moment.
    await until(async () => (await harness.track('batch', { batch })).status === 200);
  }
}

/** Makes all entries of log and state older by a number of days. */
function age(days: number): void {
  const by = days * 24 * 60 * 60 * 1000;
  for (const [file, tables] of [
    ['log.db', ['blocks']],
    ['state.db', ['dead_letters', 'exchanges']],
  ] as const) {
    const database = new DatabaseSync(join(harness.dataDir, file));
    for (const table of tables) database.prepare(`UPDATE ${table} SET at = at - ?`).run(by);
    database.close();
  }
}

/** Rows of the delivery state. */
function rows(): Record<string, number> {
  const database = new DatabaseSync(join(harness.dataDir, 'state.db'), { readOnly: true });
  const counts = ['outcomes', 'delivered_runs', 'dead_letters', 'exchanges'].map((table) => {
    const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { count: number };
    return [table, count] as const;
  });
  database.close();
  return Object.fromEntries(counts);
}

async function refusePoison(): Promise<void> {
  await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ disallowedEventNames: ['Poison'] }),
  });
}

describe('the delivery state', () => {
  it('shrinks with the log: outcomes are deleted with their events, dead letters and exchanges when they are old', async () => {
    harness = await openHarness({ server: { retention: { days: 7, deadLetterDays: 30 } } });
    await refusePoison();
    await send('old', scale(500, 5_000));
    for (let n = 0; n < 20; n += 1) await harness.track('track', track(`poison${n}`, 'u1', 0, 'Poison'));
    await harness.server.idle();
    expect(rows()).toMatchObject({ dead_letters: 20 });
    age(8);
    await harness.track('track', track('young', 'u1'));
    await harness.server.idle();
    expect(await harness.server.prune()).toBe(scale(500, 5_000));
    const after = rows();
    // The events of dead letters stay, with their outcomes; all others are gone.
    expect(after['outcomes']! + after['delivered_runs']!).toBeLessThan(60);
    expect((await harness.steps('poison3'))[0]).toMatchObject({ status: 'rejected' });
    expect((await harness.admin('events/old1')).status).toBe(404);
    age(30);
    expect(await harness.server.prune()).toBe(0);
    expect(rows()).toMatchObject({ dead_letters: 0 });
    expect(await harness.server.prune()).toBeGreaterThan(0);
    const metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(metrics).toContain(
      'waybill_dead_letters_removed_total{destination="iterable",reason="expired"} 20',
    );
    expect(metrics).toMatch(/waybill_state_bytes\{kind="deadLetters"\} 0/);
  }, 60_000);

  it('lets a person delete dead letters, by filter, after counting them', async () => {
    harness = await openHarness();
    await refusePoison();
    for (let n = 0; n < 5; n += 1) await harness.track('track', track(`poison${n}`, `u${n}`, 0, 'Poison'));
    await harness.server.idle();
    expect((await harness.admin('dead-letters', { method: 'DELETE' })).status).toBe(400);
    expect((await harness.admin('dead-letters?cod=x', { method: 'DELETE' })).status).toBe(400);
    const asked = { method: 'DELETE', body: { messageId: 'poison1', dryRun: true } };
    expect((await harness.admin('dead-letters', asked)).body).toEqual({ dryRun: true, deadLetters: 1 });
    const one = { method: 'DELETE', body: { messageId: 'poison1' } };
    expect((await harness.admin('dead-letters', one)).body).toEqual({ deleted: 1 });
    const [first] = (await harness.admin('dead-letters')).body;
    expect((await harness.admin(`dead-letters/${first.id}`, { method: 'DELETE' })).body).toEqual({
      deleted: 1,
    });
    expect((await harness.admin(`dead-letters/${first.id}`)).status).toBe(404);
    expect((await harness.steps('poison1'))[0]).toMatchObject({ status: 'rejected' });
    expect((await harness.admin('stats')).body.destinations[0]).toMatchObject({
      deadLetters: 3,
      rejected: 5,
    });
    expect((await harness.admin('dead-letters', { method: 'DELETE', body: { all: true } })).body).toEqual({
      deleted: 3,
    });
    expect((await harness.admin('dead-letters?includeReplayed=true')).body).toEqual([]);
  }, 60_000);
});

describe('a destination that is down for days', () => {
  it('loses the oldest of its backlog, reported and recorded, while others continue', async () => {
    const most = scale(200, 2_000);
    harness = await openHarness({
      server: { limits: { backlogEvents: most }, retention: { days: 0, gigabytes: 0.000_001 } },
      workspace: (url) => {
        const { sources, destinations } = demoWorkspace(url);
        const [iterable] = destinations;
        return { sources, destinations: [iterable!, { ...iterable!, id: 'dead', enabled: false }] };
      },
    });
    const count = most * 3;
    await send('m', count);
    await harness.server.idle();
    // A server with one healthy destination accepts events all the time.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await harness.track('track', track('last', 'u1'))).status).toBe(200);
    await harness.server.idle();
    await harness.server.prune();
    const gaps = async () => (await harness.admin('gaps?destination=dead')).body;
    await until(async () => (await gaps()).length === 1);
    expect(await gaps()).toMatchObject([
      { destination: 'dead', seq: 1, through: count + 1 - most, code: 'event_expired' },
    ]);
    expect(await harness.steps(`m${count - 1}`)).toMatchObject([
      { destination: 'iterable', status: 'delivered' },
    ]);
    expect((await harness.admin('events/m0')).body.steps).toMatchObject([
      { destination: 'iterable', status: 'delivered' },
      { destination: 'dead', status: 'rejected', code: 'event_expired', remedy: expect.any(String) },
    ]);
    // The log is bounded again: events without pending deliveries are removed.
    await until(async () => (await harness.server.prune()) > 0);
    expect((await harness.admin('events/m0')).status).toBe(404);
    const ready = await fetch(`${harness.server.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { behind: ['dead'] }]);
    const metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(metrics).toMatch(/waybill_outcomes_total\{destination="dead",.*code="event_expired"\} \d+/);
    // What is left of its backlog it still gets.
    await harness.admin('destinations/dead', { method: 'PATCH', body: { enabled: true } });
    await harness.server.idle();
    const { destinations } = (await harness.admin('stats')).body;
    const dead = destinations.find((one: { destination: string }) => one.destination === 'dead');
    expect(dead).toMatchObject({ lag: 0, rejected: count + 1 - most });
    expect(dead.delivered + dead.skipped).toBe(most);
  }, 60_000);
});

describe('a destination that is deleted and added again under the same id', () => {
  it('gets neither the old backlog nor the events in between', async () => {
    harness = await openHarness();
    const [config] = demoWorkspace(harness.sandbox.url).destinations;
    await harness.track('track', track('first', 'u1'));
    await harness.server.idle();
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { enabled: false } });
    await send('backlog', 100);
    expect((await harness.admin('destinations/iterable', { method: 'DELETE' })).status).toBe(204);
    await until(async () => (await harness.admin('stats')).body.destinations.length === 0);
    const metrics = async (): Promise<string> => (await fetch(`${harness.server.url}/metrics`)).text();
    expect(await metrics()).not.toMatch(/waybill_destination_\w+\{destination="iterable"/);
    await send('gap', scale(300, 1_000));
    expect((await harness.admin('destinations', { method: 'POST', body: config })).status).toBe(201);
    await harness.track('track', track('after', 'u1'));
    await harness.server.idle();
    expect([...(await arrived(harness)).keys()].sort()).toEqual(['after', 'first']);
    expect(await metrics()).toMatch(/waybill_destination_lag_events\{destination="iterable"\} 0/);
    // The same after a restart: no data of the removed destination is left.
    await harness.restart();
    await harness.server.idle();
    expect((await arrived(harness)).size).toBe(2);
  }, 60_000);
});
