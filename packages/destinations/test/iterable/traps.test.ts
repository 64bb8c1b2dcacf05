import { describe, expect, it } from 'vitest';
import type { Event, HttpCall } from '@waybill/core';
import { iterable } from '@waybill/destinations';
import { readFileSync } from 'node:fs';

import { event, overHttp, play } from '../harness.ts';
import { ADA, type Body, DELIVERED, identify, PROJECT_TYPES, refused, shop, tea, track } from './support.ts';

const traps = JSON.parse(
  readFileSync(new URL('../../../../test/cases/iterable-traps/traps.json', import.meta.url), 'utf8'),
) as readonly { readonly name: string; readonly sentence: string }[];

const tested = new Set<string>();

/** The title of the tests of one trap. */
function trap(name: string): string {
  const found = traps.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no trap ${name}.`);
  tested.add(name);
  return `${name}: ${found.sentence}`;
}

const about = (name: string, properties: Body = {}): Event =>
  track(name, ADA.userId, properties, { traits: { email: ADA.email } });

const known = (index: number, traits: Body = {}): Event =>
  identify(`u-${index}`, { email: `u-${index}@example.com`, ...traits });

const seen = (index: number, properties: Body = {}): Event =>
  track('Seen', `u-${index}`, properties, { traits: { email: `u-${index}@example.com` } });

const RETRY = (code: string): unknown => expect.objectContaining({ status: 'retry', code });

/** Sends, and records all requests. */
async function kept(projectType: string, ...events: readonly Event[]): Promise<readonly HttpCall[]> {
  const { sandbox } = await shop({ projectType: projectType as 'email' });
  const calls: HttpCall[] = [];
  const request = overHttp();
  const settings = { apiKey: 'demo', apiUrl: sandbox.url, projectType };
  await play(
    {
      destination: iterable,
      settings,
      request: (call) => {
        calls.push(call);
        return request(call);
      },
    },
    events,
  );
  return calls;
}

describe.each(PROJECT_TYPES)('traps in a project of the type %s', (projectType) => {
  it(trap('T1'), async () => {
    const { send, post } = await shop({ projectType });
    await send(known(1), known(2), known(3));
    await post(
      '/api/users/forget',
      projectType === 'email' ? { email: 'u-2@example.com' } : { userId: 'u-2' },
    );
    const expected = [DELIVERED, refused('destination_user_forgotten'), DELIVERED];
    expect(await send(known(1), known(2), known(3))).toEqual(expected);
    expect(await send(seen(1), seen(2), seen(3))).toEqual(expected);
  });

  it.each(['yes', 'no'])(`${trap('T2')} (%s)`, async (disallowedRaisesFailCount) => {
    const { send, sandbox } = await shop({ projectType, switches: { disallowedRaisesFailCount } });
    await send(known(1));
    sandbox.project.settings.disallowedEventNames = ['Internal'];
    expect(await send(seen(1), { ...seen(1), event: 'Internal' })).toEqual([
      DELIVERED,
      refused('destination_event_disallowed', { field: 'eventName' }),
    ]);
  });

  it(trap('T3'), async () => {
    const { action } = await shop({ projectType });
    const entered = about('Audience Entered', { list_id: 404 });
    expect(await action('subscribeToList').attempt(9, entered)).toEqual([
      refused('destination_not_found', { field: 'listId' }),
    ]);
  });

  it(trap('T4'), async () => {
    const { send, sandbox } = await shop({ projectType, switches: { typeConflictInBulk: 'request' } });
    const people = Array.from({ length: 20 }, (_none, index) => index);
    await send(known(0, { score: 1 }));
    const users = await send(
      ...people.map((index) => known(index, { score: index === 7 ? 'seven' : index })),
    );
    expect(users).toEqual(
      people.map((index) =>
        index === 7 ? refused('destination_field_type_conflict', { field: 'dataFields.score' }) : DELIVERED,
      ),
    );
    await send(known(7), seen(0, { price: 0.5 }));
    const events = await send(...people.map((index) => seen(index, { price: index === 9 ? 'nine' : 1.5 })));
    expect(events.map(({ status }) => status)).toEqual(
      people.map((index) => (index === 9 ? 'rejected' : 'delivered')),
    );
    expect(sandbox.project.eventCount).toBe(20);
  });

  it(trap('T6'), async () => {
    const { send, sandbox } = await shop({ projectType, limits: true, now: () => 1_000 });
    const people = Array.from({ length: 1_000 }, (_none, index) => known(index));
    expect((await send(...people)).filter(({ status }) => status === 'delivered')).toHaveLength(1_000);
    expect(sandbox.project.stats.requests).toBe(1);
    for (let call = 0; call < 4; call += 1) await send(known(1, { call }));
    const beyond = known(2, { last: true });
    expect(await send(beyond)).toEqual([RETRY('destination_rate_limited')]);
  });

  it(trap('T7'), async () => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }), about('Seen'));
    await action('updateSubscriptions')(about('Subscriptions Updated', { unsubscribed_channel_ids: [1] }));
    await action('updateEmail')(about('Email Changed', { email: 'ada@new.example.com' }));
    const used = [...sandbox.project.stats.perEndpoint.keys()];
    expect(used).not.toContain('/api/users/update');
    expect(used).not.toContain('/api/events/track');
    expect(used).toEqual(expect.arrayContaining(['/api/users/bulkUpdate', '/api/events/trackBulk']));
  });

  it(trap('T9'), async () => {
    const { send, sandbox } = await shop({ projectType }, { unknownUsers: 'report' });
    const [outcome] = await send(track('Seen', 'stranger', {}));
    if (projectType === 'email') {
      expect(outcome).toEqual(refused('destination_user_not_found'));
      expect(sandbox.project.profiles.size).toBe(0);
    } else {
      expect(outcome).toEqual(DELIVERED);
      expect(sandbox.project.profiles.size).toBe(1);
    }
  });

  it(trap('T10'), async () => {
    const { send, action, sandbox } = await shop({
      projectType,
      switches: { updateEmailElsewhere: 'refused' },
    });
    await send(identify(ADA.userId, { email: ADA.email }), identify('u-2', { email: 'bob@example.com' }));
    const act = action('updateEmail');
    expect(await act(about('Email Changed', { email: 'ada@new.example.com' }))).toEqual([DELIVERED]);
    const taken = track('Email Changed', ADA.userId, {
      email: 'bob@example.com',
      previous_email: 'ada@new.example.com',
    });
    // Addresses need not be unique in a user-ID project.
    expect(await act(taken)).toEqual([
      projectType === 'userId' ? DELIVERED : refused('destination_identity_conflict'),
    ]);
    const used = sandbox.project.stats.perEndpoint.has('/api/users/updateEmail');
    expect(used).toBe(projectType === 'email');
  });

  it(trap('T11'), async () => {
    const { send, sandbox } = await shop({ projectType });
    await send(about('Cart Updated', { products: [tea(1), { ...tea(2), product_id: 'cup' }] }));
    await send(about('Cart Updated', { products: [tea(3)] }));
    expect([...sandbox.project.profiles][0]!.cart).toMatchObject([{ id: 'tea', quantity: 3 }]);
    expect(iterable.actions['updateCart']!.description).toContain('whole cart');
  });

  it(trap('T12'), async () => {
    const { send, action, sandbox } = await shop({ projectType });
    const order = about('Order Completed', { order_id: 'o-1', total: 9, products: [tea(2)] });
    const cart = about('Cart Updated', { products: [tea()] });
    const cartNow = (): unknown => [...sandbox.project.profiles][0]!.cart;
    for (const again of [order, { ...order, timestamp: '2020-01-01T00:00:00.000Z' }]) {
      await send(cart);
      expect(cartNow()).toHaveLength(1);
      expect(await send(again)).toEqual([DELIVERED]);
      expect(cartNow()).toBeUndefined();
    }
    await send(cart);
    await action('trackRefund')(about('Order Refunded', { order_id: 'o-1', total: 1 }));
    expect(cartNow()).toHaveLength(1);
    expect(iterable.actions['trackPurchase']!.description).toContain('empties the cart');
  });

  it.each(['unchecked', 'enforced'])(`${trap('T13')} (charset %s)`, async (eventIdCharset) => {
    const { send, sandbox, sendWith } = await shop({ projectType, switches: { eventIdCharset } });
    await send(known(1));
    const order = track('Order Completed', 'u-1', { total: 9, products: [tea()], email: 'u-1@example.com' });
    const nameless = [{ id: 'a mapping', preset: 'track-calls', mapping: { id: null } }];
    for (let time = 0; time < 3; time += 1) await send(order);
    const visit = seen(1);
    for (let time = 0; time < 3; time += 1) {
      await send(visit);
      expect((await sendWith({ mappings: nameless }, visit))[0]!.outcome).toEqual(DELIVERED);
    }
    expect(sandbox.project.purchases.size).toBe(1);
    expect([...sandbox.project.events.values()].map(({ id }) => id).sort()).toEqual(
      [visit.messageId, `${visit.messageId}-a-mapping`].sort(),
    );
  });

  it(trap('T14'), async () => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(about('Order Completed', { order_id: 'o-1', total: 9, products: [tea(2)] }));
    await action('trackRefund')(about('Order Refunded', { order_id: 'o-1', total: 4.5 }));
    expect(sandbox.project.purchases.get('o-1')).toMatchObject({ total: 9 });
    await action('trackRefund', { mode: 'purchase' })(
      about('Order Refunded', { order_id: 'o-1', remaining_total: 4.5, products: [tea(1)] }),
    );
    expect(sandbox.project.purchases.get('o-1')).toMatchObject({ total: 4.5 });
    const { mode } = iterable.actions['trackRefund']!.fields;
    expect(mode!.description).toMatch(/empties the current cart.*journeys/);
  });

  it(trap('T15'), async () => {
    const times = ['2026-03-01T10:00:00.500Z', '2026-03-01T12:00:00.000+02:00'];
    const calls = await kept(
      projectType,
      ...times.flatMap((timestamp) => [
        { ...seen(1), timestamp },
        {
          ...track('Order Completed', 'u-1', {
            order_id: timestamp,
            total: 1,
            products: [tea()],
            email: 'u-1@example.com',
          }),
          timestamp,
        },
      ]),
    );
    const sent = calls.flatMap(({ json }) => {
      const { events, createdAt } = json as {
        events?: readonly { createdAt: unknown }[];
        createdAt?: unknown;
      };
      return events?.map((one) => one.createdAt) ?? (createdAt === undefined ? [] : [createdAt]);
    });
    expect(sent).toEqual(sent.map(() => 1_772_359_200));
    expect(sent.length).toBe(4);
  });

  it(trap('T16'), async () => {
    const { send, sandbox } = await shop({ projectType }, { fieldTypes: 'convert' });
    await send(known(1), seen(1, { price: 4.5, count: 1, at: '2026-03-01T10:00:00.000Z', label: 'new' }));
    const outcomes = await send(
      seen(1, { price: 5, count: '2', at: '2026-03-02T10:00:00.000Z', label: '2026-03-02' }),
      seen(1, { price: '5.5', count: 10.5, at: 1_772_359_200, label: 7 }),
    );
    expect(outcomes).toEqual([DELIVERED, DELIVERED]);
    expect(sandbox.project.eventCount).toBe(3);
  });

  it(trap('T17'), async () => {
    const { send, sandbox } = await shop({ projectType });
    await send(known(1, { plan: 'pro', city: 'Oslo' }));
    await send(known(1, { plan: null, city: undefined }));
    const [profile] = [...sandbox.project.profiles];
    expect(profile!.fields).not.toHaveProperty('plan');
    expect(profile!.fields).toMatchObject({ city: 'Oslo' });
    // An impossible date does not become null, which would delete it.
    await send(known(1, { city: '2026-02-31T00:00:00Z' }));
    expect([...sandbox.project.profiles][0]!.fields['city']).toBe('2026-02-31T00:00:00Z');
  });

  it(trap('T18'), async () => {
    const { action, sandbox } = await shop({ projectType });
    const merging = action('updateUser', { mergeNestedObjects: true });
    await merging(known(1, { a: { b: { c: 1 }, d: 1 }, tags: ['x'] }));
    await merging(known(1, { a: { b: { e: 1 } }, tags: ['y'] }));
    expect([...sandbox.project.profiles][0]!.fields).toMatchObject({ a: { b: { e: 1 }, d: 1 }, tags: ['y'] });
    expect([...sandbox.project.profiles][0]!.fields).not.toMatchObject({ a: { b: { c: 1 } } });
    const replacing = action('updateUser');
    await replacing(known(1, { a: { f: 1 } }));
    expect([...sandbox.project.profiles][0]!.fields['a']).toEqual({ f: 1 });
  });

  it(trap('T19'), async () => {
    const { send, action, sandbox } = await shop({ projectType });
    await send(identify(ADA.userId, { email: ADA.email }));
    const at = (timestamp: string, ids: Body): Event => ({
      ...about('Subscriptions Updated', ids),
      timestamp,
    });
    const set = action('updateSubscriptions');
    const add = action('updateSubscriptions', { change: 'add' });
    const list = projectType === 'email' ? 'emailListIds' : 'userListIds';
    const now = (): Body => [...sandbox.project.profiles][0]!.fields;
    await set(at('2026-03-01T10:00:01.000Z', { email_list_ids: [1, 2], unsubscribed_channel_ids: [1] }));
    await set(at('2026-03-01T10:00:02.000Z', { email_list_ids: [3] }));
    expect(now()).toMatchObject({ [list]: [3], unsubscribedChannelIds: [1] });
    await add(at('2026-03-01T10:00:03.000Z', { email_list_ids: [4] }));
    expect(now()).toMatchObject({ [list]: [3, 4], unsubscribedChannelIds: [1] });
  });

  it(trap('T20'), async () => {
    const { action, post, sandbox } = await shop({ projectType });
    const entered = about('Audience Entered', { list_id: 1 });
    const act = action('subscribeToList');
    sandbox.project.lists.clear();
    expect(await act(entered)).toEqual([expect.objectContaining({ status: 'retry', afterMs: 60_000 })]);
    const { listId } = await post('/api/lists', { name: 'Just made' });
    expect(await act.attempt(2, about('Audience Entered', { list_id: listId }))).toEqual([DELIVERED]);
    const forget = action('forgetUser');
    const nobody = track('Forget', 'nobody', {}, { traits: { email: 'nobody@example.com' } });
    expect(await forget(nobody)).toEqual([RETRY('destination_user_not_found')]);
    expect(await forget.attempt(2, nobody)).toEqual([expect.objectContaining({ status: 'skipped' })]);
  });

  it(trap('T23'), async () => {
    const { send, action } = await shop({ projectType });
    const me = identify(ADA.userId, { email: ADA.email });
    await send(me);
    expect(await action('deleteUser')(about('Delete'))).toEqual([DELIVERED]);
    expect(await send(me)).toEqual([DELIVERED]);
    expect(await action('forgetUser')(about('Forget'))).toEqual([DELIVERED]);
    expect(await send(me, about('Seen'), about('Cart Updated', { products: [tea()] }))).toEqual(
      [1, 2, 3].map(() => refused('destination_user_forgotten')),
    );
  });

  it(trap('T25'), async () => {
    const { send, sandbox } = await shop({ projectType });
    await send(known(1, { a: 1 }), seen(1, { a: 1 }));
    const { settings, fields } = sandbox.project;
    settings.userFieldLimit = fields.userLeaves + 1;
    settings.eventFieldLimit = 2;
    const users = await send(
      known(1, { a: 2 }),
      known(2, { b: 1 }),
      known(3, { c: 1, d: 1 }),
      known(4, { a: 3 }),
    );
    expect(users).toEqual([DELIVERED, DELIVERED, refused('destination_field_limit'), DELIVERED]);
    const events = await send(
      seen(1, { a: 2 }),
      seen(1, { b: 1, c: 1 }),
      seen(1, { d: 1 }),
      seen(1, { a: 3 }),
    );
    expect(events).toEqual([DELIVERED, refused('destination_field_limit'), DELIVERED, DELIVERED]);
    const bounded = await shop({ projectType }, { maxNewFields: 3 });
    await bounded.send(
      known(1),
      ...Array.from({ length: 20 }, (_none, index) => seen(1, { [`f${index}`]: 1 })),
    );
    expect(bounded.sandbox.project.fields.eventLeaves).toBe(3);
  });

  it.each([
    [
      404,
      { error: 'NotFound', message: 'Gone: x', code: 'error.x.notFound', data: { args: [] } },
      refused('destination_not_found', { message: expect.stringContaining('Gone: x') }),
    ],
    [400, 'No user with that id exists!', refused('destination_user_not_found')],
    [
      404,
      '<html><head><title>Action not found</title></head></html>',
      refused('destination_not_found', { message: expect.stringContaining('Action not found') }),
    ],
    [429, 'Too Many Requests', RETRY('destination_rate_limited')],
    [502, '<h1>Bad Gateway</h1>', RETRY('destination_unavailable')],
    [400, { msg: 'No', code: 'BadParams', params: {} }, refused('destination_rejected')],
    [200, 'OK', RETRY('destination_unreadable_answer')],
  ] as const)(`${trap('T26')} (%s %j)`, async (status, body, outcome) => {
    const { send, post } = await shop({ projectType });
    await post('/_sandbox/faults', [{ match: { method: 'POST' }, kind: 'status', status, body }]);
    const calls = [
      known(1),
      seen(1),
      track('Cart Updated', 'u-1', { products: [tea()], email: 'u-1@example.com' }),
    ];
    expect(await send(...calls)).toEqual(calls.map(() => outcome));
  });
});

describe('traps of single project types', () => {
  it.each(['lowered', 'asSent'])(`${trap('T5')} (case %s)`, async (emailCase) => {
    const { send, sandbox } = await shop(
      { projectType: 'email', switches: { emailCase, trackUnknownEmail: 'notFound' } },
      { unknownUsers: 'report' },
    );
    await send(identify('u-1', { email: 'Ada@Example.com' }));
    const visit = (email: string): Event => track('Seen', undefined, { email });
    expect(
      await send(
        visit('ADA@example.COM'),
        visit('Nobody@Example.com'),
        visit('nobody@example.com'),
        visit('ada@example.com'),
      ),
    ).toEqual([
      DELIVERED,
      refused('destination_user_not_found'),
      refused('destination_user_not_found'),
      DELIVERED,
    ]);
    expect(sandbox.project.eventCount).toBe(2);
  });

  it.each(['userIds', 'emails', 'both'])(`${trap('T5')} (a conflict in %s)`, async (conflictList) => {
    const { send } = await shop({ switches: { conflictList, bothIds: 'together' } });
    await send(identify('u-1', { email: 'one@example.com' }), identify('u-2', { email: 'two@example.com' }));
    expect(
      await send(
        identify('u-2', { plan: 'a' }),
        identify('u-1', { email: 'two@example.com' }),
        identify('u-3', {}),
      ),
    ).toEqual([DELIVERED, refused('destination_identity_conflict'), DELIVERED]);
  });

  it.each([false, true])(`${trap('T8')} (%s)`, async (preferUserId) => {
    const { send, sandbox } = await shop({ projectType: 'email' }, { preferUserId });
    expect(await send(identify('new', { plan: 'pro' }))).toEqual([
      preferUserId ? DELIVERED : refused('destination_user_not_found'),
    ]);
    expect(sandbox.project.profiles.size).toBe(preferUserId ? 1 : 0);
    for (const projectType of ['userId', 'hybrid'] as const) {
      const elsewhere = await shop({ projectType }, { preferUserId });
      expect(await elsewhere.send(identify('new', { plan: 'pro' }))).toEqual([DELIVERED]);
    }
  });

  it.each(['email', 'hybrid'] as const)(`${trap('T21')} (%s)`, async (projectType) => {
    const { action, get } = await shop({ projectType });
    expect(await get('/api/users/getByEmail?email=nobody@example.com')).toEqual({});
    const byEmail = track('Delete', undefined, {}, { traits: { email: 'nobody@example.com' } });
    expect(await action('deleteUser')(byEmail)).toEqual([DELIVERED]);
    const byUserId = track('Delete', 'nobody', {});
    const act = action('deleteUser');
    expect(await act(byUserId)).toEqual([RETRY('destination_user_not_found')]);
    expect(await act.attempt(2, byUserId)).toEqual([
      expect.objectContaining({ status: 'skipped', code: 'unchanged' }),
    ]);
  });

  it(trap('T22'), async () => {
    const { sandbox } = await shop({});
    const response = await fetch(`${sandbox.url}/api/users/registerDeviceToken`, {
      method: 'POST',
      headers: { 'Api-Key': 'demo' },
      body: JSON.stringify({ userId: 'u', device: { token: 't', platform: 'APNS', applicationName: 'a' } }),
    });
    expect(response.status).toBe(401);
    const calls = await kept(
      'hybrid',
      identify('u-1', { token: 't' }),
      event({
        type: 'track',
        event: 'Application Installed',
        userId: 'u-1',
        context: { device: { token: 't' } },
      }),
    );
    expect(calls.map(({ url }) => url).filter((url) => url.includes('egister'))).toEqual([]);
  });

  it(trap('T24'), async () => {
    const urls: string[] = [];
    for (const dataCenterLocation of ['united_states', 'europe']) {
      const settings = { apiKey: 'k', dataCenterLocation };
      const request = (call: HttpCall) => {
        urls.push(new URL(call.url).host);
        return Promise.resolve({
          kind: 'failure',
          ok: false,
          code: 'destination_timeout',
          message: '',
          exchange: 0,
        } as const);
      };
      await play({ destination: iterable, settings, request }, [
        known(1),
        seen(1),
        track('Cart Updated', 'u', { products: [] }),
      ]);
    }
    expect(urls).toEqual([
      ...Array<string>(3).fill('api.iterable.com'),
      ...Array<string>(3).fill('api.eu.iterable.com'),
    ]);
    const { sendWith } = await shop();
    const [played] = await sendWith({ settings: { apiKey: 'a key of the other data center' } }, known(1));
    expect(played!.outcome).toEqual(refused('destination_unauthorized'));
  });

  it.each(['invalidUserIds', 'notFoundUserIds'])(`${trap('T27')} (%s)`, async (bulkUnknownUserId) => {
    const { send } = await shop(
      { projectType: 'email', switches: { bulkUnknownUserId, trackUnknownUserId: 'notFound' } },
      { unknownUsers: 'report' },
    );
    expect(await send(identify('unknown', {}), track('Seen', 'unknown', {}))).toEqual([
      refused('destination_user_not_found'),
      refused('destination_user_not_found'),
    ]);
    const elsewhere = await shop({ projectType: 'hybrid' });
    await elsewhere.post('/_sandbox/faults', [
      {
        match: { path: '/api/users/bulkUpdate' },
        kind: 'status',
        status: 200,
        body: {
          successCount: 0,
          failCount: 1,
          invalidUserIds: ['u-1'],
          failedUpdates: { invalidUserIds: ['u-1'] },
        },
      },
    ]);
    expect(await elsewhere.send(identify('u-1', {}))).toEqual([
      refused('destination_invalid_identifier', { field: 'userId' }),
    ]);
  });

  it('are all there', () => {
    expect([...tested].sort()).toEqual(traps.map(({ name }) => name).sort());
    expect(tested.size).toBe(27);
  });
});
