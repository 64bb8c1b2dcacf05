/**
 * Measures the whole path: HTTP in, durable, mapped, HTTP out, outcome recorded; with a local Iterable in a separate process,
 * compared with the bare path on the same machine and with the peer.
 *
 *     npm run bench:delivery -- --seconds 60 --backlog 1000000
 *     npm run bench:delivery -- --store postgres --processes 1,2,4
 *     npm run bench:delivery -- --store postgres --only backlog,retention --backlog 10000000
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startHelper, startServed, stopHelper } from './delivery/children.ts';
import { fill } from './delivery/fill.ts';
import type { Answers } from './delivery/load.ts';
import { createRig, type Stretch } from './delivery/measure.ts';
import { droppedDay } from './delivery/retention.ts';
import { inFolder, measuredStore } from './delivery/store.ts';
import { withProcesses } from './delivery/processes.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    backlog: { type: 'string' },
    full: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    prof: { type: 'string' },
    store: { type: 'string', default: 'sqlite' },
    processes: { type: 'string' },
    lanes: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const backlog = Number(values.backlog ?? (values.full ? 10_000_000 : 1_000_000));
const all = values.processes === undefined ? 'bare,peer,rate,latency,backlog' : 'bare,rate,processes';
const parts = (values.only ?? all).split(',');
const store = await measuredStore(values.store);
const CLIENTS = { connections: 8, eventsPerRequest: 200 };
/** The maximum number of events in flight: enough to keep the server busy, few enough that accepted events are delivered soon. */
const WINDOW = 20_000;

const results: Record<string, unknown> = {};
const number = (value: number): string => Math.round(value).toLocaleString('en');
const perSecond = (one: Stretch): { accepted: number; delivered: number } => ({
  accepted: one.accepted / one.seconds,
  delivered: one.delivered / one.seconds,
});
const line = (name: string, text: string): void => console.log(`${name.padEnd(34)} ${text}`);
const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`;

/** A stretch, and the processor seconds of the database server in it. */
type Measured = Stretch & { readonly databaseCpu: number };

/** Processor time of an event, in microseconds; where there is a database server, its own too. */
function costs({ cpu, databaseCpu, delivered }: Measured): string {
  const each = (seconds: number): string => ((seconds / delivered) * 1e6).toFixed(1);
  return databaseCpu === 0 ? each(cpu) : `${each(cpu)} + ${each(databaseCpu)} of PostgreSQL`;
}

/** Accepts and delivers at the same time, at the highest rate that both sustain. */
async function sustained(time: number, bare?: readonly string[]): Promise<Measured> {
  return inFolder(async (folder) => {
    const destination = await startHelper('sandbox.ts');
    const profile = values.prof !== undefined && bare === undefined;
    const { env, address = '' } = await store.begin();
    const server =
      bare !== undefined
        ? await startHelper(store.bare, [folder, destination.url, address, ...bare])
        : await startServed(
            [folder, destination.url, 'true'],
            profile ? ['--cpu-prof', `--cpu-prof-dir=${values.prof}`] : [],
            env,
          );
    const rig = await createRig(server, destination);
    try {
      await rig.run({ ...CLIENTS, window: WINDOW, seconds: Math.min(3, time) });
      const before = store.cpu();
      const stretch = await rig.run({ ...CLIENTS, window: WINDOW, seconds: time });
      const databaseCpu = store.cpu() - before;
      const found = bare === undefined ? await store.look(address) : undefined;
      if (found !== undefined)
        line('in PostgreSQL', `${number(found.bytes)} bytes an event, ${found.connections} connections`);
      if (profile) await stopHelper(server);
      return { ...stretch, databaseCpu };
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
    const { env } = await store.begin();
    const server = await startServed([folder, destination.url, 'true'], [], env);
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

/** CPU time of the server per accepted and delivered event with a backlog of this size. */
async function costAt(
  events: number,
): Promise<{ microseconds: number; databaseMicroseconds: number; rss: number }> {
  return inFolder(async (folder) => {
    const { env } = await store.begin();
    await fill(env['WAYBILL_STORE'] ?? `sqlite:${folder}`, events);
    const destination = await startHelper('sandbox.ts');
    const server = await startServed([folder, destination.url, 'true'], [], env);
    const rig = await createRig(server, destination, events);
    try {
      const keep = { ...CLIENTS, window: 5_000, keepBacklog: true };
      await rig.run({ ...keep, seconds: 3 });
      const before = store.cpu();
      const stretch = await rig.run({ ...keep, seconds: 8 });
      const each = 2e6 / (stretch.accepted + stretch.delivered);
      const database = (store.cpu() - before) * each;
      return { microseconds: stretch.cpu * each, databaseMicroseconds: database, rss: stretch.rss };
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
/** Bare paths of the same kind, by what they are called. */
const bare = new Map<string, Measured>();
for (const [name, args] of parts.includes('bare') ? Object.entries(store.barePaths) : []) {
  const one = await sustained(seconds, args);
  bare.set(name, one);
  const { accepted, delivered } = perSecond(one);
  results[name] = { accepted, delivered, rss: one.rss };
  line(
    name,
    `${number(accepted)}/s accepted, ${number(delivered)}/s delivered, ${one.rss} MB; ${costs(one)} µs of processor an event`,
  );
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
  const { rss, databaseCpu } = stretch;
  results['waybill'] = { accepted, delivered, rss, cpuMicroseconds: cost, databaseCpu, seconds };
  const beside = [...bare].map(
    ([name, one]) => `, ${ratio(delivered, perSecond(one).delivered)} of the ${name}`,
  );
  line(
    'Waybill',
    `${number(accepted)}/s accepted, ${number(delivered)}/s delivered, ${stretch.rss} MB${beside.join('')}; ` +
      `${costs(stretch)} µs of processor an event`,
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
  const whole = (one: typeof small): number => one.microseconds + one.databaseMicroseconds;
  const told = (one: typeof small): string =>
    one.databaseMicroseconds === 0
      ? `${one.microseconds.toFixed(1)} µs`
      : `${one.microseconds.toFixed(1)} + ${one.databaseMicroseconds.toFixed(1)} of PostgreSQL µs`;
  results['backlog'] = { small, large, events: backlog, ratio: whole(large) / whole(small) };
  line(`cost an event, 10,000 waiting`, `${told(small)} of processor in and out, ${small.rss} MB`);
  line(
    `cost an event, ${number(backlog)} waiting`,
    `${told(large)}, ${ratio(whole(large), whole(small))}, ${large.rss} MB`,
  );
}
if (parts.includes('retention')) {
  const found = await droppedDay(store, backlog, seconds);
  results['retention'] = found;
  const told = ({ p50, p99, max }: Answers): string =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${max.toFixed(0)} ms`;
  line('answers before', told(found.before));
  line(
    'while a day is dropped',
    `${told(found.during)}; ${number(found.events)} events in ${found.seconds.toFixed(1)} s`,
  );
}
if (parts.includes('processes')) {
  const counts = (values.processes ?? '1,2,4').split(',').map(Number);
  results['processes'] = await withProcesses({
    counts,
    lanes: Number(values.lanes),
    seconds,
    store,
    say: line,
  });
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
await store.end();
