import type { CarriedOf, Log } from '@waybill/delivery';
import type { Kept } from './reader.ts';

/** The stored data of several owners, read together. */
export interface SharedRows {
  /** Reads stored data of an owner in a partition. Valid during a step, unless the owner has written during it. */
  of(owner: string, partition: number): Kept;
  /** Drops what has been read. */
  clear(): void;
}

/** What has been read in a partition. */
interface Read {
  readonly keys: Set<string>;
  readonly values: Map<string, Map<string, Uint8Array>>;
  /** Resolves when the last read has ended. */
  ended: Promise<unknown>;
}

/**
 * Shares reads of stored data between the processors of a round: they ask for nearly the same users. `ownersOf` returns the owners in
 * a partition.
 */
export function createSharedRows(
  log: Pick<Log, 'carriedOf'>,
  ownersOf: (partition: number) => readonly string[],
): SharedRows {
  let partitions = new Map<number, Read>();
  const readIn = (partition: number): Read => {
    let read = partitions.get(partition);
    if (read === undefined) {
      const values = new Map(ownersOf(partition).map((owner) => [owner, new Map<string, Uint8Array>()]));
      read = { keys: new Set(), values, ended: Promise.resolve() };
      partitions.set(partition, read);
    }
    return read;
  };
  /** Reads those of the keys that have not been read. */
  const complete = async (read: Read, keys: readonly string[]): Promise<void> => {
    const missing = keys.filter((key) => !read.keys.has(key));
    if (missing.length === 0) return;
    add(read.values, await log.carriedOf([...read.values.keys()], missing));
    for (const key of missing) read.keys.add(key);
  };
  return {
    of: (owner, partition) => async (keys) => {
      const read = readIn(partition);
      const values = read.values.get(owner);
      // A run that has just been replaced.
      if (values === undefined) return (await log.carriedOf([owner], keys)).get(owner)!;
      // In turn: the next one finds what this one reads. After a failure it reads for itself.
      const ended = read.ended.catch(() => undefined).then(() => complete(read, keys));
      read.ended = ended;
      await ended;
      const found = new Map<string, Uint8Array>();
      for (const key of keys) {
        const value = values.get(key);
        if (value !== undefined) found.set(key, value);
      }
      return found;
    },
    clear() {
      partitions = new Map();
    },
  };
}

function add(to: Map<string, Map<string, Uint8Array>>, from: CarriedOf): void {
  for (const [owner, values] of from) {
    const all = to.get(owner)!;
    for (const [key, value] of values) all.set(key, value);
  }
}
