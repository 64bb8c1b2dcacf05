/**
 * Measures a lane from the log to the settled outcome, with a destination that accepts everything at once.
 * `npx node --conditions=source packages/delivery/bench/engine.ts [events]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineAction, defineDestination, delivered, type Event, retry } from '@waybill/core';
import { createEngine } from '../src/index.ts';
import { openLog, openState } from '../test/support.ts';

const total = Number(process.argv[2] ?? 100_000);
const directory = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('{}'));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;

const send = defineAction({
  title: 'Send',
  description: 'Sends.',
  fields: {
    id: { type: 'string', label: 'Id', description: 'Id.', required: true },
    name: { type: 'string', label: 'Name', description: 'Name.' },
    data: { type: 'object', label: 'Data', description: 'Data.' },
  },
  batch: { maxItems: 1_000, maxBytes: 4_000_000 },
  async send(items, { request }) {
    const answer = await request({
      url: `http://127.0.0.1:${port}/bulk`,
      json: { items: items.map((one) => one.payload) },
    });
    return items.map(() => (answer.ok ? delivered() : retry('destination_unavailable')));
  },
});
const destination = defineDestination({
  slug: 'bench',
  name: 'Bench',
  description: 'Bench.',
  settings: {},
  actions: { send },
});

const log = openLog({ file: join(directory, 'log.db') });
const state = openState({ file: join(directory, 'state.db') });
const at = '2025-06-01T12:00:00.000Z';
for (let n = 0; n < total; n += 1_000) {
  const events = Array.from({ length: 1_000 }, (_, index): Event => {
    const id = n + index;
    return {
      type: 'track',
      event: 'Product Viewed',
      messageId: `node-next-${id}`,
      userId: `user-${id % 5_000}`,
      timestamp: at,
      receivedAt: at,
      properties: { product_id: `sku-${id % 900}`, name: 'Plain white shirt', price: 19.9, currency: 'EUR' },
      context: { ip: '203.0.113.7', library: { name: '@segment/analytics-node', version: '3.1.0' } },
    };
  });
  await log.append(events.map((event) => ({ sourceId: 'shop', event })));
}

const quiet = (): void => undefined;
const engine = createEngine({
  log,
  state,
  now: Date.now,
  random: Math.random,
  logger: {
    info: quiet,
    warn: quiet,
    error: (fields, message) => say(`${message} ${JSON.stringify(fields)}`),
  },
  allowedHosts: ['127.0.0.1'],
});
await engine.configure([
  {
    id: 'bench',
    name: 'Bench',
    enabled: true,
    destination,
    sources: undefined,
    settings: {},
    mappings: [
      {
        id: 'all',
        name: 'All',
        enabled: true,
        action: 'send',
        trigger: 'type = "track"',
        dialect: 'waybill',
        mapping: {
          id: { '@path': '$.messageId' },
          name: { '@path': '$.event' },
          data: { '@path': '$.properties' },
        },
      },
    ],
  },
]);
const started = performance.now();
engine.start();
await engine.idle();
const seconds = (performance.now() - started) / 1_000;
say(`delivered: ${Math.round(total / seconds).toLocaleString('en')}/s (${total.toLocaleString('en')})`);
say(JSON.stringify(await state.stats()));
await engine.stop();
await log.close();
state.close();
server.close();
rmSync(directory, { recursive: true });
