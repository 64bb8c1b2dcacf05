import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

describe('error bodies', () => {
  it('refuses a wrong and a missing key with 401 BadApiKey', async () => {
    const { call } = await start();
    for (const key of ['nope', '']) {
      const { status, body } = await call('GET', '/api/channels', undefined, { 'Api-Key': key });
      expect(status).toBe(401);
      expect(body).toEqual({
        msg: 'Invalid API key',
        code: 'BadApiKey',
        params: { ip: '127.0.0.1', endpoint: '/api/channels' },
      });
    }
  });

  it('accepts the key in the api_key header too', async () => {
    const { call } = await start();
    const answer = await call('GET', '/api/webhooks', undefined, { 'Api-Key': '', api_key: 'demo' });
    expect(answer.status).toBe(401);
    const { sandbox } = await start();
    expect((await fetch(`${sandbox.url}/api/webhooks`, { headers: { api_key: 'demo' } })).status).toBe(200);
  });

  it.each([
    'users/registerDeviceToken',
    'users/registerBrowserToken',
    'users/disableDevice',
    'events/inAppConsume',
  ])('refuses the server key on %s', async (path) => {
    const { post } = await start();
    const { status, body } = await post(path, {});
    expect(status).toBe(401);
    expect(body).toMatchObject({
      msg: 'Disabled API key or insufficient privileges',
      code: 'BadApiKey',
      params: { apiKeyType: 'ServerSide' },
    });
    expect(body.params).not.toMatchObject({ apiKeyIdentifier: 'demo' });
  });

  it('knows read-only and mobile keys', async () => {
    const { call } = await start({
      apiKeys: [
        { key: 'read', type: 'readOnly' },
        { key: 'app', type: 'mobile' },
      ],
    });
    const status = async (key: string, method: string, path: string, body?: object) =>
      (await call(method, `/api/${path}`, body, { 'Api-Key': key })).status;
    expect(await status('read', 'GET', 'channels')).toBe(200);
    expect(await status('read', 'POST', 'users/update', { userId: 'u' })).toBe(401);
    expect(await status('app', 'POST', 'users/update', { userId: 'u' })).toBe(200);
    const device = { token: 't', platform: 'GCM', applicationName: 'shop' };
    expect(await status('app', 'POST', 'users/registerDeviceToken', { userId: 'u', device })).toBe(200);
    expect(await status('app', 'POST', 'events/trackBulk', { events: [] })).toBe(401);
  });

  const shapes: [string, object, Record<string, string>][] = [
    [
      'users/bulkUpdate',
      { users: [{ userId: 'a' }, { userId: 'b', preferUserId: 'yes' }] },
      { 'obj.users[1].preferUserId': 'Boolean value expected' },
    ],
    [
      'events/trackBulk',
      {
        events: [
          { userId: 'a', eventName: 'E' },
          { userId: 'a', eventName: 'E', createdAt: '2024-01-01' },
        ],
      },
      { 'obj.events[1].createdAt': 'Number value expected' },
    ],
    [
      'events/trackBulk',
      { events: [{ userId: 'a' }] },
      { 'obj.events[0].eventName': 'String value expected' },
    ],
    ['events/track', { userId: 5, eventName: 'E' }, { 'obj.userId': 'String value expected' }],
    ['users/update', { userId: 'a', dataFields: [] }, { 'obj.dataFields': 'Object value expected' }],
    [
      'commerce/trackPurchase',
      { user: { userId: 'a' }, items: [] },
      { 'obj.total': 'Number value expected' },
    ],
    [
      'commerce/updateCart',
      { user: { userId: 'a' }, items: [{ id: 's', name: 'S', price: '10', quantity: 1.5 }] },
      { 'obj.items[0].price': 'Number value expected', 'obj.items[0].quantity': 'Number value expected' },
    ],
    ['users/bulkUpdate', {}, { 'obj.users': 'Array value expected' }],
  ];
  it.each(shapes)('refuses the whole request to %s for a wrong JSON type', async (path, sent, params) => {
    const { post, control } = await start();
    const { status, body } = await post(path, sent);
    expect([status, body]).toEqual([
      400,
      { msg: `[/api/${path}] Invalid JSON body`, code: 'BadJsonBody', params },
    ]);
    expect((await control('stats')).body).toMatchObject({ users: 0, events: 0 });
  });

  it.each(['{"users":', '', 'null', '[]', '"x"'])('refuses the body %j', async (text) => {
    const { call } = await start();
    const { status, body } = await call('POST', '/api/users/bulkUpdate', text);
    expect([status, body.code]).toEqual([400, 'BadJsonBody']);
  });

  it('treats null as absent and ignores unknown members', async () => {
    const { post } = await start();
    const sent = { userId: 'u', email: null, preferUserId: null, dataFields: null, enable_batching: true };
    expect((await post('users/update', sent)).status).toBe(200);
  });

  it('answers a type conflict with the conflicting fields and stores nothing of the request', async () => {
    const { post, get } = await start();
    await post('users/update', { userId: 'u', dataFields: { born: '1990-01-02' } });
    const users = [{ userId: 'v' }, { userId: 'u', dataFields: { born: 'long ago' } }];
    const { status, body } = await post('users/bulkUpdate', { users });
    expect([status, body.code]).toEqual([400, 'RequestFieldsTypesMismatched']);
    expect(body.msg).toContain(
      "Field 'born' already exists for type 'user' and has a data type of 'date' but possible types 'string, keyword' in the request.",
    );
    expect(body.params).toEqual({
      validationErrors: {
        born: {
          incomingTypes: ['string', 'keyword'],
          expectedType: 'date',
          offendingValue: 'long ago',
          category: 'user',
          _type: 'UnexpectedType',
        },
      },
    });
    expect((await get('users/byUserId/v')).status).toBe(400);
  });

  it('answers too many fields with the limit and the new names', async () => {
    const { post, control } = await start();
    await control('settings', { userFieldLimit: 2, eventFieldLimit: 1 });
    await post('users/update', { userId: 'u', dataFields: { a: 1, nested: { b: 1 } } });
    const users = await post('users/update', { userId: 'u', dataFields: { c: 1 } });
    expect([users.status, users.body.code, users.body.params]).toEqual([
      400,
      'UniqueFieldsLimitExceeded',
      { limit: 2, requestedTotal: 3, newFields: ['c'] },
    ]);
    const events = await post('events/track', { userId: 'u', eventName: 'Seen', dataFields: { a: 1, b: 2 } });
    expect(events.body.params).toMatchObject({ newFields: ['Seen.a', 'Seen.b'] });
  });

  it('answers an unknown catalog in the second body family', async () => {
    const { get } = await start();
    expect(await get('catalogs/Nope/items')).toMatchObject({
      status: 404,
      body: {
        message: 'Catalog not found: Nope',
        code: 'error.catalogs.notFound',
        data: { args: ['Nope'] },
      },
    });
  });

  it('answers the deletion of an unknown userId with 400 and of an unknown email with 200', async () => {
    const { call } = await start();
    expect(await call('DELETE', '/api/users/byUserId/x')).toMatchObject({
      status: 400,
      body: { code: 'BadParams', msg: 'User does not exist. Email:  UserId: x', params: null },
    });
    expect((await call('DELETE', '/api/users/x@example.com')).status).toBe(200);
  });

  it('answers an unknown path with an HTML page', async () => {
    const { post } = await start();
    const answer = await post('events/tracks<b>');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('Action not found');
    expect(answer.text).not.toContain('<b>');
  });

  it('answers 200 and {} for an unknown email, 400 for a malformed one', async () => {
    const { get } = await start();
    expect(await get('users/nobody@example.com')).toMatchObject({ status: 200, body: {} });
    expect(await get('users/getByEmail?email=nobody@example.com')).toMatchObject({ status: 200, body: {} });
    expect(await get('users/foo@')).toMatchObject({
      status: 400,
      body: { code: 'InvalidEmailAddressError' },
    });
  });

  it('has an old wording for an empty list of users', async () => {
    const { post } = await start();
    expect(await post('users/bulkUpdate', { users: [] })).toMatchObject({
      status: 400,
      body: { code: 'InvalidEmailAddressError', msg: 'Emails invalid: ' },
    });
    expect(await post('events/trackBulk', { events: [] })).toMatchObject({
      status: 200,
      body: { successCount: 0, failCount: 0 },
    });
  });

  it('refuses more items than one call may hold', async () => {
    const { post } = await start();
    const events = Array.from({ length: 1001 }, () => ({ userId: 'u', eventName: 'E' }));
    expect(await post('events/trackBulk', { events })).toMatchObject({
      status: 400,
      body: { code: 'BatchTooLarge' },
    });
    expect((await post('events/trackBulk', { events: events.slice(1) })).status).toBe(200);
    const wide = await start({ switches: { maxBulkItems: '1001' } });
    expect((await wide.post('events/trackBulk', { events })).status).toBe(200);
  });

  it.each([
    ['413', 413],
    ['400', 400],
  ])('refuses more bytes than one call may hold with %s', async (oversizeStatus, status) => {
    const { post } = await start({ switches: { oversizeStatus } });
    const users = [{ userId: 'u', dataFields: { text: 'x'.repeat(4_000_000) } }];
    expect((await post('users/bulkUpdate', { users })).status).toBe(status);
    expect((await post('users/update', users[0])).status).toBe(200);
  });
});

describe('hostile input', () => {
  it('keeps __proto__ and constructor as plain field names', async () => {
    const { call, control, sandbox } = await start();
    const fields =
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a.b.__proto__":1}';
    for (const dottedKeys of ['literal', 'split']) {
      await control('reset', { switches: { dottedKeys } });
      const bodies: [string, string][] = [
        ['users/update', `{"userId":"u","mergeNestedObjects":true,"dataFields":${fields}}`],
        ['users/update', `{"userId":"u","mergeNestedObjects":true,"dataFields":${fields}}`],
        ['events/track', `{"userId":"u","eventName":"__proto__","id":"__proto__","dataFields":${fields}}`],
        [
          'commerce/trackPurchase',
          `{"user":{"userId":"u"},"total":1,"id":"__proto__","items":[],"dataFields":${fields}}`,
        ],
        ['catalogs/constructor', ''],
        [
          'catalogs/constructor/items',
          `{"replaceUploadedFieldsOnly":true,"documents":{"toString":${fields.replace('a.b.', '')}}}`,
        ],
      ];
      for (const [path, body] of bodies) {
        const { status, text } = await call('POST', `/api/${path}`, body);
        expect([path, status < 300 ? 'ok' : text]).toEqual([path, 'ok']);
      }
      for (const path of ['/api/users/byUserId/u', '/api/events/byUserId/u', '/_sandbox/state', '/']) {
        expect((await call('GET', path)).status).toBe(200);
      }
      expect((await call('GET', '/api/users/byUserId/u')).text).toContain('"__proto__":{"polluted":true}');
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(sandbox.project.profiles.size).toBe(1);
  });

  it.each(['[', '{"a":'])('survives very deep nesting of %s', async (open) => {
    const { call } = await start();
    const close = open === '[' ? ']' : '}';
    const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
    const { status } = await call('POST', '/api/users/update', `{"userId":"u","dataFields":{"x":${deep}}}`);
    expect(status).toBe(400);
    const ignored = await call('POST', '/api/users/update', `{"userId":"u","unknown":${deep}}`);
    expect(ignored.status).toBe(200);
  });
});
