import type { LogExtent, Pruned, PruneLimits } from '../../stores/log.ts';
import { openHashes, sliceHashes, type StoredHashes } from './block-hashes.ts';
import type { Database } from './database.ts';
import { removeFilters } from './id-generations.ts';
import { removeRunsBefore } from './id-runs.ts';
import { BETWEEN } from './log-blocks.ts';

/** The number of blocks removed in one transaction: about as many events as one commit of the intake. */
const STRIDE = 16;

/** Removes old events from a log, in small steps. */
export interface Retention {
  extent(): LogExtent;
  prune(limits: PruneLimits): Promise<Pruned>;
}

interface Head {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly at: number;
}

interface Block extends Head {
  readonly source: number;
  readonly hashes: StoredHashes;
  readonly body: string;
}

/** The retention of a log. The newest block always stays: it defines the last position. */
export function createRetention(database: Database): Retention {
  const pages = (name: 'page_count' | 'freelist_count' | 'page_size'): number =>
    Number(Object.values(database.one<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0);
  const bytes = (): number => (pages('page_count') - pages('freelist_count')) * pages('page_size');
  let horizon = { before: Number.NaN, through: 0 };

  /**
   * The last block that arrived before a time. Blocks before it are older, even if a fast clock gave them later times. Times
   * before those of the oldest blocks do not count: they come from a slow clock.
   */
  const oldUpTo = (before: number): number => {
    if (horizon.before === before) return horizon.through;
    const times = database
      .all<{ at: number }>('SELECT at FROM blocks ORDER BY first_seq LIMIT ?', STRIDE)
      .map(({ at }) => at);
    const [first = 0] = times;
    const floor = first < before ? first : [...times].sort((a, b) => a - b)[times.length >> 1];
    const through = database.one<{ seq: number | null }>(
      'SELECT max(first_seq) AS seq FROM blocks WHERE at >= ? AND at < ?',
      floor ?? 0,
      before,
    )?.seq;
    horizon = { before, through: through ?? 0 };
    return horizon.through;
  };
  /** Reduces a block to what is kept; returns the number of removed events. */
  const shrink = (head: Head, kept: readonly number[]): number => {
    const count = head.last_seq - head.first_seq + 1;
    if (kept.length === count) return 0;
    const block =
      kept.length === 0
        ? undefined
        : database.one<Block>('SELECT * FROM blocks WHERE first_seq = ?', head.first_seq);
    const parts = block === undefined ? [] : partsOf(block, kept);
    // A block that cannot be split stays whole.
    if (parts === undefined) return 0;
    database.run('DELETE FROM blocks WHERE first_seq = ?', head.first_seq);
    for (const part of parts) {
      database.run(
        'INSERT INTO blocks (first_seq, last_seq, source, at, hashes, body) VALUES (?, ?, ?, ?, ?, ?)',
        part.first_seq,
        part.last_seq,
        part.source,
        part.at,
        part.hashes,
        part.body,
      );
    }
    return count - kept.length;
  };

  return {
    extent() {
      const first = database.one<{ first_seq: number; at: number }>(
        'SELECT first_seq, at FROM blocks ORDER BY first_seq LIMIT 1',
      );
      const newest = database.one<{ bytes: number | null }>(
        `SELECT sum(octet_length(body)) / sum(last_seq - first_seq + 1) AS bytes FROM
           (SELECT first_seq, last_seq, body FROM blocks ORDER BY first_seq DESC LIMIT ?)`,
        STRIDE,
      )?.bytes;
      return {
        bytes: bytes(),
        ...(newest === null || newest === undefined ? {} : { eventBytes: newest }),
        ...(first === undefined ? {} : { firstSeq: first.first_seq, oldestAt: first.at }),
      };
    },
    async prune({ upTo, before, maxBytes, keep, after = 0 }) {
      const oldest = database.all<Head>(
        `SELECT first_seq, last_seq, at FROM blocks WHERE first_seq > ? AND last_seq <= ?
           AND first_seq < (SELECT max(first_seq) FROM blocks) ORDER BY first_seq LIMIT ?`,
        after,
        upTo,
        STRIDE,
      );
      const old = bytes() > maxBytes ? Number.POSITIVE_INFINITY : oldUpTo(before);
      const young = oldest.findIndex((block) => block.at >= before && block.first_seq > old);
      const passed = young < 0 ? oldest : oldest.slice(0, young);
      const through = passed.at(-1)?.last_seq;
      if (through === undefined) return { removed: 0 };
      const needed = await keep(passed[0]!.first_seq, through);
      const removed = database.transaction(() => {
        let count = 0;
        for (const head of passed) {
          count += shrink(
            head,
            needed.filter((seq) => seq >= head.first_seq && seq <= head.last_seq),
          );
        }
        removeRunsBefore(database, through);
        removeFilters(database);
        return count;
      });
      return passed.length === STRIDE ? { removed, through, next: through } : { removed, through };
    },
  };
}

/** The events of a block that are kept, as blocks of consecutive positions; undefined when its content is inconsistent. */
function partsOf(block: Block, kept: readonly number[]): readonly Block[] | undefined {
  const texts = block.body.split(BETWEEN);
  const count = block.last_seq - block.first_seq + 1;
  if (texts.length !== count || openHashes(block.hashes)?.count !== count) return undefined;
  const parts: Block[] = [];
  for (let at = 0; at < kept.length;) {
    const first = at;
    while (at < kept.length && kept[at] === kept[first]! + at - first) at += 1;
    const [from, to] = [kept[first]! - block.first_seq, kept[at - 1]! - block.first_seq + 1];
    parts.push({
      ...block,
      first_seq: kept[first]!,
      last_seq: kept[at - 1]!,
      hashes: sliceHashes(block.hashes, from, to),
      body: texts.slice(from, to).join(BETWEEN),
    });
  }
  return parts;
}
