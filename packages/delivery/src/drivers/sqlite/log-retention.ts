import type { LogExtent, Pruned, PruneLimits } from '../../store/port.ts';
import type { Database } from './database.ts';
import { removeRunsBefore } from './id-runs.ts';

/** Blocks removed in one transaction: about as many events as a commit at the door takes. */
const STRIDE = 16;

/** Removes what is old from a log, a little at a time. */
export interface Retention {
  extent(): LogExtent;
  prune(limits: PruneLimits): Pruned;
}

/** The retention of a log. The newest block always stays: it says which position is the last. */
export function createRetention(database: Database): Retention {
  const pages = (name: 'page_count' | 'freelist_count' | 'page_size'): number =>
    Number(Object.values(database.one<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0);
  const bytes = (): number => (pages('page_count') - pages('freelist_count')) * pages('page_size');
  const extent = (): LogExtent => {
    const first = database.one<{ first_seq: number; at: number }>(
      'SELECT first_seq, at FROM blocks ORDER BY first_seq LIMIT 1',
    );
    return {
      bytes: bytes(),
      ...(first === undefined ? {} : { firstSeq: first.first_seq, oldestAt: first.at }),
    };
  };
  return {
    extent,
    prune({ upTo, before, maxBytes, keep, after = 0 }) {
      const oldest = database.all<{ first_seq: number; last_seq: number; at: number }>(
        `SELECT first_seq, last_seq, at FROM blocks WHERE first_seq > ? AND last_seq <= ?
           AND first_seq < (SELECT max(first_seq) FROM blocks) ORDER BY first_seq LIMIT ?`,
        after,
        upTo,
        STRIDE,
      );
      const tooMuch = bytes() > maxBytes;
      const passed = oldest.filter((block) => tooMuch || block.at < before);
      const going = passed.filter((block) => !holdsAny(block, keep));
      const next = oldest.length === STRIDE && passed.length === STRIDE ? passed.at(-1)?.last_seq : undefined;
      if (going.length > 0) {
        database.transaction(() => {
          for (const block of going) database.run('DELETE FROM blocks WHERE first_seq = ?', block.first_seq);
          const first = extent().firstSeq;
          if (first !== undefined) removeRunsBefore(database, first - 1);
        });
      }
      const removed = going.reduce((sum, block) => sum + block.last_seq - block.first_seq + 1, 0);
      return next === undefined ? { removed } : { removed, next };
    },
  };
}

/** Whether one of the positions, which ascend, lies in a block. */
function holdsAny(block: { first_seq: number; last_seq: number }, keep: readonly number[]): boolean {
  let low = 0;
  let high = keep.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keep[middle]! < block.first_seq) low = middle + 1;
    else high = middle;
  }
  return low < keep.length && keep[low]! <= block.last_seq;
}
