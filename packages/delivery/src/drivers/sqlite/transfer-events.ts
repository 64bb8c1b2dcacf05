import type { CopyPage, CopyRow } from '../../stores/transfer.ts';
import { DEDUPE_WINDOW } from '../../stores/stores.ts';
import type { Database } from './database.ts';
import { createEventIds } from './event-ids.ts';
import { BETWEEN, createBlocks, type NewEvent } from './log-blocks.ts';
import { eventOf } from './log-damage.ts';
import type { Names } from './names.ts';

/** The number of blocks of a page: usually a megabyte. */
const BLOCKS = 16;

/** Converts events to rows, and rows to events. */
export interface EventCopy {
  page(after: string | undefined): CopyPage;
  /** Call it within a transaction, and `keep` after it. */
  write(rows: readonly CopyRow[]): void;
  /** Indexes the IDs of what was written, so that duplicates are found. */
  keep(): void;
}

interface Block {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly source: number;
  readonly at: number;
  readonly body: string;
}

/** Creates the copy of events of a database. */
export function createEventCopy(database: Database, names: Names, now: () => number): EventCopy {
  const blocks = createBlocks(database, names);
  const writing = (): ReturnType<typeof createEventIds> =>
    createEventIds(database, {
      isOver: (seq) => now() - (blocks.head(seq)?.at ?? 0) >= DEDUPE_WINDOW,
      // Accepted events are never duplicates here.
      isWhole: () => false,
      hashesAfter: (seq) => blocks.hashes(seq),
    });
  let ids: ReturnType<typeof createEventIds> | undefined;
  return {
    page(after) {
      const found = database.all<Block>(
        'SELECT first_seq, last_seq, source, at, body FROM blocks WHERE first_seq > ? ORDER BY first_seq LIMIT ?',
        Number(after ?? -1),
        BLOCKS,
      );
      const rows = found.flatMap((block) => rowsOf(block, names));
      return found.length < BLOCKS ? { rows } : { rows, next: String(found.at(-1)!.first_seq) };
    },
    write(rows) {
      ids ??= writing();
      for (let begin = 0; begin < rows.length;) {
        const [first, , at] = rows[begin] as [number, string, number, string];
        const events: NewEvent[] = [];
        for (; begin < rows.length; begin += 1) {
          const [seq, source, arrived, body] = rows[begin] as [number, string, number, string];
          if (seq !== first + events.length || arrived !== at) break;
          const hashes = ids.hashes(source, messageIdOf(seq, body));
          ids.claim(hashes, seq, () => 'other');
          events.push({ source: names.id(source), hashes, body });
        }
        blocks.write(first, at, events);
      }
    },
    keep: () => ids?.keep(),
  };
}

function rowsOf({ first_seq: first, last_seq: last, source, at, body }: Block, names: Names): CopyRow[] {
  const texts = body.split(BETWEEN);
  if (texts.length !== last - first + 1) throw damaged(first, last);
  return texts.map((text, index): CopyRow => {
    if (eventOf(text) === undefined) throw damaged(first + index, first + index);
    return [first + index, names.text(source), at, text];
  });
}

function messageIdOf(seq: number, body: string): string {
  const id = eventOf(body)?.messageId;
  if (id === undefined) throw damaged(seq, seq);
  return id;
}

function damaged(first: number, last: number): Error {
  return new Error(
    `The log is damaged between positions ${first} and ${last}, and cannot be copied whole. Restore a back-up of it first.`,
  );
}
