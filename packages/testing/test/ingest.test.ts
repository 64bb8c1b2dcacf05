import { describe, expect, it } from 'vitest';
import {
  defineFields,
  defineProcessor,
  defineSource,
  failed,
  type Processor,
  type Source,
} from '@waybill/core';
import { dummyProcessor, dummySource } from '@waybill/ingest';
import {
  createTestEvent,
  createTestProcessor,
  createTestSource,
  processorTests,
  sourceTests,
  TestSetupError,
} from '@waybill/testing';

const happened = (messageId: string, userId = 'user-1') =>
  createTestEvent('Dummy Happened', { messageId, userId });

sourceTests(dummySource, { describe, it }, { runs: 20 });
processorTests(dummyProcessor, { describe, it }, { runs: 20, events: ['Dummy Happened', 'identify'] });

const shop = defineSource({
  slug: 'shop',
  name: 'Shop',
  description: 'Orders.',
  settings: defineFields({
    token: { type: 'password', label: 'Token', description: 'A key.', required: true },
  }),
  streams: {
    orders: {
      title: 'Orders',
      description: 'All of them.',
      every: 60,
      async read(
        { cursor, from }: { readonly cursor?: number; readonly from?: string },
        { settings, request },
      ) {
        const answer = await request({
          url: 'https://shop.example/orders',
          query: { page: cursor ?? 1, since: from ?? '' },
          headers: { authorization: `Bearer ${settings.token}` },
        });
        if (answer.kind === 'failure' || !answer.ok)
          return { failure: failed('destination_unavailable', 'The shop is closed.') };
        const { ids = [], more = false } = (answer.body ?? {}) as { ids?: readonly number[]; more?: boolean };
        return {
          events: ids.map((id) => ({
            type: 'track',
            event: 'Order Completed',
            messageId: `order-${id}`,
            userId: id < 0 ? undefined : 'ada',
          })),
          cursor: (cursor ?? 1) + 1,
          more,
        };
      },
    },
  },
});

describe('createTestSource', () => {
  const pages = [
    { times: 1, json: { ids: [1, 2], more: true } },
    { times: 1, json: { ids: [2, -3], more: false } },
    { times: 1, status: 503 },
    { json: { ids: [4] } },
  ];

  it('reads page by page, and continues at its cursor', async () => {
    const under = createTestSource(shop, { settings: { token: 'secret-token' }, answers: pages });
    const first = await under.read('orders');
    expect(first.events.map(({ messageId }) => messageId)).toEqual(['order-1', 'order-2']);
    expect(first.refused).toMatchObject([{ messageId: 'order--3', issues: [{ code: 'event_invalid' }] }]);
    expect(first.requests.map(({ url }) => url)).toEqual([
      'https://shop.example/orders?page=1&since=2026-01-15T12%3A00%3A00.000Z',
      'https://shop.example/orders?page=2&since=',
    ]);
    expect((await under.read('orders')).status.failure?.message).toBe('The shop is closed.');
    const last = await under.read('orders');
    expect([last.events.length, last.status.place.cursor]).toEqual([1, 4]);
  });

  it('reads history like a back-fill', async () => {
    const under = createTestSource(shop, { settings: { token: 't' }, answers: pages });
    const { events, status } = await under.read('orders', { from: '2020-01-01T00:00:00Z' });
    expect(events.every(({ context }) => context?.['historical'] === true)).toBe(true);
    expect(status).toMatchObject({ ended: true, read: 4 });
  });

  it('sends requests to the webhook', async () => {
    const under = createTestSource(dummySource, { settings: { secret: 'hook' } });
    const json = [happened('a'), happened('a'), happened('b')];
    const taken = await under.receive({ headers: { 'X-Dummy-Secret': 'hook' }, json });
    expect(taken.events.map(({ messageId }) => messageId)).toEqual(['a', 'b']);
    expect(await under.receive({ json })).toMatchObject({
      events: [],
      failure: { code: 'request_unauthorized' },
    });
    expect(await under.testConnection()).toMatchObject({ ok: true });
  });

  it('refuses unknown settings and streams', () => {
    expect(() => createTestSource(shop)).toThrow(TestSetupError);
    expect(() => createTestSource(dummySource).read('odd')).toThrow('There is no such stream.');
  });
});

describe('createTestProcessor', () => {
  it('derives events, fires timers, and restarts with its stored state', async () => {
    const under = await createTestProcessor(dummyProcessor, { settings: { quiet: 60_000 } });
    const counts = async (of: Promise<readonly { event?: string; properties?: object }[]>) =>
      (await of).map(({ event, properties }) => [event, (properties as { count: number }).count]);
    expect(await counts(under.send(happened('a'), happened('b')))).toEqual([
      ['Dummy Counted', 1],
      ['Dummy Counted', 2],
    ]);
    await under.restart();
    expect(await counts(under.send(happened('c')))).toEqual([['Dummy Counted', 3]]);
    expect(await under.advance(59_999)).toEqual([]);
    expect(await counts(under.advance(1))).toEqual([['Dummy Quiet', 3]]);
    expect(under.failures).toEqual([]);
    await under.stop();
  });
});

describe('the properties', () => {
  /** The names of the failing properties. */
  async function broken(run: (tools: { describe: never; it: never }) => void): Promise<readonly string[]> {
    const tests: [string, () => Promise<void>][] = [];
    const tools = {
      describe: (_name: string, body: () => void) => body(),
      it: (name: string, body: () => Promise<void>) => tests.push([name, body]),
    };
    run(tools as never);
    const wrong: string[] = [];
    for (const [name, test] of tests) await test().catch(() => wrong.push(name));
    return wrong;
  }
  const count = { type: 'integer', label: 'Count', description: 'x' } as const;
  const careless = (process: Processor['process']): Processor =>
    defineProcessor({
      slug: 'careless',
      name: 'Careless',
      description: 'x',
      settings: defineFields({}),
      trigger: 'type = "track"',
      events: { Seen: defineFields({ count }) },
      initial: () => ({ count: 0 }),
      process: process as never,
    });

  it('find a processor that mutates its state, and one with hidden state', async () => {
    const changing = careless((state) => {
      (state as { count: number }).count += 1;
      return { state };
    });
    let seen = 0;
    const remembering = careless((state) => {
      seen += 1;
      return { state, events: [{ event: 'Seen', properties: { count: seen } }] };
    });
    expect(await broken((tools) => processorTests(changing, tools, { runs: 20 }))).toEqual([
      'it fails at none, and changes neither state nor event',
    ]);
    expect(await broken((tools) => processorTests(remembering, tools, { runs: 20 }))).toEqual([
      'it derives the same when its process ends after every step',
    ]);
  });

  it('find a source that throws, and one with unstable ids', async () => {
    const read = (make: () => string): Source =>
      defineSource({
        slug: 'odd',
        name: 'Odd',
        description: 'x',
        settings: defineFields({}),
        streams: {
          all: {
            title: 'All',
            description: 'x',
            read: async () => ({
              events: [{ type: 'track', event: 'x', userId: 'u', messageId: make() }],
              cursor: 1,
              more: false,
            }),
          },
        },
      });
    let made = 0;
    const anew = read(() => `id-${(made += 1)}`);
    const throwing = read(() => {
      throw new Error('odd');
    });
    for (const one of [anew, throwing])
      expect(await broken((tools) => sourceTests(one, tools, { runs: 5 }))).toHaveLength(1);
    expect(await broken((tools) => sourceTests(shop, tools, { runs: 20 }))).toEqual([]);
  });
});
