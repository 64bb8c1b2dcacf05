import { describe, expect, it } from 'vitest';
import { start, type Subject } from './harness.ts';

const update = { userId: 'u', dataFields: { n: 1 } };

async function users({ control }: Subject): Promise<unknown> {
  return (await control('stats')).body.users;
}

describe('fault rules', () => {
  it('answers with a status instead of writing, for the given number of times', async () => {
    const subject = await start();
    const { post, control } = subject;
    await control('faults', [
      { match: { path: '/api/users/update' }, kind: 'status', status: 503, times: 2 },
    ]);
    expect((await post('users/update', update)).status).toBe(503);
    expect((await post('users/update', update)).status).toBe(503);
    expect(await users(subject)).toBe(0);
    expect((await post('users/update', update)).status).toBe(200);
  });

  it('can write first and then fail', async () => {
    const subject = await start();
    const { post, control } = subject;
    const body = { msg: 'db', code: 'DatabaseError', params: null };
    await control('faults', [
      { kind: 'status', status: 500, body, headers: { 'x-why': 'test' }, after: true, times: 1 },
    ]);
    const answer = await post('users/update', update);
    expect([answer.status, answer.body, answer.headers.get('x-why')]).toEqual([500, body, 'test']);
    expect(await users(subject)).toBe(1);
  });

  it('matches by method, path, path prefix and a piece of the body', async () => {
    const { post, get, control } = await start();
    const hits = async (match: object) => {
      await control('faults', [{ match, kind: 'status', status: 418 }]);
      const answers = [
        post('users/update', update),
        post('events/track', { userId: 'b', eventName: 'E' }),
        get('lists'),
      ];
      return (await Promise.all(answers)).map(({ status }) => status === 418);
    };
    expect(await hits({})).toEqual([true, true, true]);
    expect(await hits({ method: 'GET' })).toEqual([false, false, true]);
    expect(await hits({ path: '/api/users/*' })).toEqual([true, false, false]);
    expect(await hits({ path: '/api/events/track' })).toEqual([false, true, false]);
    expect(await hits({ bodyIncludes: '"userId":"b"' })).toEqual([false, true, false]);
  });

  it('fires with a probability', async () => {
    const draws = [0.1, 0.9, 0.4];
    const { post, control } = await start({ random: () => draws.shift() ?? 0 });
    await control('faults', [{ kind: 'status', status: 500, probability: 0.5 }]);
    const statuses = [];
    for (let time = 0; time < 3; time += 1) statuses.push((await post('users/update', update)).status);
    expect(statuses).toEqual([500, 200, 500]);
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('resets the connection, with the write applied: %s', async (after, written) => {
    const subject = await start();
    await subject.control('faults', [{ kind: 'reset', after, times: 1 }]);
    await expect(subject.post('users/update', update)).rejects.toThrow();
    expect(await users(subject)).toBe(written);
  });

  it('truncates an answer', async () => {
    const subject = await start();
    await subject.control('faults', [{ kind: 'half', times: 1 }]);
    await expect(subject.post('users/update', update)).rejects.toThrow();
    expect(await users(subject)).toBe(1);
  });

  it('delays a slow answer', async () => {
    const { post, control } = await start();
    await control('faults', [{ kind: 'slow', delayMs: 120, times: 1 }]);
    const began = performance.now();
    expect((await post('users/update', update)).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(100);
  });

  it('never answers a timeout', async () => {
    const { sandbox, control } = await start();
    await control('faults', [{ kind: 'timeout' }]);
    const asked = fetch(`${sandbox.url}/api/lists`, { signal: AbortSignal.timeout(100) });
    await expect(asked).rejects.toThrow('timeout');
    await control('faults', [{ kind: 'timeout', delayMs: 20 }]);
    await expect(fetch(`${sandbox.url}/api/lists`)).rejects.toThrow('fetch failed');
  });

  it('does not touch the control calls, shows its rules and is cleared by an empty list', async () => {
    const { get, control } = await start();
    await control('faults', [{ kind: 'reset', times: 3 }]);
    expect((await control('faults')).body).toEqual([{ match: {}, kind: 'reset', times: 3, left: 3 }]);
    await control('faults', []);
    expect((await get('lists')).status).toBe(200);
  });

  it.each([
    [{}, 'faults must be a list of rules'],
    [[{}], 'faults[0]: "kind" is required: status, slow, reset, half, timeout'],
    [[{ kind: 'explode' }], 'faults[0]: "kind" cannot be "explode"'],
    [[{ kind: 'slow' }, { kind: 'slow', probability: 2 }], 'faults[1]: "probability" cannot be 2'],
    [[{ kind: 'slow', match: { url: 'x' } }], 'faults[0]: "match" cannot be {"url":"x"}'],
  ])('refuses %j', async (rules, error) => {
    const { control } = await start();
    expect(await control('faults', rules)).toMatchObject({ status: 400, body: { error } });
  });
});
