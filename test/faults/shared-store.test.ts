import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '@waybill/server';
import { ownPostgres } from '../../packages/delivery/test/postgres/server.ts';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { createOAuthWorld, type OAuthWorld } from '../oauth/provider.ts';
import { until } from './support.ts';

const SECRET = 'a-webhook-secret';
const KEYS = { secretKey: 'key of both', adminToken: 'token' };
/** Where a person would be sent back to. */
const BACK = 'http://127.0.0.1:1/callback';

describe('two servers over one PostgreSQL', () => {
  let world: OAuthWorld;
  let harness: Harness;
  let second: Server;
  let folder: string;
  let urls: readonly string[];
  beforeAll(async () => {
    world = await createOAuthWorld();
    world.open([BACK]);
    const store = `${await (await ownPostgres()).database()}?partitions=2`;
    const both = {
      ...KEYS,
      store,
      destinations: [join(import.meta.dirname, '../oauth/module.ts')],
      allowedHosts: [world.host],
    };
    harness = await openHarness({
      server: both,
      workspace: () => ({
        sources: [{ id: 'web', writeKey: 'demo' }],
        destinations: [{ id: 'out', type: 'dummy', settings: {} }],
      }),
    });
    folder = mkdtempSync(join(tmpdir(), 'waybill-second-'));
    second = await startServer({ dataDir: folder, port: 0, logLevel: 'silent', ...both });
    urls = [harness.server.url, second.url];
  }, 60_000);
  afterAll(async () => {
    await second?.stop();
    await harness?.close();
    await world?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (
    server: 0 | 1,
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization: 'Bearer token' },
  ): Promise<{ status: number; body: Answer; headers: Headers }> => {
    const answer = await fetch(`${urls[server]}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = text.startsWith('{') || text.startsWith('[');
    return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers };
  };

  it('share a shop, its webhook, back-fills, deletions, replays and sessions', async () => {
    const hook = async (server: 0 | 1, ids: readonly string[]): Promise<number> =>
      (await ask(server, '/sources/shop/webhook', ids, { 'x-dummy-secret': SECRET })).status;
    const orders = async (server: 0 | 1): Promise<readonly string[]> => {
      const { body } = await ask(server, '/api/events?limit=1000');
      return body.events
        .filter(({ event }: Answer) => event.event === 'Order Completed')
        .map(({ event }: Answer) => event.properties.order_id)
        .sort();
    };
    const shop = { id: 'shop', type: 'dummy-shop', settings: { secret: SECRET, orders: 6 } };
    expect((await ask(0, '/api/sources', shop)).status).toBe(201);
    await until(async () => (await hook(1, ['1'])) === 200);
    expect(await hook(0, ['2'])).toBe(200);
    await until(async () => (await orders(1)).join() === '1,2');
    expect(await orders(0)).toEqual(['1', '2']);

    expect((await ask(1, '/api/sources/shop/backfill', {})).status).toBeLessThan(300);
    await until(async () => (await orders(0)).length === 6);
    for (const server of [0, 1] as const) {
      await until(async () => {
        const { body } = await ask(server, '/api/sources/shop/streams');
        return body.some(({ mode, ended }: Answer) => mode === 'backfill' && ended === true);
      });
      expect((await ask(server, '/api/sources/shop/read', {})).status).toBeLessThan(300);
    }

    const processor = { id: 'watch', type: 'dummy' };
    expect((await ask(1, '/api/processors', processor)).status).toBe(201);
    for (const server of [0, 1] as const) {
      await until(async () => (await ask(server, '/api/processors/watch/status')).body.working === true);
      const gone = await ask(server, '/api/deletions', { userId: 'user-1' });
      expect([gone.status, gone.body.error]).toEqual([200, undefined]);
    }

    const track = { type: 'track', event: 'Seen', userId: 'ada', messageId: 'seen' };
    const key = { authorization: `Basic ${btoa('demo:')}` };
    const ofGone = { ...track, event: 'Back', userId: 'user-1' };
    for (const server of [0, 1] as const)
      await until(async () => (await ask(server, '/v1/track', ofGone, key)).status === 400);
    const records = (await ask(1, '/api/deletions?userId=user-1')).body as readonly { readonly id: number }[];
    expect(records.map(({ id }) => id)).toEqual([2, 1]);
    expect((await ask(0, '/api/deletions/lift', { userId: 'user-1' })).status).toBe(200);
    const back = (server: 0 | 1) => ({ ...ofGone, messageId: `back-${server}` });
    for (const server of [0, 1] as const)
      await until(async () => (await ask(server, '/v1/track', back(server), key)).status === 200);
    for (const server of [0, 1] as const)
      expect((await ask(server, '/v1/track', track, key)).status).toBe(200);
    await until(async () => (await ask(1, '/api/events/seen')).body.steps?.length > 0);
    const asked = { destination: 'out', from: new Date(Date.now() - 600_000).toISOString(), event: 'Seen' };
    const { body: begun } = await ask(0, '/api/replays', asked);
    const replay = async (): Promise<Answer> => (await ask(1, `/api/replays/${begun.id}`)).body;
    await until(async () => (await replay()).status === 'done');
    expect((await replay()).events).toBe(1);

    const signed = await ask(0, '/api/session', { token: 'token' }, { origin: urls[0]! });
    expect(signed.status).toBeLessThan(300);
    // Cookies are named by the port; processes behind a balancer have the same one.
    const [, id] = /=([^;]+)/.exec(signed.headers.get('set-cookie')!)!;
    const cookie = `waybill-${new URL(second.url).port}=${id}`;
    await until(async () => (await ask(1, '/api/sources', undefined, { cookie })).status === 200);
  }, 90_000);

  it('connect an account that was started at the other, and renew its token once for both', async () => {
    const key = { authorization: `Basic ${btoa('demo:')}` };
    const { settings } = world;
    const mapping = {
      id: 'all',
      action: 'send',
      trigger: 'event = "Named"',
      mapping: { name: { '@path': '$.event' } },
    };
    for (const [id, type] of [
      ['ours', 'names'],
      ['published', 'published-names'],
    ] as const) {
      expect((await ask(0, '/api/destinations', { id, type, settings, mappings: [mapping] })).status).toBe(
        201,
      );
      const { body: begun } = await ask(0, `/api/destinations/${id}/account`, { redirectUri: BACK });
      const back = (await world.allow(begun.url)).searchParams;
      const brought = { state: begun.state, code: back.get('code') };
      await until(async () => (await ask(1, `/api/destinations/${id}/account`)).status === 200);
      expect(await ask(1, '/api/oauth', brought)).toMatchObject({ status: 200, body: { destination: id } });
    }
    /** Sends for users of both partitions, through both servers, and waits for all of it. */
    const send = async (name: string): Promise<void> => {
      world.taken.length = world.asked.length = world.refused = 0;
      const ids = Array.from({ length: 8 }, (_, n) => `${name}-${n}`);
      const track = { type: 'track', event: 'Named' };
      const all = ids.map((id, n) =>
        ask(n % 2 === 0 ? 0 : 1, '/v1/track', { ...track, userId: id, messageId: id }, key),
      );
      for (const { status } of await Promise.all(all)) expect(status).toBe(200);
      await until(async () => {
        const stories = await Promise.all(ids.map((id) => ask(0, `/api/events/${id}`)));
        return stories.every(({ body }) =>
          ['ours', 'published'].every((one) =>
            (body.steps ?? []).some(
              ({ destination, status }: Answer) => destination === one && status === 'delivered',
            ),
          ),
        );
      });
    };
    await send('first');
    expect(world.asked).toEqual([]);
    world.revoke();
    // So long that the other server finds its token refused as well.
    world.delay = 500;
    await send('second');
    // Each lane was refused: there are two of each destination, one at each server.
    expect(world.refused).toBeGreaterThanOrEqual(4);
    expect(world.asked).toEqual(Array(2).fill({ grant: 'refresh_token', status: 200 }));
  }, 60_000);
});
