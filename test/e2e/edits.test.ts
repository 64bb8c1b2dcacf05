import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ServerConfig } from '@waybill/server';
import { type Harness, openHarness } from './harness.ts';

/*
 * An edit of destination "a" while "b" has runtime state: an open circuit breaker, a learned rate, a renewed token. Both sign in by
 * OAuth at a service that counts its requests.
 */

/** What the service has seen of one of the two. */
interface Account {
  /** Whether it is down, and how many calls a second it takes. */
  down: boolean;
  perSecond: number;
  calls: number;
  refused: number;
  renewals: number;
  token: string;
  window: number[];
}

let accounts: Record<string, Account>;
let service: Server;
let harness: Harness;

async function open(server: Partial<ServerConfig>): Promise<void> {
  const base = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  harness = await openHarness({
    server: {
      destinations: [join(import.meta.dirname, '../attack/tokens.ts')],
      allowedHosts: [new URL(base).host],
      ...server,
    },
    workspace: () => ({
      sources: [{ id: 'shop', writeKey: 'demo' }],
      destinations: ['a', 'b'].map((id) => ({
        id,
        type: 'signed-in',
        settings: {
          address: `${base}/${id}`,
          oauth_access_token: `first-access-token-of-${id}`,
          oauth_refresh_token: `first-refresh-token-of-${id}`,
        },
        mappings: [
          { id: 'all', action: 'send', trigger: 'type = "track"', mapping: { name: { '@path': '$.event' } } },
        ],
      })),
    }),
  });
}

beforeEach(async () => {
  const account = (): Account => ({
    down: false,
    perSecond: Number.POSITIVE_INFINITY,
    calls: 0,
    refused: 0,
    renewals: 0,
    token: '',
    window: [],
  });
  accounts = { a: account(), b: account() };
  service = createServer((request, response) => {
    const [, id = '', what] = request.url!.split('/');
    const own = accounts[id]!;
    request.resume().on('end', () => {
      const answer = (status: number, body: object = {}): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (what === 'token') {
        own.renewals += 1;
        own.token = `renewed-access-token-${own.renewals}`;
        return answer(200, {
          access_token: own.token,
          refresh_token: `renewed-refresh-token-${own.renewals}`,
        });
      }
      own.calls += 1;
      if (request.headers.authorization !== `Bearer ${own.token}`) return answer(401);
      if (own.down) return answer(503);
      own.window = own.window.filter((at) => Date.now() - at < 1_000);
      if (own.window.length >= own.perSecond) {
        own.refused += 1;
        return answer(429);
      }
      own.window.push(Date.now());
      answer(200);
    });
  });
  await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready));
});

afterEach(async () => {
  await harness.close();
  service.closeAllConnections();
  service.close();
});

const edit = (id: string): Promise<unknown> =>
  harness.admin(`destinations/${id}`, { method: 'PATCH', body: { name: `Renamed ${Date.now()}` } });
const send = (ids: readonly string[]): Promise<unknown> =>
  harness.track('batch', {
    batch: ids.map((messageId) => ({ type: 'track', messageId, userId: `u-${messageId}`, event: 'Seen' })),
  });
const ids = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${name}-${n}`);
const rest = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
/** Waits for calls beyond those that were made, then until the service is left alone for half a second. */
async function called(id: string, before: number): Promise<number> {
  while (accounts[id]!.calls <= before) await rest(20);
  return quiet(id);
}
async function quiet(id: string): Promise<number> {
  for (let before = -1; ;) {
    const { calls } = accounts[id]!;
    if (calls === before) return calls;
    before = calls;
    await rest(500);
  }
}

describe('an edit of another destination', () => {
  it('keeps an open circuit breaker open', async () => {
    await open({ retry: { firstDelay: 3_600_000, maxDelay: 3_600_000 } });
    accounts['b']!.down = true;
    await send(ids('early', 20));
    const calls = await called('b', 0);
    await send(ids('late', 20));
    await edit('a');
    expect(await quiet('b')).toBe(calls);
    const { body } = await harness.admin('stats');
    const b = body.destinations.find((one: { destination: string }) => one.destination === 'b');
    expect(b.lag).toBeGreaterThan(0);
    // An edited destination is retried at once.
    await edit('b');
    expect(await called('b', calls)).toBeGreaterThan(calls);
  }, 60_000);

  it('keeps a learned rate', async () => {
    await open({});
    const b = accounts['b']!;
    b.perSecond = 20;
    await send(ids('learning', 60));
    await harness.server.idle();
    const learning = b.refused;
    await edit('a');
    b.refused = 0;
    await send(ids('after', 30));
    await harness.server.idle();
    expect(b.refused).toBeLessThan(learning / 2);
  }, 60_000);

  it('keeps a renewed token, and so does one of its own', async () => {
    await open({});
    await send(ids('one', 1));
    await harness.server.idle();
    expect(accounts['b']!.renewals).toBe(1);
    for (const id of ['a', 'b']) {
      await edit(id);
      await send(ids(`after-${id}`, 1));
      await harness.server.idle();
      expect([accounts['a']!.renewals, accounts['b']!.renewals]).toEqual([1, 1]);
    }
    expect(await harness.steps('after-b-0')).toMatchObject([
      { status: 'delivered' },
      { status: 'delivered' },
    ]);
  }, 60_000);
});
