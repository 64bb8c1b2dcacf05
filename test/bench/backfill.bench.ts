/**
 * Measures a back-fill of orders from a local shop: its rate beside that of reading the same pages with the same client and keeping
 * nothing, its memory, a kill in the middle, and what it does to live events.
 *
 *     npm run bench:backfill -- --count 1000000 --kill
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SERVER_FLAGS } from '@waybill/server/process';
import { liveBeside } from './backfill/live.ts';
import {
  backfill,
  discard,
  faultsOf,
  type Filled,
  type Flags,
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
    /** How long live events are measured for, with and without a back-fill. */
    seconds: { type: 'string', default: '20' },
    /** Milliseconds after which the shop answers a call. */
    latency: { type: 'string', default: '0' },
    prof: { type: 'string' },
  },
});
const count = Number(values.count);
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
function check(name: string, one: Filled, read: Read): void {
  const faults = faultsOf(one, read);
  wrong.push(...faults.map((fault) => `${name}: ${fault}`));
  const ratio = (rateOf(one) / rateOf(read)).toFixed(2);
  const text = `${number(rateOf(one))} orders/s, ${ratio} of that, ${number(one.megabytes)} MB at most`;
  line(name, `${text}; ${processorOf(one)}`);
  line(
    '',
    faults.length === 0 ? `each of ${number(one.orders)} orders once, totals equal` : faults.join('; '),
  );
}

console.log(
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${number(count)} orders; the shop answers a call after ${values.latency} ms\n`,
);
const shop: Shop = await startPart('shop.ts', [String(count), values.latency], flags.node);
try {
  const read = await discard(shop, flags);
  line(
    'read and discarded',
    `${number(rateOf(read))} orders/s, ${number(read.megabytes)} MB at most; ${processorOf(read)}`,
  );
  if (read.rows !== count) wrong.push(`The shop gave ${read.rows} orders.`);
  check('back-fill', await filled(shop, false), read);
  if (values.kill) check('back-fill, killed in the middle', await filled(shop, true), read);
  const live = await inFolder((folder) => liveBeside(folder, shop, flags, Number(values.seconds)));
  const { without, beside } = live;
  line(
    'live events without',
    `sent to delivered: p50 ${without.p50} ms, p99 ${without.p99} ms (${number(without.events)})`,
  );
  line(
    'live events beside a back-fill',
    `p50 ${beside.p50} ms, p99 ${beside.p99} ms, ${(beside.p99 / without.p99).toFixed(2)} of that (${number(beside.events)}), while ${number(live.perSecond)} orders/s were read`,
  );
} finally {
  await shop.kill();
}
for (const fault of wrong) console.error(fault);
process.exitCode = wrong.length === 0 ? 0 : 1;
