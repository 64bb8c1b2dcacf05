import { afterAll, beforeAll, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Harness, openHarness } from './harness.ts';

/** Two sources of a partner: a shop that is paged, fetched, counted and called back by, and one whose stream has events. */
const MODULE = `
const text = (label, type = 'string') => ({ type, label, description: label + '.' });
const settings = { url: text('Address'), key: text('Key', 'password') };
const ask = async ({ settings, request, memory }, path, query = {}) => {
  memory.set('calls', (memory.get('calls') ?? 0) + 1);
  const answer = await request({ url: settings.url + path, query, headers: { 'x-call': String(memory.get('calls')) } });
  return answer.ok ? answer.body : { failure: { status: 'retry', code: 'source_unavailable', message: 'Not now: ' + answer.status } };
};
const orders = {
  title: 'Orders', description: 'Orders.', kinds: ['order'], every: 60, sweep: { every: 3600, days: 7 }, pageSize: 2,
  async page({ since = '', skip, limit }, context) {
    const body = await ask(context, '/orders', { since, skip, limit });
    return body.failure ? body : { rows: body };
  },
  async get(id, context) {
    const body = await ask(context, '/orders/' + id);
    return body.failure ? body : body.gone ? 'gone' : { row: body };
  },
  count: async (query, context) => ({ count: (await ask(context, '/orders', { skip: 0, limit: 99 })).length }),
  keyOf: ({ id, at }) => ({ id: String(id), at }),
  states: ({ id, at, total }) => {
    if (total < 0) throw new Error('No amount.');
    return [{ kind: 'order', id: String(id), status: 'placed', placedAt: at, updatedAt: at, currency: 'EUR', total, customer: { email: 'ada@example.com' } }];
  },
};
export const stall = {
  slug: 'stall', name: 'Stall', description: 'A shop.', settings, streams: {},
  async testConnection({ settings }) {
    console.log('the key is ' + settings.key);
    return settings.key === 'good' ? { ok: true, message: 'Open.' } : { ok: false, issue: { code: 'source_unauthorized', path: 'key', message: 'Check key.' } };
  },
  shop: {
    capabilities: [], limits: { concurrency: 1, left: (headers) => ({ calls: Number(headers['x-left'] ?? 9), resetMs: 1 }) },
    streams: { orders },
    feeds: {
      changes: {
        title: 'Changes', description: 'Changes.', every: 3600,
        async read(position, context) {
          const body = await ask(context, '/changes', { after: position ?? '' });
          if (body.failure) return body;
          return { hints: body.ids.map((id) => ({ stream: 'orders', id })), position: body.next, more: body.more };
        },
      },
      absent: {
        title: 'Absent', description: 'Never there.', every: 3600, isOn: ({ key }) => key === 'another',
        read: async () => { throw new Error('It was read.'); },
      },
    },
    subscribe: async (address) => ({ message: 'Calls ' + address }),
    hints({ headers, body }) {
      const asked = new TextDecoder().decode(body);
      if (headers.secret !== 'yes') return { refused: { code: 'source_signature_invalid', message: 'Not ours.' } };
      if (asked === 'die') process.exit(3);
      return { hints: [{ stream: 'orders', id: asked }] };
    },
  },
};
export const feed = {
  slug: 'feed', name: 'Feed', description: 'Events.', settings,
  streams: {
    notes: {
      title: 'Notes', description: 'Notes.', every: 60,
      async read({ cursor = 0 }) {
        return { events: cursor > 0 ? [] : [{ type: 'track', event: 'Note', messageId: 'note-1', userId: 'ada' }], cursor: 1, more: false };
      },
    },
  },
  webhook: ({ body }) => ({ events: JSON.parse(new TextDecoder().decode(body)) }),
};
`;

const at = '2026-01-05T10:00:00.000Z';
const rows = [1, 2, 3].map((id) => ({ id, at, total: id === 3 ? -1 : 100 * id }));
/** Rows that no list has, and the feed names: 13 is gone. */
const fed = [11, 12].map((id) => ({ id, at, total: 100 * id }));
let folder: string;
let shop: HttpServer;
let harness: Harness;
/** The requests to the feed of the shop, and the rows after each cursor. */
const asked: string[] = [];
const changes = new Map([
  ['', { ids: ['11'], next: 'a', more: true }],
  ['a', { ids: ['12', '13'], next: 'b', more: false }],
]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-partner-'));
  const file = join(folder, 'partner.mjs');
  writeFileSync(file, MODULE);
  shop = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://shop');
    const [, list, id] = pathname.split('/');
    if (list === 'changes') {
      const after = searchParams.get('after') ?? '';
      asked.push(after);
      response.end(JSON.stringify(changes.get(after) ?? { ids: [], next: after, more: false }));
      return;
    }
    const skip = Number(searchParams.get('skip'));
    const found =
      id === undefined
        ? rows
            .filter((row) => row.at >= (searchParams.get('since') ?? ''))
            .slice(skip, skip + Number(searchParams.get('limit')))
        : ([...rows, ...fed].find((one) => String(one.id) === id) ?? { gone: true });
    response.end(JSON.stringify(found));
  });
  await new Promise<void>((ready) => shop.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const settings = { url: `http://${host}`, key: 'good' };
  harness = await openHarness({
    server: {
      destinations: [file],
      allowedHosts: [host],
      publicUrl: 'https://waybill.example',
      containment: { restart: 20 },
    },
    workspace: () => ({
      sources: [
        { id: 'stall', type: 'stall', settings },
        { id: 'feed', type: 'feed', settings },
        { id: 'own', type: 'dummy-shop', settings: { secret: 'own' } },
      ],
      destinations: [{ id: 'out', type: 'dummy', settings: {} }],
    }),
  });
  await harness.server.idle();
}, 30_000);

afterAll(async () => {
  await harness.close();
  shop.close();
  rmSync(folder, { recursive: true });
});

const call = async (source: string, body: string, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${harness.server.url}/sources/${source}/webhook`, { method: 'POST', headers, body })).status;

async function told(): Promise<readonly string[]> {
  await harness.server.idle();
  const { events } = (await harness.admin('events?limit=100')).body as {
    readonly events: readonly { readonly event: { event?: string; properties?: { order_id?: string } } }[];
  };
  return events
    .flatMap(({ event }) => (event.event === undefined ? [] : [[event.event, event.properties?.order_id]]))
    .map((parts) => parts.filter(Boolean).join(' '))
    .toSorted();
}

it('sources of a partner’s module are read, receive webhooks and are tested like Waybill’s own', async () => {
  expect((await harness.admin('sources/stall/test', { method: 'POST' })).body).toEqual({
    ok: true,
    message: 'Open.',
  });
  expect((await harness.admin('sources/stall/webhook')).body).toMatchObject({
    message: 'Calls https://waybill.example/sources/stall/webhook',
  });
  const begun = ['Note', 'Order Completed 11', 'Order Completed 12'];
  expect(await told()).toEqual(begun);
  expect(asked).toEqual(['', 'a']);
  expect(await call('stall', '2', { secret: 'no' })).toBe(401);
  expect(await call('stall', '2', { secret: 'yes' })).toBe(200);
  expect(await told()).toEqual([...begun, 'Order Completed 2']);
  const note = { type: 'track', event: 'Note', messageId: 'note-2', userId: 'ada' };
  expect(await call('feed', JSON.stringify([note]))).toBe(200);
  await harness.admin('sources/stall/backfill', { method: 'POST', body: {} });
  expect(await told()).toEqual(['Note', ...begun, 'Order Completed 1', 'Order Completed 2'].toSorted());
  const streams = (await harness.admin('sources/stall/streams')).body as {
    mode: string;
    stream: string;
    failure?: unknown;
  }[];
  expect(streams.find(({ mode }) => mode === 'backfill')).toMatchObject({ read: 3, total: 3, ended: true });
  const feeds = streams.filter(({ mode }) => mode === 'feed');
  expect(feeds.find((one) => one.stream === 'changes')).toMatchObject({ read: 3 });
  expect(feeds.filter((one) => one.failure !== undefined)).toEqual([]);
  expect((await harness.admin('sources/stall/set-aside')).body).toMatchObject([
    { row: '3', code: 'source_failed', message: 'No amount.', text: JSON.stringify(rows[2]) },
  ]);
});

it('a module that ends affects no other, and is restarted', async () => {
  const modules = async () => (await harness.admin('stats')).body.modules as { module: string }[];
  const name = expect.stringMatching(/partner\.mjs \(sources\)$/) as string;
  expect(await modules()).toMatchObject([{ module: name, state: 'running', restarts: 0 }]);
  expect(await call('stall', 'die', { secret: 'yes' })).toBe(502);
  expect(await call('own', JSON.stringify(['1']), { 'x-dummy-secret': 'own' })).toBe(200);
  await expect.poll(() => call('stall', '1', { secret: 'yes' }), { timeout: 20_000 }).toBe(200);
  expect(await modules()).toMatchObject([{ module: name, state: 'running', restarts: 1 }]);
  const after = await told();
  expect(after.filter((one) => one === 'Order Completed 1')).toHaveLength(2);
});

it('a duplicate slug is refused', async () => {
  const file = join(folder, 'taken.mjs');
  writeFileSync(file, MODULE.replace("slug: 'stall'", "slug: 'bigcommerce'"));
  const refused = openHarness({ server: { destinations: [file] } });
  await expect(refused).rejects.toThrow('There is already a source with the slug "bigcommerce"');
}, 30_000);
