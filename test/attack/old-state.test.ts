import { afterEach, describe, expect, it } from 'vitest';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { track } from '../faults/support.ts';

let harness: Harness;
afterEach(() => harness?.close());

let sent = 0;
async function send(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1, sent += 1)
    expect((await harness.track('track', track(`e${sent}`, 'u1', sent))).status).toBe(200);
}

/** The numbers of the events that have arrived, each as often as it did. */
async function received(): Promise<readonly number[]> {
  const log = await fetch(`${harness.sandbox.url}/_sandbox/log?user=u1`);
  return ((await log.json()) as Answer).items.map((one: Answer) => one.orderMarker);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Runs a server whose state is 20 events old or missing, with one more event to deliver. */
async function withOldState(old: 'older' | 'none'): Promise<void> {
  sent = 0;
  harness = await openHarness();
  const state = join(harness.dataDir, 'state.db');
  await send(10);
  await harness.server.idle();
  await harness.server.stop();
  copyFileSync(state, `${harness.dataDir}.state`);
  await harness.restart();
  await send(20);
  await harness.server.idle();
  await harness.server.stop();
  if (old === 'older') copyFileSync(`${harness.dataDir}.state`, state);
  else rmSync(state);
  rmSync(`${harness.dataDir}.state`);
  await harness.restart();
  await send(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
}

describe('a state that is older than the log', () => {
  it('stops delivery until a person decides, across restarts; sent events are not sent again', async () => {
    await withOldState('older');
    for (let start = 0; start < 2; start += 1) {
      const ready = await fetch(`${harness.server.url}/readyz`);
      expect([ready.status, (await ready.json()) as unknown]).toEqual([
        503,
        expect.objectContaining({
          status: expect.stringContaining('delivery paused: the state is older than the log'),
        }),
      ]);
      expect((await harness.admin('delivery')).body).toEqual({
        status: 'held',
        destinations: [{ destination: 'iterable', cursor: 10, reached: 30 }],
      });
      expect(await received()).toEqual(upTo(30));
      await harness.restart();
    }
    const wrong = await harness.admin('delivery/resume', { method: 'POST', body: { from: 'here' } });
    expect([wrong.status, wrong.body.error.code]).toEqual([400, 'request_invalid']);
    const decided = await harness.admin('delivery/resume', { method: 'POST', body: { from: 'log' } });
    expect([decided.status, decided.body]).toEqual([200, { status: 'delivering', destinations: [] }]);
    await harness.server.idle();
    expect(await received()).toEqual(upTo(31));
    const again = await harness.admin('delivery/resume', { method: 'POST', body: { from: 'log' } });
    expect([again.status, again.body.error.code]).toEqual([409, 'delivery_not_held']);
    await harness.restart();
    expect((await fetch(`${harness.server.url}/readyz`)).status).toBe(200);
  }, 90_000);

  it('allows to send the later events again, on request', async () => {
    await withOldState('older');
    await harness.admin('delivery/resume', { method: 'POST', body: { from: 'state' } });
    await harness.server.idle();
    expect(await received()).toEqual([...upTo(30), ...upTo(31).slice(10)]);
  }, 90_000);

  it('is detected when it is missing', async () => {
    await withOldState('none');
    expect((await harness.admin('delivery')).body.destinations).toEqual([
      { destination: 'iterable', cursor: 0, reached: 30 },
    ]);
    expect(await received()).toEqual(upTo(30));
  }, 90_000);
});
