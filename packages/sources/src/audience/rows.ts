import { type FileHandle, open } from 'node:fs/promises';
import { Socket } from 'node:net';
import type pg from 'pg';
import { AudienceError, quoted } from './engine.ts';
import type { Database, Job } from './job.ts';
import { checkColumns } from './statements.ts';

/** The connection timeout, in milliseconds. */
const CONNECT = 10_000;

/** Rows of the first batch, the maximum of later ones, and the approximate characters of a batch. */
const FIRST = 100;
const MOST = 5_000;
const BATCH = 2_000_000;

/** The maximum bytes of all rows. */
const MOST_BYTES = 20_000_000_000;

/** The server's message for a statement after its timeout. */
const CANCELED = '57014';

const CURSOR = 'waybill_rows';

/** Types that DuckDB and PostgreSQL share, by the object IDs of PostgreSQL; a value of another one is stored as JSON. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [16, 'BOOLEAN'],
  ...[20, 21, 23].map((type) => [type, 'BIGINT'] as const),
  // Names, strings, UUIDs, dates and times.
  ...[19, 25, 1042, 1043, 2950, 1082, 1083, 1114, 1184, 1266].map((type) => [type, 'VARCHAR'] as const),
]);

/**
 * Writes the rows of a query to a new file, and returns how DuckDB reads it. A cursor in a read-only transaction fetches them in
 * batches; it ends with the connection.
 */
export async function fetchRows(
  database: Database,
  { key, named, query = '', most }: Pick<Job, 'key' | 'named' | 'query' | 'most'>,
  file: string,
): Promise<string> {
  const client = await connected(database);
  try {
    await client.query(`SET statement_timeout = ${most}; SET timezone = 'UTC'`);
    // Ends a query whose reader was killed. Older servers lack it.
    await client.query("SET client_connection_check_interval = '5s'").catch(() => undefined);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const from = `FROM (\n${query.trim().replace(/;\s*$/, '')}\n) AS r`;
    const { fields } = await client.query(single(`SELECT r.* ${from} LIMIT 0`));
    const names = fields.map(({ name }) => name);
    checkColumns(names, { key, named });
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined)
      throw new AudienceError('audience_query_invalid', `Two columns of the query have the name "${twice}".`);
    await client.query(
      single(`DECLARE ${CURSOR} NO SCROLL CURSOR FOR SELECT to_jsonb(r)::text AS row ${from}`),
    );
    await writeRows(client, file);
    const types = fields.map(
      ({ name, dataTypeID }) => `${quoted(name)}: '${TYPES.get(dataTypeID) ?? 'JSON'}'`,
    );
    return `read_json(${quoted(file)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
  } catch (error) {
    throw failureOf(error, database);
  } finally {
    await client.query('ROLLBACK').catch(() => undefined);
    await client.end().catch(() => undefined);
  }
}

/** A query of one statement: the server refuses two. */
function single(text: string): pg.QueryConfig {
  const config = { text, queryMode: 'extended' };
  return config;
}

async function connected(database: Database): Promise<pg.Client> {
  const { default: driver } = await import('pg');
  const { host, address, port, user, password, tls } = database;
  const client = new driver.Client({
    ...{ host, port, user, database: database.database },
    // A function: without a password, local files are not searched for one.
    password: () => password,
    ssl: tls === 'none' ? false : { rejectUnauthorized: tls === 'verified' },
    stream: () => socketTo(address),
    application_name: 'waybill audience',
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
  });
  // The caller of a statement receives the error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw unreachable(error, database);
  }
}

/** A socket that connects to the checked address, whatever the host name resolves to now. */
function socketTo(address: string): Socket {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  return Object.assign(socket, { connect: (port: number) => connect(port, address) });
}

async function writeRows(client: pg.Client, file: string): Promise<void> {
  const out = await open(file, 'wx', 0o600);
  try {
    await writeBatches(client, out);
  } finally {
    await out.close();
  }
}

async function writeBatches(client: pg.Client, out: FileHandle): Promise<void> {
  let written = 0;
  let next = FIRST;
  for (;;) {
    const { rows } = await client.query<{ readonly row: string }>(`FETCH FORWARD ${next} FROM ${CURSOR}`);
    if (rows.length === 0) return;
    const text = rows.map(({ row }) => `${row}\n`).join('');
    await out.appendFile(text);
    written += Buffer.byteLength(text);
    if (written > MOST_BYTES)
      throw new AudienceError('audience_limit_reached', `The rows take more than ${MOST_BYTES} bytes.`);
    next = Math.max(1, Math.min(MOST, Math.floor((BATCH * rows.length) / text.length)));
  }
}

function failureOf(error: unknown, database: Database): AudienceError {
  if (error instanceof AudienceError) return error;
  const { code, severity, syscall } = error as { code?: string; severity?: string; syscall?: string };
  if (severity !== undefined)
    return new AudienceError(
      code === CANCELED ? 'audience_limit_reached' : 'audience_query_failed',
      `PostgreSQL at ${placeOf(database)}: ${cleaned(error, database)}`,
    );
  // A disk error, not a network error.
  if (syscall === 'write' && code === 'ENOSPC')
    return new AudienceError('source_failed', cleaned(error, database));
  return unreachable(error, database);
}

function unreachable(error: unknown, database: Database): AudienceError {
  return new AudienceError(
    'audience_database_unreachable',
    `PostgreSQL at ${placeOf(database)} cannot be used: ${cleaned(error, database)}`,
  );
}

function placeOf({ host, port, database }: Database): string {
  return `${host}:${port}/${database}`;
}

/** The message of an error, without the password that the server may repeat. */
function cleaned(error: unknown, { password }: Database): string {
  const message = error instanceof Error ? error.message : String(error);
  return password === '' ? message : message.replaceAll(password, '…');
}
