import { hash } from 'node:crypto';
import pg from 'pg';
import type { Address } from './address.ts';
import { decode, encode } from './text.ts';

/** Runs statements. A `~` is replaced by the schema: `~events`. */
export interface Statements {
  /** The rows of a statement. */
  all<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  /** The first row. */
  one<Row extends object>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
  /**
   * The same for a frequent statement: each connection parses and plans it once. Its text must not depend on the contents of
   * the tables.
   */
  often<Row extends object>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
  /** Runs a statement and returns the number of changed rows. */
  run(text: string, ...values: readonly unknown[]): Promise<number>;
  /** Runs statements without values in one call; returns the rows of each. */
  script(text: string): Promise<readonly (readonly object[])[]>;
}

/** A database on a server. */
export interface Database extends Statements {
  readonly schema: string;
  /** Runs work in one transaction; throws, having changed nothing, when that fails. `begin` runs with its BEGIN. */
  transaction<T>(work: (statements: Statements) => Promise<T>, begin?: string): Promise<T>;
  close(): Promise<void>;
}

/** The timeout of a connection, and of a statement, in milliseconds. */
const CONNECT = 5_000;
const STATEMENT = 30_000;
/** The timeout of a transaction whose client has vanished: until then it blocks readers. */
const IDLE = 10_000;

const INT8 = 20;
const types = new pg.TypeOverrides();
// Positions, times and counts are below 2^53.
types.setTypeParser(INT8, Number);

/** The code of a deadlock: one of the transactions has changed nothing and can be repeated. */
const IN_TURN = new Set(['40P01', '40001']);
const TRIES = 5;
/** The code of a server that has become a standby; the next connection may reach the new primary. */
const READ_ONLY = '25006';

/**
 * Settings of each connection. Every statement follows an index, in its order, and ends at a limit: a table without statistics
 * would otherwise be read whole and sorted for each page.
 */
const SETTINGS = `SET default_transaction_isolation = 'read committed'; SET statement_timeout = ${STATEMENT};
  SET idle_in_transaction_session_timeout = ${IDLE}; SET client_min_messages = warning; SET timezone = 'UTC';
  SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off`;

/** Opens connections when they are needed. */
export function openDatabase({ connection, schema, connections, place }: Address): Database {
  const pool = new pg.Pool({
    connectionString: connection,
    max: connections,
    types,
    application_name: 'waybill',
    connectionTimeoutMillis: CONNECT,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    onConnect: async (client: pg.ClientBase) => {
      await client.query(SETTINGS);
    },
  });
  // The statement reports a lost connection in use; an idle one is replaced.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const withClient = async <T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw unreachable(place, error);
    });
    let isLost = false;
    try {
      return await work(client);
    } catch (error) {
      isLost = codeOf(error) === READ_ONLY || !(await rolledBack(client));
      throw error;
    } finally {
      client.release(isLost);
    }
  };
  const transaction = async <T>(work: (statements: Statements) => Promise<T>, begin: string): Promise<T> =>
    withClient(async (client) => {
      const within = statementsOf(client, schema);
      await within.script(`BEGIN; ${begin}`);
      const result = await work(within);
      await client.query('COMMIT');
      return result;
    });
  return {
    schema,
    all: (text, ...values) => withClient((client) => statementsOf(client, schema).all(text, ...values)),
    one: (text, ...values) => withClient((client) => statementsOf(client, schema).one(text, ...values)),
    often: (text, ...values) => withClient((client) => statementsOf(client, schema).often(text, ...values)),
    run: (text, ...values) => withClient((client) => statementsOf(client, schema).run(text, ...values)),
    script: (text) => withClient((client) => statementsOf(client, schema).script(text)),
    async transaction(work, begin = '') {
      for (let tries = 1; ; tries += 1) {
        try {
          return await transaction(work, begin);
        } catch (error) {
          if (tries === TRIES || !IN_TURN.has(codeOf(error) ?? '')) throw error;
        }
      }
    },
    close: () => pool.end(),
  };
}

/** Returns the code of an error of the server. */
export function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | undefined)?.code;
}

function statementsOf(client: pg.ClientBase, schema: string): Statements {
  const prepared = (text: string): string => text.replaceAll('~', `"${schema}".`);
  const query = async <Row extends object>(
    text: string,
    values: readonly unknown[],
    name?: string,
  ): Promise<pg.QueryResult<Row>> =>
    client.query<Row>({ name, text: prepared(text), values: values.map(encode) });
  return {
    all: async <Row extends object>(text: string, ...values: readonly unknown[]) =>
      (await query<Row>(text, values)).rows.map(decode),
    async one<Row extends object>(text: string, ...values: readonly unknown[]) {
      const [row] = (await query<Row>(text, values)).rows;
      return row && decode(row);
    },
    async often<Row extends object>(text: string, ...values: readonly unknown[]) {
      const [row] = (await query<Row>(text, values, nameOf(text))).rows;
      return row && decode(row);
    },
    run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
    async script(text) {
      const results = (await client.query(prepared(text))) as pg.QueryResult | pg.QueryResult[];
      return [results].flat().map(({ rows }) => rows as object[]);
    },
  };
}

/** Names of prepared statements by their text: as many as there are callers of `often`. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = hash('sha256', text, 'hex').slice(0, 32)));
  return name;
}

/** Names the server but not the user: an address has a password. */
function unreachable(place: string, error: unknown): Error {
  const { errors, message, code } = error as AggregateError & { readonly code?: string };
  const reason = message || (errors?.[0] as Error | undefined)?.message || code;
  return new Error(`PostgreSQL at ${place} accepts no connection: ${reason}`);
}

async function rolledBack(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
