/*
 * `onBatch` of @segment/actions-core with a destination that posts to the same sandbox: no ingestion, nothing durable,
 * one outcome for a whole call. `on-batch.ts <destination> <seconds>`
 */
import { createRequire } from 'node:module';
import type { Destination as Peer } from '@segment/actions-core';

// Its modules for `import` do not load in Node.
const { Destination } = createRequire(import.meta.url)('@segment/actions-core') as {
  Destination: typeof Peer;
};

const [destination, seconds] = process.argv.slice(2) as [string, string];
const path = (at: string): object => ({ '@path': at });
const definition = {
  name: 'Iterable',
  slug: 'iterable',
  mode: 'cloud' as const,
  actions: {
    trackEvent: {
      title: 'Custom Event',
      description: 'Records an event.',
      fields: {
        userId: { label: 'User', description: 'User.', type: 'string' as const },
        eventName: { label: 'Name', description: 'Name.', type: 'string' as const, required: true },
        dataFields: { label: 'Data', description: 'Data.', type: 'object' as const },
        id: { label: 'Id', description: 'Id.', type: 'string' as const },
        createdAt: { label: 'Time', description: 'Time.', type: 'datetime' as const },
      },
      perform: () => undefined,
      performBatch: (
        request: (url: string, options: object) => unknown,
        { payload }: { payload: readonly { createdAt?: unknown }[] },
      ) =>
        request(`${destination}/api/events/trackBulk`, {
          method: 'post',
          headers: { 'Api-Key': 'demo' },
          json: {
            events: payload.map((one) => ({
              ...one,
              createdAt: Math.floor(Date.parse(String(one.createdAt)) / 1000),
            })),
          },
        }),
    },
  },
};
// The peer's types ask for more than it needs at run time.
const peer = new Destination(definition as unknown as ConstructorParameters<typeof Destination>[0]);
const settings = {
  subscription: {
    subscribe: 'type = "track" and event != "Order Completed" and event != "Cart Updated"',
    partnerAction: 'trackEvent',
    mapping: {
      userId: path('$.userId'),
      eventName: path('$.event'),
      dataFields: path('$.properties'),
      id: path('$.messageId'),
      createdAt: path('$.timestamp'),
    },
  },
};
const SIZE = 1_000;
let next = 0;
const makeBatch = (): object[] =>
  Array.from({ length: SIZE }, () => {
    next += 1;
    return {
      type: 'track',
      messageId: `peer-${next}`,
      userId: `user-${next % 5_000}`,
      timestamp: '2025-06-01T12:00:00.000Z',
      event: 'Product Viewed',
      properties: {
        product_id: `sku-${next % 900}`,
        name: 'Plain white shirt',
        price: 19.9,
        currency: 'EUR',
        quantity: 1,
      },
      context: { ip: '203.0.113.7', library: { name: '@segment/analytics-node', version: '3.1.0' } },
    };
  });
const began = performance.now();
const writer = async (): Promise<void> => {
  while (performance.now() - began < Number(seconds) * 1000) {
    await peer.onBatch(makeBatch() as never, settings as never);
  }
};
await Promise.all(Array.from({ length: 4 }, writer));
const took = (performance.now() - began) / 1000;
process.send!({ url: '', rate: next / took, rss: process.memoryUsage.rss() });
setTimeout(() => process.exit(0), 50);
