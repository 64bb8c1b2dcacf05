import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../output/run.ts';

interface Result {
  readonly sent: boolean;
  readonly results: readonly {
    readonly destination: string;
    readonly skipped?: { readonly code: string };
    readonly items: readonly {
      readonly mapping: string;
      readonly outcome?: { readonly status: string };
      readonly requests: readonly { readonly url: string }[];
    }[];
    readonly explanation?: { readonly mappings: readonly unknown[] };
  }[];
}

let folder: string;
let service: Server;
const seen: { url: string; body: string }[] = [];
const file = (name: string, value: unknown): string => {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-test-'));
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      seen.push({ url: request.url!, body });
      response.setHeader('content-type', 'application/json');
      response.end('{"successCount":1,"failCount":0}');
    });
  });
  await new Promise<void>((ready) => service.listen(0, '127.0.0.1', ready));
});

afterAll(() => {
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true });
});

describe('waybill test', () => {
  it('shows the requests, and sends nothing', async () => {
    const { code, out } = await run('test', '-d', 'iterable', '-e', 'identify', 'alias');
    expect(code).toBe(0);
    expect(out).toMatch(/1 +identify +identify-calls +would send +POST https:\/\/api\.iterable\.com/);
    expect(out).toMatch(/2 +alias +skipped/);
    expect(out).toContain('1 of 2 would be sent');
  });

  it('explains triggers, fields and identity', async () => {
    const { out } = await run('test', '-d', 'iterable', '-e', 'Order Completed', '--explain');
    expect(out).toContain('order-completed-calls (Order Completed Calls): the trigger matches');
    expect(out).toMatch(/no +event != "Order Completed" +\(event is "Order Completed"\)/);
    expect(out).toMatch(/@path read properties\.order_id \("o-1"\)/);
    expect(out).toContain('identity  by userId: "user-1"');
  });

  it('reads a single event, a list, a batch and lines, and accepts a custom mapping', async () => {
    const one = { type: 'track', event: 'Done', userId: 'u', properties: { a: 1 } };
    const mapping = file('mapping.json', '// mine\n{ "action": "send", "mapping": { "name": "x" } }');
    const inputs = [
      one,
      [one, one],
      { batch: [one, one] },
      `${JSON.stringify(one)}\n${JSON.stringify(one)}\n`,
    ];
    const counts: number[] = [];
    for (const [index, input] of inputs.entries()) {
      const ran = await run('test', file(`${index}.json`, input), '-d', 'dummy', '-m', mapping, '--json');
      expect(ran.code).toBe(0);
      counts.push(ran.json<Result>().results.length);
    }
    expect(counts).toEqual([1, 2, 2, 2]);
  });

  it('fails when an item would be refused', async () => {
    const event = file('nobody.json', { type: 'track', event: 'Order Completed', anonymousId: 'a' });
    const ran = await run('test', event, '-d', 'iterable', '--json');
    expect(ran.code).toBe(1);
    expect(ran.json<Result>().results[0]!.items[0]!.outcome).toMatchObject({ status: 'rejected' });
  });

  it('really sends on request, to the address in the settings', async () => {
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const settings = file('settings.json', { apiKey: 'k-e-y', projectType: 'hybrid', apiUrl: url });
    const ran = await run('test', '-d', 'iterable', '-e', 'identify', '-s', settings, '--send', '--json');
    expect(ran.code).toBe(0);
    expect(ran.json<Result>()).toMatchObject({
      sent: true,
      results: [{ items: [{ outcome: { status: 'delivered' } }] }],
    });
    expect(seen).toMatchObject([{ url: '/api/users/bulkUpdate' }]);
    expect(ran.out).not.toContain('k-e-y');
  });

  it('tests every destination of a workspace, without secrets', async () => {
    const workspace = file('workspace.json', {
      sources: [{ id: 's', writeKey: { $env: 'NOT_SET' } }],
      destinations: [
        { id: 'mail', type: 'iterable', settings: { apiKey: { $env: 'NOT_SET' } } },
        { id: 'off', type: 'dummy', settings: {}, enabled: false },
        { id: 'dummy', type: 'dummy', settings: {} },
      ],
    });
    const { results } = (await run('test', '-w', workspace, '--json')).json<Result>();
    expect(results.map(({ destination }) => destination)).toEqual(['mail', 'dummy']);
    expect((await run('test', '-w', workspace)).out).toContain('destination');
  });

  it.each([
    [['test', 'nowhere.json', '-d', 'dummy'], 2, 'There is no file nowhere.json'],
    [['test', '-d', 'nothing-there'], 2, 'no destination of that name'],
    [['test', '-d', 'dummy', '--preset', 'a', '--mapping', 'b'], 2, 'cannot be used with'],
    [['test', '-d', 'dummy', '--preset', 'none'], 1, 'There is no preset "none"'],
  ])('explains what is wrong with %j', async (args, code, message) => {
    const ran = await run(...args);
    expect([ran.code, ran.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it('reports failures as JSON too, and where JSON is truncated', async () => {
    const broken = file('broken.json', '{\n  "type": }');
    const ran = await run('test', broken, '-d', 'dummy', '--json');
    expect(ran.code).toBe(2);
    expect(ran.json()).toMatchObject({
      success: false,
      error: { message: expect.stringContaining('broken.json:2:11') },
    });
    const bad = file('bad.json', { type: 'trak' });
    expect((await run('test', bad, '-d', 'dummy')).err).toContain(
      'event 1 would be refused: type: type must be one of',
    );
  });
});

describe('waybill test --source', () => {
  interface Read {
    readonly read: boolean;
    readonly results: readonly {
      readonly stream: string;
      readonly rows: readonly {
        readonly id?: string;
        readonly events: readonly { readonly event?: string }[];
        readonly issues: readonly { readonly code: string }[];
      }[];
      readonly failure?: { readonly code: string; readonly message: string };
    }[];
  }
  const kiosk = (): string =>
    file(
      'kiosk.mjs',
      `import { defineFields, defineSource, failed } from '${import.meta.resolve('@waybill/core')}';
      export const kiosk = defineSource({ slug: 'kiosk', name: 'Kiosk', description: 'Orders.', settings: defineFields({
        apiUrl: { type: 'string', format: 'uri', label: 'Address', description: 'Of the kiosk.', required: true } }),
        shop: { limits: { concurrency: 1 }, capabilities: [], streams: { orders: { title: 'Orders', description: 'Orders.',
          kinds: ['order'], every: 60, pageSize: 100,
          page: async ({ limit }, { settings, request }) => {
            const answer = await request({ url: settings.apiUrl + '/orders', query: { limit } });
            return answer.ok ? { rows: [{ id: 9, at: '2026-01-05T10:00:00Z', total: 500 }].slice(0, limit) }
              : { failure: failed('source_unavailable', 'The kiosk is shut.') };
          },
          keyOf: ({ id, at }) => ({ id: String(id), at }),
          states: ({ id, at, total }) => [{ kind: 'order', id: String(id), status: 'placed', placedAt: at, updatedAt: at,
            customer: { email: 'ada@example.com' }, currency: 'EUR', total }] } } } });`,
    );

  it('prints the events of each row of a file, and makes no calls', async () => {
    const before = seen.length;
    const rows = file('rows.json', {
      orders: [
        { id: 1, at: '2026-01-05T10:00:00Z', total: 1250 },
        { id: 2, at: '2026-01-05T10:00:00Z', total: 'much' },
        { id: 3, at: 'today', total: 1 },
      ],
    });
    const { code, json } = await run('test', rows, '--source', kiosk(), '--json');
    expect(code).toBe(1);
    const [orders] = json<Read>().results;
    expect(
      orders?.rows.map(({ id, events, issues }) => [
        id,
        events.map(({ event }) => event),
        issues.map(({ code: reason }) => reason),
      ]),
    ).toEqual([
      ['1', [undefined, 'Order Completed'], []],
      ['2', [], ['payload_wrong_type']],
      [undefined, [], ['source_failed']],
    ]);
    expect(seen.length).toBe(before);
    const good = file('good.json', [{ id: 1, at: '2026-01-05T10:00:00Z', total: 1250 }]);
    const text = await run('test', good, '--source', kiosk(), '--stream', 'orders');
    expect(text.code).toBe(0);
    expect(text.out).toMatch(/orders +1 +order +identify, Order Completed/);
  });

  it('reads the first rows from the shop with --send', async () => {
    const settings = file('kiosk.json', {
      apiUrl: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    });
    const { code, out } = await run('test', '--source', kiosk(), '--settings', settings, '--send');
    expect([code, out]).toMatchObject([
      0,
      expect.stringMatching(/orders +9 +order +identify, Order Completed/),
    ]);
    expect(seen.at(-1)?.url).toBe('/orders?limit=10');
  });

  it('reports what is missing', async () => {
    const none = await run('test', '--source', kiosk());
    expect([none.code, none.err]).toMatchObject([2, expect.stringContaining('Name a file of rows')]);
    const wrong = await run('test', file('odd.json', { carts: [] }), '--source', kiosk());
    expect([wrong.code, wrong.err]).toMatchObject([
      2,
      expect.stringContaining('no stream "carts" (known: orders)'),
    ]);
    const bare = await run('test', '--source', kiosk(), '--send');
    expect([bare.code, bare.err]).toMatchObject([1, expect.stringContaining('apiUrl')]);
    const both = await run('test', '--source', kiosk(), '--destination', 'iterable');
    expect(both.code).toBe(2);
  });
});
