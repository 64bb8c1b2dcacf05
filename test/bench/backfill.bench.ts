/**
 * Measures a back-fill of orders from a local shop: its rate compared with reading the same pages with the same client and discarding
 * them, its memory, a kill in the middle, and its effect on live events.
 *
 *     npm run bench:backfill -- --count 1000000 --kill
 *
 * A million orders of a shop with the latency of the internet, read once, in less than half an hour:
 *
 *     npm run bench:backfill -- --count 1000000 --latency 200 --sample 100000 --parts kill,live
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVER_FLAGS } from '@waybill/server/process';
import { type Live, liveBeside } from './backfill/live.ts';
import {
  backfill,
  discard,
  faultsOf,
  type Filled,
  type Flags,
  ordersOf,
  type Read,
  type Shop,
  startPart,
} from './backfill/measure.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    kill: { type: 'boolean', default: false },
    /** How long a part may take. */
    minutes: { type: 'string', default: '120' },
    /** Seconds for which live events are measured, with and without a back-fill. */
    seconds: { type: 'string', default: '20' },
    /** Milliseconds after which the shop answers a call. */
    latency: { type: 'string', default: '0' },
    /** The number of orders to read for the rate of reading alone; all when absent. */
    sample: { type: 'string' },
    /** The additional measurements: `backfill`, `kill`, `live`. */
    parts: { type: 'string', default: 'backfill,live' },
    prof: { type: 'string' },
  },
});
const count = Number(values.count);
const sample = Math.min(count, Number(values.sample ?? count));
const parts = new Set([...values.parts.split(','), ...(values.kill ? ['kill'] : [])]);
const seconds = Number(values.seconds);
const patience = Number(values.minutes) * 60_000;
const profiled = values.prof === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.prof}`];
const flags: Flags = { node: [], server: [...SERVER_FLAGS, ...profiled] };

const number = (value: number): string => Math.round(value).toLocaleString('en');
const line = (name: string, text: string): void => console.log(`${name.padEnd(34)} ${text}`);
const rateOf = ({ rows, seconds }: Read): number => rows / seconds;
const micros = (seconds: number, rows: number): string => ((seconds / rows) * 1e6).toFixed(0);
const processorOf = ({ cpu, shopCpu, rows }: Read): string =>
  `${micros(cpu, rows)} µs of processor an order, and ${micros(shopCpu, rows)} µs of the shop`;
const wrong: string[] = [];

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-backfill-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const filled = (shop: Shop, kill: boolean): Promise<Filled> =>
  inFolder((folder) => backfill(folder, shop, flags, { count, kill, patience }));
function check(name: string, one: Filled, read: Read, orders: Awaited<ReturnType<typeof ordersOf>>): void {
  const faults = faultsOf(one, orders);
  wrong.push(...faults.map((fault) => `${name}: ${fault}`));
  const ratio = (rateOf(one) / rateOf(read)).toFixed(2);
  const text = `${number(rateOf(one))} orders/s, ${ratio} of that, ${number(one.megabytes)} MB at most`;
  line(name, `${text}; ${processorOf(one)}`);
  line(
    '',
    faults.length === 0 ? `each of ${number(one.orders)} orders once, totals equal` : faults.join('; '),
  );
}

function sayLive({ without, beside, perSecond }: Live): void {
  line(
    'live events without',
    `sent to delivered: p50 ${without.p50} ms, p99 ${without.p99} ms (${number(without.events)})`,
  );
  line(
    'live events beside a back-fill',
    `p50 ${beside.p50} ms, p99 ${beside.p99} ms, ${(beside.p99 / without.p99).toFixed(2)} of that (${number(beside.events)}), while ${number(perSecond)} orders/s were read`,
  );
}

console.log(
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${number(count)} orders; the shop answers a call after ${values.latency} ms\n`,
);
const shop: Shop = await startPart('shop.ts', [String(count), values.latency], flags.node);
try {
  const orders = await ordersOf(shop);
  const read = await discard(shop, flags, sample);
  line(
    `${number(read.rows)} read and discarded`,
    `${number(rateOf(read))} orders/s, ${number(read.megabytes)} MB at most; ${processorOf(read)}`,
  );
  if (orders.rows !== count) wrong.push(`The shop has ${orders.rows} orders.`);
  if (sample === count && (read.rows !== count || read.total !== orders.total))
    wrong.push(`The shop gave ${read.rows} orders of ${read.total} cents, and has ${orders.total}.`);
  if (parts.has('backfill')) check('back-fill', await filled(shop, false), read, orders);
  if (parts.has('kill')) check('back-fill, killed in the middle', await filled(shop, true), read, orders);
  if (parts.has('live')) sayLive(await inFolder((folder) => liveBeside(folder, shop, flags, seconds)));
} finally {
  await shop.kill();
}
for (const fault of wrong) console.error(fault);
process.exitCode = wrong.length === 0 ? 0 : 1;
