import { describe, expect, it } from 'vitest';
import { destinations, dummy } from '@waybill/destinations';

import { event, play, scripted } from '../harness.ts';

const events = Array.from({ length: 4 }, (_none, index) =>
  event({ type: 'track', event: `Event ${index}`, userId: `u-${index}`, properties: { index } }),
);

async function outcomes(
  settings: Readonly<Record<string, unknown>>,
  attempt = 1,
): Promise<readonly string[]> {
  const { request, calls } = scripted(() => [500, '']);
  const played = await play({ destination: dummy, settings, request, attempt }, events);
  expect(calls).toEqual([]);
  return played.map(({ outcome }) =>
    outcome.status === 'delivered' ? 'delivered' : `${outcome.status} ${outcome.code}`,
  );
}

const all = (outcome: string): string[] => events.map(() => outcome);

describe('the dummy destination', () => {
  it.each([
    ['ok', 'delivered'],
    ['reject', 'rejected destination_rejected'],
    ['retry', 'retry destination_unavailable'],
    ['rate_limit', 'retry destination_rate_limited'],
    ['unauthorized', 'rejected destination_unauthorized'],
    ['flaky', 'retry destination_unavailable'],
    ['bug', 'retry destination_bug'],
    ['wrong_count', 'rejected action_outcome_invalid'],
  ])('in the mode %s makes every item %s', async (mode, expected) => {
    expect(await outcomes({ mode })).toEqual(all(expected));
  });

  it('delivers items by default', async () => {
    expect(await outcomes({})).toEqual(all('delivered'));
  });

  it('delivers an item after the failing attempts', async () => {
    expect(await outcomes({ mode: 'flaky', attempts: 2 }, 2)).toEqual(all('retry destination_unavailable'));
    expect(await outcomes({ mode: 'flaky', attempts: 2 }, 3)).toEqual(all('delivered'));
  });

  it('fails for every n-th item of a call', async () => {
    const failed = 'rejected destination_rejected';
    expect(await outcomes({ mode: 'reject', failEvery: 2 })).toEqual([
      'delivered',
      failed,
      'delivered',
      failed,
    ]);
  });

  it('waits for the configured time', async () => {
    const start = performance.now();
    expect(await outcomes({ mode: 'slow', delay: 50 })).toEqual(all('delivered'));
    expect(performance.now() - start).toBeGreaterThanOrEqual(45);
  });

  it('fails for one item alone when its event requests it', async () => {
    const { request } = scripted(() => [500, '']);
    const played = await play({ destination: dummy, settings: {}, request }, [
      event({ type: 'track', event: 'A', userId: 'u-1' }),
      event({ type: 'track', event: 'B', userId: 'u-2', properties: { dummy_mode: 'reject' } }),
    ]);
    expect(played.map(({ outcome }) => outcome.status)).toEqual(['delivered', 'rejected']);
  });

  it('reports whether it would accept the credentials', async () => {
    const test = (mode: string): unknown =>
      dummy.testConnection!({
        settings: { mode },
        request: scripted(() => [200, '']).request,
        now: Date.now,
      });
    expect(await test('ok')).toMatchObject({ ok: true });
    expect(await test('unauthorized')).toMatchObject({ ok: false, issue: { path: 'mode' } });
  });
});

describe('the list of destinations', () => {
  it('has every destination under its own slug', () => {
    expect(destinations.map(({ slug }) => slug)).toEqual(['iterable', 'klaviyo', 'ga4', 'webhook', 'dummy']);
  });
});
