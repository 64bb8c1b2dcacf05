import type { Database } from './database.ts';
import { hash53 } from './hash.ts';

/** The table of ids; part of the schema of the log. */
export const IDS_TABLE = `
  CREATE TABLE ids (hash INTEGER PRIMARY KEY, seq INTEGER NOT NULL);
  CREATE TABLE ids_seed (seed INTEGER NOT NULL);
  INSERT INTO ids_seed VALUES (abs(random() % 2147483647));`;

/** What an event that holds the same hash turns out to be. */
export type Holder = 'duplicate' | 'other' | 'expired';

/** Finds events by source and messageId: a number per event instead of two texts. */
export interface EventIds {
  /** Notes an id for a position. False, and nothing noted, when `judge` finds a duplicate. */
  claim(sourceId: string, messageId: string, seq: number, judge: (seq: number) => Holder): boolean;
  /** Positions that may belong to the id; the caller looks whether they do. */
  candidates(sourceId: string, messageId: string): readonly number[];
}

/** The ids of a log. Equal hashes of different ids take the next free number. */
export function createEventIds(database: Database): EventIds {
  let seed: number | undefined;
  const hash = (sourceId: string, messageId: string): number => {
    seed ??= database.one<{ seed: number }>('SELECT seed FROM ids_seed')?.seed ?? 0;
    return hash53(`${sourceId} ${messageId}`, seed);
  };
  const insert = (): ReturnType<Database['prepare']> =>
    database.prepare('INSERT INTO ids (hash, seq) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const held = (key: number): number | undefined =>
    database.one<{ seq: number }>('SELECT seq FROM ids WHERE hash = ?', key)?.seq;
  return {
    claim(sourceId, messageId, seq, judge) {
      for (let key = hash(sourceId, messageId); ; key = next(key)) {
        if (insert().run(key, seq).changes === 1) return true;
        const holder = judge(held(key) ?? 0);
        if (holder === 'duplicate') return false;
        if (holder === 'expired') {
          database.run('UPDATE ids SET seq = ? WHERE hash = ?', seq, key);
          return true;
        }
      }
    },
    candidates(sourceId, messageId) {
      const found: number[] = [];
      for (let key = hash(sourceId, messageId); ; key = next(key)) {
        const seq = held(key);
        if (seq === undefined) return found;
        found.push(seq);
      }
    },
  };
}

function next(key: number): number {
  return key >= Number.MAX_SAFE_INTEGER ? 0 : key + 1;
}
