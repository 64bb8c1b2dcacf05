import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { WriteBack } from '../../stores/stores.ts';
import { CHECKPOINT, type Database } from './database.ts';

/** The size of the write-ahead log, in pages, at which the writer checkpoints it although another thread should. */
const LATEST = 4 * CHECKPOINT;

/** The maximum number of checkpoint rounds for pages that arrive meanwhile: the log restarts only when it is fully checkpointed. */
const PASSES = 3;

/** The counts of a write-ahead log, in pages. */
interface Counts {
  readonly log: number;
  readonly checkpointed: number;
}

/** Whether this SQLite can count the pages without a checkpoint: older ones interpret the keyword differently. */
function canCount(): boolean {
  const [major = 0, minor = 0] = (process.versions['sqlite'] ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 51);
}

/** Returns the write-ahead log of a file for its writer; undefined where its pages cannot be counted. */
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

/** Checkpoints the write-ahead log of events without blocking its writers. */
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
