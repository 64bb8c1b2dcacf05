import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A statement of one file's schema history: the list only ever grows. */
export type Migration = string;

/** How to open a database file. */
export interface OpenOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly readOnly?: boolean;
  readonly migrations: readonly Migration[];
  /** For the copy itself: a database that holds an unfinished one is of no use to anybody else. */
  readonly unfinished?: boolean;
}

/** The table that a database has for as long as it is an unfinished copy. */
export const COPYING = 'copying';

/** A SQLite connection with cached statements and transactions. */
export interface Database {
  /** A prepared statement, made once per text. */
  prepare(sql: string): StatementSync;
  /** The rows of a statement; the caller names their shape, which the schema of the file guarantees. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** The first row of a statement. */
  one<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  run(sql: string, ...values: SQLInputValue[]): void;
  /** Runs `work` in one transaction; when it throws, nothing of it is kept. */
  transaction<T>(work: () => T): T;
  /** Prepares statements anew: one that has failed on a damaged page reports that once more before it reads another. */
  renew(): void;
  close(): void;
}

/** Bytes of a page: an event takes a part of one, and each page is written with a call of its own. */
const PAGE = 16 * 1024;

/** Pages of the write-ahead log from which on it is written back: 16 MB. */
export const CHECKPOINT = 1_000;

/** Memory for pages, in KB: both files are written and read at their ends, where nothing is looked at twice. */
const CACHE = 2 * 1024;

/** How long a connection waits for another one's lock, in milliseconds. */
const BUSY_TIMEOUT = 5_000;

/** Opens a file: write-ahead log, every commit synced to disk, and its schema brought up to date. */
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
      // A full disk makes SQLite roll back by itself.
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
      // The size of pages is that of a new file; an old one keeps its own.
      connection.exec(`PRAGMA page_size = ${PAGE}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`);
      // Fewer, larger checkpoints, and a write-ahead log that gives its space back after a burst.
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

/** The file alone then holds everything, also when another connection, which may not write, is still open. */
function emptyWriteAheadLog(connection: DatabaseSync): void {
  try {
    connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Somebody reads, or the disk is full: nothing is lost, the write-ahead log stays.
  }
}

/** Reads and writes the table `small` of a database: values by their names. */
export function smallValues(database: Database): {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
} {
  return {
    get: (key) => database.one<{ value: string }>('SELECT value FROM small WHERE key = ?', key)?.value,
    set: (key, value) => database.run('INSERT OR REPLACE INTO small (key, value) VALUES (?, ?)', key, value),
  };
}

/** What is wrong with the structure of a database file; undefined when nothing is. Reads the whole file. */
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
