import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const stored = {
  plan: 'pro',
  since: '2024-01-02',
  tags: [{ y: 2 }, { y: 1 }],
  address: { city: 'Oslo', zip: '1' },
};

describe('a user write that changes nothing', () => {
  const rows: [string, object, boolean][] = [
    ['no fields at all', {}, true],
    ['the same fields', { dataFields: stored }, true],
    ['the same date in another form', { dataFields: { since: '2024-01-02 00:00:00' } }, true],
    ['null for what is not there', { dataFields: { nothing: null } }, true],
    ['the own identifiers as fields', { dataFields: { userId: 'u', email: 'A@example.com' } }, true],
    ['fields the service manages', { dataFields: { devices: [] } }, true],
    ['a part that is merged', { dataFields: { address: { zip: '1' } }, mergeNestedObjects: true }, true],
    ['a part that replaces', { dataFields: { address: { zip: '1' } } }, false],
    ['null for what is there', { dataFields: { plan: null } }, false],
    ['another value', { dataFields: { plan: 'free' } }, false],
    ['another order of a list', { dataFields: { tags: [{ y: 1 }, { y: 2 }] } }, false],
    ['another email', { email: 'b@example.com' }, false],
    ['another userId as a field', { dataFields: { userId: 'v' } }, false],
  ];
  it.each(rows)('%s', async (_name, change, same) => {
    const { post } = await start({ switches: { noOpLists: 'listed' } });
    await post('users/update', { userId: 'u', email: 'a@example.com', dataFields: stored });
    const { body } = await post('users/bulkUpdate', { users: [{ userId: 'u', ...change }] });
    expect([body.successCount, body.noOpUserIds.length + body.noOpEmails.length]).toEqual([1, same ? 1 : 0]);
  });
});

describe('a purchase id sent again for another user', () => {
  it('moves the purchase to that user', async () => {
    const { post, control, get } = await start();
    const purchase = { items: [], total: 1, id: 'o', createdAt: 5 };
    await post('commerce/trackPurchase', { ...purchase, user: { userId: 'a' } });
    const again = { ...purchase, total: 2, createdAt: 6, dataFields: { n: 1 } };
    await post('commerce/trackPurchase', { ...again, user: { userId: 'b' } });
    expect((await control('state')).body.purchases).toMatchObject([
      { id: 'o', userId: 'b', total: 2, createdAt: '1970-01-01 00:00:06 +00:00', dataFields: { n: 1 } },
    ]);
    expect((await get('events/byUserId/a')).body.events).toEqual([]);
    expect((await get('events/byUserId/b')).body.events).toHaveLength(1);
  });
});
