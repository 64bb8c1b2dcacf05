/**
 * Measures the log and the state: durable events and settled outcomes per second.
 * `npx node --conditions=source packages/delivery/bench/log.ts [events]`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '@waybill/core';
import { type OutcomeRow } from '../src/index.ts';
import { openLog, openState } from '../test/support.ts';

const total = Number(process.argv[2] ?? 200_000);
const BATCH = 100;
const CLIENTS = 20;
const STEP = 2_000;

const directory = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function event(n: number): Event {
  const at = '2025-06-01T12:00:00.000Z';
  return {
    type: 'track',
    event: 'Product Viewed',
    messageId: `node-next-${n}-${(n * 2_654_435_761) % 4_294_967_296}-7f3c`,
    userId: `user-${n % 5_000}`,
    timestamp: at,
    receivedAt: at,
    properties: {
      product_id: `sku-${n % 900}`,
      name: 'Plain white shirt',
      price: 19.9,
      currency: 'EUR',
      quantity: 1,
    },
    context: { ip: '203.0.113.7', library: { name: '@segment/analytics-node', version: '3.1.0' } },
  };
}

function rate(what: string, count: number, milliseconds: number): void {
  say(
    `${what}: ${Math.round(count / (milliseconds / 1000)).toLocaleString('en')}/s (${count.toLocaleString('en')})`,
  );
}

const log = openLog({ file: join(directory, 'log.db') });
function* makeBatches(): Generator<{ sourceId: string; event: Event }[]> {
  for (let n = 0; n < total; n += BATCH) {
    yield Array.from({ length: BATCH }, (_, at) => ({ sourceId: 'shop', event: event(n + at) }));
  }
}
const rest = makeBatches();
let marked = performance.now();
let done = 0;
const started = marked;
await Promise.all(
  Array.from({ length: CLIENTS }, async () => {
    for (const batch of rest) {
      await log.append(batch);
      done += batch.length;
      if (done % 1_000_000 < BATCH) {
        rate(`  appended up to ${done.toLocaleString('en')}`, 1_000_000, performance.now() - marked);
        marked = performance.now();
      }
    }
  }),
);
rate(`appended, ${CLIENTS} clients with ${BATCH} events each`, total, performance.now() - started);

const singles = 20_000;
const single = performance.now();
let next = total;
await Promise.all(
  Array.from({ length: 200 }, async () => {
    while (next < total + singles) await log.append([{ sourceId: 'shop', event: event((next += 1)) }]);
  }),
);
rate('appended, 200 clients with one event each', singles, performance.now() - single);

const reading = performance.now();
let read = 0;
for (let after = 0; ;) {
  const events = await log.read({ after: after, limit: STEP });
  const last = events.at(-1);
  if (last === undefined) break;
  read += events.length;
  after = last.seq;
}
rate('read', read, performance.now() - reading);

const state = openState({ file: join(directory, 'state.db') });
const settling = performance.now();
for (let seq = 1; seq <= total; seq += STEP) {
  const outcomes = Array.from({ length: STEP }, (_, n): OutcomeRow => {
    return {
      destination: 'iterable',
      seq: seq + n,
      mappingId: 'track',
      status: 'delivered',
      attempts: 1,
      at: settling,
    };
  });
  await state.settle({ destination: 'iterable', cursor: seq + STEP - 1, outcomes });
}
rate(`settled, ${STEP} outcomes at a time`, total, performance.now() - settling);

await log.close();
state.close();
for (const file of ['log.db', 'state.db']) {
  say(`${file}: ${Math.round(statSync(join(directory, file)).size / total)} bytes an event`);
}
say(`resident: ${Math.round(process.memoryUsage.rss() / 1_048_576)} MB`);
rmSync(directory, { recursive: true });
