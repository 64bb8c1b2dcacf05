import type { Event } from '@waybill/core';
import type { LoggedEvent, LogSpan, Period } from '../../stores/log.ts';
import { type Hashes, openHashes, packHashes, type StoredHashes } from './block-hashes.ts';
import type { Database } from './database.ts';
import { eventOf, firstAfter, isDamage, isEvent, salvage, unlessDamaged, UNREADABLE } from './log-damage.ts';
import type { Names } from './names.ts';

/** The number of characters at which a block is full: an event is found by reading its block. */
const FULL_BLOCK = 64 * 1024;

/** The separator of events in a block. JSON only contains escaped line breaks, so none can be inside an event. */
export const BETWEEN = ',\n';

/** An event to be written. */
export interface NewEvent {
  readonly source: number;
  readonly hashes: Hashes;
  readonly body: string;
}

/** Events of one source that were written together: a row of `blocks` without its JSON. */
export interface BlockHead {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly source: number;
  readonly at: number;
}

/** The identifiers of the events of a block, without their JSON. */
export interface BlockIds extends BlockHead {
  /** The check of the event at a position; 0 when unknown. */
  check(seq: number): number;
}

interface Block extends BlockHead {
  readonly body: string;
}

/** A block to be read whole: SQLite splits its text, which would cost a copy here. */
interface ListBlock extends BlockHead {
  readonly list: string;
}

/** The events of a log, in blocks. */
export interface Blocks {
  /** Writes events at consecutive positions; call it within a transaction. */
  write(from: number, at: number, events: readonly NewEvent[]): void;
  /** Returns the block with a position, if there is one. */
  head(seq: number): BlockHead | undefined;
  /** Returns the IDs of the block with a position; undefined also when it cannot be read. */
  ids(seq: number): BlockIds | undefined;
  /** Returns the JSON of the event at a position. */
  text(seq: number): string | undefined;
  /** Events after a position, in order: at most `limit` of them and about `maxBytes` of JSON. */
  read(after: number, limit: number, maxBytes: number): LoggedEvent[];
  /** Events at positions, in ascending order; missing ones are left out. */
  at(seqs: readonly number[]): LoggedEvent[];
  /** Events that arrived in a period, both ends included, after a position. */
  between(period: Period, after: number, limit: number): LoggedEvent[];
  /** Events before a position, the newest first: at most `limit` of them and about `maxBytes` of JSON. */
  before(seq: number, limit: number, maxBytes: number): LoggedEvent[];
  /** Returns the first and the last position within a period of arrival; undefined when there is none. */
  span(period: Period): LogSpan | undefined;
  /** Positions and hashes after a position. */
  hashes(after: number): Iterable<Hashes & { readonly seq: number }>;
  lastSeq(): number;
}

/** Returns the blocks of a database. */
export function createBlocks(database: Database, names: Names): Blocks {
  const HEAD = 'first_seq, last_seq, source, at';
  const LIST = "'[' || body || ']' AS list";
  const holding = <Row extends BlockHead>(columns: string, seq: number): Row | undefined => {
    const row = database.one<Row>(
      `SELECT ${columns} FROM blocks WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
      seq,
    );
    return row !== undefined && row.last_seq >= seq ? row : undefined;
  };
  const logged = (row: BlockHead, seq: number, event: Event | undefined): LoggedEvent => {
    const sourceId = names.text(row.source);
    return event === undefined
      ? { seq, sourceId, event: UNREADABLE, damage: `The event at position ${seq} of the log is damaged.` }
      : { seq, sourceId, event };
  };
  /** The events of a block from `first` to `last`; the log contains what `write` wrote, unless the disk is damaged. */
  const open = (row: ListBlock, first: number, last: number): LoggedEvent[] => {
    const count = row.last_seq - row.first_seq + 1;
    if (first === row.first_seq && last === row.last_seq) {
      const events = listOf(row.list);
      if (events?.length === count) {
        return events.map((event, index) => logged(row, first + index, isEvent(event) ? event : undefined));
      }
    }
    const texts = row.list.slice(1, -1).split(BETWEEN);
    const salvaged = texts.length === count ? undefined : salvage(texts, count);
    const found: LoggedEvent[] = [];
    for (let seq = first; seq <= last; seq += 1) {
      const place = seq - row.first_seq;
      found.push(logged(row, seq, salvaged === undefined ? eventOf(texts[place]!) : salvaged[place]));
    }
    return found;
  };
  /** Treats a failure as damage of the file, or rethrows it. */
  const missing = (error: unknown): undefined => {
    if (!isDamage(error)) throw error;
    database.renew();
  };
  /** Returns the first block that begins at or after a position; undefined when unreadable. */
  const headFrom = (seq: number): number | undefined =>
    unlessDamaged(database, () =>
      database.one<{ first_seq: number }>(
        'SELECT first_seq FROM blocks WHERE first_seq >= ? ORDER BY first_seq LIMIT 1',
        seq,
      ),
    )?.first_seq;
  /** Returns the start of the block with a position, if readable. */
  const headOf = (seq: number): number | undefined =>
    unlessDamaged(database, () => holding<BlockHead>(HEAD, seq))?.first_seq;
  const lastSeq = (): number =>
    database.one<{ last_seq: number }>('SELECT last_seq FROM blocks ORDER BY first_seq DESC LIMIT 1')
      ?.last_seq ?? 0;
  /** Returns placeholders for unreadable events after a position. */
  const readDamaged = (after: number, limit: number, error: unknown): LoggedEvent[] => {
    const seq = after + 1;
    const head = unlessDamaged(database, () => holding<BlockHead>(HEAD, seq));
    if (head !== undefined) {
      const count = Math.min(limit, head.last_seq - seq + 1);
      return Array.from({ length: count }, (_, index) => logged(head, seq + index, undefined));
    }
    const next = firstAfter(seq, lastSeq(), (at) => headFrom(at) !== undefined);
    const begin = next === undefined ? undefined : headFrom(next);
    if (begin === undefined) throw error;
    const damage = `The log is damaged from position ${seq} to ${begin - 1}.`;
    return [{ seq, through: begin - 1, sourceId: '', event: UNREADABLE, damage }];
  };

  /** Returns placeholders for unreadable events before a position, the newest first. */
  const readDamagedBefore = (before: number, limit: number, error: unknown): LoggedEvent[] => {
    const seq = before - 1;
    const head = unlessDamaged(database, () => holding<BlockHead>(HEAD, seq));
    if (head !== undefined) {
      const count = Math.min(limit, seq - head.first_seq + 1);
      return Array.from({ length: count }, (_, index) => logged(head, seq - index, undefined));
    }
    if (seq < 1) throw error;
    let first = 1;
    for (let stride = 1; stride < seq; stride *= 2) {
      const good = unlessDamaged(database, () => holding<BlockHead>(HEAD, seq - stride));
      if (good === undefined) continue;
      first = good.last_seq + 1;
      break;
    }
    const damage = `The log is damaged from position ${first} to ${seq}.`;
    return [{ seq: first, through: seq, sourceId: '', event: UNREADABLE, damage }];
  };

  return {
    write(from, at, events) {
      const insert = database.prepare(
        'INSERT INTO blocks (first_seq, last_seq, source, at, hashes, body) VALUES (?, ?, ?, ?, ?, ?)',
      );
      for (let first = 0; first < events.length;) {
        const { source } = events[first]!;
        const bodies: string[] = [];
        let size = 0;
        let next = first;
        for (; next < events.length && size < FULL_BLOCK; next += 1) {
          const event = events[next]!;
          if (event.source !== source) break;
          bodies.push(event.body);
          size += event.body.length;
        }
        const hashes = packHashes(events, first, next);
        insert.run(from + first, from + next - 1, source, at, hashes, bodies.join(BETWEEN));
        first = next;
      }
    },
    head: (seq) => holding<BlockHead>(HEAD, seq),
    ids(seq) {
      const row = unlessDamaged(database, () =>
        holding<BlockHead & { readonly hashes: StoredHashes }>(`${HEAD}, hashes`, seq),
      );
      if (row === undefined) return undefined;
      const hashes = openHashes(row.hashes);
      return { ...row, check: (one) => hashes?.check(one - row.first_seq) ?? 0 };
    },
    text(seq) {
      const row = holding<Block>(`${HEAD}, body`, seq);
      return row?.body.split(BETWEEN)[seq - row.first_seq];
    },
    read(after, limit, maxBytes) {
      const found: LoggedEvent[] = [];
      try {
        const first = holding<BlockHead>(HEAD, after + 1)?.first_seq ?? after + 1;
        const rows = database
          .prepare(`SELECT ${HEAD}, ${LIST} FROM blocks WHERE first_seq >= ? ORDER BY first_seq`)
          .iterate(first) as Iterable<ListBlock>;
        let bytes = 0;
        for (const row of rows) {
          const begin = Math.max(row.first_seq, after + 1);
          const share = row.list.length / (row.last_seq - row.first_seq + 1);
          const room = Math.min(limit - found.length, Math.ceil((maxBytes - bytes) / share));
          const end = Math.min(row.last_seq, begin + Math.max(1, room) - 1);
          for (const one of open(row, begin, end)) found.push(one);
          bytes += share * (end - begin + 1);
          if (found.length >= limit || bytes >= maxBytes) break;
        }
      } catch (error) {
        missing(error);
        // Events before the damage are returned first.
        if (found.length === 0) return readDamaged(after, limit, error);
      }
      return found;
    },
    at(seqs) {
      const found: LoggedEvent[] = [];
      let row: Block | undefined;
      let texts: readonly string[] = [];
      for (const seq of seqs) {
        if (row === undefined || seq > row.last_seq || seq < row.first_seq) {
          row = undefined;
          try {
            row = holding<Block>(`${HEAD}, body`, seq);
          } catch (error) {
            missing(error);
            const [one] = readDamaged(seq - 1, 1, error);
            if (one !== undefined) found.push({ ...one, seq });
            continue;
          }
          texts = row?.body.split(BETWEEN) ?? [];
        }
        if (row === undefined) continue;
        const count = row.last_seq - row.first_seq + 1;
        const place = seq - row.first_seq;
        const whole = texts.length === count;
        found.push(logged(row, seq, whole ? eventOf(texts[place]!) : salvage(texts, count)[place]));
      }
      return found;
    },
    between({ from, to }, after, limit) {
      const found: LoggedEvent[] = [];
      const first = holding<BlockHead>(HEAD, after + 1)?.first_seq ?? after + 1;
      const rows = database
        .prepare(
          `SELECT ${HEAD}, ${LIST} FROM blocks WHERE first_seq >= ? AND at >= ? AND at <= ? ORDER BY first_seq`,
        )
        .iterate(first, from, to) as Iterable<ListBlock>;
      for (const row of rows) {
        const begin = Math.max(row.first_seq, after + 1);
        const end = Math.min(row.last_seq, begin + limit - found.length - 1);
        for (const one of open(row, begin, end)) found.push(one);
        if (found.length >= limit) break;
      }
      return found;
    },
    before(seq, limit, maxBytes) {
      const found: LoggedEvent[] = [];
      try {
        const rows = database
          .prepare(`SELECT ${HEAD}, ${LIST} FROM blocks WHERE first_seq < ? ORDER BY first_seq DESC`)
          .iterate(seq) as Iterable<ListBlock>;
        let bytes = 0;
        for (const row of rows) {
          const end = Math.min(row.last_seq, seq - 1);
          const share = row.list.length / (row.last_seq - row.first_seq + 1);
          const room = Math.min(limit - found.length, Math.ceil((maxBytes - bytes) / share));
          const begin = Math.max(row.first_seq, end - Math.max(1, room) + 1);
          for (const one of open(row, begin, end).reverse()) found.push(one);
          bytes += share * (end - begin + 1);
          if (found.length >= limit || bytes >= maxBytes) break;
        }
      } catch (error) {
        missing(error);
        if (found.length === 0) return readDamagedBefore(seq, limit, error);
      }
      return found;
    },
    span({ from, to }) {
      // Reads only the index by time: each of its entries has the first position of a block.
      const row = database.one<{ first: number | null; last: number | null }>(
        `SELECT min(first_seq) AS first, max(first_seq) AS last
           FROM blocks INDEXED BY blocks_by_time WHERE at >= ? AND at <= ?`,
        from,
        to,
      );
      if (row === undefined || row.first === null || row.last === null) return undefined;
      return { first: row.first, last: holding<BlockHead>(HEAD, row.last)?.last_seq ?? row.last };
    },
    *hashes(after) {
      let from: number | undefined = headOf(after + 1) ?? after + 1;
      while (from !== undefined) {
        let next: number | undefined;
        try {
          const rows = database
            .prepare('SELECT first_seq, hashes FROM blocks WHERE first_seq >= ? ORDER BY first_seq')
            .iterate(from) as Iterable<{ first_seq: number; hashes: StoredHashes }>;
          for (const row of rows) {
            from = row.first_seq + 1;
            const hashes = openHashes(row.hashes);
            if (hashes === undefined) continue;
            for (let place = 0; place < hashes.count; place += 1) {
              const [seq, hash] = [row.first_seq + place, hashes.hash(place)];
              if (seq > after && hash !== undefined) yield { seq, hash, check: hashes.check(place) };
            }
          }
        } catch (error) {
          // IDs in damaged blocks are not recognised; that must not prevent a start.
          missing(error);
          next = firstAfter(from, lastSeq(), (at) => headFrom(at) !== undefined);
        }
        from = next;
      }
    },
    lastSeq,
  };
}

/** Returns the values of a list; undefined when it is damaged. */
function listOf(text: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(text) as readonly unknown[];
  } catch {
    return undefined;
  }
}
