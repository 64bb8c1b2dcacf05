/**
 * Measures the whole path: HTTP in, durable, mapped, HTTP out, outcome recorded; with a local Iterable in a process of
 * its own, and beside it the bare path of the same machine and the peer.
 *
 *     npm run bench:delivery -- --seconds 60 --backlog 1000000
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startHelper, startServed, stopHelper } from './delivery/children.ts';
import { createRig, type Stretch } from './delivery/measure.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    backlog: { type: 'string' },
    full: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    prof: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const backlog = Number(values.backlog ?? (values.full ? 10_000_000 : 1_000_000));
const parts = (values.only ?? 'bare,peer,rate,latency,backlog').split(',');
const CLIENTS = { connections: 8, eventsPerRequest: 200 };
/** Events that may be under way: enough that nobody waits, few enough that what is accepted is soon delivered. */
const WINDOW = 20_000;

const results: Record<string, unknown> = {};
const number = (value: number): string => Math.round(value).toLocaleString('en');
const perSecond = (one: Stretch): { accepted: number; delivered: number } => ({
  accepted: one.accepted / one.seconds,
  delivered: one.delivered / one.seconds,
});
const line = (name: string, text: string): void => console.log(`${name.padEnd(34)} ${text}`);
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`;

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Accepts and delivers at once, as fast as both go together. */
async function sustained(time: number, bare = false): Promise<Stretch> {
  return inFolder(async (folder) => {
    const destination = await startHelper('sandbox.ts');
    const profile = values.prof !== undefined && !bare;
    const args = [folder, destination.url, 'true'];
    const server = bare
      ? await startHelper('../bare-path.ts', args)
      : await startServed(args, profile ? ['--cpu-prof', `--cpu-prof-dir=${values.prof}`] : []);
    const rig = await createRig(server, destination);
    try {
      await rig.run({ ...CLIENTS, window: WINDOW, seconds: Math.min(3, time) });
      const stretch = await rig.run({ ...CLIENTS, window: WINDOW, seconds: time });
      if (profile) await stopHelper(server);
      return stretch;
    } finally {
      rig.close();
      await server.kill();
      await destination.kill();
    }
  });
}

/** From sending an event to its arrival at the destination, at a steady pace. */
async function latency(): Promise<{ events: number; p50: number; p99: number; max: number }> {
  return inFolder(async (folder) => {
    const destination = await startHelper('sandbox.ts');
    const server = await startServed([folder, destination.url, 'true']);
    const rig = await createRig(server, destination);
    try {
      const order = { connections: 8, eventsPerRequest: 1, rate: 1_000 };
      await rig.run({ ...order, seconds: 3, drain: true });
      destination.process.send('measure');
      await rig.run({ ...order, seconds: Math.max(5, Math.min(20, seconds)), drain: true });
      return await destination.ask('waits');
    } finally {
      rig.close();
      await server.kill();
      await destination.kill();
    }
  });
}

/** Processor time of the server for an event that comes in and one that goes out while so many wait. */
async function costAt(events: number): Promise<{ microseconds: number; rss: number }> {
  return inFolder(async (folder) => {
    const destination = await startHelper('sandbox.ts');
    let server = await startServed([folder, destination.url, 'false']);
    let rig = await createRig(server, destination);
    await rig.run({ ...CLIENTS, events });
    const filled = rig.accepted;
    rig.close();
    await stopHelper(server);
    server = await startServed([folder, destination.url, 'true']);
    rig = await createRig(server, destination, filled);
    try {
      const keep = { ...CLIENTS, window: 5_000, keepBacklog: true };
      await rig.run({ ...keep, seconds: 3 });
      const stretch = await rig.run({ ...keep, seconds: 8 });
      const work = stretch.accepted + stretch.delivered;
      return { microseconds: (stretch.cpu / work) * 2e6, rss: stretch.rss };
    } finally {
      rig.close();
      await server.kill();
      await destination.kill();
    }
  });
}

console.log(
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${seconds} s each\n`,
);
let bare: Stretch | undefined;
if (parts.includes('bare')) {
  bare = await sustained(Math.min(seconds, 10), true);
  const { accepted, delivered } = perSecond(bare);
  results['bare'] = { accepted, delivered, rss: bare.rss };
  line('bare path', `${number(accepted)}/s accepted, ${number(delivered)}/s delivered, ${bare.rss} MB`);
}
if (parts.includes('peer')) {
  const destination = await startHelper('sandbox.ts');
  const peer = await startHelper('on-batch.ts', [destination.url, String(Math.min(seconds, 10))]);
  const rate = Number(peer.first['rate']);
  results['onBatch'] = { delivered: rate };
  line('onBatch of actions-core', `${number(rate)}/s delivered, not durable, no ingestion`);
  await destination.kill();
}
if (parts.includes('rate')) {
  const stretch = await sustained(seconds);
  const { accepted, delivered } = perSecond(stretch);
  const cost = (stretch.cpu / stretch.delivered) * 1e6;
  results['waybill'] = { accepted, delivered, rss: stretch.rss, cpuMicroseconds: cost, seconds };
  const beside =
    bare === undefined
      ? ''
      : `, ${ratio(delivered, perSecond(bare).delivered)} of the bare path; ` +
        `${cost.toFixed(1)} µs of processor an event, bare ${((bare.cpu / bare.delivered) * 1e6).toFixed(1)}`;
  line(
    'Waybill',
    `${number(accepted)}/s accepted, ${number(delivered)}/s delivered, ${stretch.rss} MB${beside}`,
  );
}
if (parts.includes('latency')) {
  const found = await latency();
  results['latency'] = found;
  line(
    'at 1,000 events/s',
    `sent to delivered: p50 ${found.p50} ms, p99 ${found.p99} ms, most ${found.max} ms (${number(found.events)})`,
  );
}
if (parts.includes('backlog')) {
  const small = await costAt(10_000);
  const large = await costAt(backlog);
  results['backlog'] = { small, large, events: backlog, ratio: large.microseconds / small.microseconds };
  line(
    `cost an event, 10,000 waiting`,
    `${small.microseconds.toFixed(1)} µs of processor in and out, ${small.rss} MB`,
  );
  line(
    `cost an event, ${number(backlog)} waiting`,
    `${large.microseconds.toFixed(1)} µs, ${ratio(large.microseconds, small.microseconds)}, ${large.rss} MB`,
  );
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
