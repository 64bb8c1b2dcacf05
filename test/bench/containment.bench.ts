import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '@waybill/server';
import { barePath, processorTime } from './bare-processes.ts';
import { startChild } from './children.ts';

/*
 * What it costs an event that the code of its destination runs in a process of its own: the same events are delivered by the same
 * definition, once in the delivery thread and once as a module, in turns. Processor time of the server and of the module's process;
 * that of the destination is not in it. Beside it, the least that two processes can take: the same payloads there, and as much text back.
 *
 *   npm run bench:containment
 */

const EVENTS = Number(process.env['EVENTS'] ?? 40_000);
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

const personOf = (number: number) => ({
  userId: `user-${number % 5_000}`,
  properties: { order_id: `o-${number}`, total: number / 3, note: 'x'.repeat(200) },
});

let sent = 0;
async function accept(): Promise<void> {
  for (const end = sent + EVENTS; sent < end; sent += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, at) => {
      const number = sent + at;
      const messageId = `${Date.now()}-${number}`;
      return { type: 'track', event: 'Seen', messageId, ...personOf(number) };
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
  const ticks = modules.map(({ pid }) => (pid === undefined ? 0 : processorTime(pid)));
  return { server: user + system, module: ticks.reduce((sum, one) => sum + one, 0) };
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
const ratio = (of: (one: Used) => number): string =>
  median(({ direct: own, contained: its }) => of(its) / of(own)).toFixed(2);
console.log(`ratio, of the server alone                          ${ratio((one) => one.server)}`);
console.log(`ratio, of everything: server and process of module  ${ratio((one) => one.server + one.module)}`);
await server.stop();
await destination.kill();
rmSync(folder, { recursive: true, force: true });
const bare = await barePath((at) => {
  const { userId, properties } = personOf(at);
  return {
    userId,
    eventName: 'Seen',
    dataFields: properties,
    id: `${Date.now()}-${at}`,
    createdAt: new Date(0).toISOString(),
  };
});
console.log(
  `the least that two processes take                   ${bare.toFixed(1)} us, a ratio of ${(1 + bare / direct).toFixed(2)}`,
);
