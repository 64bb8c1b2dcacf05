import { DatabaseSync } from 'node:sqlite';

/** A lock on a file that this process holds. */
export interface FileLock {
  /** Gives it up; a second call does nothing. */
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock of a small file, or says that another process has it. The system takes it back when the process ends, a
 * copied file is not locked, and a reused process number means nothing. Throws when the file cannot be used.
 */
export function takeFileLock(file: string): FileLock | 'taken' {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return 'taken';
    throw error;
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}
