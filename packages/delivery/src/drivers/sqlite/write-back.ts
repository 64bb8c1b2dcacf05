import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { WriteBack } from '../../stores/stores.ts';
import { CHECKPOINT, type Database } from './database.ts';

/** Pages of the write-ahead log from which on the writer writes them back although that was left to another thread. */
const LATEST = 4 * CHECKPOINT;

/** How often a thread looks again whether pages came meanwhile: the log begins anew only when all of it is written back. */
const PASSES = 3;

/** The counts of a write-ahead log, in pages. */
interface Counts {
  readonly log: number;
  readonly checkpointed: number;
}

/** Whether the pages can be counted without being written back: older ones take the word for another. */
function canCount(): boolean {
  const [major = 0, minor = 0] = (process.versions['sqlite'] ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 51);
}

/** The write-ahead log of a file, as its writer sees it; undefined where its pages cannot be counted. */
export function createWriteBack(database: Database, url: string): WriteBack | undefined {
  if (!canCount()) return undefined;
  return {
    url,
    leave(isLeft) {
      database.one(`PRAGMA wal_autocheckpoint = ${isLeft ? LATEST : CHECKPOINT}`);
    },
    isDue() {
      const { log, checkpointed } = database.one<Counts>('PRAGMA wal_checkpoint(NOOP)')!;
      return log - checkpointed >= CHECKPOINT;
    },
  };
}

/** Writes the write-ahead log of events back, whoever writes to it meanwhile: they need not wait. */
export function writeBack(folder: string): void {
  const connection = new DatabaseSync(join(folder, 'log.db'), { timeout: 0 });
  try {
    const passive = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    for (let pass = 0; pass < PASSES; pass += 1) {
      const { log, checkpointed } = passive.get() as unknown as Counts;
      if (log === checkpointed) break;
    }
  } finally {
    connection.close();
  }
}
