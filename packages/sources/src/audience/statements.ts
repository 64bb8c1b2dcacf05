import { AudienceError, type Connection, type DuckDb, named, quoted } from './engine.ts';
import type { Job } from './job.ts';

/** Returns the reader function for a file name. */
export function readerOf(file: string): string {
  const name = file.toLowerCase().replace(/\.(gz|zst)$/, '');
  const path = quoted(file);
  if (/\.(csv|tsv|txt)$/.test(name)) return `read_csv(${path})`;
  if (/\.parquet$/.test(name)) return `read_parquet(${path})`;
  if (/\.(jsonl|ndjson|json)$/.test(name)) return `read_json(${path}, format = 'newline_delimited')`;
  throw new AudienceError(
    'audience_file_invalid',
    'The name of the file ends in .csv, .tsv, .parquet, .jsonl, .ndjson or .json, perhaps with .gz.',
  );
}

/** Defines the view `result` of a query over `rows`, or of all rows. Only a single SELECT is run. */
export async function defineResult(
  connection: Connection,
  duckdb: DuckDb,
  { reader, query }: { readonly reader: string; readonly query: string | undefined },
): Promise<void> {
  await connection.run(`CREATE TEMP VIEW rows AS SELECT * FROM ${reader}`);
  if (query === undefined || query.trim() === '') {
    await connection.run('CREATE TEMP VIEW result AS SELECT * FROM rows');
    return;
  }
  const statements = await connection.extractStatements(query);
  const type = statements.count === 1 ? (await statements.prepare(0)).statementType : undefined;
  if (type !== Number(duckdb.StatementType['SELECT']))
    throw new AudienceError('audience_query_invalid', 'The query is one SELECT over the table "rows".');
  await connection.run(`CREATE TEMP VIEW result AS ${query.trim().replace(/;\s*$/, '')}`);
}

/** Returns name and type of the columns of a result; throws for reserved names. */
export async function columnsOf(
  connection: Connection,
  wanted: Wanted,
): Promise<readonly (readonly [string, string])[]> {
  const found = await connection.runAndReadAll('DESCRIBE result');
  const columns = found
    .getRowObjectsJson()
    .map(({ column_name: name, column_type: type }) => [String(name), String(type)] as const);
  checkColumns(
    columns.map(([name]) => name),
    wanted,
  );
  return columns;
}

/** Columns named in the settings. */
export type Wanted = Pick<Job, 'key' | 'named'>;

/** Throws for missing columns of the settings, and for reserved names. */
export function checkColumns(names: readonly string[], { key, named: others }: Wanted): void {
  const all = `Columns: ${names.join(', ')}.`;
  if (!names.includes(key))
    throw new AudienceError('audience_key_invalid', `The rows have no column "${key}" as the key. ${all}`);
  const missing = others.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw new AudienceError('audience_column_missing', `The rows have no column "${missing}". ${all}`);
  const own = names.find((name) => name.startsWith('__'));
  if (own !== undefined)
    throw new AudienceError(
      'audience_query_invalid',
      `A column must not be called "${own}": names with "__" are reserved.`,
    );
}

/** Throws for a row without a key, and for duplicate keys. `keys` is a table or a query. */
export async function checkKeys(connection: Connection, keys: string, key: string): Promise<void> {
  const column = named(key);
  const found = await connection.runAndReadAll(
    `SELECT CAST(${column} AS VARCHAR) AS key, count(*) AS n FROM ${keys} GROUP BY 1 HAVING count(*) > 1 OR key IS NULL LIMIT 1`,
  );
  const [one] = found.getRowObjectsJson();
  if (one === undefined) return;
  throw new AudienceError(
    'audience_key_invalid',
    one['key'] === null
      ? `A row has no value in the column "${key}".`
      : `Two rows have "${String(one['key']).slice(0, 100)}" in the column "${key}": keys must be unique.`,
  );
}
