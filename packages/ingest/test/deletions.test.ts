import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { type Deletions, openDeletions, openSuppressions } from '@waybill/ingest';
import { world, type World } from './support.ts';

const event = (names: Partial<Event>): Event => ({
  type: 'track',
  messageId: 'm',
  timestamp: '2026-03-01T10:00:00.000Z',
  receivedAt: '2026-03-01T10:00:00.000Z',
  ...names,
});

describe.each(['sqlite', 'memory'] as const)('the record of deletions, over %s', (driver) => {
  let under: World;
  let now = 0;
  beforeEach(async () => {
    now = 0;
    under = await world(driver);
  });
  afterEach(() => under.close());

  const open = (more: { readonly most?: number; readonly holder?: string } = {}): Promise<Deletions> =>
    openDeletions({
      log: under.log,
      holder: 'one',
      now: () => (now += 1),
      inTurn: (work) => work(),
      ...more,
    });
  const asked = (names: object, suppressed = true) =>
    ({ kind: 'deleted', by: 'ci', suppressed, ...names }) as const;

  it('distinguishes people under concurrent requests, and is unchanged after a restart', async () => {
    const deletions = await open();
    // More than a page of them, where that takes no disk.
    const count = driver === 'memory' ? 1_200 : 30;
    const ids = Array.from({ length: count }, (_, at) => `user-${at}`);
    await Promise.all(ids.map((userId) => deletions.begin(asked({ userId }))));
    expect(deletions.has(event({ userId: 'user-7' }))).toBe(true);
    expect(deletions.has(event({ userId: `user-${count}` }))).toBe(false);
    expect(deletions.has(event({ userId: 'other', previousId: `user-${count - 1}` }))).toBe(true);

    const again = await open();
    const view = await openSuppressions(under.log);
    for (const { has } of [again, view]) {
      expect(ids.every((userId) => has(event({ userId })))).toBe(true);
      expect(has(event({ anonymousId: 'user-7' }))).toBe(false);
    }
    const all = await again.list({ limit: 1_000 });
    const first = Math.max(1, count - 999);
    expect([all.length, all[0]?.id, all.at(-1)?.id]).toEqual([Math.min(count, 1_000), count, first]);
    expect(await again.list({ limit: 1_000, before: first })).toHaveLength(first - 1);
  });

  it('knows a person by all names of earlier requests, and another view follows on request', async () => {
    const deletions = await open();
    const view = await openSuppressions(under.log);
    await deletions.begin(asked({ userId: 'ada', email: 'Ada@Example.com' }));
    await deletions.begin(asked({ userId: 'ada', anonymousId: 'browser' }, false));
    const traits = { email: 'ada@example.com' };
    const three = [{ userId: 'ada' }, { traits }, { anonymousId: 'browser' }].map(event);
    expect(three.map(view.has)).toEqual([false, false, false]);
    await view.refresh();
    expect(three.map(view.has)).toEqual([true, true, true]);
    const lifted = await deletions.begin({
      kind: 'lifted',
      by: 'ci',
      suppressed: false,
      anonymousId: 'browser',
    });
    expect(lifted).toMatchObject({ userId: 'ada', email: 'Ada@Example.com', anonymousId: 'browser' });
    await view.refresh();
    expect(three.map(view.has)).toEqual([false, false, false]);
    const records = await deletions.list({ email: 'ada@example.com', limit: 10 });
    expect(records.map(({ id, suppressed }) => [id, suppressed])).toEqual([
      [3, false],
      [2, true],
      [1, true],
    ]);
  });

  it('accepts no more when it is full, and still reports the last result', async () => {
    const deletions = await open({ most: 2 });
    const first = await deletions.begin(asked({ userId: 'a' }));
    await deletions.begin(asked({ userId: 'b' }));
    expect(await deletions.begin(asked({ userId: 'c' }))).toBe('full');
    expect(deletions.has(event({ userId: 'c' }))).toBe(false);
    if (first === 'full') throw new Error('There was room.');
    const outcome = { status: 'delivered' } as const;
    await deletions.end(first, [{ destination: 'd', outcome }]);
    expect((await deletions.list({ userId: 'a', limit: 1 }))[0]).toMatchObject({
      id: 1,
      destinations: [{ destination: 'd', outcome }],
    });
  });
});
