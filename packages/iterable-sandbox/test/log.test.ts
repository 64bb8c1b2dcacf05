import { describe, expect, it } from 'vitest';
import { start, type Body, type Subject } from './harness.ts';

const track = ({ post }: Subject, from: number, count: number, users = 3) => {
  const events = Array.from({ length: count }, (_, n) => ({
    userId: `u${(from + n) % users}`,
    ...(n % 2 === 0 ? { email: `U${(from + n) % users}@example.com` } : {}),
    eventName: 'E',
    id: `e${from + n}`,
    dataFields: { seq: from + n },
  }));
  return post('events/trackBulk', { events });
};

describe('the whole log', () => {
  it('is read page by page, with the owners', async () => {
    const subject = await start();
    await track(subject, 0, 5);
    const seen: Body[] = [];
    for (;;) {
      const after = seen.at(-1)?.seq ?? -1;
      const { size, oldest, items } = (await subject.control(`log?after=${after}&limit=2`)).body;
      expect([size, oldest]).toEqual([5, 0]);
      if (items.length === 0) break;
      expect(items.length).toBeLessThanOrEqual(2);
      seen.push(...items);
    }
    expect(seen.map(({ seq, id }) => [seq, id])).toEqual([0, 1, 2, 3, 4].map((n) => [n, `e${n}`]));
    expect(seen[0]).toEqual({
      seq: 0,
      endpoint: '/api/events/trackBulk',
      outcome: 'accepted',
      id: 'e0',
      eventName: 'E',
      orderMarker: 0,
      userId: 'u0',
      email: 'u0@example.com',
    });
    expect(seen[1]).not.toHaveProperty('email');
    expect((await subject.control('log')).body.items).toEqual(seen);
  });

  it.each(['after=x', 'after=1.5', 'limit=0', 'limit=100001', 'limit=x'])('refuses %s', async (query) => {
    const { control } = await start();
    expect((await control(`log?${query}`)).status).toBe(400);
  });

  it('grows with thousands of users and items', async () => {
    const subject = await start({ keepEvents: 'counts' });
    for (let from = 0; from < 6000; from += 1000) await track(subject, from, 1000, 2500);
    const { size, items } = (await subject.control('log?limit=100000')).body;
    expect([size, items.length]).toEqual([6000, 6000]);
    for (const entry of items) expect(entry.userId).toBe(`u${entry.orderMarker % 2500}`);
    const one = (await subject.control('log?user=u2499')).body.items;
    expect(one.map(({ orderMarker }: Body) => orderMarker)).toEqual([2499, 4999]);
  });
});

describe('a bounded log', () => {
  it('keeps the newest items and their order for each user', async () => {
    const subject = await start({ keepLog: 4 });
    await track(subject, 0, 10, 2);
    const { size, oldest, items } = (await subject.control('log')).body;
    expect([size, oldest, items.map(({ seq }: Body) => seq)]).toEqual([10, 6, [6, 7, 8, 9]]);
    const of = async (user: string) =>
      (await subject.control(`log?user=${user}`)).body.items.map(({ id }: Body) => id);
    expect([await of('u0'), await of('u1'), await of('u0@example.com')]).toEqual([
      ['e6', 'e8'],
      ['e7', 'e9'],
      ['e6', 'e8'],
    ]);
    await subject.control('reset', {});
    await track(subject, 0, 5, 2);
    expect((await subject.control('log')).body).toMatchObject({ size: 5, oldest: 1 });
  });

  it('can store nothing', async () => {
    const subject = await start({ keepLog: 0 });
    await track(subject, 0, 3);
    expect((await subject.control('log')).body).toEqual({ size: 3, oldest: 3, items: [] });
    expect((await subject.control('log?user=u0')).body.items).toEqual([]);
  });
});

describe('sends', () => {
  it('are recorded, shown and deleted by a reset', async () => {
    const { post, control, call } = await start({ now: () => 5 });
    const { listId } = (await post('lists', { name: 'VIP' })).body;
    await post('users/update', { userId: 'u' });
    const requests: [string, object][] = [
      ['email/target', { campaignId: 101, recipientUserId: 'u', dataFields: { code: 'X' } }],
      ['email/cancel', { campaignId: 101, userId: 'u' }],
      ['workflows/triggerWorkflow', { workflowId: 1, userId: 'u' }],
      ['workflows/triggerWorkflow', { workflowId: 1, listId }],
      ['campaigns/trigger', { campaignId: 101, listIds: [listId] }],
    ];
    for (const [path, body] of requests) expect([path, (await post(path, body)).status]).toEqual([path, 200]);
    expect((await control('sends')).body.sends).toEqual(
      requests.map(([path, request], seq) => ({ seq, at: 5, endpoint: `/api/${path}`, request })),
    );
    expect((await call('GET', '/')).text).toContain('Sends (5)');
    await control('reset', {});
    expect((await control('sends')).body.sends).toEqual([]);
  });

  it.each([
    ['email/target', { campaignId: 101 }, 'BadParams'],
    ['email/target', { recipientUserId: 'u' }, 'BadJsonBody'],
    ['inApp/target', { campaignId: 101, recipientEmail: 'foo@' }, 'InvalidEmailAddressError'],
    ['workflows/triggerWorkflow', { workflowId: 1 }, 'BadParams'],
    ['workflows/triggerWorkflow', { workflowId: 1, userId: 'nobody' }, 'UnknownUserIdError'],
    ['workflows/triggerWorkflow', { workflowId: 1, listId: 7 }, 'Success'],
    ['campaigns/trigger', { campaignId: 101, listIds: [] }, 'BadParams'],
    ['campaigns/trigger', { campaignId: 101, listIds: [7] }, 'Success'],
  ])('%s refuses %j', async (path, body, code) => {
    const { post, control } = await start();
    const answer = await post(path, body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect((await control('sends')).body.sends).toEqual([]);
  });
});

describe('settings that disable or delay something', () => {
  it('delay a new list by the visibility delay', async () => {
    let now = 0;
    const { post, control } = await start({ now: () => now });
    await control('settings', { visibilityDelayMs: 1000 });
    const { listId } = (await post('lists', { name: 'VIP' })).body;
    const join = async () =>
      (await post('lists/subscribe', { listId, subscribers: [{ userId: 'u' }] })).status;
    expect(await join()).toBe(400);
    now += 1000;
    expect(await join()).toBe(200);
  });

  it('disable subscription groups in a project without the feature', async () => {
    const { call, control } = await start();
    await control('settings', { subscriptionGroups: false });
    const { status, text } = await call('PATCH', '/api/subscriptions/emailList/1/byUserId/u');
    expect([status, text.includes('Action not found')]).toEqual([404, true]);
  });
});
