import { describe, expect, it } from 'vitest';
import { parseDate, formatDate } from '../src/model/dates.ts';
import { start } from './harness.ts';

async function fieldsAfter(...updates: object[]) {
  const { post, get } = await start();
  for (const update of updates)
    expect((await post('users/update', { userId: 'u', ...update })).status).toBe(200);
  return (await get('users/byUserId/u')).body.user.dataFields;
}

describe('writing dataFields', () => {
  it('keeps fields that are not sent and removes fields sent as null', async () => {
    const fields = await fieldsAfter({ dataFields: { a: 1, b: 2, c: 3 } }, { dataFields: { a: 9, b: null } });
    expect(fields).toMatchObject({ a: 9, c: 3 });
    expect(fields).not.toHaveProperty('b');
  });

  it('replaces a nested object whole by default', async () => {
    const fields = await fieldsAfter({ dataFields: { o: { x: 1, y: 2 } } }, { dataFields: { o: { y: 3 } } });
    expect(fields.o).toEqual({ y: 3 });
  });

  it('merges one level with mergeNestedObjects, replaces below it, and always replaces arrays', async () => {
    const merge = { mergeNestedObjects: true };
    const fields = await fieldsAfter(
      { dataFields: { o: { x: 1, gone: 1, deep: { a: 1, b: 1 }, list: [1, 2] }, list: [1, 2] } },
      { ...merge, dataFields: { o: { gone: null, deep: { a: 2 }, list: [3] }, list: [3] } },
    );
    expect(fields.o).toEqual({ x: 1, deep: { a: 2 }, list: [3] });
    expect(fields.list).toEqual([3]);
  });

  it('shows the fields the service adds', async () => {
    const { post, byEmail } = await start({ now: () => Date.UTC(2024, 4, 6, 7, 8, 9) });
    await post('users/update', { email: 'a@example.com', userId: 'u' });
    const at = '2024-05-06 07:08:09 +00:00';
    expect(await byEmail('a@example.com')).toEqual({
      email: 'a@example.com',
      userId: 'u',
      dataFields: {
        email: 'a@example.com',
        userId: 'u',
        signupDate: at,
        signupSource: 'API',
        profileUpdatedAt: at,
        itblInternal: { documentCreatedAt: at, documentUpdatedAt: at, emailDomain: 'example.com' },
      },
    });
  });
});

describe('field types by first touch', () => {
  const conflicts: [string, unknown, unknown][] = [
    ['string then long', 'x', 1],
    ['long then string', 1, 'x'],
    ['long then decimal', 10, 10.5],
    ['long then date', 1, '2024-01-01'],
    ['date then text', '2024-01-01', 'soon'],
    ['boolean then string', true, 'true'],
    ['string then object', 'x', { a: 1 }],
    ['object then string', { a: 1 }, 'x'],
    ['nested long then string', { a: 1 }, { a: 'x' }],
    ['array of strings then long', ['x'], [1]],
    ['an array of mixed types', 1, [1, 'x']],
  ];
  it.each(conflicts)('refuses %s', async (_name, first, second) => {
    const { post } = await start();
    await post('users/update', { userId: 'u', dataFields: { f: first } });
    const { status, body } = await post('users/update', { userId: 'u', dataFields: { f: second } });
    expect([status, body.code]).toEqual([400, 'RequestFieldsTypesMismatched']);
  });

  const fits: [string, unknown, unknown][] = [
    ['decimal then whole', 10.5, 10],
    ['text then something like a date', 'soon', '2024-01-01'],
    ['one then a list of the same', 'x', ['y', 'z']],
    ['empty list then anything', [], [1]],
    ['null then anything', null, true],
  ];
  it.each(fits)('accepts %s', async (_name, first, second) => {
    const { post } = await start();
    await post('users/update', { userId: 'u', dataFields: { f: first } });
    expect((await post('users/update', { userId: 'u', dataFields: { f: second } })).status).toBe(200);
  });

  it('reports the types, an array by its elements', async () => {
    const { post, get } = await start();
    const dataFields = {
      s: 'x',
      l: 1,
      d: 1.5,
      b: true,
      at: '2024-01-01',
      o: { inner: [1] },
      list: ['x'],
      home_geo_location: { lat: 1, lon: 2 },
    };
    await post('users/update', { userId: 'u', dataFields });
    expect((await get('users/getFields')).body.fields).toMatchObject({
      s: 'string',
      l: 'long',
      d: 'double',
      b: 'boolean',
      at: 'date',
      o: 'object',
      'o.inner': 'long',
      list: 'string',
      home_geo_location: 'geo_location',
    });
  });

  it('keeps types of events apart by event name, in single and bulk calls', async () => {
    const { post } = await start();
    const event = (eventName: string, f: unknown) => ({ userId: 'u', eventName, dataFields: { f } });
    expect((await post('events/track', event('A', 1))).status).toBe(200);
    expect((await post('events/track', event('B', 'x'))).status).toBe(200);
    const bulk = await post('events/trackBulk', { events: [event('B', 'y'), event('A', 'x')] });
    expect(bulk.status).toBe(400);
    expect(bulk.body.params.validationErrors).toHaveProperty(['A:::f']);
  });

  it('finds a conflict between two items of one request', async () => {
    const { post } = await start();
    const users = [1, 'x'].map((f, index) => ({ userId: `u${index}`, dataFields: { f } }));
    expect((await post('users/bulkUpdate', { users })).body.code).toBe('RequestFieldsTypesMismatched');
  });

  it('does not let a whole first price fix the prices of commerce items', async () => {
    const { post } = await start();
    const items = (price: number) => [{ id: 's', name: '2024-01-01', price, quantity: 1 }];
    for (const price of [10, 10.5]) {
      expect((await post('commerce/updateCart', { user: { userId: 'u' }, items: items(price) })).status).toBe(
        200,
      );
      const purchase = { user: { userId: 'u' }, items: items(price), total: price };
      expect((await post('commerce/trackPurchase', purchase)).status).toBe(200);
    }
  });
});

describe('createNewFields', () => {
  it('lists created fields in bulk, and drops and lists unknown ones when it is false', async () => {
    const { post, get } = await start();
    const first = await post('users/bulkUpdate', {
      users: [{ userId: 'u', dataFields: { a: 1, o: { x: 1 } } }],
    });
    expect(first.body).toMatchObject({ createdFields: ['a', 'o', 'o.x'], filteredOutFields: [] });
    const users = [{ userId: 'u', dataFields: { a: 2, n: 1, o: { x: 2, y: 2 } } }];
    const second = await post('users/bulkUpdate', { users, createNewFields: false });
    expect(second.body).toMatchObject({
      successCount: 1,
      createdFields: [],
      filteredOutFields: ['n', 'o.y'],
    });
    const { dataFields } = (await get('users/byUserId/u')).body.user;
    expect(dataFields).toMatchObject({ a: 2, o: { x: 2 } });
    expect(dataFields).not.toHaveProperty('n');
  });

  it('uses the project setting when it is absent, and is part of each event of trackBulk', async () => {
    const { post, control } = await start();
    await control('settings', { createNewFields: false });
    const event = { userId: 'u', eventName: 'E', dataFields: { f: 1 } };
    const { body } = await post('events/trackBulk', { events: [event, { ...event, createNewFields: true }] });
    expect(body).toMatchObject({ filteredOutFields: ['E.f'], createdFields: ['E.f'] });
  });
});

describe('dates in dataFields', () => {
  const forms: [string, string | undefined][] = [
    ['2024-05-06', '2024-05-06 00:00:00 +00:00'],
    ['2024-05-06 07:08:09', '2024-05-06 07:08:09 +00:00'],
    ['2024-05-06 07:08:09 +02:00', '2024-05-06 05:08:09 +00:00'],
    ['2024-05-06 07:08:09 -01:30', '2024-05-06 08:38:09 +00:00'],
    ['2024-05-06T07:08:09.123Z', '2024-05-06 07:08:09 +00:00'],
    ['2024-05-06T07:08:09.123+02:00', '2024-05-06 05:08:09 +00:00'],
    ['2024-02-29', '2024-02-29 00:00:00 +00:00'],
    ['2024-05-06 07:08:09.123', undefined],
    ['2023-02-29', undefined],
    ['2024-13-01', undefined],
    ['2024-05-06T07:08', undefined],
    ['06-05-2024', undefined],
    ['2024-05-06 and more', undefined],
  ];
  it.each(forms)('reads %j as %j', (text, canonical) => {
    const ms = parseDate(text, true);
    expect(ms === undefined ? undefined : formatDate(ms)).toBe(canonical);
  });

  it('reads ISO without milliseconds by the switch', async () => {
    for (const [isoWithoutMillis, type] of [
      ['date', 'date'],
      ['string', 'string'],
    ] as const) {
      const { post, get } = await start({ switches: { isoWithoutMillis } });
      await post('users/update', { userId: 'u', dataFields: { at: '2024-05-06T07:08:09Z' } });
      expect((await get('users/getFields')).body.fields.at).toBe(type);
    }
  });

  it('stores them canonically at every level', async () => {
    const at = '2024-05-06T07:08:09.123Z';
    const fields = await fieldsAfter({ dataFields: { at, list: [at, at], o: { at } } });
    const canonical = '2024-05-06 07:08:09 +00:00';
    expect(fields).toMatchObject({ at: canonical, list: [canonical, canonical], o: { at: canonical } });
  });
});
