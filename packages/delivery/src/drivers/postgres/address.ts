/** The address of the stores. */
export interface Address {
  /** The address for the client, without parameters of the driver. */
  readonly connection: string;
  /** Host, port and database: safe to show. */
  readonly place: string;
  readonly schema: string;
  /** Partitions of a new log; an existing log keeps its number. */
  readonly partitions: number;
  /** The maximum number of connections. */
  readonly connections: number;
}

const MOST_PARTITIONS = 256;

/**
 * Parses what follows `postgres:` in an address. Errors never contain the address: it has a password.
 */
export function readAddress(rest: string): Address {
  const url = URL.parse(`postgres:${rest}`);
  if (url === null || url.hostname === '' || url.pathname.length < 2)
    throw new Error(
      'The address of a PostgreSQL store is postgres://<user>:<password>@<host>:<port>/<database>.',
    );
  const take = (name: string): string | undefined => {
    const value = url.searchParams.get(name) ?? undefined;
    url.searchParams.delete(name);
    return value;
  };
  const schema = take('schema') ?? 'waybill';
  if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema))
    throw new Error(
      'The schema of a PostgreSQL store consists of lower-case letters, digits and underscores.',
    );
  const partitions = number('partitions', take('partitions') ?? '1', MOST_PARTITIONS);
  const connections = number('connections', take('connections') ?? '8', 1_000);
  const place = `${url.hostname}:${url.port || '5432'}${url.pathname}`;
  return { connection: url.href, place, schema, partitions, connections };
}

function number(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < 1 || value > most)
    throw new Error(`"${name}" of a PostgreSQL store is a whole number from 1 to ${most}.`);
  return value;
}
