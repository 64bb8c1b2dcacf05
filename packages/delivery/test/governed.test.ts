import { afterEach, describe, expect, it } from 'vitest';
import {
  defineAction,
  defineDestination,
  delivered,
  type RateLimit,
  type ResolvedDestination,
  retry,
} from '@waybill/core';
import { append, event, mapping, serve, until, type World, world } from './support.ts';

let cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

/** A destination with one call per item, each with a timeout of 2 s. */
function single(url: string, id: string, limits: readonly RateLimit[]): ResolvedDestination {
  const send = defineAction({
    title: 'Send',
    description: 'Sends.',
    fields: { id: { label: 'Id', description: 'Id.', type: 'string', required: true } },
    async send(_items, { request }) {
      const answer = await request({ url: `${url}/one`, json: {}, timeoutMs: 2_000 });
      if (answer.ok) return [delivered()];
      return [retry(answer.kind === 'failure' ? answer.code : 'destination_rate_limited')];
    },
  });
  return {
    id,
    name: id,
    enabled: true,
    destination: defineDestination({
      slug: 'fake',
      name: 'Fake',
      description: 'For tests.',
      settings: { key: { label: 'Key', description: 'Key.', type: 'password' } },
      actions: { send },
      async testConnection({ request }) {
        const answer = await request({ url: `${url}/one`, json: {} });
        if (answer.kind === 'response') return { ok: true };
        return { ok: false, issue: { code: answer.code, path: '', message: answer.message } };
      },
      rateLimits: () => limits,
    }),
    sources: undefined,
    settings: { key: 'the same key' },
    mappings: [mapping({ mapping: { id: { '@path': '$.messageId' } } })],
  };
}

async function setUp(
  limits: readonly RateLimit[],
): Promise<{ w: World; times: number[]; one: ResolvedDestination }> {
  const times: number[] = [];
  const server = await serve((_request, response) => {
    times.push(Date.now());
    response.end('{}');
  });
  const one = single(server.url, 'one', limits);
  const w = await world([one, single(server.url, 'two', limits)], {
    now: Object.assign(Date.now, { advance: () => undefined }),
    allowedHosts: [server.host],
  });
  cleanups.push(server.close, () => w.close());
  return { w, times, one };
}
const events = (count: number) => Array.from({ length: count }, (_, n) => event(`m${n}`, `u${n}`));

describe('an engine with a governor', () => {
  it('paces the calls of all lanes of an account, and waiting is not part of a call', async () => {
    const { w, times } = await setUp([{ path: '/one', amount: 10, seconds: 1 }]);
    const began = Date.now();
    await append(w.log, events(14));
    w.engine.wake();
    await w.engine.idle();
    // 28 calls at 9.8 per second, two at once. Each has a timeout of 2 s; the last one waited longer.
    expect(times).toHaveLength(28);
    expect(Date.now() - began).toBeGreaterThan(2_400);
    expect((await w.state.stats()).map((one) => [one.delivered, one.retrying])).toEqual([
      [14, 0],
      [14, 0],
    ]);
    const durations = (await w.state.exchanges([1, 10, 28])).map((one) => one.durationMs);
    expect(Math.max(...durations)).toBeLessThan(2_000);
  });

  it('alternates manual calls with the lanes, and reports the time of their turn', async () => {
    const { w, times, one } = await setUp([{ path: '/one', amount: 2, seconds: 600 }]);
    const logged = { seq: 0, sourceId: 'shop', event: event('tried', 'u0') };
    const send = async () => {
      const rehearsal = await w.engine.rehearse(one);
      const [made] = await rehearsal.prepare([logged]);
      const [item] = made!.items;
      if (item?.kind !== 'ready') throw new Error('The event is not ready.');
      return rehearsal.send(logged, item);
    };
    expect((await send()).outcome).toMatchObject({ status: 'delivered' });
    expect(await w.engine.testConnection(one)).toMatchObject({ ok: true });
    const { outcome, exchanges } = await send();
    expect(outcome).toMatchObject({ status: 'retry', code: 'destination_rate_limited' });
    expect(exchanges[0]?.failure).toMatch(/rate limits of the destination would delay it by \d+ s/);
    expect(await w.engine.testConnection({ ...one, id: 'new' })).toMatchObject({
      ok: false,
      issue: { code: 'destination_rate_limited', message: expect.stringMatching(/would delay it by \d+ s/) },
    });
    expect(times).toHaveLength(2);
  });

  it('ends waits when it is stopped, without counting an attempt', async () => {
    const { w, times } = await setUp([{ path: '/one', amount: 2, seconds: 20 }]);
    await append(w.log, events(6));
    w.engine.wake();
    await until(() => times.length === 2);
    const began = Date.now();
    await w.engine.stop();
    expect(Date.now() - began).toBeLessThan(8_000);
    expect(times).toHaveLength(2);
    const waiting = await w.state.retries({ seqs: [1, 2, 3, 4, 5, 6] });
    expect(waiting).toHaveLength(10);
    expect(waiting.every((row) => row.attempts === 0 && row.firstFailedAt === undefined)).toBe(true);
  });
});
