import type { LogExtent, PruneLimits } from '../../store/port.ts';
import type { Database } from './database.ts';
import { removeRunsBefore } from './id-runs.ts';

/** Blocks removed in one transaction: about as many events as a commit at the door takes. */
const STRIDE = 16;

/** Removes what is old from a log, a little at a time. */
export interface Retention {
  extent(): LogExtent;
  prune(limits: PruneLimits): number;
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
    prune({ upTo, before, maxBytes }) {
      const oldest = database.all<{ first_seq: number; last_seq: number; at: number }>(
        `SELECT first_seq, last_seq, at FROM blocks WHERE last_seq <= ?
           AND first_seq < (SELECT max(first_seq) FROM blocks) ORDER BY first_seq LIMIT ?`,
        upTo,
        STRIDE,
      );
      const tooMuch = bytes() > maxBytes;
      let last: { last_seq: number } | undefined;
      let removed = 0;
      for (const block of oldest) {
        if (block.at >= before && !tooMuch) break;
        last = block;
        removed += block.last_seq - block.first_seq + 1;
      }
      if (last === undefined) return 0;
      const until = last.last_seq;
      database.transaction(() => {
        database.run('DELETE FROM blocks WHERE last_seq <= ? AND first_seq <= ?', until, until);
        removeRunsBefore(database, until);
      });
      return removed;
    },
  };
}
