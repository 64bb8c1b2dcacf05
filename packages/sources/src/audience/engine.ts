import { createRequire } from 'node:module';
import { DUCKDB } from './job.ts';

/* The used part of DuckDB. Structural on purpose: the package is installed only where there are audience sources. */

/** A connection. */
export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): Readonly<Record<string, unknown>>[] }>;
  stream(sql: string): Promise<{ fetchChunk(): Promise<Chunk | null> }>;
  createAppender(table: string): Promise<Appender>;
  extractStatements(
    sql: string,
  ): Promise<{ readonly count: number; prepare(index: number): Promise<{ readonly statementType: number }> }>;
}

/** Rows of a result, in columnar memory. */
export interface Chunk {
  readonly rowCount: number;
  readonly chunk: unknown;
}

/** Appends rows to a table. */
export interface Appender {
  appendUInteger(value: number): void;
  endRow(): void;
  closeSync(): void;
}

/** The low-level bindings of the package: columns of a chunk as bytes. */
export interface Bindings {
  data_chunk_get_vector(chunk: unknown, column: number): unknown;
  vector_get_data(vector: unknown, bytes: number): Uint8Array;
}

/** The package. */
export interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: Readonly<Record<string, string>>,
    ): Promise<{ connect(): Promise<Connection> }>;
  };
  readonly StatementType: Readonly<Record<string, number | string>>;
  version(): string;
  readonly bindings: Bindings;
}

/** A failure that a person can fix. */
export class AudienceError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Loads DuckDB; throws with a remedy when it is missing. */
export async function loadDuckDb(): Promise<DuckDb> {
  // Not a literal: compilers and bundlers do not need the package.
  const name = DUCKDB.slice(0, DUCKDB.lastIndexOf('@'));
  try {
    const loaded = (await import(name)) as Omit<DuckDb, 'bindings'>;
    const own = createRequire(createRequire(import.meta.url).resolve(name));
    return { ...loaded, bindings: own('@duckdb/node-bindings') as Bindings };
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new AudienceError(
      'audience_engine_missing',
      `An audience source needs DuckDB, which is not installed with Waybill. Add it where Waybill is installed: npm install ${DUCKDB} (${why})`,
    );
  }
}

/** Returns a string as an SQL literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Returns a string as an SQL identifier. */
export function named(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** Opens an instance that can only access the named file and the folder. */
export async function openEngine(
  duckdb: DuckDb,
  {
    file,
    folder,
    temporary,
    memoryMb,
  }: Record<'folder' | 'temporary', string> & {
    readonly file: string | undefined;
    readonly memoryMb: number;
  },
): Promise<Connection> {
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const connection = await instance.connect();
  const paths = file === undefined ? '' : quoted(file);
  for (const setting of [
    `memory_limit = '${memoryMb}MB'`,
    'threads = 2',
    'preserve_insertion_order = false',
    `temp_directory = ${quoted(temporary)}`,
    "max_temp_directory_size = '20GB'",
    `allowed_paths = [${paths}]`,
    `allowed_directories = [${quoted(`${folder}/`)}]`,
    'enable_external_access = false',
    'lock_configuration = true',
  ])
    await connection.run(`SET ${setting}`);
  return connection;
}
