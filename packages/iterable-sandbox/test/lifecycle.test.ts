import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const email = 'ann@example.com';

describe('forgetting a user', () => {
  it('deletes the profile, blocks later writes and publishes the hash', async () => {
    const { post, get, byEmail } = await start({ projectType: 'email' });
    await post('users/update', { email });
    await post('events/track', { email, eventName: 'E' });
    expect((await post('users/forget', { email: 'Ann@Example.com' })).status).toBe(200);
    expect(await byEmail(email)).toBeUndefined();
    expect((await get('users/forgotten')).body).toEqual({ hashedEmails: [sha(email)] });
    expect(await post('users/update', { email })).toMatchObject({
      status: 409,
      body: { code: 'ForgottenUserError' },
    });
    expect(await post('events/track', { email, eventName: 'E' })).toMatchObject({
      status: 400,
      body: { code: 'ForgottenUserError' },
    });
    const bulk = { successCount: 0, failCount: 1, failedUpdates: { forgottenEmails: [email] } };
    expect((await post('users/bulkUpdate', { users: [{ email }] })).body).toMatchObject(bulk);
    expect((await post('events/trackBulk', { events: [{ email, eventName: 'E' }] })).body).toMatchObject(
      bulk,
    );
    await post('users/unforget', { email });
    expect((await post('users/update', { email })).status).toBe(200);
    expect((await get(`events/${email}`)).body.events).toEqual([]);
  });

  it.each(['400', '409'])(
    'answers single calls with %s under the other readings',
    async (forgottenStatus) => {
      const { post } = await start({ switches: { forgottenStatus } });
      await post('users/update', { userId: 'u' });
      await post('users/forget', { userId: 'u' });
      for (const path of ['users/update', 'events/track']) {
        expect((await post(path, { userId: 'u', eventName: 'E' })).status).toBe(Number(forgottenStatus));
      }
    },
  );

  it('works by the identifiers of the project type', async () => {
    const { post, get } = await start({ projectType: 'userId' });
    await post('users/update', { userId: 'u' });
    expect((await post('users/forget', { email })).status).toBe(400);
    await post('users/forget', { userId: 'u' });
    expect((await get('users/forgottenUserIds')).body).toEqual({ hashedUserIds: [sha('u')] });
    expect((await get('users/forgotten')).status).toBe(400);
  });

  it('refuses an unknown user', async () => {
    const { post } = await start();
    const { status, body } = await post('users/forget', { email });
    expect([status, body.code]).toEqual([400, 'GenericError']);
    expect(body.msg).toContain('user does not exist');
  });
});

describe('deleting a user', () => {
  it('does not stop the user from coming back', async () => {
    const { post, call, byEmail } = await start();
    await post('users/update', { email, dataFields: { n: 1 } });
    await call('DELETE', `/api/users/${email}`);
    expect(await byEmail(email)).toBeUndefined();
    await post('users/update', { email });
    expect((await byEmail(email))!.dataFields).not.toHaveProperty('n');
  });
});

describe('merging users', () => {
  it('lets the destination win, moves events and deletes the source', async () => {
    const { post, get } = await start();
    await post('users/update', { userId: 'a', dataFields: { both: 1, only: 1 } });
    await post('users/update', { userId: 'b', dataFields: { both: 2 } });
    for (const userId of ['a', 'b']) await post('events/track', { userId, eventName: 'E' });
    await post('users/merge', { sourceUserId: 'a', destinationUserId: 'b' });
    expect((await get('users/byUserId/b')).body.user.dataFields).toMatchObject({ both: 2, only: 1 });
    expect((await get('events/byUserId/b')).body.events).toHaveLength(2);
    expect((await get('users/byUserId/a')).status).toBe(400);
  });

  it('joins named arrays, without duplicates when the key of members is given', async () => {
    const { post, get } = await start();
    await post('users/update', { userId: 'a', dataFields: { pets: [{ id: 1 }, { id: 2 }], tags: 'x' } });
    await post('users/update', { userId: 'b', dataFields: { pets: [{ id: 2 }, { id: 3 }], tags: ['y'] } });
    const merge = { sourceUserId: 'a', destinationUserId: 'b' };
    const bad = [{ field: 'tags', dedupeBy: 'id' }];
    expect((await post('users/merge', { ...merge, arrayMerge: bad })).status).toBe(400);
    expect((await post('users/merge', { ...merge, arrayMerge: [{ field: 'devices' }] })).status).toBe(400);
    expect((await post('users/merge', { ...merge, arrayMerge: [{}] })).body.code).toBe('BadJsonBody');
    const arrayMerge = [{ field: 'pets', dedupeBy: 'id' }, { field: 'tags' }];
    await post('users/merge', { ...merge, arrayMerge });
    expect((await get('users/byUserId/b')).body.user.dataFields).toMatchObject({
      pets: [{ id: 2 }, { id: 3 }, { id: 1 }],
      tags: ['y', 'x'],
    });
  });

  it('gives the source the new key when the destination does not exist, and needs a source', async () => {
    const { post, get } = await start();
    await post('users/update', { userId: 'a', dataFields: { n: 1 } });
    await post('users/merge', { sourceUserId: 'a', destinationUserId: 'b' });
    expect((await get('users/byUserId/b')).body.user.dataFields.n).toBe(1);
    expect((await post('users/merge', { sourceUserId: 'a', destinationUserId: 'b' })).status).toBe(400);
  });
});

describe('lists and subscriptions', () => {
  it.each([
    ['email', 'emailListIds'],
    ['hybrid', 'userListIds'],
  ] as const)('keeps the lists of a user of a %s project in %s', async (projectType, field) => {
    const { post, byEmail } = await start({ projectType });
    const { listId } = (await post('lists', { name: 'L' })).body;
    await post('lists/subscribe', { listId, subscribers: [{ email, dataFields: { n: 1 } }] });
    expect((await byEmail(email))!.dataFields).toMatchObject({ n: 1, [field]: [listId] });
  });

  it('subscribes known users only on request', async () => {
    const { post, control } = await start();
    const { listId } = (await post('lists', { name: 'L' })).body;
    const sent = { listId, subscribers: [{ userId: 'u' }], updateExistingUsersOnly: true };
    expect((await post('lists/subscribe', sent)).body).toMatchObject({
      failCount: 1,
      failedUpdates: { notFoundUserIds: ['u'] },
    });
    expect((await control('stats')).body.users).toBe(0);
  });

  it('counts a non-member as unsubscribed, or not, by the switch', async () => {
    for (const [unsubscribeNonMember, successCount] of [
      ['success', 1],
      ['notFound', 0],
    ] as const) {
      const { post } = await start({ switches: { unsubscribeNonMember } });
      const { listId } = (await post('lists', { name: 'L' })).body;
      await post('users/update', { email });
      const sent = { listId, subscribers: [{ email }] };
      expect((await post('lists/unsubscribe', sent)).body.successCount).toBe(successCount);
    }
  });

  it('unsubscribes from the channel only when asked', async () => {
    const { post, byEmail } = await start();
    const { listId } = (await post('lists', { name: 'L' })).body;
    const subscribers = [{ email }];
    await post('lists/subscribe', { listId, subscribers });
    await post('lists/unsubscribe', { listId, subscribers });
    expect((await byEmail(email))!.dataFields).not.toHaveProperty('unsubscribedChannelIds');
    await post('lists/unsubscribe', { listId, subscribers, channelUnsubscribe: true });
    expect((await byEmail(email))!.dataFields.unsubscribedChannelIds).toEqual([1]);
  });

  it('replaces the arrays of updateSubscriptions that are present and leaves the others', async () => {
    const { post, byEmail } = await start();
    await post('users/updateSubscriptions', {
      email,
      unsubscribedChannelIds: [1, 2],
      unsubscribedMessageTypeIds: [11],
    });
    await post('users/updateSubscriptions', { email, unsubscribedChannelIds: [] });
    expect((await byEmail(email))!.dataFields).toMatchObject({
      unsubscribedChannelIds: [],
      unsubscribedMessageTypeIds: [11],
    });
    expect((await post('users/updateSubscriptions', { email, subscribedMessageTypeIds: [11] })).status).toBe(
      400,
    );
  });

  it('answers bulkUpdateSubscriptions in its own shape', async () => {
    const { post } = await start();
    const updateSubscriptionsRequests = [{ email }, { email: 'foo@' }, { userId: 'u ' }];
    expect((await post('users/bulkUpdateSubscriptions', { updateSubscriptionsRequests })).body).toEqual({
      successCount: 1,
      failCount: 2,
      invalidEmails: ['foo@'],
      invalidUserIds: ['u '],
      validEmailFailures: [],
      validUserIdFailures: [],
    });
  });
});
