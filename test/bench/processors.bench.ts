/**
 * Measures what processors cost: the same events of a shop with every processor and with none, from HTTP to the last outcome and the
 * last derived event; and the stored bytes per user.
 *
 *     npm run bench:processors -- --users 1000000
 *     npm run bench:processors -- --users 100000 --to iterable
 *
 * The destination accepts everything and does nothing; with `--to iterable`, it is a local Iterable in another process.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStores } from '@waybill/delivery';
import { processors } from '@waybill/ingest';
import { SERVER_ENV, SERVER_FLAGS } from '@waybill/server/process';
import { type Child, startChild } from './children.ts';
import { startHelper } from './delivery/children.ts';
import { shopEvents } from './processors/shop-events.ts';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    only: { type: 'string' },
    to: { type: 'string', default: 'dummy' },
    prof: { type: 'string' },
  },
});
if (!['dummy', 'iterable'].includes(values.to))
  throw new Error(`--to is dummy or iterable, not ${values.to}.`);
const users = Number(values.users);
const SENDERS = 4;
/** Users of one request. */
const USERS_A_REQUEST = 20;
const slugs = processors
  .map(({ slug }) => slug)
  .filter((slug) => (values.only?.split(',') ?? [slug]).includes(slug) && slug !== 'dummy');

interface Usage {
  readonly rss: number;
  readonly cpu: number;
  readonly threads: Readonly<Record<string, number>>;
}

interface Run {
  readonly events: number;
  readonly perSecond: number;
  readonly cpu: number;
  /** Microseconds of it by thread. */
  readonly threads: Readonly<Record<string, number>>;
  readonly megabytes: number;
  readonly bytesPerUser: number;
}

async function run(with_: readonly string[]): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  const profile = values.prof !== undefined && with_.length > 0;
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${values.prof}`] : [];
  const iterable = values.to === 'iterable' ? await startHelper('sandbox.ts') : undefined;
  const server = await startChild(
    join(import.meta.dirname, 'processors/serve.ts'),
    [folder, JSON.stringify(with_), ...(iterable === undefined ? [] : [iterable.url])],
    [...process.execArgv, ...SERVER_FLAGS, ...flags],
    SERVER_ENV,
  );
  try {
    // One after the other: an answer does not name its question.
    let answered: Promise<unknown> = Promise.resolve();
    const ask = <T>(message: string): Promise<T> => {
      const answer = answered.then(() => server.ask<T>(message));
      answered = answer;
      return answer;
    };
    const usage = (): Promise<Usage> => ask('usage');
    const first = await usage();
    const began = performance.now();
    let most = 0;
    let next = 0;
    let events = 0;
    const sender = async (): Promise<void> => {
      while (next < users) {
        const from = next;
        next += USERS_A_REQUEST;
        const batch = Array.from({ length: USERS_A_REQUEST }, (_, at) =>
          shopEvents(from + at, Date.now()),
        ).flat();
        events += batch.length;
        await post(server, { batch });
      }
    };
    const watch = setInterval(() => void usage().then(({ rss }) => (most = Math.max(most, rss))), 500);
    await Promise.all(Array.from({ length: SENDERS }, sender));
    clearInterval(watch);
    await ask('idle');
    const seconds = (performance.now() - began) / 1_000;
    const last = await usage();
    most = Math.max(most, last.rss);
    const ended = new Promise((resolve) => server.process.once('exit', resolve));
    server.process.send('stop');
    await ended;
    return {
      events,
      perSecond: events / seconds,
      cpu: ((last.cpu - first.cpu) / events) * 1e6,
      threads: Object.fromEntries(
        Object.entries(last.threads).map(([name, seconds]) => [
          name,
          ((seconds - (first.threads[name] ?? 0)) / events) * 1e6,
        ]),
      ),
      megabytes: most / 2 ** 20,
      bytesPerUser: (await keptBytes(folder, with_, events)) / users,
    };
  } finally {
    await server.kill();
    await iterable?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sends a batch, again when the server has no room yet. */
async function post(server: Child, body: object): Promise<void> {
  for (;;) {
    const answer = await fetch(`${server.first.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('demo:')}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    if (answer.ok) return;
    if (answer.status !== 429) throw new Error(`The server answered ${answer.status}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The bytes that processors store. */
async function keptBytes(folder: string, of: readonly string[], events: number): Promise<number> {
  const { log, close } = await openStores(`sqlite:${folder}`, { writes: [] });
  let bytes = 0;
  for (const slug of of) {
    const { cursor } = await log.carried(`processor ${slug}`, []);
    if (Number(cursor) < events) throw new Error(`${slug} has come to ${cursor} of ${events} events.`);
    for (let after: string | undefined; ;) {
      const page = await log.carriedAfter(`processor ${slug}`, { after, limit: 1_000 });
      for (const { key, value } of page) bytes += key.length + value.length;
      if (page.length < 1_000) break;
      after = page.at(-1)!.key;
    }
  }
  await close();
  return bytes;
}

const number = (value: number): string => Math.round(value).toLocaleString('en');
const line = (name: string, { events, perSecond, cpu, threads, megabytes }: Run): void => {
  const each = Object.entries(threads)
    .filter(([, one]) => one >= 0.1)
    .map(([thread, one]) => `${thread} ${one.toFixed(1)}`);
  console.log(
    `${name.padEnd(24)} ${number(perSecond)} events/s, ${cpu.toFixed(1)} µs of processor an event, at most ${number(megabytes)} MB (${number(events)} events)\n` +
      `${' '.repeat(25)}µs by thread: ${each.join(', ')}`,
  );
};
console.log(
  `${cpus().length} cores of ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${number(users)} users\n`,
);
const none = await run([]);
line('without processors', none);
const all = await run(slugs);
line(`with ${slugs.length} processors`, all);
console.log(
  `\n${(all.perSecond / none.perSecond).toFixed(2)} of the events/s, ${(all.megabytes / none.megabytes).toFixed(2)} of the memory, ` +
    `${number(all.bytesPerUser)} bytes kept of a user (${slugs.join(', ')})`,
);
