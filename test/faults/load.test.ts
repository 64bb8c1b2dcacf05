import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { arrived, faults, order, track, until } from './support.ts';

/** Small in every run, whole with `WAYBILL_FULL=1`. */
const FULL = process.env['WAYBILL_FULL'] === '1';
const BACKLOG = FULL ? 1_000_000 : 5_000;
const HOT = FULL ? 100_000 : 3_000;
const MANY = FULL ? 100_000 : 4_000;
const LONG = FULL ? 1_800_000 : 60_000;

let harness: Harness;
afterEach(() => harness.close());

async function send(events: readonly object[]): Promise<void> {
  for (let at = 0; at < events.length; at += 500) {
    const { status, body } = await harness.track('batch', { batch: events.slice(at, at + 500) });
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  }
}

const lane = async (): Promise<Answer> => (await harness.admin('stats')).body.destinations[0];

describe('a destination that is down for a day', () => {
  it(
    'gets every event once and in order afterwards, and none becomes a dead letter',
    async () => {
      harness = await openHarness();
      await faults(harness, [{ match: { path: '/api/*' }, kind: 'status', status: 503 }]);
      await send(Array.from({ length: BACKLOG }, (_one, n) => track(`m${n}`, `u${n % 200}`, n + 1)));
      await until(async () => (await lane()).retrying > 0);
      const down = await lane();
      // The backlog stays in the log; only what was tried waits.
      expect(down.retrying).toBeLessThanOrEqual(2_000);
      expect(down.lag).toBeGreaterThanOrEqual(BACKLOG - 2_000);
      await harness.restart();
      await faults(harness, []);
      await harness.server.idle();
      const found = await arrived(harness);
      expect(found.size).toBe(BACKLOG);
      expect([...found.values()].every((count) => count === 1)).toBe(true);
      expect(await lane()).toMatchObject({ delivered: BACKLOG, rejected: 0, deadLetters: 0, retrying: 0 });
      const seqs = await order(harness, 'u7');
      expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    },
    LONG,
  );
});

describe('one poison event in every thousand', () => {
  it(
    'becomes a dead letter each, and affects no other event',
    async () => {
      harness = await openHarness();
      await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ disallowedEventNames: ['Poison'] }),
      });
      const poison = (n: number): boolean => n % 1_000 === 500;
      await send(
        Array.from({ length: MANY }, (_one, n) =>
          track(`m${n}`, `u${n % 300}`, n + 1, poison(n) ? 'Poison' : 'Seen'),
        ),
      );
      await harness.server.idle();
      const found = await arrived(harness);
      expect(found.size).toBe(MANY - MANY / 1_000);
      expect([...found.values()].every((count) => count === 1)).toBe(true);
      const { body } = await harness.admin('dead-letters?limit=1000');
      expect(body).toHaveLength(MANY / 1_000);
      expect(body[0]).toMatchObject({ messageId: 'm500', code: 'destination_event_disallowed' });
    },
    LONG,
  );
});

describe('an event of 10 MB', () => {
  it('is refused without being read to its end, and others are accepted meanwhile', async () => {
    harness = await openHarness();
    const big = { ...track('big', 'u1'), properties: { text: 'x'.repeat(10_000_000) } };
    const refused = await harness.track('track', big).catch(() => undefined);
    if (refused !== undefined) {
      expect([refused.status, refused.body.error.code]).toEqual([400, 'event_too_large']);
    }
    const batch = await harness.track('batch', { batch: [big] }).catch(() => undefined);
    if (batch !== undefined) expect(batch.body.error.code).toBe('event_batch_too_large');
    expect((await harness.track('track', track('small', 'u1'))).status).toBe(200);
    await harness.server.idle();
    expect([...(await arrived(harness)).keys()]).toEqual(['small']);
  });
});

describe('a user with very many events', () => {
  it(
    'gets them in order, without delaying other users',
    async () => {
      harness = await openHarness();
      const hot = Array.from({ length: HOT }, (_one, n) => track(`hot${n}`, 'hot', n + 1));
      await send([...hot, ...Array.from({ length: 50 }, (_one, n) => track(`cold${n}`, `c${n}`, 1))]);
      await harness.server.idle();
      const found = await arrived(harness);
      expect(found.size).toBe(HOT + 50);
      const seqs = await order(harness, 'hot');
      expect(seqs).toEqual(Array.from({ length: HOT }, (_one, n) => n + 1));
    },
    LONG,
  );
});

describe('a full backlog', () => {
  it('closes the intake with 429 and Retry-After, and opens it when the destination has caught up', async () => {
    harness = await openHarness({ server: { limits: { backlogEvents: 100 } } });
    await faults(harness, [{ match: { path: '/api/*' }, kind: 'status', status: 503 }]);
    await send(Array.from({ length: 500 }, (_one, n) => track(`m${n}`, `u${n}`)));
    // One more step than the lane has taken on: it includes the items of its queue.
    await send(Array.from({ length: 3_000 }, (_one, n) => track(`n${n}`, `u${n}`)));
    await until(async () => (await harness.track('track', track('late', 'u1'))).status === 429);
    const { body } = await harness.track('track', track('late', 'u1'));
    expect(body.error).toMatchObject({ code: 'server_overloaded', remedy: expect.any(String) });
    await harness.restart();
    await faults(harness, []);
    await until(async () => (await harness.track('track', track('late', 'u1'))).status === 200);
    await harness.server.idle();
    expect((await arrived(harness)).has('late')).toBe(true);
  }, 60_000);
});

describe('a sender that floods the intake', () => {
  it('gets at most half of the memory, so that others are accepted', async () => {
    harness = await openHarness({
      server: { limits: { inFlightMegabytes: 1 } },
      workspace: (url) => ({
        sources: [
          { id: 'flood', writeKey: 'flood' },
          { id: 'shop', writeKey: 'demo' },
        ],
        destinations: [
          {
            id: 'iterable',
            type: 'iterable',
            settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: url },
          },
        ],
      }),
    });
    const key = (name: string): Record<string, string> => ({ authorization: `Basic ${btoa(`${name}:`)}` });
    const batch = Array.from({ length: 900 }, (_one, n) => track(`f${n}`, `u${n}`));
    const body = JSON.stringify({ batch, filler: 'x'.repeat(300_000) });
    const flood = await Promise.all(
      Array.from({ length: 12 }, () => harness.track('batch', body, key('flood'))),
    );
    const statuses = new Set(flood.map(({ status }) => status));
    expect(statuses).toEqual(new Set([200, 429]));
    const during = Promise.all(Array.from({ length: 12 }, () => harness.track('batch', body, key('flood'))));
    const others = await Promise.all(
      Array.from({ length: 20 }, (_one, n) => harness.track('track', track(`o${n}`, 'u1'), key('demo'))),
    );
    await during;
    expect(others.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});
