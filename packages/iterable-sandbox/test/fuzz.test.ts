import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { start } from './harness.ts';

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'email',
    'userId',
    'seq',
    'a.b',
    '__proto__',
    'constructor',
    'toString',
    'x_geo_location',
  ),
  fc.string({ maxLength: 5 }),
);
const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    10,
    10.5,
    '',
    'u1',
    'u2',
    'a@example.com',
    '2024-01-01',
    '2024-01-01T00:00:00Z',
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ maxLength: 8 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 3 }), tie('object')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: false }),
}));
const fields = fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: false });
const userId = fc.constantFrom('u1', 'u2', 'u3');
const email = fc.constantFrom('a@example.com', 'B@example.com', 'foo@');
const user = fc.record(
  { email, userId, dataFields: fields, mergeNestedObjects: fc.boolean(), preferUserId: fc.boolean() },
  { requiredKeys: [] },
);
const event = fc.record(
  {
    eventName: fc.constantFrom('A', 'B', '__proto__'),
    email,
    userId,
    id: fc.constantFrom('1', '2', '__proto__'),
    createdAt: fc.maxSafeInteger(),
    dataFields: fields,
    createNewFields: fc.boolean(),
  },
  { requiredKeys: ['eventName'] },
);
const item = fc.record({
  id: userId,
  name: userId,
  price: fc.double(),
  quantity: fc.integer(),
  dataFields: fields,
});
const call = fc.oneof(
  fc.tuple(fc.constantFrom('users/update', 'users/forget', 'users/unforget'), user),
  fc.tuple(fc.constant('users/bulkUpdate'), fc.record({ users: fc.array(user, { maxLength: 4 }) })),
  fc.tuple(fc.constant('events/track'), event),
  fc.tuple(fc.constant('events/trackBulk'), fc.record({ events: fc.array(event, { maxLength: 4 }) })),
  fc.tuple(fc.constant('commerce/updateCart'), fc.record({ user, items: fc.array(item, { maxLength: 2 }) })),
  fc.tuple(
    fc.constant('commerce/trackPurchase'),
    fc.record({ user, items: fc.array(item, { maxLength: 2 }), total: fc.double(), dataFields: fields }),
  ),
  fc.tuple(fc.constant('users/merge'), fc.record({ sourceUserId: userId, destinationUserId: userId })),
  fc.tuple(fc.constant('users/updateEmail'), fc.record({ currentEmail: email, newEmail: email })),
  fc.tuple(
    fc.constantFrom(
      'users/update',
      'users/bulkUpdate',
      'events/track',
      'events/trackBulk',
      'commerce/trackPurchase',
      'lists',
      'catalogs/x/items',
    ),
    value,
  ),
);

describe('any input', () => {
  it.each(['email', 'userId', 'hybrid'] as const)(
    'is answered by a %s project without an internal error',
    async (projectType) => {
      const { post, get, control, call: raw } = await start({ projectType });
      await post('catalogs/x');
      await fc.assert(
        fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 8 }), async (calls) => {
          for (const [path, body] of calls) {
            const { status, text } = await post(path, body);
            expect([path, body, status < 500 ? 'fine' : text]).toEqual([path, body, 'fine']);
          }
          for (const path of [
            'users/byUserId/u1',
            'users/a@example.com',
            'events/a@example.com',
            'users/getFields',
          ]) {
            expect((await get(path)).status).toBeLessThan(500);
          }
          expect((await control('state')).status).toBe(200);
          expect((await raw('GET', '/')).status).toBe(200);
        }),
        { numRuns: 60 },
      );
      expect(Object.prototype).not.toHaveProperty('a');
    },
  );
});
