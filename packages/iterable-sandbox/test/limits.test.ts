import { describe, expect, it } from 'vitest';
import { start } from './harness.ts';

const bulk = { events: [] };

describe('rate limits', () => {
  it('lets as many calls through as the bucket holds and refills it with time', async () => {
    let now = 0;
    const { post } = await start({ limits: true, now: () => now });
    const send = async () => (await post('events/trackBulk', bulk)).status;
    for (let call = 0; call < 10; call += 1) expect(await send()).toBe(200);
    expect(await send()).toBe(429);
    now += 100;
    expect(await send()).toBe(200);
    expect(await send()).toBe(429);
    now += 60_000;
    for (let call = 0; call < 10; call += 1) expect(await send()).toBe(200);
    expect(await send()).toBe(429);
  });

  it('answers 429 with the figures of the bucket', async () => {
    const { post } = await start({ limits: true, now: () => 0 });
    for (let call = 0; call < 10; call += 1) await post('events/trackBulk', bulk);
    const { status, body, headers } = await post('events/trackBulk', bulk);
    expect(status).toBe(429);
    expect(body).toEqual({
      msg: 'Exceeded rate limit for endpoint: /api/events/trackBulk, project: 1',
      code: 'RateLimitExceeded',
      params: { rateLimitLimit: 10, rateLimitRemaining: 0, rateLimitReset: 1 },
    });
    expect(headers.get('retry-after')).toBeNull();
  });

  it('has the other readings of the 429 behind switches', async () => {
    const { post } = await start({
      limits: true,
      now: () => 0,
      switches: { rateLimitBody: 'text', retryAfter: 'present' },
    });
    for (let call = 0; call < 10; call += 1) await post('events/trackBulk', bulk);
    const answer = await post('events/trackBulk', bulk);
    expect([answer.status, answer.text, answer.headers.get('retry-after')]).toEqual([
      429,
      'Too Many Requests',
      '1',
    ]);
  });

  const buckets: [string, string, object | undefined, number][] = [
    ['POST', 'users/bulkUpdate', { users: [{ userId: 'u' }] }, 5],
    ['POST', 'users/forget', { userId: 'nobody' }, 3],
    ['GET', 'users/getFields', undefined, 3],
    ['GET', 'users/nobody@example.com', undefined, 100],
    ['GET', 'lists/7/size', undefined, 5],
    ['POST', 'users/merge', { sourceUserId: 'a', destinationUserId: 'b' }, 50],
  ];
  it.each(buckets)('%s %s has its own bucket', async (method, path, body, size) => {
    const { call } = await start({ limits: true, now: () => 0 });
    for (let time = 0; time < size; time += 1)
      expect((await call(method, `/api/${path}`, body)).status).not.toBe(429);
    expect((await call(method, `/api/${path}`, body)).status).toBe(429);
    expect((await call('POST', '/api/users/update', { userId: 'u' })).status).toBe(200);
  });

  it('shares the bucket between all keys of the project, except where it is per key', async () => {
    const { call } = await start({ limits: true, now: () => 0, apiKeys: ['a', 'b'] });
    const send = async (key: string, path: string, body: object) =>
      (await call('POST', `/api/${path}`, body, { 'Api-Key': key })).status;
    for (let time = 0; time < 10; time += 1) await send('a', 'events/trackBulk', bulk);
    expect(await send('b', 'events/trackBulk', bulk)).toBe(429);
    const merge = { sourceUserId: 'a', destinationUserId: 'b' };
    for (let time = 0; time < 50; time += 1) await send('a', 'users/merge', merge);
    expect([await send('a', 'users/merge', merge), await send('b', 'users/merge', merge)]).toEqual([
      429, 400,
    ]);
  });

  it('counts a malformed body against the limit, but not a wrong key', async () => {
    const { call } = await start({ limits: true, now: () => 0 });
    const path = '/api/users/bulkUpdate';
    for (let time = 0; time < 9; time += 1)
      expect((await call('POST', path, '{', { 'Api-Key': 'no' })).status).toBe(401);
    for (let time = 0; time < 5; time += 1) expect((await call('POST', path, '{')).status).toBe(400);
    expect((await call('POST', path, '{')).status).toBe(429);
  });

  it('accepts a thousand forget calls a day', async () => {
    let now = 0;
    const { post } = await start({ limits: true, now: () => now });
    let taken = 0;
    for (let time = 0; time < 1020; time += 1) {
      now += 1000;
      if ((await post('users/forget', { userId: 'nobody' })).status !== 429) taken += 1;
    }
    // The daily bucket refills a little in the 17 minutes this takes.
    expect(taken).toBeGreaterThanOrEqual(1000);
    expect(taken).toBeLessThan(1015);
  });

  it('limits the unpublished endpoints by a switch only, and nothing when limits are off', async () => {
    const send = async (unpublishedLimits: string, limits: boolean) => {
      const { post } = await start({ limits, now: () => 0, switches: { unpublishedLimits } });
      let refused = 0;
      for (let time = 0; time < 501; time += 1) {
        const { status } = await post('users/updateSubscriptions', { userId: 'u' });
        if (status === 429) refused += 1;
      }
      return refused;
    };
    expect(await send('none', true)).toBe(0);
    expect(await send('500', true)).toBe(1);
    expect(await send('500', false)).toBe(0);
  });
});
