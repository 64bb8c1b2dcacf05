import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const user = { userId: 'u' };
const item = { id: 's1', name: 'Shoe', price: 10.5, quantity: 2, dataFields: { size: 'M' } };

describe('custom events', () => {
  it('returns the given id, or a generated one', async () => {
    const { post } = await start({ random: () => 0.5 });
    const given = await post('events/track', { ...user, eventName: 'E', id: 'e1' });
    expect(given.body).toEqual({ msg: 'Event with id: e1 tracked.', code: 'Success', params: { id: 'e1' } });
    const made = await post('events/track', { ...user, eventName: 'E' });
    expect(made.body.params.id).toBe('80000000800000008000000080000000');
  });

  it('updates an event with the same id, whatever its name', async () => {
    const { post, get } = await start();
    await post('events/track', { ...user, eventName: 'A', id: 'e1', createdAt: 10, dataFields: { n: 1 } });
    await post('events/trackBulk', { events: [{ ...user, eventName: 'B', id: 'e1', dataFields: { n: 2 } }] });
    const { events } = (await get('events/byUserId/u')).body;
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      eventName: 'B',
      dataFields: { n: 2 },
      createdAt: '1970-01-01 00:00:10 +00:00',
    });
  });

  it('moves an event to the user that sends its id again', async () => {
    const { post, get } = await start();
    for (const [userId, id] of [
      ['a', '1'],
      ['a', '2'],
      ['a', '3'],
      ['b', '2'],
    ]) {
      await post('events/track', { userId, eventName: 'E', id });
    }
    expect((await get('events/byUserId/a')).body.events).toHaveLength(2);
    expect((await get('events/byUserId/b')).body.events).toHaveLength(1);
  });

  it('reads createdAt as seconds, or detects milliseconds by the switch', async () => {
    for (const [createdAtUnit, year] of [
      ['seconds', '55840'],
      ['detected', '2023-'],
    ] as const) {
      const { post, get } = await start({ switches: { createdAtUnit } });
      await post('events/track', { ...user, eventName: 'E', createdAt: 1_700_000_000_000 });
      const [event] = (await get('events/byUserId/u')).body.events;
      expect(event!.createdAt.startsWith(year)).toBe(true);
    }
  });

  it('refuses an id over 512 bytes', async () => {
    const { post } = await start();
    expect((await post('events/track', { ...user, eventName: 'E', id: 'x'.repeat(512) })).status).toBe(200);
    expect((await post('events/track', { ...user, eventName: 'E', id: 'x'.repeat(513) })).status).toBe(400);
    expect((await post('events/track', { ...user, eventName: 'E', id: 'ü'.repeat(257) })).status).toBe(400);
  });

  it('answers 200 to a disallowed name and stores nothing', async () => {
    for (const [disallowedRaisesFailCount, failCount] of [
      ['yes', 1],
      ['no', 0],
    ] as const) {
      const { post, control } = await start({ switches: { disallowedRaisesFailCount } });
      await control('settings', { disallowedEventNames: ['Secret'] });
      const single = await post('events/track', { ...user, eventName: 'Secret' });
      expect(single).toMatchObject({ status: 200, body: { code: 'Success' } });
      expect(single.body.msg).toContain('is disallowed from tracking');
      const events = [
        { ...user, eventName: 'Secret' },
        { ...user, eventName: 'Open' },
      ];
      expect((await post('events/trackBulk', { events })).body).toMatchObject({
        successCount: 1,
        failCount,
        disallowedEventNames: ['Secret'],
      });
      expect((await control('stats')).body.events).toBe(1);
    }
  });

  it('names unknown users of an email-based project in notFound lists', async () => {
    const { post } = await start({ projectType: 'email', switches: { trackUnknownEmail: 'notFound' } });
    const events = [
      { userId: 'u', eventName: 'E' },
      { email: 'a@example.com', eventName: 'E' },
    ];
    expect((await post('events/trackBulk', { events })).body).toMatchObject({
      successCount: 0,
      failCount: 2,
      invalidUserIds: ['u'],
      failedUpdates: { notFoundUserIds: ['u'], notFoundEmails: ['a@example.com'] },
    });
  });

  it('keeps events of an unknown email until the profile is made', async () => {
    const { post, get } = await start({ projectType: 'email' });
    await post('events/track', { email: 'a@example.com', eventName: 'E' });
    expect((await get('events/a@example.com')).body.events).toEqual([]);
    await post('users/update', { email: 'a@example.com' });
    expect((await get('events/a@example.com')).body.events).toHaveLength(1);
  });

  it('limits a read to 30 events, or to the requested number up to 200', async () => {
    const { post, get } = await start();
    await post('events/trackBulk', {
      events: Array.from({ length: 250 }, () => ({ ...user, eventName: 'E' })),
    });
    expect((await get('events/byUserId/u')).body.events).toHaveLength(30);
    expect((await get('events/byUserId/u?limit=200')).body.events).toHaveLength(200);
    expect((await get('events/byUserId/u?limit=201')).status).toBe(400);
  });
});

describe('carts and purchases', () => {
  it('replaces the cart, shows it on the profile and leaves a custom event', async () => {
    const { post, get } = await start();
    await post('commerce/updateCart', { user, items: [item, { ...item, id: 's2' }] });
    await post('commerce/updateCart', { user, items: [item] });
    expect((await get('users/byUserId/u')).body.user.dataFields.shoppingCartItems).toEqual([item]);
    const { events } = (await get('events/byUserId/u')).body;
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ eventName: 'updateCart' });
    await post('commerce/updateCart', { user, items: [] });
    expect((await get('users/byUserId/u')).body.user.dataFields.shoppingCartItems).toEqual([]);
  });

  it('clears the cart with every purchase, also a repeated one', async () => {
    const { post, get, control } = await start();
    for (const total of [10, 8]) {
      await post('commerce/updateCart', { user, items: [item] });
      const bought = await post('commerce/trackPurchase', { user, items: [item], total, id: 'o1' });
      expect(bought.body).toMatchObject({ code: 'Success', params: { id: 'o1' } });
      expect((await get('users/byUserId/u')).body.user.dataFields).not.toHaveProperty('shoppingCartItems');
    }
    expect((await control('state')).body).toMatchObject({ purchases: [{ id: 'o1', total: 8 }], carts: [] });
  });

  it('makes an id per purchase when none is sent, so that a retry is a second purchase', async () => {
    const { post, control } = await start();
    for (let time = 0; time < 2; time += 1)
      await post('commerce/trackPurchase', { user, items: [item], total: 1 });
    expect((await control('stats')).body.purchases).toBe(2);
  });

  it('upserts the user first, with the rules of users/update', async () => {
    const { post, get } = await start();
    await post('users/update', { ...user, dataFields: { gone: 1, o: { a: 1 } } });
    const dataFields = { gone: null, o: { b: 2 } };
    await post('commerce/trackPurchase', {
      user: { ...user, mergeNestedObjects: true, dataFields },
      items: [item],
      total: 1,
    });
    const fields = (await get('users/byUserId/u')).body.user.dataFields;
    expect(fields.o).toEqual({ a: 1, b: 2 });
    expect(fields).not.toHaveProperty('gone');
  });

  it('refuses a user without identifiers with the message of the service', async () => {
    const { post } = await start();
    expect(await post('commerce/updateCart', { user: {}, items: [] })).toMatchObject({
      status: 400,
      body: {
        code: 'BadParams',
        msg: 'Either email or userId must be set: ApiUserUpdateRequest(None,None,None,None)',
      },
    });
  });

  it('reads a purchase back flat, and exports it without custom events unless asked', async () => {
    const { post, get } = await start();
    await post('commerce/trackPurchase', {
      user,
      items: [item],
      total: 21,
      id: 'o1',
      dataFields: { coupon: 'X' },
    });
    await post('events/track', { ...user, eventName: 'E' });
    const lines = (await get('export/userEvents?userId=u')).text.trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      eventType: 'purchase',
      id: 'o1',
      total: 21,
      coupon: 'X',
      shoppingCartItems: [item],
    });
    const all = (await get('export/userEvents?userId=u&includeCustomEvents=true')).text.trim().split('\n');
    expect(all).toHaveLength(2);
  });

  it('accepts or refuses negative amounts by the switch', async () => {
    const refund = { user, items: [item], total: -5 };
    const { post } = await start();
    expect((await post('commerce/trackPurchase', refund)).status).toBe(200);
    const strict = await start({ switches: { negativeAmounts: 'refused' } });
    expect((await strict.post('commerce/trackPurchase', refund)).status).toBe(400);
  });
});
