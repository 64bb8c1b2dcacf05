import { afterEach, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { delivered, type Outcome, rejected, retry, retryAfter } from '@waybill/core';
import { storyOf } from '../src/index.ts';
import {
  type Answer,
  append,
  destination,
  event,
  serve,
  tempDir,
  until,
  world,
  openLog,
  openState,
  key,
} from './support.ts';

const SECRET = 'very-secret-api-key-0042';

/** Posts each call's payloads and reads one word per item: like a bulk endpoint. */
const post: Answer = async (items, { request, settings, now }) => {
  const { url, key } = settings as { url: string; key: string };
  const answer = await request({
    url: `${url}/bulk?key=${key}`,
    headers: { 'api-key': key, authorization: `Bearer ${key}` },
    json: { key, items: items.map((one) => one.payload) },
  });
  if (answer.kind === 'failure') return items.map(() => retry(answer.code, answer.message));
  const wait = retryAfter(answer.headers['retry-after'], now());
  if (answer.status === 429) return items.map(() => retry('destination_rate_limited', undefined, wait));
  if (!answer.ok) return items.map(() => retry('destination_unavailable'));
  const words = answer.body as readonly string[];
  return items.map((_, index): Outcome => {
    if (words[index] === 'ok') return delivered();
    if (words[index] === 'later') return retry('destination_result_unknown', `Key ${key} says later.`);
    return rejected('destination_rejected', `Refused with ${key}.`);
  });
};

let cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  cleanups = [];
});

async function setUp(words: (ids: readonly string[], call: number) => readonly string[] | number) {
  const temp = tempDir();
  let calls = 0;
  const seen: string[][] = [];
  const server = await serve((_request, response, body) => {
    const ids = (JSON.parse(body) as { items: { id: string }[] }).items.map((one) => one.id);
    seen.push(ids);
    const answer = words(ids, (calls += 1));
    if (typeof answer === 'number') response.writeHead(answer, { 'retry-after': '30' }).end(`no ${SECRET}`);
    else response.setHeader('x-echo', SECRET).end(JSON.stringify(answer));
  });
  const w = await world([destination(post, { settings: { url: server.url, key: SECRET } })], {
    log: openLog({ file: temp.path('log.db') }),
    state: openState({ file: temp.path('state.db') }),
    allowedHosts: [server.host],
  });
  cleanups.push(temp.clean, server.close, () => w.close());
  return { w, seen, temp };
}

describe('over HTTP', () => {
  it('returns the whole history of an event, with its exchanges', async () => {
    const { w } = await setUp((ids) => ids.map((id) => (id === 'm2' ? 'bad' : id === 'm3' ? 'later' : 'ok')));
    await append(w.log, [event('m1', 'a'), event('m2', 'b'), event('m3', 'c')]);
    w.engine.wake();
    await until(async () => (await w.state.lane(key('fake')))?.cursor === 3);
    const stories = await Promise.all(['m1', 'm2', 'm3'].map((id) => storyOf(id, w.log, w.state)));
    const steps = stories.flatMap((found) => found[0]?.steps ?? []);
    expect(steps).toEqual([
      expect.objectContaining({ destination: 'fake', mappingId: 'things', status: 'delivered', attempts: 1 }),
      expect.objectContaining({
        status: 'rejected',
        code: 'destination_rejected',
        message: 'Refused with [secret].',
        remedy: expect.stringContaining('replay'),
        payload: { id: 'm2', user: 'b' },
        deadLetterId: 1,
      }),
      expect.objectContaining({ status: 'waiting', attempts: 1, message: 'Key [secret] says later.' }),
    ]);
    for (const step of steps) {
      expect(step.exchanges).toEqual([
        expect.objectContaining({
          request: expect.objectContaining({ method: 'POST', url: expect.stringContaining('key=[secret]') }),
          response: expect.objectContaining({ status: 200, body: '["ok","bad","later"]' }),
        }),
      ]);
    }
    expect(await storyOf('nobody', w.log, w.state)).toEqual([]);
  });

  it('stores no secret in any byte', async () => {
    const { w, temp } = await setUp((ids) => ids.map((id) => (id === 'm1' ? 'bad' : 'later')));
    await append(w.log, [event('m1', 'a'), event('m2', 'b')]);
    w.engine.wake();
    await until(async () => (await w.state.lane(key('fake')))?.cursor === 2);
    const directory = dirname(temp.path('x'));
    const stored = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'latin1'));
    expect(stored.some((bytes) => bytes.includes('[secret]'))).toBe(true);
    for (const spelling of [SECRET, Buffer.from(SECRET).toString('base64')]) {
      expect(stored.some((bytes) => bytes.includes(spelling))).toBe(false);
    }
    expect(JSON.stringify([w.logged, w.steps, await w.engine.status()])).not.toContain(SECRET);
  });

  it('waits according to Retry-After with the whole lane, and then delivers everything in order', async () => {
    const { w, seen } = await setUp((ids, call) => (call === 1 ? 429 : ids.map(() => 'ok')));
    await append(w.log, [event('m1', 'a'), event('m2', 'b')]);
    w.engine.wake();
    await until(async () => (await w.engine.status())[0]?.hold !== undefined);
    await append(w.log, [event('m3', 'a'), event('m4', 'c')]);
    w.engine.wake();
    w.now.advance(29_000);
    w.engine.wake();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(seen).toHaveLength(1);
    w.now.advance(3_000);
    await until(
      async () => (await w.state.stats())[0]?.delivered === 4,
      () => {
        w.now.advance(100);
        w.engine.wake();
      },
    );
    const order = seen.slice(1).flat();
    expect([...order].sort()).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(order.indexOf('m1')).toBeLessThan(order.indexOf('m3'));
    expect((await w.engine.status())[0]?.hold).toBeUndefined();
    expect((await w.state.stats())[0]).toMatchObject({ delivered: 4, retrying: 0, rejected: 0 });
  });

  it('leaves a backlog in the log while the destination is down, and delivers it afterwards', async () => {
    let down = true;
    const { w } = await setUp((ids) => (down ? 503 : ids.map(() => 'ok')));
    const many = Array.from({ length: 9_000 }, (_, n) => event(`m${n}`, `u${n}`));
    await append(w.log, many);
    w.engine.wake();
    await until(async () => (await w.engine.status())[0]?.hold !== undefined);
    for (let n = 0; n < 20; n += 1) {
      w.now.advance(31_000);
      w.engine.wake();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await w.state.lane(key('fake')))?.cursor).toBeLessThan(6_000);
    down = false;
    await until(
      async () => (await w.state.stats())[0]?.delivered === 9_000,
      () => {
        w.now.advance(10_000);
        w.engine.wake();
      },
    );
    expect((await w.state.stats())[0]).toMatchObject({ rejected: 0, retrying: 0 });
  });

  it('simulates requests without making any, also those of an action in an endless loop', async () => {
    const { w, seen } = await setUp((ids) => ids.map(() => 'ok'));
    const settings = { url: 'https://destination.example', key: SECRET };
    const tirelessly: Answer = async (items, { request }) => {
      while ((await request({ url: `${settings.url}/?key=${SECRET}`, json: {} })).ok);
      return items.map(() => delivered());
    };
    const rehearsal = await w.engine.rehearse(destination(tirelessly, { settings }));
    const logged = { seq: 0, sourceId: '', event: event('m1', 'a') };
    const [item] = (await rehearsal.prepare([logged]))[0]!.items;
    if (item?.kind !== 'ready') throw new Error('It is ready.');
    const { outcome, exchanges } = await rehearsal.requests(logged, item);
    expect([outcome, exchanges.length]).toEqual([undefined, 21]);
    expect(exchanges[0]!.request).toMatchObject({
      method: 'POST',
      url: 'https://destination.example/?key=[secret]',
    });
    expect([seen, await w.state.exchanges([1])]).toEqual([[], []]);
  });
});
