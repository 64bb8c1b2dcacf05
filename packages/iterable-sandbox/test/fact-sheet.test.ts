/*
 * The collected facts about Iterable's API, in the order of their chapters, each with a test. The names show what the sandbox covers;
 * other files test the same areas in more depth.
 */
import { describe, expect, it } from 'vitest';
import type { ProjectType } from '../src/index.ts';
import { defaultSwitches, describeSwitches } from '../src/model/switches.ts';
import { start, type Answer, type Body, type Subject } from './harness.ts';
import { readings } from './readings.ts';

const item = { id: 's', name: 'Shoe', price: 1.5, quantity: 1 };
const email = { email: 'new@example.com' };
const userId = { userId: 'new' };
const types: ProjectType[] = ['email', 'userId', 'hybrid'];

describe('2.2 does an unknown user get a profile', () => {
  type Who = { email?: string; userId?: string; preferUserId?: boolean };
  type Send = (subject: Subject, who: Who) => Promise<Answer>;
  const mobile = { 'Api-Key': 'app' };
  const recipient = ({ email: recipientEmail, userId: recipientUserId }: Who) => ({
    campaignId: 101,
    ...(recipientEmail === undefined ? { recipientUserId } : { recipientEmail }),
  });
  const onList = (method: 'subscribe' | 'unsubscribe'): Send => {
    return async ({ post }, who) => {
      const { listId } = (await post('lists', { name: 'VIP' })).body;
      return post(`lists/${method}`, { listId, subscribers: [who] });
    };
  };
  const device = { token: 't', platform: 'GCM', applicationName: 'shop' };
  const endpoints: Record<string, Send> = {
    'users/update': ({ post }, who) => post('users/update', who),
    'users/bulkUpdate': ({ post }, who) => post('users/bulkUpdate', { users: [who] }),
    'users/updateSubscriptions': ({ post }, who) => post('users/updateSubscriptions', who),
    'users/bulkUpdateSubscriptions': ({ post }, who) =>
      post('users/bulkUpdateSubscriptions', { updateSubscriptionsRequests: [who] }),
    'users/registerDeviceToken': ({ call }, who) =>
      call('POST', '/api/users/registerDeviceToken', { ...who, device }, mobile),
    'users/registerBrowserToken': ({ call }, who) =>
      call('POST', '/api/users/registerBrowserToken', { ...who, browserToken: 't' }, mobile),
    'lists/subscribe': onList('subscribe'),
    'commerce/updateCart': ({ post }, who) => post('commerce/updateCart', { user: who, items: [item] }),
    'commerce/trackPurchase': ({ post }, who) =>
      post('commerce/trackPurchase', { user: who, items: [item], total: 1 }),
    'email/target': ({ post }, who) => post('email/target', recipient(who)),
    'inApp/target': ({ post }, who) => post('inApp/target', recipient(who)),
    subscriptions: ({ call }, who) =>
      call(
        'PATCH',
        `/api/subscriptions/emailList/1/${who.email === undefined ? `byUserId/${who.userId}` : `user/${who.email}`}`,
      ),
    'events/track': ({ post }, who) => post('events/track', { ...who, eventName: 'E' }),
    'events/trackBulk': ({ post }, who) => post('events/trackBulk', { events: [{ ...who, eventName: 'E' }] }),
    'lists/unsubscribe': onList('unsubscribe'),
  };
  const preferred = { ...userId, preferUserId: true };
  const CREATING = Object.keys(endpoints).filter((name) => !/^events|unsubscribe/.test(name));
  const PREFERRING = [
    ...['users/update', 'users/bulkUpdate', 'users/registerDeviceToken', 'lists/subscribe'],
    ...['commerce/updateCart', 'commerce/trackPurchase'],
  ];
  // The result of an answer for a single user: its status, and the list that contains the user.
  const told = ({ status, body }: Answer): string => {
    const lists: [string, unknown][] = Object.entries(body.failedUpdates ?? {});
    const old: [string, unknown][] = Object.entries(body);
    const named = [...lists, ...old].find(([, list]) => Array.isArray(list) && list.length > 0)?.[0];
    return status >= 400 ? `${status}` : (named ?? 'taken');
  };
  type Row = [string, ProjectType, Who, boolean, string];
  const table: Row[] = [
    ...CREATING.map((name): Row => [name, 'email', email, true, 'taken']),
    ...CREATING.map((name): Row => {
      const bulk = /bulk/.test(name) ? 'invalidUserIds' : '400';
      return [name, 'email', userId, false, name === 'lists/subscribe' ? 'notFoundUserIds' : bulk];
    }),
    ...CREATING.map((name): Row => {
      if (PREFERRING.includes(name)) return [name, 'email', preferred, true, 'taken'];
      return [name, 'email', preferred, false, /bulk/.test(name) ? 'invalidUserIds' : '400'];
    }),
    ...(['userId', 'hybrid'] as const).flatMap((type) =>
      [...CREATING, 'events/track', 'events/trackBulk'].map((name): Row => [
        name,
        type,
        userId,
        true,
        'taken',
      ]),
    ),
    ...CREATING.map((name): Row => [name, 'hybrid', email, true, 'taken']),
    ['events/track', 'email', email, false, 'taken'],
    ['events/trackBulk', 'email', email, false, 'taken'],
    ['events/track', 'email', userId, false, '400'],
    ['events/trackBulk', 'email', userId, false, 'notFoundUserIds'],
    ['events/track', 'email', preferred, false, '400'],
    ['lists/unsubscribe', 'email', email, false, 'taken'],
    ...types.map((type): Row => ['lists/unsubscribe', type, userId, false, 'notFoundUserIds']),
  ];
  const keys = [
    { key: 'demo', type: 'server' },
    { key: 'app', type: 'mobile' },
  ] as const;
  it.each(table)('%s in a %s project for %j: made %s, answered %s', async (name, type, who, made, answer) => {
    const subject = await start({ projectType: type, apiKeys: keys });
    const said = told(await endpoints[name]!(subject, who));
    const { users } = (await subject.control('stats')).body;
    expect([said, users]).toEqual([answer, made ? 1 : 0]);
  });

  it('lists/subscribe with updateExistingUsersOnly creates no user outside e-mail projects', async () => {
    for (const type of types) {
      const { post, control } = await start({ projectType: type });
      const { listId } = (await post('lists', { name: 'VIP' })).body;
      const who = type === 'email' ? email : userId;
      await post('lists/subscribe', { listId, subscribers: [who], updateExistingUsersOnly: true });
      expect([type, (await control('stats')).body.users]).toEqual([type, type === 'email' ? 1 : 0]);
    }
  });
});

describe('11.4 bodies to reproduce', () => {
  type Row = [string, (subject: Subject) => Promise<Answer>, number, Body];
  const text = (part: string): unknown => expect.stringContaining(part);
  const user = { userId: 'u' };
  const rows: Row[] = [
    [
      'a key the project does not know',
      ({ call }) => call('GET', '/api/channels', undefined, { 'Api-Key': 'no' }),
      401,
      { msg: 'Invalid API key', code: 'BadApiKey', params: { ip: '127.0.0.1', endpoint: '/api/channels' } },
    ],
    [
      'a key without the right to make the call',
      ({ post }) => post('users/registerDeviceToken', user),
      401,
      {
        msg: 'Disabled API key or insufficient privileges',
        code: 'BadApiKey',
        params: {
          ip: '127.0.0.1',
          endpoint: '/api/users/registerDeviceToken',
          apiKeyIdentifier: expect.any(String),
          apiKeyType: 'ServerSide',
        },
      },
    ],
    [
      'a member of a wrong JSON type',
      ({ post }) => post('users/bulkUpdate', { users: [user, { ...user, preferUserId: 'yes' }] }),
      400,
      {
        msg: '[/api/users/bulkUpdate] Invalid JSON body',
        code: 'BadJsonBody',
        params: { 'obj.users[1].preferUserId': 'Boolean value expected' },
      },
    ],
    [
      'the same in its old form',
      async ({ post, control }) => {
        await control('switches', { jsonErrorForm: 'lists' });
        return post('commerce/trackPurchase', { user, items: [] });
      },
      400,
      {
        msg: text('"userId":"u"'),
        code: 'BadJsonBody',
        params: { 'obj.total': [{ msg: 'error.expected.jsnumber', args: [] }] },
      },
    ],
    [
      'a malformed email',
      ({ post }) => post('users/update', { email: 'foo@' }),
      400,
      { msg: 'Invalid email: foo@', code: 'InvalidEmailAddressError', params: null },
    ],
    [
      'a malformed currentEmail',
      ({ post }) => post('users/updateEmail', { currentEmail: 'foo@', newEmail: 'b@example.com' }),
      400,
      { msg: 'Invalid currentEmail foo@', code: 'InvalidEmailAddressError', params: null },
    ],
    [
      'updateEmail of nobody',
      ({ post }) => post('users/updateEmail', { currentEmail: 'a@example.com', newEmail: 'b@example.com' }),
      400,
      {
        msg: 'Cannot change user Some(a@example.com) to b@example.com. User does not exist',
        code: 'BadParams',
        params: null,
      },
    ],
    [
      'a type conflict in a user field',
      async ({ post }) => {
        await post('users/update', { email: 'a@example.com', dataFields: { born: '1990-01-02' } });
        return post('users/update', { email: 'a@example.com', dataFields: { born: 'then' } });
      },
      400,
      {
        msg: expect.stringMatching(
          /^Project 1: .*does not have the same data types.*Field 'born' already exists for type 'user' and has a data type of 'date' but possible types 'string, keyword' in the request\.$/,
        ),
        code: 'RequestFieldsTypesMismatched',
        params: {
          validationErrors: {
            born: {
              incomingTypes: ['string', 'keyword'],
              expectedType: 'date',
              offendingValue: 'then',
              category: 'user',
              _type: 'UnexpectedType',
            },
          },
        },
      },
    ],
    [
      'a type conflict in an event field',
      async ({ post }) => {
        const event = { email: 'a@example.com', eventName: 'E' };
        await post('events/track', { ...event, dataFields: { n: 1 } });
        return post('events/track', { ...event, dataFields: { n: 'x' } });
      },
      400,
      {
        msg: text("type 'E'"),
        code: 'RequestFieldsTypesMismatched',
        params: {
          validationErrors: {
            'E:::n': expect.objectContaining({ category: 'customEvent', expectedType: 'long' }),
          },
        },
      },
    ],
    [
      'too many fields',
      async ({ post, control }) => {
        await control('settings', { eventFieldLimit: 1 });
        return post('events/track', { email: 'a@example.com', eventName: 'E', dataFields: { a: 1, b: 2 } });
      },
      400,
      {
        msg: 'Project 1: The request would increase the number of object fields to 2 by adding [E.a, E.b], which exceeds the limit of 1',
        code: 'UniqueFieldsLimitExceeded',
        params: { limit: 1, requestedTotal: 2, newFields: ['E.a', 'E.b'] },
      },
    ],
    [
      'a list that does not exist, under the code Success',
      ({ post }) => post('lists/subscribe', { listId: 7, subscribers: [] }),
      400,
      { msg: 'error.lists.invalidListId(7)', code: 'Success', params: { projectId: 1, listId: 7 } },
    ],
    [
      'a catalog that does not exist, in the second family',
      ({ get }) => get('catalogs/x/items'),
      404,
      {
        error: expect.any(String),
        message: 'Catalog not found: x',
        code: 'error.catalogs.notFound',
        data: { args: ['x'] },
      },
    ],
    [
      'deleting a userId nobody has',
      ({ call }) => call('DELETE', '/api/users/byUserId/x'),
      400,
      { msg: 'User does not exist. Email:  UserId: x', code: 'BadParams', params: null },
    ],
    [
      'a tracked event',
      ({ post }) => post('events/track', { email: 'a@example.com', eventName: 'E', id: 'i' }),
      200,
      { msg: 'Event with id: i tracked.', code: 'Success', params: { id: 'i' } },
    ],
    [
      'an event name the project does not take',
      async ({ post, control }) => {
        await control('settings', { disallowedEventNames: ['No'] });
        return post('events/track', { email: 'a@example.com', eventName: 'No' });
      },
      200,
      { msg: text('is disallowed from tracking'), code: 'Success', params: null },
    ],
    [
      'too many calls',
      async ({ post, control }) => {
        await control('reset', { limits: true });
        for (let call = 0; call < 5; call += 1) await post('users/bulkUpdate', { users: [] });
        return post('users/bulkUpdate', { users: [] });
      },
      429,
      {
        msg: 'Exceeded rate limit for endpoint: /api/users/bulkUpdate, project: 1',
        code: 'RateLimitExceeded',
        params: { rateLimitLimit: 5, rateLimitRemaining: 0, rateLimitReset: 1 },
      },
    ],
  ];
  it.each(rows)('%s', async (_row, act, status, body) => {
    const answer = await act(await start({ projectType: 'email', now: () => 0 }));
    expect([answer.status, answer.body]).toEqual([status, body]);
  });

  it('a path that does not exist, as a page', async () => {
    const { get } = await start();
    const answer = await get('nowhere');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, text('text/html')]);
    expect(answer.text).toContain('Action not found');
  });
});

describe('12 bulk results', () => {
  const lists = (...reasons: string[]): Record<string, string[]> =>
    Object.fromEntries(
      reasons.flatMap((reason) => [`${reason}Emails`, `${reason}UserIds`]).map((list) => [list, []]),
    );
  const counts = { successCount: 1, failCount: 0, createdFields: [], filteredOutFields: [] };
  const old = { invalidEmails: [], invalidUserIds: [] };
  const ofUsers = {
    ...counts,
    ...old,
    failedUpdates: lists('invalid', 'invalidData', 'conflict', 'forgotten', 'notFound'),
  };
  const user = { userId: 'u' };

  it.each(['users/bulkUpdate', 'lists/subscribe', 'lists/unsubscribe'])(
    '12.1 every member of %s',
    async (path) => {
      const { post } = await start();
      const { listId } = (await post('lists', { name: 'VIP' })).body;
      await post('users/update', user);
      const body = path.startsWith('users') ? { users: [user] } : { listId, subscribers: [user] };
      expect((await post(path, body)).body).toEqual(ofUsers);
    },
  );

  it('12.1 noOp lists, seen live and not published', async () => {
    const { post } = await start({ switches: { noOpLists: 'listed' } });
    const sent = { users: [{ ...user, dataFields: { n: 1 } }] };
    expect((await post('users/bulkUpdate', sent)).body).toMatchObject({ noOpEmails: [], noOpUserIds: [] });
    expect((await post('users/bulkUpdate', sent)).body).toMatchObject({
      successCount: 1,
      noOpUserIds: ['u'],
    });
  });

  it('12.1 one user in each list of failures, malformed ones in the old lists too', async () => {
    const { post } = await start({ switches: { typeConflictInBulk: 'item' } });
    await post('users/bulkUpdate', { users: [{ userId: 'gone' }, { userId: 'a', dataFields: { n: 1 } }] });
    await post('users/update', { email: 'taken@example.com' });
    await post('users/forget', { userId: 'gone' });
    const users = [
      { email: 'foo@' },
      { userId: 'x'.repeat(53) },
      { userId: 'in', dataFields: { email: 'bar@' } },
      { userId: 'data', dataFields: { n: 'x' } },
      { userId: 'a', dataFields: { email: 'taken@example.com' } },
      { userId: 'gone' },
      { userId: 'fine' },
    ];
    const { body } = await post('users/bulkUpdate', { users });
    expect([body.successCount, body.failCount]).toEqual([1, 6]);
    expect(body.failedUpdates).toEqual({
      ...lists('invalid', 'invalidData', 'conflict', 'forgotten', 'notFound'),
      invalidEmails: ['foo@', 'bar@'],
      invalidUserIds: ['x'.repeat(53)],
      invalidDataUserIds: ['data'],
      conflictEmails: ['taken@example.com'],
      forgottenUserIds: ['gone'],
    });
    expect([body.invalidEmails, body.invalidUserIds]).toEqual([['foo@', 'bar@'], ['x'.repeat(53)]]);
  });

  it('12.1 notFound lists when subscribing and unsubscribing', async () => {
    const { post } = await start();
    const { listId } = (await post('lists', { name: 'VIP' })).body;
    const body = { listId, subscribers: [user], updateExistingUsersOnly: true };
    for (const path of ['lists/subscribe', 'lists/unsubscribe'])
      expect((await post(path, body)).body.failedUpdates.notFoundUserIds).toEqual(['u']);
  });

  it('12.1 created and filtered fields', async () => {
    const { post } = await start();
    const users = [{ ...user, dataFields: { n: 1 } }];
    expect((await post('users/bulkUpdate', { users })).body.createdFields).toEqual(['n']);
    const more = { users: [{ ...user, dataFields: { m: 1 } }], createNewFields: false };
    expect((await post('users/bulkUpdate', more)).body.filteredOutFields).toEqual(['m']);
  });

  it('12.2 every member of events/trackBulk, whose old userId list means "not found"', async () => {
    const { post, control } = await start({ projectType: 'email' });
    await control('settings', { disallowedEventNames: ['No'] });
    await post('users/update', { email: 'gone@example.com' });
    await post('users/forget', { email: 'gone@example.com' });
    const events = [{ email: 'foo@' }, user, { email: 'gone@example.com' }, { email: 'a@example.com' }];
    const named = [
      ...events.map((event) => ({ ...event, eventName: 'E' })),
      { email: 'a@example.com', eventName: 'No' },
    ];
    expect((await post('events/trackBulk', { events: named })).body).toEqual({
      ...counts,
      failCount: 4,
      invalidEmails: ['foo@'],
      invalidUserIds: ['u'],
      disallowedEventNames: ['No'],
      failedUpdates: {
        ...lists('invalid', 'notFound', 'forgotten'),
        invalidEmails: ['foo@'],
        notFoundUserIds: ['u'],
        forgottenEmails: ['gone@example.com'],
      },
    });
  });

  it('12.3 every member of users/bulkUpdateSubscriptions', async () => {
    const { post } = await start();
    const requests = [user, { email: 'foo@' }, { userId: 'x'.repeat(53) }];
    expect(
      (await post('users/bulkUpdateSubscriptions', { updateSubscriptionsRequests: requests })).body,
    ).toEqual({
      successCount: 1,
      failCount: 2,
      invalidEmails: ['foo@'],
      invalidUserIds: ['x'.repeat(53)],
      validEmailFailures: [],
      validUserIdFailures: [],
    });
  });

  it('12.4 an identifier is listed as often as it fails', async () => {
    const { post } = await start();
    const users = [{ email: 'foo@' }, { email: 'foo@' }, user];
    const { body } = await post('users/bulkUpdate', { users });
    expect([body.failCount, body.failedUpdates.invalidEmails]).toEqual([2, ['foo@', 'foo@']]);
  });
});

describe('17 must-haves', () => {
  const user = { userId: 'u' };

  it('1 a project type', async () => {
    const seen = [];
    for (const projectType of types) {
      const { post } = await start({ projectType });
      seen.push((await post('users/update', user)).status);
    }
    expect(seen).toEqual([400, 200, 200]);
  });

  it('2 a region and keys with a type', async () => {
    const apiKeys = [
      { key: 'here', type: 'server' },
      { key: 'there', type: 'server', region: 'us' },
      { key: 'read', type: 'readOnly', region: 'eu' },
    ] as const;
    const { call } = await start({ region: 'eu', apiKeys });
    const statuses = [];
    for (const { key } of apiKeys)
      statuses.push((await call('GET', '/api/channels', undefined, { 'Api-Key': key })).status);
    expect(statuses).toEqual([200, 401, 200]);
    expect((await call('GET', '/api/webhooks', undefined, { 'Api-Key': 'read' })).status).toBe(401);
    await expect(start({ region: 'eu', projectType: 'email' })).rejects.toThrow('do not exist in the EU');
  });

  it('3 field types by first touch, field limits, createNewFields', async () => {
    const { post, control } = await start();
    await post('users/update', { ...user, dataFields: { n: 1 } });
    expect((await post('users/update', { ...user, dataFields: { n: 'x' } })).status).toBe(400);
    await control('settings', { userFieldLimit: 1 });
    expect((await post('users/update', { ...user, dataFields: { m: 1 } })).status).toBe(400);
    await control('settings', { createNewFields: false });
    const { body } = await post('users/bulkUpdate', { users: [{ ...user, dataFields: { m: 1 } }] });
    expect(body.filteredOutFields).toEqual(['m']);
  });

  it('4 JSON shapes before anything else, for the whole request', async () => {
    const { post, control } = await start();
    const users = [{ ...user, dataFields: { n: 1 } }, { userId: 5 }];
    expect((await post('users/bulkUpdate', { users })).body.params).toEqual({
      'obj.users[1].userId': 'String value expected',
    });
    expect((await control('stats')).body.users).toBe(0);
  });

  it('5 bad items in lists with good ones', async () => {
    const { post } = await start();
    const { status, body } = await post('users/bulkUpdate', { users: [user, { email: 'foo@' }] });
    expect([status, body.successCount, body.failCount]).toEqual([200, 1, 1]);
  });

  it('6 event names the project refuses, as a 200 in both forms', async () => {
    const { post, control } = await start();
    await control('settings', { disallowedEventNames: ['No'] });
    const event = { ...user, eventName: 'No' };
    expect((await post('events/track', event)).status).toBe(200);
    expect((await post('events/trackBulk', { events: [event] })).body.disallowedEventNames).toEqual(['No']);
    expect((await control('stats')).body.events).toBe(0);
  });

  it('7 events by id, updated when sent again, with an id made when none is sent', async () => {
    const { post, control } = await start();
    const event = { ...user, eventName: 'E' };
    await post('events/track', { ...event, id: '1' });
    await post('events/track', { ...event, id: '1' });
    expect((await post('events/track', event)).body.params.id).toMatch(/^[0-9a-f]{32}$/);
    expect((await control('stats')).body.events).toBe(2);
  });

  it('8 carts that are replaced and cleared by purchases, and leave an event', async () => {
    const { post, get } = await start();
    const cart = async () => (await get('users/byUserId/u')).body.user.dataFields.shoppingCartItems;
    await post('commerce/updateCart', { user, items: [item, { ...item, id: 't' }] });
    await post('commerce/updateCart', { user, items: [item] });
    expect(await cart()).toEqual([item]);
    await post('commerce/trackPurchase', { user, items: [], total: 1, id: 'o' });
    await post('commerce/trackPurchase', { user, items: [], total: 2, id: 'o' });
    expect(await cart()).toBeUndefined();
    const kinds = (await get('events/byUserId/u')).body.events.map(
      (event: Body) => event.eventName ?? event.eventType,
    );
    expect(kinds.sort()).toEqual(['purchase', 'updateCart', 'updateCart']);
  });

  it('9 null removes, objects merge one level, arrays are replaced', async () => {
    const { post, get } = await start();
    await post('users/update', { ...user, dataFields: { gone: 1, o: { a: 1, p: { x: 1 } }, l: [1, 2] } });
    const dataFields = { gone: null, o: { b: 2, p: { y: 2 } }, l: [3] };
    await post('users/update', { ...user, dataFields, mergeNestedObjects: true });
    const fields = (await get('users/byUserId/u')).body.user.dataFields;
    expect([fields.gone, fields.o, fields.l]).toEqual([undefined, { a: 1, b: 2, p: { y: 2 } }, [3]]);
  });

  const published: [string, string, object | undefined, number][] = [
    ['POST', 'events/track', {}, 2000],
    ['POST', 'users/update', {}, 500],
    ['POST', 'events/trackBulk', {}, 10],
    ['POST', 'users/bulkUpdate', {}, 5],
    ['POST', 'users/merge', {}, 50],
    ['POST', 'users/unforget', {}, 3],
    ['GET', 'users/forgotten', undefined, 3],
    ['GET', 'users/getFields', undefined, 3],
    ['GET', 'users/getSentMessages', undefined, 3],
    ['GET', 'users/getByEmail', undefined, 100],
    ['GET', 'events/a@example.com', undefined, 100],
    ['DELETE', 'users/a@example.com', undefined, 100],
    ['GET', 'lists', undefined, 100],
    ['GET', 'channels', undefined, 100],
    ['GET', 'messageTypes', undefined, 100],
    ['GET', 'campaigns', undefined, 100],
    ['GET', 'templates', undefined, 100],
    ['GET', 'lists/1/size', undefined, 5],
    ['GET', 'lists/getUsers', undefined, 5],
    ['GET', 'lists/previewUsers', undefined, 5],
    ['GET', 'catalogs', undefined, 100],
    ['POST', 'catalogs/c/items', {}, 100],
    ['PUT', 'catalogs/c/items/i', {}, 1000],
  ];
  it.each(published)('10 %s %s has the published limit', async (method, path, body, limit) => {
    const { call } = await start({ limits: true, now: () => 0 });
    let taken = 0;
    while ((await call(method, `/api/${path}`, body)).status !== 429) taken += 1;
    expect(taken).toBe(limit);
  });

  it.each([
    ['users/bulkUpdate', 'users'],
    ['events/trackBulk', 'events'],
  ])('11 a cap on bytes and items of %s', async (path, list) => {
    const { post, control } = await start();
    const one = { ...user, eventName: 'E' };
    expect((await post(path, { [list]: Array(1001).fill(one) })).body.code).toBe('BatchTooLarge');
    await control('settings', { maxBodyBytes: 100 });
    expect((await post(path, { [list]: Array(10).fill(one) })).status).toBe(413);
  });

  it('12 an unknown email read as {}, a list that is not there, another family of errors, a page for a wrong path', async () => {
    const { get } = await start();
    expect(await get('users/nobody@example.com')).toMatchObject({ status: 200, body: {} });
    expect(await get('lists/7/size')).toMatchObject({ status: 400, body: { code: 'Success' } });
    expect((await get('catalogs/x/items')).body.code).toBe('error.catalogs.notFound');
    expect((await get('nowhere')).text).toContain('<h1>');
  });

  it('13 reads that lag behind writes, and queues that do not wait for each other', async () => {
    let now = 1000;
    const { post, get, control } = await start({ now: () => now });
    await control('settings', { bulkDelayMs: 500 });
    await post('users/bulkUpdate', { users: [{ ...user, dataFields: { n: 'first' } }] });
    await post('users/update', { ...user, dataFields: { n: 'second' } });
    const field = async () => (await get('users/byUserId/u')).body.user.dataFields.n;
    expect(await field()).toBe('second');
    now += 500;
    expect(await field()).toBe('first');
    await control('settings', { bulkDelayMs: 0, visibilityDelayMs: 500 });
    await post('users/update', { ...user, dataFields: { n: 'third' } });
    expect(await field()).toBe('first');
    now += 500;
    expect(await field()).toBe('third');
  });
});

describe('18 open questions, under every reading', () => {
  const questions = describeSwitches(defaultSwitches());
  const rows = readings.map((row) => {
    const { point, about } = questions[row[0]]!;
    return [point === '-' ? 'not numbered' : point, about, ...row] as const;
  });
  it.each(rows)('%s %s (%s: %s)', async (_point, _about, name, reading, options, act, expected) => {
    expect(await act(await start({ ...options, switches: { [name]: reading } }))).toEqual(expected);
  });

  it('has a test for every reading of every switch', () => {
    const all = Object.entries(questions).flatMap(([name, one]) =>
      one.readings.map((reading) => `${name}: ${reading}`),
    );
    expect(readings.map(([name, reading]) => `${name}: ${reading}`).sort()).toEqual(all.sort());
  });
});
