import { describe, expect, it } from 'vitest';
import type { Event, Outcome } from '@waybill/core';
import { iterable } from '@waybill/destinations';

import { overHttp } from '../harness.ts';
import { type Body, DELIVERED, identify, refused, shop, tea, track } from './support.ts';

describe('profiles', () => {
  it('of an e-mail project have the user ID beside the address', async () => {
    const { send, profile } = await shop({ projectType: 'email' });
    expect(
      await send(identify('u-1', { email: 'ada@example.com', phone: '+14155550100', plan: 'pro' })),
    ).toEqual([DELIVERED]);
    expect(await profile({ email: 'ada@example.com' })).toMatchObject({
      email: 'ada@example.com',
      userId: 'u-1',
      dataFields: { plan: 'pro', phone: '+14155550100', phoneNumber: '+14155550100' },
    });
    expect(await send(identify('u-1', { plan: 'free' }))).toEqual([DELIVERED]);
    expect(await profile({ email: 'ada@example.com' })).toMatchObject({ dataFields: { plan: 'free' } });
  });

  it('of an e-mail project are not created for a user ID alone, and the refusal has a remedy', async () => {
    const { send } = await shop({ projectType: 'email' });
    expect(await send(identify('stranger', { plan: 'pro' }))).toEqual([
      refused('destination_user_not_found', {
        message: expect.stringContaining('Send identify with both first'),
      }),
    ]);
  });

  it('of a UserID project store the address as a data field', async () => {
    const { send, profile } = await shop({ projectType: 'userId' });
    expect(await send(identify('u-1', { email: 'ada@example.com' }))).toEqual([DELIVERED]);
    expect(await profile({ userId: 'u-1' })).toMatchObject({ userId: 'u-1', email: 'ada@example.com' });
  });

  it('of a hybrid project change their address with the next identify', async () => {
    const { send, profile } = await shop();
    await send(identify('u-1', { email: 'ada@example.com', plan: 'pro' }));
    expect(await send(identify('u-1', { email: 'ada@new.example.com' }))).toEqual([DELIVERED]);
    expect(await profile({ email: 'ada@new.example.com' })).toMatchObject({
      userId: 'u-1',
      dataFields: { plan: 'pro' },
    });
    expect(await profile({ email: 'ada@example.com' })).toBeUndefined();
  });

  it('accept a malformed address with a valid user ID by the user ID, with a warning', async () => {
    const { send, profile } = await shop();
    expect(await send(identify('u-1', { email: 'ada@', plan: 'pro' }))).toEqual([
      expect.objectContaining({
        status: 'delivered',
        note: expect.stringContaining('"ada@" is not a well-formed'),
      }),
    ]);
    expect(await profile({ userId: 'u-1' })).toMatchObject({ dataFields: { plan: 'pro' } });
  });

  it('lose a field only when the mapping returns null', async () => {
    const { send, profile } = await shop();
    await send(identify('u-1', { plan: 'pro', city: 'Oslo', phone: '+14155550100' }));
    await send(identify('u-1', { plan: null }));
    const user = await profile({ userId: 'u-1' });
    expect(user).toMatchObject({ dataFields: { city: 'Oslo', phoneNumber: '+14155550100' } });
    expect(user!['dataFields']).not.toHaveProperty('plan');
  });

  it('store full date-times in the format of Iterable and keep impossible ones', async () => {
    const { send, profile } = await shop();
    await send(identify('u-1', { since: '2026-01-02T03:04:05+02:00', never: '2026-02-30T00:00:00Z' }));
    expect(await profile({ userId: 'u-1' })).toMatchObject({
      dataFields: { since: '2026-01-02 01:04:05 +00:00', never: '2026-02-30T00:00:00Z' },
    });
  });

  it('merge objects one level deep on request', async () => {
    const { sendWith, profile } = await shop();
    const mappings = [{ id: 'merge', preset: 'identify-calls', mapping: { mergeNestedObjects: true } }];
    for (const address of [{ city: 'Oslo' }, { zip: '0150' }])
      await sendWith({ mappings }, identify('u-1', { address }));
    expect(await profile({ userId: 'u-1' })).toMatchObject({
      dataFields: { address: { city: 'Oslo', zip: '0150' } },
    });
  });
});

describe('identifiers of two profiles (hybrid)', () => {
  it.each(['userIds', 'emails', 'both'])(
    'turn a guest into the user who signs up (conflict reported in %s)',
    async (conflictList) => {
      const { send, profile, sandbox } = await shop({ switches: { conflictList } });
      await send(identify(undefined, { email: 'guest@example.com', first: 'Ada' }));
      const others = ['x', 'y'].map((id) => identify(id, { email: `${id}@example.com` }));
      const [x, outcome, y] = await send(
        others[0]!,
        identify('u-1', { email: 'Guest@Example.com', plan: 'pro' }),
        others[1]!,
      );
      expect(outcome).toMatchObject({
        status: 'delivered',
        note: expect.stringContaining('now one profile'),
      });
      expect([x, y]).toEqual([DELIVERED, DELIVERED]);
      expect(await profile({ userId: 'u-1' })).toMatchObject({
        userId: 'u-1',
        dataFields: { first: 'Ada', plan: 'pro' },
      });
      expect(sandbox.project.profiles.size).toBe(3);
    },
  );

  it('reject a profile update with the address of another user, and drop nothing silently', async () => {
    const { send, profile } = await shop();
    await send(identify('owner', { email: 'ada@example.com' }));
    expect(await send(identify('u-1', { email: 'ada@example.com', plan: 'pro' }))).toEqual([
      refused('destination_identity_conflict', {
        message: expect.stringContaining('user ID "owner"'),
        field: 'email',
      }),
    ]);
    expect(await profile({ email: 'ada@example.com' })).toMatchObject({ userId: 'owner' });
  });

  it('reject a guest and a known user that are already two profiles', async () => {
    const { send } = await shop();
    await send(identify(undefined, { email: 'guest@example.com' }), identify('u-1', { plan: 'pro' }));
    expect(await send(identify('u-1', { email: 'guest@example.com' }))).toEqual([
      refused('destination_identity_conflict'),
    ]);
  });

  it('keep an order with the address of another user: it is sent with the user ID', async () => {
    const { send, sandbox } = await shop();
    await send(identify('owner', { email: 'ada@example.com' }));
    const order = track('Order Completed', 'u-1', {
      order_id: 'o-1',
      total: 4.5,
      products: [tea()],
      email: 'ada@example.com',
    });
    expect(await send(order)).toEqual([
      expect.objectContaining({
        status: 'delivered',
        note: expect.stringContaining('belongs to a profile of user ID "owner"'),
      }),
    ]);
    expect(sandbox.project.purchases.get('o-1')!.owner.userId).toBe('u-1');
  });

  it('give the order of a guest who signed up to the one profile', async () => {
    const { send, sandbox } = await shop();
    await send(identify(undefined, { email: 'guest@example.com' }));
    const order = track('Order Completed', 'u-1', {
      order_id: 'o-1',
      total: 4.5,
      products: [tea()],
      email: 'guest@example.com',
    });
    expect(await send(order)).toEqual([
      expect.objectContaining({ status: 'delivered', note: expect.stringContaining('now one profile') }),
    ]);
    expect(sandbox.project.purchases.get('o-1')!.owner).toMatchObject({
      userId: 'u-1',
      email: 'guest@example.com',
    });
    expect(sandbox.project.profiles.size).toBe(1);
  });
});

describe('carts and orders', () => {
  it('replace the whole cart, with unknown members of a line in its data fields', async () => {
    const { send, profile } = await shop();
    await send(
      track('Cart Updated', 'u-1', { products: [tea(1), { ...tea(2), product_id: 'cup', sku: 'C1' }] }),
    );
    await send(track('Cart Updated', 'u-1', { products: [tea(3)] }));
    const user = await profile({ userId: 'u-1' });
    expect(user).toMatchObject({
      dataFields: {
        shoppingCartItems: [{ id: 'tea', name: 'Tea', price: 4.5, quantity: 3, categories: ['Drinks'] }],
      },
    });
  });

  it('empty the cart with an order, which exists once however often it is sent', async () => {
    const { send, profile, sandbox } = await shop();
    await send(track('Cart Updated', 'u-1', { products: [tea()] }));
    const order = track('Order Completed', 'u-1', {
      order_id: 'o-1',
      total: 9,
      currency: 'EUR',
      coupon: 'MAY',
      products: [tea(2)],
    });
    expect(await send(order)).toEqual([DELIVERED]);
    expect(await send(order)).toEqual([DELIVERED]);
    expect((await profile({ userId: 'u-1' }))!['dataFields']).not.toHaveProperty('shoppingCartItems');
    expect(sandbox.project.purchases.size).toBe(1);
    const purchase = sandbox.project.purchases.get('o-1')!;
    expect(purchase).toMatchObject({ total: 9, createdAt: Date.UTC(2026, 2, 1, 10) });
    expect(JSON.parse(purchase.fields!)).toEqual({
      order_id: 'o-1',
      total: 9,
      currency: 'EUR',
      coupon: 'MAY',
    });
  });

  it('keep an order without an ID once, too', async () => {
    const { send, sandbox } = await shop();
    const order = track('Order Completed', 'u-1', { total: 9, products: [tea(2)] });
    await send(order);
    await send(order);
    expect(sandbox.project.purchases.size).toBe(1);
  });

  it('empty the cart without items', async () => {
    const { send, profile } = await shop();
    await send(track('Cart Updated', 'u-1', { products: [tea()] }));
    expect(await send(track('Cart Updated', 'u-1', { products: [] }))).toEqual([DELIVERED]);
    const { shoppingCartItems = [] } = (await profile({ userId: 'u-1' }))!['dataFields'] as {
      shoppingCartItems?: [];
    };
    expect(shoppingCartItems).toEqual([]);
  });

  it('name the field of an order with a type that Iterable refuses', async () => {
    const { send } = await shop();
    const order = (id: string, gift: unknown): Event =>
      track('Order Completed', 'u-1', { order_id: id, total: 9, gift, products: [tea()] });
    expect(await send(order('o-1', true), order('o-2', 'yes'))).toEqual([
      DELIVERED,
      refused('destination_field_type_conflict', { field: 'dataFields.gift' }),
    ]);
  });
});

describe('a forgotten user', () => {
  const readings = ['email', 'userId', 'hybrid'].flatMap((projectType) =>
    ['byEndpoint', '400', '409'].map((forgottenStatus) => ({ projectType, forgottenStatus })),
  ) as { projectType: 'email' | 'userId' | 'hybrid'; forgottenStatus: string }[];

  it.each(readings)('is reported by every action (%j)', async ({ projectType, forgottenStatus }) => {
    const { send, post } = await shop({ projectType, switches: { forgottenStatus } });
    const email = 'ada@example.com';
    await send(identify('u-1', { email }));
    await post('/api/users/forget', projectType === 'email' ? { email } : { userId: 'u-1' });
    const outcomes = await send(
      identify('u-1', { email }),
      track('Seen', 'u-1', { email }),
      track('Cart Updated', 'u-1', { email, products: [tea()] }),
      track('Order Completed', 'u-1', { email, order_id: 'o', total: 1, products: [tea()] }),
    );
    expect(outcomes).toEqual(Array.from({ length: 4 }, () => refused('destination_user_forgotten')));
  });
});

describe('events', () => {
  it('exist once per ID, with the second of their time', async () => {
    const { send, sandbox } = await shop();
    const seen = track('Product Viewed', 'u-1', { sku: 'tea', at: '2026-03-01T10:00:00.000Z' });
    await send(seen);
    await send(seen);
    expect([...sandbox.project.events.values()]).toMatchObject([
      { id: seen.messageId, name: 'Product Viewed', createdAt: Date.UTC(2026, 2, 1, 10) },
    ]);
  });

  it('keep an epoch time unchanged', async () => {
    const { sendWith, sandbox } = await shop();
    const mappings = [
      { id: 'm', preset: 'track-calls', mapping: { createdAt: { '@path': '$.properties.at' } } },
    ];
    const times = [1_772_359_200, 1_772_359_200_000, '1772359200', '2026-03-01T10:00:00Z'];
    const played = await sendWith({ mappings }, ...times.map((at) => track('Seen', 'u-1', { at: at })));
    // The four times have two JSON types, which Iterable refuses for one field; the column matters here.
    expect(played.filter(({ outcome }) => outcome.status === 'delivered').length).toBeGreaterThan(0);
    for (const stored of sandbox.project.events.values())
      expect(stored.createdAt).toBe(Date.UTC(2026, 2, 1, 10));
  });

  it('of an e-mail project need an existing profile', async () => {
    const { send } = await shop(
      { projectType: 'email', switches: { trackUnknownEmail: 'notFound', trackUnknownUserId: 'notFound' } },
      { unknownUsers: 'report' },
    );
    await send(identify('u-1', { email: 'ada@example.com' }));
    expect(
      await send(
        track('Seen', 'u-1', {}),
        track('Seen', 'stranger', {}),
        track('Seen', undefined, { email: 'nobody@example.com' }),
      ),
    ).toEqual([DELIVERED, refused('destination_user_not_found'), refused('destination_user_not_found')]);
  });

  it.each(['yes', 'no'])('with a disallowed name are rejected (counted as failed: %s)', async (counted) => {
    const { send, sandbox } = await shop({ switches: { disallowedRaisesFailCount: counted } });
    sandbox.project.settings.disallowedEventNames = ['Internal'];
    expect(
      await send(
        track('Seen', 'u-1', {}),
        track('Internal', 'u-1', {}),
        track('Internal', 'u-2', {}),
        track('Seen', 'u-2', {}),
      ),
    ).toEqual([
      DELIVERED,
      refused('destination_event_disallowed', { field: 'eventName' }),
      refused('destination_event_disallowed', { message: expect.stringContaining('"Internal"') }),
      DELIVERED,
    ]);
  });

  it('report fields that the project refuses', async () => {
    const { send, sandbox } = await shop();
    await send(track('Seen', 'u-1', { sku: 'tea' }));
    sandbox.project.settings.createNewFields = false;
    expect(
      await send(track('Seen', 'u-1', { sku: 'tea', color: 'green' }), track('Seen', 'u-1', { sku: 'tea' })),
    ).toEqual([
      expect.objectContaining({ status: 'delivered', note: expect.stringContaining('color') }),
      expect.not.objectContaining({ note: expect.anything() }),
    ]);
  });
});

describe('one call of 1,000 items', () => {
  it('delivers 997 users and gives three individual reasons', async () => {
    const { send, post, sandbox } = await shop({ switches: { typeConflictInBulk: 'request' } });
    await send(identify('typed', { score: 1 }), identify('u-500', {}));
    await post('/api/users/forget', { userId: 'u-500' });
    const users = Array.from({ length: 1_000 }, (_none, index) => {
      if (index === 250) return identify('u-250', { score: { of: 'three' } });
      // Iterable is stricter than the check before sending: it accepts only ASCII letters in an address.
      if (index === 750) return identify(undefined, { email: 'zoë@exämple.com' });
      return identify(`u-${index}`, { score: index });
    });
    const before = sandbox.project.stats.requests;
    const outcomes = await send(...users);
    expect(outcomes.filter(({ status }) => status === 'delivered')).toHaveLength(997);
    expect([outcomes[250], outcomes[500], outcomes[750]]).toEqual([
      refused('destination_field_type_conflict', { field: 'dataFields.score' }),
      refused('destination_user_forgotten'),
      refused('destination_invalid_identifier', { field: 'email' }),
    ]);
    expect(sandbox.project.stats.requests - before).toBeLessThanOrEqual(4);
    expect(sandbox.project.profiles.size).toBe(998);
  });

  it('delivers 997 events and gives three individual reasons', async () => {
    const { send, post, sandbox } = await shop();
    await send(track('Seen', 'u-1', { price: 4.5 }), identify('gone', {}));
    await post('/api/users/forget', { userId: 'gone' });
    sandbox.project.settings.disallowedEventNames = ['Internal'];
    const events = Array.from({ length: 1_000 }, (_none, index) => {
      if (index === 10) return track('Seen', 'u-10', { price: 'four' });
      if (index === 20) return track('Seen', 'gone', { price: 1 });
      if (index === 30) return track('Internal', 'u-30', {});
      return track('Seen', `u-${index % 50}`, { price: index + 0.5 });
    });
    const outcomes = await send(...events);
    expect(outcomes.filter(({ status }) => status === 'delivered')).toHaveLength(997);
    expect([outcomes[10], outcomes[20], outcomes[30]]).toEqual([
      refused('destination_field_type_conflict', { field: 'dataFields.price' }),
      refused('destination_user_forgotten'),
      refused('destination_event_disallowed'),
    ]);
    expect(sandbox.project.eventCount).toBe(998);
  });

  it('finds the items that exceed the field limit of the project', async () => {
    const { send, sandbox } = await shop();
    await send(identify('u-0', { a: 1 }));
    sandbox.project.settings.userFieldLimit = 3;
    const outcomes = await send(
      identify('u-1', { a: 1 }),
      identify('u-2', { a: 1, b: 1 }),
      identify('u-3', { c: 1, d: 1, e: 1 }),
      identify('u-4', { a: 2 }),
    );
    expect(outcomes).toEqual([DELIVERED, DELIVERED, refused('destination_field_limit'), DELIVERED]);
  });

  it.each(['413', '400'])(
    'splits a call that is too large (%s) and rejects an item that is too large alone',
    async (oversizeStatus) => {
      const { send, sandbox } = await shop({ switches: { oversizeStatus } });
      sandbox.project.settings.maxBodyBytes = 2_000;
      const outcomes = await send(
        ...[300, 3_000, 300, 300, 300, 300, 300, 300].map((length, index) =>
          identify(`u-${index}`, { text: 'x'.repeat(length) }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual([
        'delivered',
        'rejected',
        'delivered',
        'delivered',
        'delivered',
        'delivered',
        'delivered',
        'delivered',
      ]);
      expect(outcomes[1]).toEqual(refused('destination_too_large'));
    },
  );

  it('reads type conflicts per user, too', async () => {
    const { send } = await shop({ switches: { typeConflictInBulk: 'item' } });
    await send(identify('u-0', { score: 1 }));
    expect(await send(identify('u-1', { score: 2 }), identify('u-2', { score: 'two' }))).toEqual([
      DELIVERED,
      refused('destination_rejected'),
    ]);
  });
});

describe('failures of Iterable', () => {
  const faults = [
    [{ kind: 'status', status: 500 }, 'destination_unavailable'],
    [{ kind: 'status', status: 503, body: '<html>Service Unavailable</html>' }, 'destination_unavailable'],
    [{ kind: 'status', status: 429 }, 'destination_rate_limited'],
    [{ kind: 'status', status: 200, body: '<html>Welcome</html>' }, 'destination_unreadable_answer'],
    [{ kind: 'reset' }, 'destination_unreachable'],
    [{ kind: 'half' }, 'destination_unreachable'],
  ] as const;

  it.each(faults)('cause a retry of everything after %j', async (fault, code) => {
    const { send, post } = await shop();
    await post('/_sandbox/faults', [{ match: { method: 'POST' }, ...fault }]);
    const outcomes = await send(
      identify('u-1', {}),
      track('Seen', 'u-2', {}),
      track('Cart Updated', 'u-3', { products: [tea()] }),
      track('Order Completed', 'u-4', { order_id: 'o', total: 1, products: [tea()] }),
    );
    expect(outcomes).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ status: 'retry', code })),
    );
  });

  it('cause a retry of the undelivered part after a failure in the middle', async () => {
    const { send, post, sandbox } = await shop({ switches: { typeConflictInBulk: 'request' } });
    await send(identify('typed', { score: 1 }));
    // The first call is refused for the type; then all but the invalid item are sent, and the invalid one alone receives the
    // 503.
    await post('/_sandbox/faults', [
      { match: { bodyIncludes: '"users":[{"userId":"u-1"' }, kind: 'status', status: 503 },
    ]);
    const outcomes = await send(
      identify('u-0', { score: 2 }),
      identify('u-1', { score: 'x' }),
      identify('u-2', { score: 3 }),
    );
    expect(outcomes).toEqual([
      DELIVERED,
      expect.objectContaining({ status: 'retry', code: 'destination_unavailable' }),
      DELIVERED,
    ]);
    expect(sandbox.project.profiles.size).toBe(3);
  });

  it('include the wait after a 429', async () => {
    const { send } = await shop({
      limits: true,
      now: () => 1_000,
      switches: { rateLimitBody: 'figures', retryAfter: 'absent' },
    });
    let last: readonly Outcome[] = [];
    for (let call = 0; call < 6; call += 1) last = await send(identify('u-1', { call }));
    expect(last).toEqual([
      expect.objectContaining({ status: 'retry', code: 'destination_rate_limited', afterMs: 1_000 }),
    ]);
  });

  it('end with the reason for a wrong key', async () => {
    const { sendWith } = await shop();
    const played = await sendWith(
      { settings: { apiKey: 'wrong' } },
      identify('u-1', {}),
      track('Seen', 'u-1', {}),
    );
    expect(played.map(({ outcome }) => outcome)).toEqual([
      refused('destination_unauthorized', { message: expect.stringContaining('Invalid API key') }),
      refused('destination_unauthorized'),
    ]);
  });
});

describe('the connection test', () => {
  const test = async (settings: Body): Promise<unknown> => {
    const full = { projectType: 'hybrid', dataCenterLocation: 'united_states', ...settings };
    return iterable.testConnection!({ settings: full, request: overHttp(), now: Date.now });
  };

  it('passes with a server-side key', async () => {
    const { sandbox } = await shop();
    expect(await test({ apiKey: 'demo', apiUrl: `${sandbox.url}/` })).toMatchObject({ ok: true });
  });

  it('names the data center and the remedy for a wrong key', async () => {
    const { sandbox } = await shop({ apiKeys: ['demo', { key: 'reader', type: 'readOnly' }] });
    for (const apiKey of ['wrong', 'reader']) {
      expect(await test({ apiKey, apiUrl: sandbox.url })).toMatchObject({
        ok: false,
        issue: {
          code: 'destination_unauthorized',
          path: 'apiKey',
          message: expect.stringMatching(new RegExp(`${sandbox.url}.*"Server-side".*other data center`)),
        },
      });
    }
  });

  it('reports an unreachable or foreign server', async () => {
    const { sandbox } = await shop();
    expect(await test({ apiKey: 'demo', apiUrl: `${sandbox.url}/elsewhere` })).toMatchObject({
      ok: false,
      issue: { code: 'destination_not_found', path: 'apiUrl' },
    });
    await sandbox.close();
    expect(await test({ apiKey: 'demo', apiUrl: sandbox.url })).toMatchObject({
      ok: false,
      issue: { code: 'destination_unreachable', message: expect.stringContaining('cannot be reached') },
    });
  });

  it('calls the data center of the settings', async () => {
    const urls: string[] = [];
    for (const dataCenterLocation of ['united_states', 'europe']) {
      await iterable.testConnection!({
        settings: { apiKey: 'k', dataCenterLocation },
        now: Date.now,
        request: (call) => {
          urls.push(call.url);
          return Promise.resolve({
            kind: 'failure',
            ok: false,
            code: 'destination_timeout',
            message: '',
            exchange: 0,
          });
        },
      });
    }
    expect(urls).toEqual([
      'https://api.iterable.com/api/webhooks',
      'https://api.eu.iterable.com/api/webhooks',
    ]);
  });
});
