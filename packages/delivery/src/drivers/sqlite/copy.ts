import { backup, DatabaseSync } from 'node:sqlite';
import { openDatabase, smallValues } from './database.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';

/** The number of pages per step of a copy; in between, a server in another process continues. */
const STEP = 1_000;

/** Copies a snapshot of a database, also during writes. `copied` receives the completed share. */
export async function copyDatabase(
  from: string,
  to: string,
  copied: (share: number) => void = () => undefined,
): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    // One read transaction for all steps: without it, each write of another process would restart the copy.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await backup(source, to, {
      rate: STEP,
      progress: ({ totalPages, remainingPages }) => copied(1 - remainingPages / totalPages),
    });
  } finally {
    source.close();
  }
}

/** Converts a database to one file that can be opened read-only. */
export function sealDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/** Returns the small values of an unused log, without opening the log. */
export function openLogNotes(file: string): ReturnType<typeof smallValues> & { close(): void } {
  const database = openDatabase({ file, migrations: LOG_MIGRATIONS });
  return { ...smallValues(database), close: () => database.close() };
}
