import { afterEach, describe, expect, it } from '@jest/globals';
import { type House, openHouse } from './house.ts';

let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
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
  it('are kept, and making the profiles costs a few calls once, before a restart and after it', async () => {
    // Iterable answers "Success" to an event without a profile, and keeps nothing of it.
    const switches = { trackUnknownEmail: 'parked', trackUnknownUserId: 'parked' } as const;
    house = await openHouse({ projectType: 'email', sandbox: { switches } });
    const { project } = house.sandbox;
    const made = (): number => project.stats.perEndpoint.get('/api/users/bulkUpdate')?.items ?? 0;
    await house.track('batch', { batch: visits(1) });
    await house.server.idle();
    expect((await house.steps('1-1')).map(({ status }) => status)).toEqual(['delivered']);
    expect((await house.steps('1-999')).map(({ status }) => status)).toEqual(['delivered']);
    expect(project.eventCount).toBe(10 * USERS);
    expect(made()).toBeLessThanOrEqual(2 * USERS);
    expect(project.stats.perEndpoint.get('/api/users/bulkUpdate')!.requests).toBeLessThan(20);

    const before = made();
    await house.restart();
    await house.track('batch', { batch: visits(2) });
    await house.server.idle();
    expect([project.eventCount, made()]).toEqual([20 * USERS, before]);
  }, 120_000);
});
