import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A statement of the schema history of a file; the list is append-only. */
export type Migration = string;

/** Options for opening a database file. */
export interface OpenOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly readOnly?: boolean;
  readonly migrations: readonly Migration[];
  /** Set by the copy itself: others must not open an unfinished copy. */
  readonly unfinished?: boolean;
}

/** A table that marks a database as an unfinished copy. */
export const COPYING = 'copying';

/** A SQLite connection with cached statements and transactions. */
export interface Database {
  /** Returns a prepared statement, cached by its text. */
  prepare(sql: string): StatementSync;
  /** The rows of a statement; the caller names their shape, which the schema of the file guarantees. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** The first row of a statement. */
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
  /** Runs `work` in one transaction; rolls back when it throws. */
  transaction<T>(work: () => T): T;
  /** Prepares statements again: one that failed on a damaged page reports that once more before it reads another. */
  renew(): void;
  close(): void;
}

/** The size of a page in bytes: an event takes a part of one, and each page is written with a separate call. */
const PAGE = 16 * 1024;

/** The size of the write-ahead log, in pages, at which it is checkpointed: 16 MB. */
export const CHECKPOINT = 1_000;

/** The page cache, in KB: small, because both files are written and read at their ends, and nothing is read twice. */
const CACHE = 2 * 1024;

/** The timeout for a lock of another connection, in milliseconds. */
const BUSY_TIMEOUT = 5_000;

/** Opens a file with a write-ahead log and synced commits, and migrates its schema. */
export function openDatabase(options: OpenOptions): Database {
  const { file, readOnly = false, migrations } = options;
  const connection = new DatabaseSync(file, { readOnly, timeout: BUSY_TIMEOUT });
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const transaction = <T>(work: () => T): T => {
    prepare('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      prepare('COMMIT').run();
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back automatically.
      if (connection.isTransaction) prepare('ROLLBACK').run();
      throw error;
    }
  };
  const database: Database = {
    prepare,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).all(...values) as Row[],
    one: <Row>(sql: string, ...values: SQLInputValue[]) => prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => void prepare(sql).run(...values),
    transaction,
    renew: () => statements.clear(),
    close() {
      statements.clear();
      if (!readOnly) emptyWriteAheadLog(connection);
      connection.close();
    },
  };
  try {
    if (!readOnly) {
      // The page size applies to new files; an old one keeps its own.
      connection.exec(`PRAGMA page_size = ${PAGE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
      // Fewer, larger checkpoints, and a write-ahead log that shrinks after a burst.
      connection.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT}; PRAGMA journal_size_limit = 67108864;`);
    }
    connection.exec(`PRAGMA cache_size = -${CACHE}; PRAGMA temp_store = MEMORY;`);
    migrate(database, connection, file, migrations, readOnly);
    if (options.unfinished !== true && hasTable(database, COPYING))
      throw new Error(
        `${file} is a copy that is not finished. Continue with "waybill store copy", or remove what was copied.`,
      );
  } catch (error) {
    connection.close();
    throw error;
  }
  return database;
}

/** Moves everything to the main file, also while another, read-only connection is open. */
function emptyWriteAheadLog(connection: DatabaseSync): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // A reader is active, or the disk is full: nothing is lost, the write-ahead log stays.
  }
}

/** Reads and writes the table `small` of a database: values by name. */
export function smallValues(database: Database): {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
} {
  return {
    get: (key) => database.one<{ value: string }>('SELECT value FROM small WHERE key = ?', key)?.value,
    set: (key, value) => database.run('INSERT OR REPLACE INTO small (key, value) VALUES (?, ?)', key, value),
  };
}

/** Returns the damage of a database file; undefined when there is none. Reads the whole file. */
export function damageOf(file: string): string | undefined {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT });
    const row = connection.prepare('PRAGMA quick_check(1)').get() as { readonly quick_check: string };
    return row.quick_check === 'ok' ? undefined : row.quick_check.replaceAll('\n', ' ');
  } catch (error) {
    return (error as Error).message;
  } finally {
    connection?.close();
  }
}

/** Whether a database has a table. */
export function hasTable(database: Database, name: string): boolean {
  return database.one('SELECT 1 AS found FROM sqlite_schema WHERE name = ?', name) !== undefined;
}

function migrate(
  database: Database,
  connection: DatabaseSync,
  file: string,
  migrations: readonly Migration[],
  readOnly: boolean,
): void {
  const version = database.one<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > migrations.length) {
    throw new Error(
      `${file} was written by a newer version (schema ${version}, known ${migrations.length}).`,
    );
  }
  if (version === migrations.length) return;
  if (readOnly) throw new Error(`${file} has the old schema ${version}; open it for writing first.`);
  database.transaction(() => {
    for (const migration of migrations.slice(version)) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}
