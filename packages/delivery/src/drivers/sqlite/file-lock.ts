import { DatabaseSync } from 'node:sqlite';

/** A file lock of this process. */
export interface FileLock {
  /** Releases the lock; a second call does nothing. */
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Acquires the lock of a small file, or returns that another process has it. The system releases it when the process ends, a
 * copied file is not locked, and reused process IDs do not matter. Throws when the file cannot be used.
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
