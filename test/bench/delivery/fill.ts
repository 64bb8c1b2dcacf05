import type { Event } from '@waybill/core';
import { openStores } from '@waybill/delivery';

/** Events of one append. */
const BATCH = 5_000;
/** Concurrent appends. */
const WRITERS = 2;

/** Puts events into a log as the server does, without it: the same rows, at the price of the store alone. `now` is when they arrive. */
export async function fill(url: string, events: number, now: () => number = Date.now): Promise<void> {
  const stores = await openStores(url, { writes: ['log'], only: ['log'], now });
  let begun = 0;
  const write = async (): Promise<void> => {
    while (begun < events) {
      const first = begun;
      begun = Math.min(events, first + BATCH);
      const batch = Array.from({ length: begun - first }, (_one, n) => makeEvent(first + n, now()));
      await stores.log.append(batch.map((event) => ({ sourceId: 'shop', event })));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await stores.close();
}

/** As those that the generator sends. */
function makeEvent(n: number, time: number): Event {
  const user = String(n % 5_000).padStart(4, '0');
  return {
    type: 'track',
    messageId: `${time}${String(n).padStart(11, '0')}`,
    userId: `user-${user}`,
    timestamp: '2025-06-01T12:00:00.000Z',
    event: 'Product Viewed',
    properties: {
      product_id: `sku-${user}`,
      name: 'Plain white shirt',
      price: 19.9,
      quantity: 1,
      currency: 'EUR',
    },
    context: { ip: '203.0.113.7', library: { name: '@segment/analytics-node', version: '3.1.0' } },
    receivedAt: new Date(time).toISOString(),
  };
}
