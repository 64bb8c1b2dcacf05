import { describe, expect, it } from 'vitest';

import { type Body, DELIVERED, identify, PROJECT_TYPES, refused, shop, tea, track } from './support.ts';

const told = (...words: readonly string[]): unknown =>
  expect.objectContaining({
    status: 'delivered',
    note: expect.stringMatching(
      new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')),
    ),
  });

const seen = (properties: Body, name = 'Seen') =>
  track(name, 'u-1', properties, { traits: { email: 'ada@example.com' } });

const profile = (traits: Body) => identify('u-1', { email: 'ada@example.com', ...traits });

describe('field types: off', () => {
  it('makes no requests and changes nothing', async () => {
    const { send, sandbox } = await shop({ switches: { typeConflictInBulk: 'request' } });
    await send(profile({ score: 1 }));
    expect(await send(profile({ score: '2' }))).toEqual([refused('destination_field_type_conflict')]);
    expect(sandbox.project.stats.perEndpoint.get('/api/users/getFields')).toBeUndefined();
  });
});

describe('field types: warn', () => {
  it('reports a mismatching value and a field that becomes a date, and sends both unchanged', async () => {
    const { send } = await shop({}, { fieldTypes: 'warn' });
    expect(await send(profile({ since: '2026-03-01', score: 1 }))).toEqual([
      told('since is new here', 'only dates'),
    ]);
    expect(await send(profile({ score: 'many' }))).toEqual([refused('destination_field_type_conflict')]);
    expect(await send(profile({ since: '2026-03-02T10:00:00Z' }))).toEqual([DELIVERED]);
  });

  it('reads the account once for many calls', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'warn' });
    for (let call = 0; call < 5; call += 1) await send(profile({ call }), seen({ call }));
    expect(sandbox.project.stats.perEndpoint.get('/api/users/getFields')).toMatchObject({ requests: 1 });
  });
});

describe('field types: convert', () => {
  it.each(PROJECT_TYPES)('converts each value to the type of its field (%s)', async (projectType) => {
    const { send, post, sandbox } = await shop({ projectType }, { fieldTypes: 'convert' });
    const first = { count: 10, price: 4.5, member: true, since: '2026-03-01 10:00:00 +00:00', note: 'tea' };
    // Another client has created the fields: their types are read from the account.
    await post('/api/users/update', {
      [projectType === 'email' ? 'email' : 'userId']: 'ada@example.com',
      dataFields: first,
    });
    expect(
      await send(profile({ count: '11', price: '5.5', member: 'false', since: 1_772_359_200, note: 12 })),
    ).toEqual([told('count: "11" was sent as 11', 'price', 'member', 'since', 'note: 12 was sent as "12"')]);
    const fields = [...sandbox.project.profiles].find(({ fields }) => fields['count'] === 11)!.fields;
    expect(fields).toMatchObject({
      count: 11,
      price: 5.5,
      member: false,
      since: '2026-03-01 10:00:00 +00:00',
      note: '12',
    });
  });

  it('learns the fields of events from sent events', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'convert' });
    await send(seen({ price: 4.5, tags: ['a'], inner: { size: 3 } }));
    expect(await send(seen({ price: '5', tags: [7], inner: { size: '4' } }))).toEqual([
      told('price', 'tags', 'inner.size'),
    ]);
    // Types are per event name.
    expect(await send(seen({ price: '5' }, 'Liked'))).toEqual([DELIVERED]);
    expect([...sandbox.project.events.values()].map(({ fields }) => JSON.parse(fields!))).toContainEqual({
      price: 5,
      tags: ['7'],
      inner: { size: 4 },
    });
  });

  it('keeps text that only looks like a date, in a text field', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'convert' });
    await send(seen({ label: 'spring' }));
    expect(await send(seen({ label: '2026-03-01T10:00:00+02:00' }))).toEqual([DELIVERED]);
    expect([...sandbox.project.events.values()].map(({ fields }) => fields)).toContain(
      '{"label":"2026-03-01T10:00:00+02:00"}',
    );
  });

  it.each(['refused', 'accepted'])(
    'sends 10.5 into a field of whole numbers, and omits it where necessary (%s)',
    async (doubleIntoLong) => {
      const { send, sandbox } = await shop({ switches: { doubleIntoLong } }, { fieldTypes: 'convert' });
      await send(seen({ score: 10, sku: 'tea' }));
      expect(await send(seen({ score: 10.5, sku: 'cup' }), seen({ score: 11, sku: 'pot' }))).toEqual([
        doubleIntoLong === 'accepted' ? told('score') : told('dataFields.score was left out'),
        DELIVERED,
      ]);
      const stored = [...sandbox.project.events.values()].map(({ fields }) => JSON.parse(fields!) as Body);
      expect(stored).toContainEqual(
        doubleIntoLong === 'accepted' ? { score: 10.5, sku: 'cup' } : { sku: 'cup' },
      );
    },
  );

  it('keeps an item with an inconvertible value, without that value', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'convert' });
    await send(seen({ price: 4.5 }), profile({ score: 1, address: { zip: 1 } }));
    expect(
      await send(
        seen({ price: 'dear', sku: 'tea' }),
        profile({ score: 'many', plan: 'pro', address: { zip: {} } }),
      ),
    ).toEqual([told('dataFields.price was left out'), told('dataFields.score was left out', 'address')]);
    expect([...sandbox.project.profiles][0]!.fields).toMatchObject({ score: 1, plan: 'pro' });
  });

  it('learns from a refusal', async () => {
    const { send, post } = await shop({}, { fieldTypes: 'convert' });
    await post('/api/events/track', { userId: 'x', eventName: 'Seen', dataFields: { price: 4.5 } });
    expect(await send(seen({ price: '5' }))).toEqual([told('price was left out')]);
    expect(await send(seen({ price: '6' }))).toEqual([told('price: "6" was sent as 6')]);
  });

  it('converts carts and orders too', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'convert' });
    const order = (id: string, gift: unknown, traits: Body) =>
      track('Order Completed', 'u-1', { order_id: id, total: 9, gift, products: [tea()] }, { traits });
    await send(order('o-1', true, { score: 1 }));
    expect(await send(order('o-2', 'true', { score: '2' }))).toEqual([
      told('score: "2" was sent as 2', 'gift'),
    ]);
    expect(await send(order('o-3', 'perhaps', { score: {} }))).toEqual([told('left out', 'left out')]);
    expect(sandbox.project.purchases.size).toBe(3);
  });

  it('removes a field of any type', async () => {
    const { send, sandbox } = await shop({}, { fieldTypes: 'convert' });
    await send(profile({ score: 1 }));
    expect(await send(profile({ score: null }))).toEqual([DELIVERED]);
    expect([...sandbox.project.profiles][0]!.fields).not.toHaveProperty('score');
  });
});

describe('the bound on new fields', () => {
  it('omits fields beyond it, of profiles and of each event name', async () => {
    const { send, sandbox } = await shop({}, { maxNewFields: 2 });
    await send(seen({ a: 1, b: 1 }), profile({ a: 1 }));
    expect(await send(seen({ a: 2, b: 2, c: 2 }), seen({ c: 1 }, 'Liked'), profile({ b: 2, c: 3 }))).toEqual([
      told('c was left out', 'the maximum is 2'),
      DELIVERED,
      told('c was left out'),
    ]);
    expect([...sandbox.project.profiles][0]!.fields).toMatchObject({ a: 1, b: 2 });
  });

  it('does not count existing fields of the account', async () => {
    const { send, post } = await shop({}, { maxNewFields: 0 });
    await post('/api/users/update', { userId: 'u-1', dataFields: { plan: 'free' } });
    expect(await send(identify('u-1', { plan: 'pro', color: 'green' }))).toEqual([
      told('color was left out'),
    ]);
  });
});
