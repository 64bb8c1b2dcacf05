import { backup, DatabaseSync } from 'node:sqlite';
import { openDatabase, smallValues } from './database.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';

/** Pages of a step of copying; in between, a server in another process goes on as it likes. */
const STEP = 1_000;

/** Copies a database as it is at this moment, also while others write to it. `copied` is told which share of it is done. */
export async function copyDatabase(
  from: string,
  to: string,
  copied: (share: number) => void = () => undefined,
): Promise<void> {
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 });
  try {
    // One reader's view for all steps: without it, each write of another process would begin the copy anew.
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

/** Makes a database one file that can be read without being written. */
export function sealDatabase(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/** The small values of a log that nobody uses; the log itself need not be opened for them. */
export function openLogNotes(file: string): ReturnType<typeof smallValues> & { close(): void } {
  const database = openDatabase({ file, migrations: LOG_MIGRATIONS });
  return { ...smallValues(database), close: () => database.close() };
}
