import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Connection,
  loadDuckDb,
  openEngine,
  quoted,
} from '../../packages/sources/src/audience/engine.ts';
import type { Compared, LastResult } from '../../packages/sources/src/audience/job.ts';
import { SPARING } from '../../packages/sources/src/audience/runner.ts';
import { run } from '../../packages/sources/src/audience/run.ts';

/*
 * npm run bench:audience [-- --rows 10000000]: the cost of comparing a file with the last result, relative to reading both files with
 * the same engine and memory limit. Each part runs in a separate process; CPU time and peak memory are compared.
 */

const MEMORY = 256;

interface Part {
  readonly what: 'write' | 'read' | 'first' | 'diff';
  readonly folder: string;
  readonly rows: number;
  readonly last?: LastResult;
}

interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
  readonly compared?: Compared;
}

/** Rows of the file; in the second one 1 % have changed, come or gone: half of them have another value. */
function rowsOf(rows: number, isSecond: boolean): string {
  const shift = isSecond ? Math.round(rows / 400) : 0;
  const total = isSecond
    ? `CASE WHEN i % 200 = 0 THEN 1 ELSE 0 END + (i * 7919) % 1000`
    : '(i * 7919) % 1000';
  return `SELECT 'user-' || i AS user_id, 'user-' || i || '@example.com' AS email, ${total} AS total,
    ['free', 'pro', 'team'][1 + i % 3] AS plan, i % 2 = 0 AS active FROM range(${shift}, ${rows + shift}) t(i)`;
}

async function perform({ what, folder, rows, last }: Part): Promise<Compared | undefined> {
  const [before, after] = [join(folder, 'before.csv'), join(folder, 'after.csv')];
  const open = async (): Promise<Connection> =>
    openEngine(await loadDuckDb(), {
      file: undefined,
      folder,
      temporary: join(folder, 'tmp'),
      memoryMb: MEMORY,
    });
  if (what === 'write') {
    const connection = await open();
    await connection.run(`COPY (${rowsOf(rows, false)}) TO ${quoted(before)} (HEADER)`);
    await connection.run(`COPY (${rowsOf(rows, true)}) TO ${quoted(after)} (HEADER)`);
    return undefined;
  }
  if (what === 'read') {
    const connection = await open();
    const both = [before, after].map((file) => `FROM read_csv(${quoted(file)})`).join(' UNION ALL ');
    await connection.runAndReadAll(`SELECT count(*), bit_xor(hash(t)) FROM (${both}) t`);
    return undefined;
  }
  const out = join(folder, what);
  mkdirSync(out, { recursive: true });
  const file = what === 'first' ? before : after;
  const said = await run({
    ...{ from: { file }, folder, out, key: 'user_id', named: [], memoryMb: MEMORY, most: Infinity },
    ...(last === undefined ? {} : { last }),
  });
  if ('failure' in said) throw new Error(said.failure.message);
  return said.compared;
}

function apart(part: Part): Promise<Cost> {
  const { promise, resolve, reject } = Promise.withResolvers<Cost>();
  const child = fork(import.meta.filename, ['part'], {
    serialization: 'advanced',
    execArgv: [...process.execArgv, ...SPARING],
  });
  child.once('message', (cost) => resolve(cost as Cost));
  child.once('exit', (code) => reject(new Error(`${part.what} ended with ${code}`)));
  child.send(part);
  return promise;
}

async function measure(rows: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-audience-'));
  try {
    await apart({ what: 'write', folder, rows });
    const first = await apart({ what: 'first', folder, rows });
    const read = await apart({ what: 'read', folder, rows });
    const last = first.compared!.result;
    const diff = await apart({ what: 'diff', folder, rows, last });
    const told = { rows, counts: diff.compared!.counts };
    const cost = ({ seconds, megabytes }: Cost): object => ({ seconds, megabytes });
    const ratio = {
      time: Number((diff.seconds / read.seconds).toFixed(2)),
      memory: Number((diff.megabytes / read.megabytes).toFixed(2)),
    };
    const result = { ...told, read: cost(read), diff: cost(diff), first: cost(first), ratio };
    process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === 'part') {
  process.once('message', (part: Part) => {
    void perform(part).then((compared) => {
      const { user, system } = process.cpuUsage();
      const high = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
      const cost = {
        seconds: Number(((user + system) / 1e6).toFixed(2)),
        megabytes: Math.round(Number(high) / 1024),
      };
      process.send!({ ...cost, ...(compared === undefined ? {} : { compared }) }, () => process.exit(0));
    });
  });
} else {
  const at = process.argv.indexOf('--rows');
  await measure(at < 0 ? 10_000_000 : Number(process.argv[at + 1]));
}
