/**
 * Triggers: the published library, which parses at every call, against a compiled trigger; one event against many
 * mappings. Run with `npx node test/bench/trigger.bench.ts [--json FILE]`.
 */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseFql, validate } from '@segment/destination-subscriptions';
import { do_not_optimize, measure } from 'mitata';
import { compileTrigger, createTriggerIndex } from '../../packages/core/src/trigger/index.ts';

const TRIGGERS = [
  'type = "track"',
  'type = "track" and event = "Order Completed"',
  'type = "track" and event != "Order Completed" and event != "Cart Updated"',
  'type = "track" and (event = "Cart Updated" or event = "Order Completed") and properties.total > 100',
  'type = "track" and contains(event, "Order") and match(properties.currency, "E*")',
];

const NAMES = Array.from({ length: 1000 }, (_, at) => `Event ${at}`);

const order = {
  type: 'track',
  event: 'Order Completed',
  messageId: 'm-1',
  userId: 'u-1',
  timestamp: '2026-01-01T00:00:00.000Z',
  context: { page: { path: '/checkout' } },
  properties: { total: 129.5, currency: 'EUR', products: [{ sku: 'a' }, { sku: 'b' }, { sku: 'c' }] },
};
const events = [
  order,
  { ...order, event: 'Cart Updated', properties: { total: 5, currency: 'USD' } },
  { ...order, event: 'Signed Up', properties: {} },
  { type: 'identify', userId: 'u-1', traits: { email: 'a@example.com' } },
  { type: 'page', name: 'Home', properties: { path: '/' } },
  { ...order, event: 'Event 7', properties: { total: 200, currency: 'EUR' } },
];

/** Typical workspaces: a mapping per event name, some for a few names, some for every event of a type. */
function mappings(count: number): { id: string; trigger: string }[] {
  return Array.from({ length: count }, (_, at) => {
    const name = NAMES[at] ?? '';
    if (at === 0) return 'type = "identify"';
    if (at === 1) return 'type = "track" and event != "Order Completed" and event != "Cart Updated"';
    if (at === 2) return 'type = "track" and event = "Order Completed" and properties.total > 100';
    if (at === 3) return 'type = "track" and match(event, "Order *")';
    if (at % 10 === 4) return `type = "track" and event in ["${name}", "${NAMES[at - 1] ?? ''}"]`;
    if (at % 10 === 5) return `(type = "track" and event = "${name}") and properties.total >= 10`;
    return `type = "track" and event = "${name}"`;
  }).map((trigger, id) => ({ id: String(id), trigger }));
}

/** Median nanoseconds of one call. */
async function nanoseconds(call: () => unknown): Promise<number> {
  const stats = await measure(() => do_not_optimize(call()));
  return stats.p50;
}

// Events take turns: a call with one and the same event would be settled once and for all by the optimiser.
let turn = 0;
const next = () => events[(turn = (turn + 1) % events.length)]!;

const results: Record<string, number> = {};
const rows: string[][] = [['what', 'median', 'against']];

function report(name: string, value: number, against = ''): void {
  results[name] = value;
  rows.push([name, value >= 1000 ? `${(value / 1000).toFixed(2)} us` : `${value.toFixed(1)} ns`, against]);
}

// Correctness first: equal answers for every trigger and event, in both dialects, and from the index.
let checks = 0;
for (const text of TRIGGERS) {
  const ours = compileTrigger(text);
  const hosted = compileTrigger(text, { dialect: 'segment' });
  for (const event of events) {
    const expected = validate(parseFql(text), event);
    assert.equal(ours(event), expected, text);
    assert.equal(hosted(event), expected, text);
    checks += 2;
  }
}
for (const count of [50, 1000]) {
  const entries = mappings(count);
  const index = createTriggerIndex(entries);
  for (const event of events) {
    const expected = entries.filter(({ trigger }) => compileTrigger(trigger)(event)).map(({ id }) => id);
    assert.deepEqual([...index.match(event)], expected);
    checks += 1;
  }
}
console.log(`${checks} answers equal`);

for (const text of TRIGGERS) {
  const ours = compileTrigger(text);
  const hosted = compileTrigger(text, { dialect: 'segment' });
  const parsed = parseFql(text);
  const peer = await nanoseconds(() => validate(parseFql(text), next()));
  const parsedOnce = await nanoseconds(() => validate(parsed, next()));
  const compiled = await nanoseconds(() => ours(next()));
  const segment = await nanoseconds(() => hosted(next()));
  report(`peer, parse + validate: ${text}`, peer);
  report(`peer, parsed once: ${text}`, parsedOnce);
  report(`waybill: ${text}`, compiled, `${(peer / compiled).toFixed(0)}x peer`);
  report(`waybill, segment dialect: ${text}`, segment, `${(peer / segment).toFixed(0)}x peer`);
}

const small = createTriggerIndex(mappings(50));
const large = createTriggerIndex(mappings(1000));
const each = mappings(50).map(({ trigger }) => compileTrigger(trigger));
const oneByOne = await nanoseconds(() => each.filter((holds) => holds(order)).length);
report('50 mappings, one by one', oneByOne);
const of50 = await nanoseconds(() => small.match(order));
report('50 mappings, index', of50, `${(oneByOne / of50).toFixed(1)}x one by one`);
const of1000 = await nanoseconds(() => large.match(order));
report('1,000 mappings, index', of1000, `${(of1000 / of50).toFixed(2)}x the cost of 50`);
const mixed50 = await nanoseconds(() => small.match(next()));
report('50 mappings, index, mixed events', mixed50);
const mixed1000 = await nanoseconds(() => large.match(next()));
report(
  '1,000 mappings, index, mixed events',
  mixed1000,
  `${(mixed1000 / mixed50).toFixed(2)}x the cost of 50`,
);
report('building the index of 1,000 mappings', await nanoseconds(() => createTriggerIndex(mappings(1000))));

const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
for (const row of rows) console.log(row.map((cell, at) => cell.padEnd(widths[at]!)).join('  '));

const flag = process.argv.indexOf('--json');
const file = flag === -1 ? undefined : process.argv[flag + 1];
if (file !== undefined) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
  writeFileSync(file, `${JSON.stringify({ machine, unit: 'ns', results }, null, 2)}\n`);
}
