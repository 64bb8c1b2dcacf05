import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { event } from '../harness.ts';
import { ADA, type Body, DELIVERED, identify, PROJECT_TYPES, refused, shop, tea, track } from './support.ts';

const STRICT = { trackUnknownEmail: 'notFound', trackUnknownUserId: 'notFound' };
/** Iterable answers "Success" and drops the event. */
const PARKED = { trackUnknownEmail: 'parked', trackUnknownUserId: 'parked' };
const READINGS = [STRICT, PARKED];
const byEmail = () => track('Seen', undefined, { email: ADA.email });
const byUserId = () => track('Seen', ADA.userId, {});

const page = () => event({ type: 'page', name: 'Home', userId: 'u-8', anonymousId: 'v' });

const waiting = (afterMs: number): unknown =>
  expect.objectContaining({ status: 'retry', code: 'destination_user_not_found', afterMs });

describe('an event of a user whom an e-mail project does not know', () => {
  it.each(READINGS)('creates its profile first, once per user, by default (read as %j)', async (switches) => {
    const { send, sandbox } = await shop({ projectType: 'email', switches });
    const { project } = sandbox;
    expect(await send(byEmail(), byEmail())).toEqual([DELIVERED, DELIVERED]);
    expect([...project.profiles]).toMatchObject([{ email: ADA.email }]);
    expect(await send(byUserId())).toEqual([DELIVERED]);
    expect(project.byUserId.first(ADA.userId)!.email).toMatch(/@placeholder\.email$/);
    // Both are known now: no further call creates them.
    await send(byEmail(), byUserId());
    expect(project.stats.perEndpoint.get('/api/users/bulkUpdate')).toMatchObject({ requests: 2 });
    expect(project.eventCount).toBe(5);
  });

  it('costs nothing where another action has just written the profile, or before a restart', async () => {
    const { send, sandbox, action } = await shop({ projectType: 'email', switches: PARKED, remembers: true });
    const writes = (): unknown => sandbox.project.stats.perEndpoint.get('/api/users/bulkUpdate')?.requests;
    await send(identify(ADA.userId, { email: ADA.email }));
    expect([await send(byEmail(), byUserId()), writes()]).toEqual([[DELIVERED, DELIVERED], 1]);
    const seen = track('Seen', undefined, { email: 'new@example.com' });
    await send(seen);
    expect(writes()).toBe(2);
    // The next start has new settings objects; only the memory is the same.
    const again = action('trackEvent', {});
    expect([await again(seen), writes()]).toEqual([[DELIVERED], 2]);
  });

  it('is created again under an address that was released by a change', async () => {
    const { send, sandbox, action } = await shop({ projectType: 'email', switches: PARKED });
    const act = action('trackEvent');
    expect(await act(byEmail())).toEqual([DELIVERED]);
    const move = { previous_email: ADA.email, email: 'ada@new.example.com' };
    expect(await action('updateEmail')(track('Email Changed', undefined, move))).toEqual([DELIVERED]);
    expect(await send(byEmail())).toEqual([DELIVERED]);
    expect([sandbox.project.eventCount, sandbox.project.profiles.size]).toEqual([2, 2]);
  });

  it.each(READINGS)('is reported where no profile may be created (read as %j)', async (switches) => {
    const { send, sandbox, action } = await shop(
      { projectType: 'email', switches },
      { unknownUsers: 'report' },
    );
    expect(await send(byEmail(), byUserId())).toEqual([
      refused('destination_user_not_found', { message: expect.stringContaining('send identify') }),
      refused('destination_user_not_found'),
    ]);
    expect([sandbox.project.profiles.size, sandbox.project.eventCount]).toEqual([0, 0]);
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await action('trackEvent')(byEmail(), byUserId())).toEqual([DELIVERED, DELIVERED]);
    expect(sandbox.project.eventCount).toBe(2);
  });

  it.each(READINGS)(
    'is never reported as delivered when nothing was stored, for any setting (read as %j)',
    async (switches) => {
      for (const projectType of PROJECT_TYPES) {
        for (const unknownUsers of ['create', 'report', 'wait']) {
          const { send, sandbox, action } = await shop({ projectType, switches }, { unknownUsers });
          const events = [byUserId(), ...(projectType === 'userId' ? [] : [byEmail()])];
          const outcomes = [
            ...(await send(...events)),
            ...(await action('trackPage', {})(page())),
            ...(await action('trackRefund', {})(track('Order Refunded', 'u-9', { order_id: 'o' }))),
          ];
          const delivered = outcomes.filter(({ status }) => status === 'delivered').length;
          expect([projectType, unknownUsers, sandbox.project.eventCount]).toEqual([
            projectType,
            unknownUsers,
            delivered,
          ]);
        }
      }
    },
  );

  it('reports why the profile cannot be created', async () => {
    const { send, post } = await shop({ projectType: 'email' }, { unknownUsers: 'create' });
    await send(identify(undefined, { email: ADA.email }));
    await post('/api/users/forget', { email: ADA.email });
    expect(await send(byEmail())).toEqual([refused('destination_user_forgotten')]);
  });

  it('creates an externally deleted profile again', async () => {
    const { send, sandbox, action } = await shop(
      { projectType: 'email', switches: STRICT },
      { unknownUsers: 'create' },
    );
    const act = action('trackEvent', {});
    const seen = track('Seen', undefined, { email: ADA.email });
    expect(await act(seen)).toEqual([DELIVERED]);
    sandbox.project.remove([...sandbox.project.profiles][0]!);
    expect(await act(seen)).toEqual([waiting(60_000)]);
    expect(await act.attempt(2, seen)).toEqual([DELIVERED]);
    expect(await send(seen)).toEqual([DELIVERED]);
  });

  it.each(READINGS)('waits for an identify, for a limited time (read as %j)', async (switches) => {
    const { send, action } = await shop({ projectType: 'email', switches }, { unknownUsers: 'wait' });
    const act = action('trackEvent');
    const seen = byUserId();
    expect(await act(seen)).toEqual([waiting(60_000)]);
    expect(await act.attempt(4, seen)).toEqual([waiting(3_600_000)]);
    expect(await act.attempt(5, seen)).toEqual([
      refused('destination_user_not_found', { message: expect.stringContaining('5 attempts') }),
    ]);
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await act.attempt(2, seen)).toEqual([DELIVERED]);
  });

  it.each(['userId', 'hybrid'] as const)(
    'gets a profile from Iterable in a %s project, for any setting',
    async (projectType) => {
      const { send, sandbox } = await shop({ projectType }, { unknownUsers: 'wait' });
      expect(await send(byUserId())).toEqual([DELIVERED]);
      expect(sandbox.project.profiles.size).toBe(1);
    },
  );
});

describe('placeholder profiles', () => {
  const events = (): Event[] => [
    identify('u-1', { plan: 'pro' }),
    track('Cart Updated', 'u-2', { products: [tea()] }),
    track('Order Completed', 'u-3', { order_id: 'o-3', total: 9, products: [tea()] }),
  ];

  it('are created in an e-mail project on request, by every action that writes profiles', async () => {
    const { send, sandbox } = await shop({ projectType: 'email' }, { preferUserId: true });
    expect(await send(...events())).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect([...sandbox.project.profiles].map(({ email }) => email)).toEqual([
      expect.stringMatching(/^u-1\+\d+@placeholder\.email$/),
      expect.stringMatching(/^u-2\+/),
      expect.stringMatching(/^u-3\+/),
    ]);
  });

  it('are not created by default, and never elsewhere', async () => {
    const { send, sandbox } = await shop({ projectType: 'email' });
    expect(await send(...events())).toEqual([1, 2, 3].map(() => refused('destination_user_not_found')));
    expect(sandbox.project.profiles.size).toBe(0);
    const elsewhere = await shop({ projectType: 'userId' }, { preferUserId: true });
    expect(await elsewhere.send(...events())).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    const { calls } = (await elsewhere.get('/_sandbox/calls')) as { calls: { request: string }[] };
    expect(calls.filter(({ request }) => String(request).includes('preferUserId'))).toEqual([]);
  });
});

describe('the memory of identifiers', () => {
  it('finds the address that an e-mail project needs', async () => {
    const { send, sandbox } = await shop({ projectType: 'email', switches: STRICT, remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    // The profile loses its user ID at Iterable; only the memory still links the two.
    sandbox.project.setUserId([...sandbox.project.profiles][0]!, 'other');
    expect(await send(byUserId())).toEqual([
      expect.objectContaining({
        status: 'delivered',
        note: expect.stringContaining('filled in from an earlier event'),
      }),
    ]);
    expect([...sandbox.project.events.values()]).toMatchObject([{ owner: { email: ADA.email } }]);
  });

  it('is optional', async () => {
    const { send, memory } = await shop({ projectType: 'email', switches: STRICT });
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(memory.size).toBe(0);
    expect(await send(byUserId())).toEqual([DELIVERED]);
  });

  it('follows a changed address', async () => {
    const { send, action, memory } = await shop({ projectType: 'email', remembers: true });
    await send(identify(ADA.userId, { email: ADA.email }));
    await action('updateEmail')(
      track('Email Changed', ADA.userId, { email: 'ada@new.example.com' }, { traits: { email: ADA.email } }),
    );
    expect([...memory.values()].sort()).toEqual(['ada@new.example.com', 'u-1']);
  });
});

describe('an address that only Iterable finds malformed', () => {
  const email = 'zoë@example.com';
  const notes = expect.objectContaining({
    status: 'delivered',
    note: expect.stringContaining('Iterable refuses it'),
  });
  const events = (): Event[] => [
    identify(ADA.userId, { email, plan: 'pro' }),
    track('Cart Updated', ADA.userId, { products: [tea()] }, { traits: { email } }),
    track(
      'Order Completed',
      ADA.userId,
      { order_id: 'o', total: 9, products: [tea()] },
      { traits: { email } },
    ),
  ];

  it.each(['userId', 'hybrid'] as const)(
    'is omitted beside a user ID, with a warning (%s)',
    async (projectType) => {
      const { send, profile } = await shop({ projectType });
      expect(await send(...events(), track('Seen', ADA.userId, { email }))).toEqual([
        notes,
        notes,
        notes,
        DELIVERED,
      ]);
      expect(await profile({ userId: ADA.userId })).toMatchObject({ dataFields: { plan: 'pro' } });
    },
  );

  it('is omitted in an e-mail project where the user ID is known, and remains the reason otherwise', async () => {
    const { send } = await shop({ projectType: 'email' });
    expect(await send(...events())).toEqual([1, 2, 3].map(() => refused('destination_invalid_identifier')));
    await send(identify(ADA.userId, { email: ADA.email }));
    expect(await send(...events(), track('Seen', ADA.userId, { email }))).toEqual([
      notes,
      notes,
      notes,
      notes,
    ]);
  });

  it('rejects the item when nothing else names the user', async () => {
    const { send } = await shop();
    expect(await send(identify(undefined, { email } as Body))).toEqual([
      refused('destination_invalid_identifier', { field: 'email' }),
    ]);
  });
});
