import { hash } from 'node:crypto';
import pg from 'pg';
import type { Address } from './address.ts';
import { decode, encode } from './text.ts';

/** Runs statements. A `~` in one stands for the schema: `~events`. */
export interface Statements {
  /** The rows of a statement. */
  all<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  /** The first row. */
  one<Row extends object>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
  /**
   * The same for a statement that lanes and appends run all the time: each connection parses and plans it once. Its text must not depend on
   * what is in the tables.
   */
  often<Row extends object>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
  /** How many rows a statement has changed. */
  run(text: string, ...values: readonly unknown[]): Promise<number>;
  /** Statements without values, one after the other, in one go; the rows of each. */
  script(text: string): Promise<readonly (readonly object[])[]>;
}

/** A database on a server. */
export interface Database extends Statements {
  readonly schema: string;
  /** Runs work in one transaction; throws, having changed nothing, when that fails. `begin` is run with its beginning. */
  transaction<T>(work: (statements: Statements) => Promise<T>, begin?: string): Promise<T>;
  close(): Promise<void>;
}

/** How long is waited for a connection, and for one statement, in milliseconds. */
const CONNECT = 5_000;
const STATEMENT = 30_000;
/** A transaction of a client that has vanished ends after this: until then it holds up readers. */
const IDLE = 10_000;

const INT8 = 20;
const types = new pg.TypeOverrides();
// Positions, times and counts are below 2^53.
types.setTypeParser(INT8, Number);

/** What two transactions that wait for each other are told; one of them has changed nothing and may simply begin again. */
const IN_TURN = new Set(['40P01', '40001']);
const TRIES = 5;
/** What a server says that has become a standby; the next connection may reach the one that took over. */
const READ_ONLY = '25006';

/**
 * What each connection is set to. Every statement goes along an index, in its order, and ends at a limit: a table that nobody has analysed
 * yet would otherwise be read whole and sorted for each page of it.
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
  // Who uses a connection that is lost is told by the statement; when nobody does, the next one gets another.
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

/** The code of an error of the server. */
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

/** Names of statements by their texts: as many as there are callers of `often`. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = hash('sha256', text, 'hex').slice(0, 32)));
  return name;
}

/** Says where, and never as whom: an address holds a password. */
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
