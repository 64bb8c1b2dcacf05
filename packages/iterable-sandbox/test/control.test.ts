import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const item = { id: 's', name: 'Shoe', price: 1.5, quantity: 1 };

describe('the control API', () => {
  it('reports that it is ready', async () => {
    const { control } = await start({ projectType: 'userId' });
    expect((await control('health')).body).toEqual({
      ok: true,
      projectType: 'userId',
      region: 'us',
      limits: false,
    });
  });

  it('counts requests and items, in all and per endpoint', async () => {
    const { post, get, control } = await start();
    await post('users/bulkUpdate', { users: [{ userId: 'a' }, { userId: 'b' }, { email: 'foo@' }] });
    await post('events/track', { userId: 'a', eventName: 'E' });
    await post('commerce/trackPurchase', { user: { userId: 'a' }, items: [item], total: 1 });
    await get('nowhere');
    expect((await control('stats')).body).toEqual({
      requests: 4,
      items: 5,
      users: 2,
      events: 1,
      purchases: 1,
      perEndpoint: {
        '/api/users/bulkUpdate': { requests: 1, items: 3, accepted: 2, failed: 1, statuses: { 200: 1 } },
        '/api/events/track': { requests: 1, items: 1, accepted: 1, failed: 0, statuses: { 200: 1 } },
        '/api/commerce/trackPurchase': {
          requests: 1,
          items: 1,
          accepted: 1,
          failed: 0,
          statuses: { 200: 1 },
        },
        'unknown path': { requests: 1, items: 0, accepted: 0, failed: 0, statuses: { 404: 1 } },
      },
    });
  });

  it('gives the same state in any order of arrival', async () => {
    const writes: [string, object][] = [
      ['users/update', { userId: 'a', dataFields: { x: 1, y: { p: 1, q: 2 } } }],
      ['users/update', { userId: 'b', dataFields: { y: { q: 2, p: 1 }, x: 1 } }],
      ['events/track', { userId: 'a', eventName: 'E', id: '1', createdAt: 5 }],
      ['events/track', { userId: 'b', eventName: 'E', id: '2', createdAt: 5 }],
      ['commerce/trackPurchase', { user: { userId: 'a' }, items: [item], total: 1, id: 'p', createdAt: 5 }],
    ];
    const states = [];
    for (const order of [writes, [...writes].reverse()]) {
      const { post, control } = await start();
      for (const [path, body] of order) await post(path, body);
      states.push((await control('state')).text);
    }
    expect(states[0]).toBe(states[1]);
  });

  it('gives the items of one user in arrival order with their outcomes', async () => {
    const { post, control } = await start();
    const event = (seq: number, eventName = 'E') => ({
      userId: 'u',
      eventName,
      id: `e${seq}`,
      dataFields: { seq },
    });
    await control('settings', { disallowedEventNames: ['No'] });
    await post('users/update', { userId: 'u', dataFields: { seq: 0 } });
    await post('events/trackBulk', { events: [event(1), { ...event(9), userId: 'other' }, event(2)] });
    await post('events/track', event(2));
    await post('events/track', event(3, 'No'));
    const user = { userId: 'u', email: 'u@example.com' };
    await post('commerce/trackPurchase', { user, items: [], total: 1, id: 'p', createdAt: 7 });
    const { items } = (await control('log?user=u')).body;
    expect(items).toEqual([
      { seq: 0, endpoint: '/api/users/update', outcome: 'accepted', orderMarker: 0 },
      {
        seq: 1,
        endpoint: '/api/events/trackBulk',
        outcome: 'accepted',
        id: 'e1',
        eventName: 'E',
        orderMarker: 1,
      },
      {
        seq: 3,
        endpoint: '/api/events/trackBulk',
        outcome: 'accepted',
        id: 'e2',
        eventName: 'E',
        orderMarker: 2,
      },
      {
        seq: 4,
        endpoint: '/api/events/track',
        outcome: 'accepted',
        id: 'e2',
        eventName: 'E',
        orderMarker: 2,
      },
      {
        seq: 5,
        endpoint: '/api/events/track',
        outcome: 'disallowed',
        id: 'e3',
        eventName: 'No',
        orderMarker: 3,
      },
      { seq: 6, endpoint: '/api/commerce/trackPurchase', outcome: 'accepted', id: 'p', createdAt: 7 },
    ]);
    expect((await control('log?user=U@example.com')).body.items).toHaveLength(1);
    expect((await control('log?user=nobody')).body.items).toEqual([]);
  });

  it('keeps the last calls without the key and with cut bodies', async () => {
    const { post, control } = await start({ apiKeys: ['demo', 'top-secret'] });
    await post('users/update', { userId: 'u', dataFields: { text: 'x'.repeat(5000) } });
    await post('events/track', { userId: 'u', eventName: 'E', id: 'e' });
    const answer = await control('calls?limit=2');
    expect(answer.body.calls).toMatchObject([
      { seq: 1, method: 'POST', path: '/api/events/track', status: 200, requestBytes: 39 },
      { seq: 0, method: 'POST', path: '/api/users/update', status: 200 },
    ]);
    const cut = answer.body.calls[1];
    expect([cut.request.length, cut.requestBytes > 5000]).toEqual([2000, true]);
    expect(answer.text).not.toContain('demo');
    expect((await control('calls?limit=1')).body.calls).toHaveLength(1);
  });

  it('empties everything on reset, and can change the project type, limits and switches with it', async () => {
    const { post, control } = await start();
    await post('users/update', { userId: 'u', dataFields: { f: 1 } });
    await post('commerce/updateCart', { user: { userId: 'u' }, items: [item] });
    await control('settings', { userFieldLimit: 1 });
    await control('faults', [{ kind: 'reset' }]);
    const reset = await control('reset', {
      projectType: 'email',
      limits: true,
      switches: { retryAfter: 'present' },
    });
    expect(reset.body).toEqual({ ok: true, projectType: 'email', region: 'us', limits: true });
    expect((await control('stats')).body).toEqual({
      requests: 0,
      items: 0,
      users: 0,
      events: 0,
      purchases: 0,
      perEndpoint: {},
    });
    expect((await control('switches')).body.retryAfter.value).toBe('present');
    expect((await control('settings')).body.userFieldLimit).toBe(1000);
    expect(
      (await post('users/update', { email: 'a@example.com', dataFields: { f: 'text now' } })).status,
    ).toBe(200);
    await control('reset', {});
    expect((await control('switches')).body.retryAfter.value).toBe('absent');
  });

  it.each([
    ['switches', { nope: 'x' }, 'unknown switch "nope"'],
    ['switches', { retryAfter: 'maybe' }, 'switch "retryAfter" cannot be "maybe"; readings: absent, present'],
    ['switches', [], 'switches must be an object'],
    ['settings', { nope: 1 }, 'unknown setting "nope"'],
    ['settings', { createNewFields: 'yes' }, 'setting "createNewFields" must be a boolean'],
    ['settings', { disallowedEventNames: [1] }, 'setting "disallowedEventNames" must be a list of strings'],
    ['reset', { projectType: 'x' }, 'projectType must be one of email, userId, hybrid'],
    ['reset', { project: 'x' }, 'unknown member "project"'],
    ['nowhere', {}, 'unknown control path: nowhere'],
  ])('refuses %s with %j', async (path, sent, error) => {
    const { control } = await start();
    const answer = await control(path, sent);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.error).toContain(error);
  });

  it('has every question of the fact list among its switches', async () => {
    const { control } = await start();
    const switches = Object.values((await control('switches')).body) as {
      point: string;
      readings: string[];
    }[];
    const points = new Set(switches.map(({ point }) => point));
    for (let n = 1; n <= 21; n += 1) expect(points).toContain(`U${n}`);
    for (const { readings } of switches) expect(readings.length).toBeGreaterThan(1);
  });
});

describe('a visibility delay', () => {
  it('lets readers see a profile and its events only after the delay', async () => {
    let now = 1_000_000;
    const { post, get, control, byEmail } = await start({ now: () => now });
    const email = 'a@example.com';
    await control('settings', { visibilityDelayMs: 1000 });
    await post('users/update', { email, dataFields: { n: 1 } });
    await post('events/track', { email, eventName: 'E' });
    expect(await byEmail(email)).toBeUndefined();
    now += 1000;
    expect((await byEmail(email))!.dataFields.n).toBe(1);
    expect((await get(`events/${email}`)).body.events).toHaveLength(1);
    await post('users/update', { email, dataFields: { n: 2 } });
    now += 999;
    expect((await byEmail(email))!.dataFields.n).toBe(1);
    now += 1;
    expect((await byEmail(email))!.dataFields.n).toBe(2);
  });
});

describe('a visibility delay set later', () => {
  it('keeps showing earlier data', async () => {
    let now = 1_000_000;
    const { post, control, byEmail } = await start({ now: () => now });
    const email = 'a@example.com';
    await post('users/update', { email, dataFields: { n: 1 } });
    await control('settings', { visibilityDelayMs: 1000 });
    await post('users/update', { email, dataFields: { n: 2 } });
    expect((await byEmail(email)).dataFields.n).toBe(1);
    now += 1000;
    expect((await byEmail(email)).dataFields.n).toBe(2);
  });
});

describe('keepEvents: counts', () => {
  it('counts events by id without keeping them, and still logs the order', async () => {
    const { post, get, control, sandbox } = await start({ keepEvents: 'counts' });
    const events = ['1', '2', '1'].map((id) => ({
      userId: 'u',
      eventName: 'E',
      id,
      dataFields: { seq: Number(id) },
    }));
    await post('events/trackBulk', { events });
    expect((await control('stats')).body.events).toBe(2);
    expect(sandbox.project.eventCounts.get('1')).toBe(2);
    expect((await get('events/byUserId/u')).body.events).toEqual([]);
    expect((await control('log?user=u')).body.items).toHaveLength(3);
  });
});

describe('the page at /', () => {
  it('shows stored and received data, escaped and without external assets', async () => {
    const { post, call } = await start();
    await post('users/update', { userId: 'u', dataFields: { x: '<script>alert(1)</script>' } });
    await post('events/track', { userId: 'u', eventName: '<b>Seen</b>' });
    await post('commerce/updateCart', { user: { userId: 'u' }, items: [item] });
    await post('commerce/trackPurchase', { user: { userId: 'v' }, items: [item], total: 1, id: 'order-7' });
    const { status, text, headers } = await call('GET', '/');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const piece of [
      'Profiles (2)',
      'Events (2)',
      'Carts (1)',
      'Purchases (1)',
      'Calls received (4)',
      'order-7',
    ]) {
      expect(text).toContain(piece);
    }
    expect(text).not.toMatch(/<script|<b>|src=|href="[^#]|demo/);
  });
});
