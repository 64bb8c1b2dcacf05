import { describe, expect, it } from 'vitest';
import { start, type Subject } from './harness.ts';

/** Creates a sandbox with a clock that the test sets. */
async function timed(delays: object, options: object = {}) {
  const clock = { now: 1_000_000 };
  const subject = await start({ now: () => clock.now, ...options });
  await subject.control('settings', delays);
  return { ...subject, clock };
}

const queues = async ({ control }: Subject) => (await control('queues')).body;
const user = { userId: 'u' };

describe('separate queues for single and bulk calls', () => {
  it('keep order inside a queue, also when its delay becomes shorter', async () => {
    const { post, get, control, clock } = await timed({ bulkDelayMs: 1000 });
    const write = (n: number) => post('users/bulkUpdate', { users: [{ ...user, dataFields: { n } }] });
    await write(1);
    await control('settings', { bulkDelayMs: 0 });
    await write(2);
    expect((await get('users/byUserId/u')).status).toBe(400);
    clock.now += 1000;
    expect((await get('users/byUserId/u')).body.user.dataFields.n).toBe(2);
    await write(3);
    expect((await get('users/byUserId/u')).body.user.dataFields.n).toBe(3);
  });

  it('apply waiting items in the order of time over both queues', async () => {
    const subject = await timed({ singleDelayMs: 200, bulkDelayMs: 100 });
    const { post, get, clock } = subject;
    await post('users/update', { ...user, dataFields: { last: 'single' } });
    await post('users/bulkUpdate', { users: [{ ...user, dataFields: { last: 'bulk' } }] });
    expect(await queues(subject)).toEqual({ single: 1, bulk: 1, dropped: 0 });
    clock.now += 100;
    expect((await get('users/byUserId/u')).body.user.dataFields.last).toBe('bulk');
    clock.now += 100;
    expect((await get('users/byUserId/u')).body.user.dataFields.last).toBe('single');
    expect(await queues(subject)).toEqual({ single: 0, bulk: 0, dropped: 0 });
  });

  it('answer as always, with the id and the time of receipt', async () => {
    const { post, get, clock } = await timed({ singleDelayMs: 60_000, bulkDelayMs: 60_000 });
    const tracked = await post('events/track', { ...user, eventName: 'E' });
    expect(
      (await post('events/trackBulk', { events: [{ ...user, eventName: 'F' }] })).body.successCount,
    ).toBe(1);
    const bought = await post('commerce/trackPurchase', { user, items: [], total: 1 });
    await post('commerce/updateCart', { user, items: [] });
    clock.now += 60_000;
    const { events } = (await get('events/byUserId/u')).body;
    const ids = events.map((event: { id: string }) => event.id);
    expect(ids).toEqual(expect.arrayContaining([tracked.body.params.id, bought.body.params.id]));
    for (const event of events) expect(event.createdAt).toBe('1970-01-01 00:16:40 +00:00');
    expect(events).toHaveLength(4);
  });

  it('fail an event whose user is still queued', async () => {
    const { post, control } = await timed({ bulkDelayMs: 1000 }, { projectType: 'email' });
    await post('users/bulkUpdate', { users: [{ email: 'a@example.com', userId: 'u' }] });
    const event = { ...user, eventName: 'E' };
    expect((await post('events/track', event)).status).toBe(400);
    await control('settle', {});
    expect((await post('events/track', event)).status).toBe(200);
  });

  it('delay list, subscription and address changes too', async () => {
    const subject = await timed({ singleDelayMs: 100, bulkDelayMs: 100 }, { projectType: 'email' });
    const { post, byEmail, control } = subject;
    const old = { email: 'a@example.com' };
    await post('users/update', old);
    await control('settle', {});
    const { listId } = (await post('lists', { name: 'VIP' })).body;
    await post('lists/subscribe', { listId, subscribers: [old] });
    await post('users/updateSubscriptions', { ...old, unsubscribedChannelIds: [1] });
    await post('users/bulkUpdateSubscriptions', {
      updateSubscriptionsRequests: [{ ...old, unsubscribedMessageTypeIds: [11] }],
    });
    expect((await byEmail(old.email)).dataFields.emailListIds).toBeUndefined();
    await control('settle', {});
    expect((await byEmail(old.email)).dataFields).toMatchObject({
      emailListIds: [listId],
      unsubscribedChannelIds: [1],
      unsubscribedMessageTypeIds: [11],
    });
    await post('lists/unsubscribe', { listId, subscribers: [old] });
    await post('users/updateEmail', { currentEmail: old.email, newEmail: 'b@example.com' });
    expect((await byEmail(old.email)).dataFields.emailListIds).toEqual([listId]);
    await control('settle', {});
    expect((await byEmail('b@example.com')).dataFields.emailListIds).toEqual([]);
  });

  it('drop and count items beyond their limit', async () => {
    const subject = await timed({ singleDelayMs: 100 });
    const { post, control } = subject;
    await post('users/bulkUpdate', { users: [user] });
    await post('users/update', { ...user, dataFields: { n: 1 } });
    await post('events/track', { ...user, eventName: 'E' });
    await post('users/updateSubscriptions', { ...user, unsubscribedChannelIds: [1] });
    await post('users/forget', user);
    await control('settle', {});
    expect(await queues(subject)).toEqual({ single: 0, bulk: 0, dropped: 3 });
    expect((await control('stats')).body).toMatchObject({ users: 0, events: 0 });
  });

  it('are emptied by a reset', async () => {
    const subject = await timed({ singleDelayMs: 100 });
    await subject.post('users/update', user);
    await subject.control('reset', {});
    expect(await queues(subject)).toEqual({ single: 0, bulk: 0, dropped: 0 });
  });
});
