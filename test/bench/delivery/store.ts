import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ownPostgres } from '../../../packages/delivery/test/postgres/server.ts';

/** Where the servers of a measurement keep everything. */
export interface MeasuredStore {
  /** Environment of the servers, and arguments of the bare path, for a measurement that begins with nothing. */
  begin(partitions?: number): Promise<{
    readonly env: Readonly<Record<string, string>>;
    readonly address: string | undefined;
  }>;
  /** Which bare path is of the same kind. */
  readonly bare: string;
  /** Its kinds, with the arguments for each. */
  readonly barePaths: Readonly<Record<string, readonly string[]>>;
  /** Processor seconds of the database server until now; 0 where there is none, or where they cannot be read. */
  cpu(): number;
  /** Bytes on disk per event, with IDs and outcomes, and open connections; undefined without a database server. */
  look(address: string): Promise<{ readonly bytes: number; readonly connections: number } | undefined>;
  /** Stops the database server, without which the process would not end. */
  end(): Promise<void>;
}

/** Everything is in the data folder. */
const FOLDER: MeasuredStore = {
  begin: () => Promise.resolve({ env: {}, address: undefined }),
  bare: '../bare-path.ts',
  barePaths: { 'bare path': [] },
  cpu: () => 0,
  look: () => Promise.resolve(undefined),
  end: () => Promise.resolve(),
};

/** What a server gets that is measured: it writes through to the disk, and has some memory. */
const FLAGS = [
  '-c',
  'fsync=on',
  '-c',
  'shared_buffers=256MB',
  '-c',
  'max_wal_size=2GB',
  '-c',
  'max_connections=200',
];

/** The store that an option names. */
export async function measuredStore(name: string): Promise<MeasuredStore> {
  if (name === 'sqlite') return FOLDER;
  if (name !== 'postgres') throw new Error(`--store is sqlite or postgres, not "${name}"`);
  const server = await ownPostgres(FLAGS);
  const postmaster = await postmasterOf(await server.database());
  return {
    async begin(partitions = 1) {
      const address = await server.database();
      return { env: { WAYBILL_STORE: `${address}?partitions=${partitions}` }, address };
    },
    bare: '../bare-path-postgres.ts',
    barePaths: { 'bare path': [], 'bare path that marks rows': ['marks'] },
    cpu: () => cpuOf(postmaster),
    look,
    end: () => server.stop(),
  };
}

/** Runs work with a new data folder. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function look(address: string): Promise<{ readonly bytes: number; readonly connections: number }> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<{ bytes: number; connections: number }>(
    `SELECT (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relnamespace = 'waybill'::regnamespace AND relkind = 'r')::float8
       / greatest(1, (SELECT count(*) FROM waybill.events)) AS bytes,
       (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()) AS connections`,
  );
  await client.end();
  return rows[0]!;
}

async function postmasterOf(address: string): Promise<number> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  const { rows } = await client.query<{ folder: string }>(
    "SELECT current_setting('data_directory') AS folder",
  );
  await client.end();
  return Number(readFileSync(join(rows[0]!.folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Ticks of a second in `/proc`. */
const TICKS = 100;

/** Processor seconds of a process, of those that it has started, and of those of them that have ended. */
function cpuOf(postmaster: number): number {
  let ticks = 0;
  for (const name of existsSync('/proc') ? readdirSync('/proc') : []) {
    if (!/^[0-9]+$/.test(name)) continue;
    const [, parent, user = 0, system = 0, ...ended] = statOf(name);
    if (Number(name) === postmaster) ticks += user + system + (ended[0] ?? 0) + (ended[1] ?? 0);
    else if (parent === postmaster) ticks += user + system;
  }
  return ticks / TICKS;
}

/** State, parent, and ticks of a process: its own for its code and for the kernel, then both of its ended children. */
function statOf(pid: string): readonly number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may have spaces and brackets.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return [0, ...[1, 11, 12, 13, 14].map((at) => fields[at] ?? 0)];
  } catch {
    return [];
  }
}
