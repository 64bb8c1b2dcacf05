import { afterEach, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { scale } from './scale.ts';

/*
 * More events than Iterable takes calls for, through a running server: its published limits are used, and not overrun.
 * The sandbox counts with Iterable's own buckets.
 */

const BATCH = 10;
const CALLS = scale(45, 300);

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

function open(): Promise<Harness> {
  return openHarness({
    sandbox: { limits: true },
    workspace: (url) => ({
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: [
        {
          id: 'iterable',
          type: 'iterable',
          settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: url },
          mappings: [{ id: 'all', preset: 'track-calls', mapping: { batch_size: BATCH } }],
        },
      ],
    }),
  });
}

interface Seen {
  readonly callsPerSecond: number;
  readonly calls: number;
  readonly refused: number;
}

/** Sends events for a number of calls, and polls until all have an outcome. */
async function saturate({ server, sandbox, track }: Harness, calls: number): Promise<Seen> {
  const path = '/api/events/trackBulk';
  const { perEndpoint } = sandbox.project.stats;
  const before = perEndpoint.get(path);
  const [had, refusedBefore] = [before?.requests ?? 0, before?.statuses['429'] ?? 0];
  const began = Date.now();
  for (let batch = 0; batch < calls; batch += 1) {
    const events = Array.from({ length: BATCH }, (_, n) => ({
      type: 'track',
      event: 'Seen',
      userId: `u-${batch}-${n}`,
      messageId: `${began}-${batch}-${n}`,
    }));
    expect((await track('batch', { batch: events })).status).toBe(200);
  }
  await server.idle();
  const seconds = (Date.now() - began) / 1000;
  const after = perEndpoint.get(path)!;
  const refused = (after.statuses['429'] ?? 0) - refusedBefore;
  const made = after.requests - had;
  // The bucket is full at first: that many calls cost no time.
  return { callsPerSecond: (made - refused - 10) / seconds, calls: made, refused };
}

describe('a destination at the limit of its calls', () => {
  it('is called at its limit, not more, also after a restart', async () => {
    harness = await open();
    const first = await saturate(harness, CALLS);
    await harness.restart();
    const second = await saturate(harness, CALLS);
    const line = ({ callsPerSecond, calls, refused }: Seen): string =>
      `${callsPerSecond.toFixed(2)} taken a second of 10, ${refused} of ${calls} calls refused`;
    process.stdout.write(
      `trackBulk, first start: ${line(first)}\ntrackBulk, second start: ${line(second)}\n`,
    );
    expect(harness.sandbox.project.eventCount).toBe(2 * CALLS * BATCH);
    // A slow machine makes fewer calls, never more.
    expect(first.callsPerSecond).toBeLessThan(10.1);
    expect(second.callsPerSecond).toBeLessThan(10.1);
    // At a custom address the limit is known from the first refusal on: calls in flight at that time may be refused too.
    expect(first.refused).toBeLessThan(20);
    expect(second.refused / second.calls).toBeLessThanOrEqual(0.05);
  }, 180_000);
});
