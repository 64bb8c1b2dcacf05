import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@waybill/server';
import { startChild } from './children.ts';

/*
 * What it costs an event that the code of its destination runs in a process of its own: the same events are delivered by the same
 * definition, once in the delivery thread and once as a module, in turns. Processor time of the server and of the module's process;
 * that of the destination is not in it.
 *
 *   npm run bench:containment
 */

const EVENTS = Number(process.env['EVENTS'] ?? 20_000);
const ROUNDS = 5;
const BATCH = 500;

const folder = mkdtempSync(join(tmpdir(), 'waybill-containment-'));
const module = join(folder, 'contained.mjs');
writeFileSync(
  module,
  `import { iterable } from ${JSON.stringify(import.meta.resolve('@waybill/destinations'))};
   export const contained = { ...iterable, slug: 'contained' };`,
);
const destination = await startChild(join(import.meta.dirname, 'delivery/sandbox.ts'), [], process.execArgv);
const { url } = destination.first;
const settings = { apiKey: 'demo', projectType: 'hybrid', apiUrl: url };
const lane = (id: string, type: string): object => ({ id, type, enabled: false, settings });
const server = await startServer(
  {
    dataDir: join(folder, 'data'),
    port: 0,
    logLevel: 'error',
    adminToken: 'token',
    destinations: [module],
    allowedHosts: [new URL(url).host],
  },
  JSON.stringify({
    sources: [{ id: 'shop', writeKey: 'demo' }],
    destinations: [lane('direct', 'iterable'), lane('contained', 'contained')],
  }),
);

async function call(path: string, method: string, body: unknown): Promise<Record<string, unknown>> {
  const isTracking = path.startsWith('v1/');
  const answer = await fetch(`${server.url}/${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: isTracking ? `Basic ${btoa('demo:')}` : 'Bearer token',
      'if-match': '*',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

let sent = 0;
async function accept(): Promise<void> {
  for (const end = sent + EVENTS; sent < end; sent += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => {
      const number = sent + at;
      const properties = { order_id: `o-${number}`, total: number / 3, note: 'x'.repeat(200) };
      const userId = `user-${number % 5_000}`;
      return { type: 'track', event: 'Seen', messageId: `${Date.now()}-${number}`, userId, properties };
    });
    await call('v1/batch', 'POST', { batch });
  }
}

interface Used {
  readonly server: number;
  readonly module: number;
}

/** Processor microseconds so far. */
async function used(): Promise<Used> {
  const { modules } = (await call('api/stats', 'GET', undefined)) as { modules: { pid?: number }[] };
  const { user, system } = process.cpuUsage();
  const ticks = modules.flatMap(({ pid }) => {
    if (pid === undefined) return [];
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return [Number(fields[11]) + Number(fields[12])];
  });
  return { server: user + system, module: ticks.reduce((sum, one) => sum + one, 0) * 10_000 };
}

/** What delivering what waits takes an event. */
async function deliver(id: string): Promise<Used> {
  const before = await used();
  await call(`api/destinations/${id}`, 'PATCH', { enabled: true });
  await server.idle();
  const after = await used();
  await call(`api/destinations/${id}`, 'PATCH', { enabled: false });
  return {
    server: (after.server - before.server) / EVENTS,
    module: (after.module - before.module) / EVENTS,
  };
}

const rounds: { direct: Used; contained: Used }[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  await accept();
  const order = round % 2 === 0 ? ['direct', 'contained'] : ['contained', 'direct'];
  const made: Record<string, Used> = {};
  for (const id of order) made[id] = await deliver(id);
  // The first round is to warm up.
  if (round > 0) rounds.push(made as (typeof rounds)[number]);
}
const median = (of: (one: (typeof rounds)[number]) => number): number =>
  rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)]!;
const direct = median((one) => one.direct.server);
const contained = median((one) => one.contained.server);
const beside = median((one) => one.contained.module);
console.log(`${ROUNDS} rounds of ${EVENTS} events to a local Iterable; processor time of an event, medians:`);
console.log(`in the delivery thread   ${direct.toFixed(1)} us`);
console.log(
  `as a module              ${contained.toFixed(1)} us, and ${beside.toFixed(1)} us in its own process`,
);
const ratios = rounds.map((one) => (one.contained.server + one.contained.module) / one.direct.server);
const server1 = rounds.map((one) => one.contained.server / one.direct.server);
const middle = (list: readonly number[]): string =>
  list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!.toFixed(2);
console.log(`ratio of the server's    ${middle(server1)}`);
console.log(`ratio of all             ${middle(ratios)}`);
await server.stop();
await destination.kill();
rmSync(folder, { recursive: true, force: true });
