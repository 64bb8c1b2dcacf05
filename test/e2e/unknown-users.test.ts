import { afterEach, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from './harness.ts';

let harness: Harness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

const USERS = 100;

function visits(round: number): object[] {
  return Array.from({ length: 10 * USERS }, (_, n) => ({
    type: 'track',
    event: 'Page Seen',
    userId: `u-${n % USERS}`,
    messageId: `${round}-${n}`,
    properties: n % 2 === 0 ? {} : { email: `u-${n % USERS}@example.com` },
  }));
}

describe('events of users whom an e-mail project does not know', () => {
  it('are kept, and creating the profiles costs a few calls once, before a restart and after it', async () => {
    // Iterable answers "Success" to an event without a profile, and keeps nothing of it.
    const switches = { trackUnknownEmail: 'parked', trackUnknownUserId: 'parked' } as const;
    harness = await openHarness({ projectType: 'email', sandbox: { switches } });
    const { project } = harness.sandbox;
    const made = (): number => project.stats.perEndpoint.get('/api/users/bulkUpdate')?.items ?? 0;
    await harness.track('batch', { batch: visits(1) });
    await harness.server.idle();
    expect((await harness.steps('1-1')).map(({ status }) => status)).toEqual(['delivered']);
    expect((await harness.steps('1-999')).map(({ status }) => status)).toEqual(['delivered']);
    expect(project.eventCount).toBe(10 * USERS);
    expect(made()).toBeLessThanOrEqual(2 * USERS);
    expect(project.stats.perEndpoint.get('/api/users/bulkUpdate')!.requests).toBeLessThan(20);

    const before = made();
    await harness.restart();
    await harness.track('batch', { batch: visits(2) });
    await harness.server.idle();
    expect([project.eventCount, made()]).toEqual([20 * USERS, before]);
  }, 120_000);
});
