/**
 * Measures how long a server takes until it is ready, with a log of some size.
 *
 *     npm run bench:start -- --gigabytes 1
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Event } from '@waybill/core';
import { openStores } from '@waybill/delivery';
import { startHelper, startServed } from './delivery/children.ts';

const { values } = parseArgs({ options: { gigabytes: { type: 'string', default: '1' } } });
const wanted = Number(values.gigabytes) * 2 ** 30;
const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
const file = join(folder, 'log.db');
const at = '2025-06-01T12:00:00.000Z';
const makeEvent = (n: number): Event => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: `start-${n}-${(n * 2_654_435_761) % 4_294_967_296}`,
  userId: `user-${n % 5_000}`,
  timestamp: at,
  receivedAt: at,
  properties: { product_id: `sku-${n % 900}`, name: 'Plain white shirt', price: 19.9, currency: 'EUR' },
  context: { ip: '203.0.113.7', library: { name: '@segment/analytics-node', version: '3.1.0' } },
});
try {
  const { log, state, close } = await openStores(`sqlite:${folder}`, { writes: ['log', 'state'] });
  let events = 0;
  while (statSync(file).size < wanted) {
    const batch = Array.from({ length: 5_000 }, (_one, index) => ({
      sourceId: 'shop',
      event: makeEvent(events + index),
    }));
    await log.append(batch);
    events += batch.length;
  }
  await state.settle({ destination: 'iterable', cursor: await log.lastSeq() });
  await close();
  const size = (statSync(file).size / 2 ** 30).toFixed(2);
  const destination = await startHelper('sandbox.ts');
  const times: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const began = performance.now();
    const server = await startServed([folder, destination.url, 'true']);
    const answer = await fetch(`${server.url}/readyz`);
    if (!answer.ok) throw new Error(`/readyz answered ${answer.status}`);
    times.push(Math.round(performance.now() - began));
    // As after a power cut: nothing is written before the end.
    await server.kill();
  }
  await destination.kill();
  console.log(
    `a log of ${size} GB, ${events.toLocaleString('en')} events: ready after ${times.join(', ')} ms ` +
      '(from the start of the process, killed each time)',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
