import pg from 'pg';
import type { Address } from './address.ts';
import { decode, encode } from './text.ts';

/** Runs statements. A `~` in one stands for the schema: `~events`. */
export interface Statements {
  /** The rows of a statement. */
  all<Row extends object>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]>;
  /** The first row. */
  one<Row extends object>(text: string, ...values: readonly unknown[]): Promise<Row | undefined>;
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

/** Opens connections when they are needed. */
export function openDatabase({ connection, schema, connections }: Address): Database {
  const pool = new pg.Pool({
    connectionString: connection,
    max: connections,
    types,
    application_name: 'waybill',
    connectionTimeoutMillis: CONNECT,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    allowExitOnIdle: true,
    onConnect: async (client: pg.ClientBase) => {
      await client.query(
        `SET default_transaction_isolation = 'read committed'; SET statement_timeout = ${STATEMENT};
         SET idle_in_transaction_session_timeout = ${IDLE}; SET client_min_messages = warning; SET timezone = 'UTC'`,
      );
    },
  });
  // A connection that is lost while nobody uses it is of no interest: the next one who needs one gets another.
  pool.on('error', () => undefined);
  const texts = new Map<string, string>();
  const prepared = (text: string): string => {
    let known = texts.get(text);
    if (known === undefined) texts.set(text, (known = text.replaceAll('~', `"${schema}".`)));
    return known;
  };
  const statements = (client: Pick<pg.ClientBase, 'query'>): Statements => {
    const query = async (text: string, values: readonly unknown[]): Promise<pg.QueryResult> =>
      client.query({ text: prepared(text), values: values.map(encode) });
    return {
      all: async <Row extends object>(text: string, ...values: readonly unknown[]) =>
        (await query(text, values)).rows.map((row) => decode(row as Row)),
      one: async <Row extends object>(text: string, ...values: readonly unknown[]) => {
        const [row] = (await query(text, values)).rows as Row[];
        return row && decode(row);
      },
      run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
      async script(text) {
        const results = (await client.query(prepared(text))) as pg.QueryResult | pg.QueryResult[];
        return [results].flat().map(({ rows }) => rows as object[]);
      },
    };
  };
  const pooled = statements({ query: pool.query.bind(pool) as pg.ClientBase['query'] });
  return {
    schema,
    ...pooled,
    async transaction(work, begin = '') {
      const client = await pool.connect();
      let failed: unknown;
      try {
        const within = statements(client);
        await within.script(`BEGIN; ${begin}`);
        const result = await work(within);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        failed = error;
        throw error;
      } finally {
        // With the connection everything ends that the transaction has begun; going back to its beginning could fail too.
        if (failed !== undefined && !(await rolledBack(client))) client.release(true);
        else client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function rolledBack(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}
