import type { Event } from '@waybill/core';
import type { Appended, EventLog, LoggedEvent } from '../../store/port.ts';
import { type Database, openDatabase } from './database.ts';
import { createEventIds, type Holder, IDS_TABLES } from './event-ids.ts';
import { createGroup } from './group.ts';
import { createNames, NAMES_TABLE } from './names.ts';

/** How to open an event log. */
export interface EventLogOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long a messageId is remembered, in milliseconds; 7 days when absent. */
  readonly dedupeWindowMs?: number;
  /** For readers beside the one writer. */
  readonly readOnly?: boolean;
}

/** How long a messageId is remembered unless configured otherwise. */
export const DEDUPE_WINDOW = 7 * 24 * 60 * 60 * 1000;

const MIGRATIONS = [
  `${NAMES_TABLE}
   ${IDS_TABLES}
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     source INTEGER NOT NULL,
     at INTEGER NOT NULL,
     hash INTEGER NOT NULL,
     body TEXT NOT NULL
   );`,
];

/** An event on its way into the log; its text is made before it queues, so that a bad one fails alone. */
interface Entry {
  readonly sourceId: string;
  readonly messageId: string;
  readonly body: string;
}

interface EventRow {
  readonly seq: number;
  readonly source: number;
  readonly at: number;
  readonly body: string;
}

/** Opens the event log in a SQLite file. One writer a file; readers open it with `readOnly`. */
export function openEventLog(options: EventLogOptions): EventLog {
  const { file, now = Date.now, dedupeWindowMs = DEDUPE_WINDOW, readOnly = false } = options;
  const database = openDatabase({ file, readOnly, migrations: MIGRATIONS });
  const names = createNames(database);
  const rowAt = (seq: number): EventRow | undefined =>
    database.one<EventRow>('SELECT seq, source, at, body FROM events WHERE seq = ?', seq);
  const isOver = (row: EventRow | undefined, at: number): boolean =>
    row === undefined || at - row.at >= dedupeWindowMs;
  const ids = createEventIds(database, (seq) => isOver(rowAt(seq), now()), readOnly);
  const logged = (row: EventRow): LoggedEvent => ({
    seq: row.seq,
    sourceId: names.text(row.source),
    // The log holds only what `append` wrote.
    event: JSON.parse(row.body) as Event,
  });
  const lastSeq = (): number =>
    database.one<{ seq: number | null }>('SELECT max(seq) AS seq FROM events')?.seq ?? 0;

  const write = (group: readonly (readonly Entry[])[]): readonly (readonly Appended[])[] => {
    const at = now();
    const insert = database.prepare(
      'INSERT INTO events (seq, source, at, hash, body) VALUES (?, ?, ?, ?, ?)',
    );
    return database.transaction(() => {
      let seq = nextSeq(database);
      return group.map((entries) =>
        entries.map(({ sourceId, messageId, body }) => {
          const source = names.id(sourceId);
          const judge = (held: number): Holder => {
            const row = rowAt(held);
            if (isOver(row, at) || row === undefined) return 'expired';
            const same = row.source === source && messageIdOf(row.body) === messageId;
            return same ? 'duplicate' : 'other';
          };
          const hash = ids.hash(sourceId, messageId);
          if (!ids.claim(hash, seq, judge)) return { accepted: false };
          insert.run(seq, source, at, hash, body);
          seq += 1;
          return { accepted: true };
        }),
      );
    });
  };
  const group = createGroup<readonly Entry[], readonly Appended[]>((entries) => {
    let appended: readonly (readonly Appended[])[];
    try {
      appended = write(entries);
    } catch (error) {
      names.reset();
      ids.forget();
      throw error;
    }
    try {
      ids.keep();
    } catch {
      // The events are safe; the ids stay in memory and become a run at a later commit.
    }
    return appended;
  });

  return {
    async append(events) {
      if (readOnly) throw new Error('This log is open for reading only.');
      if (events.length === 0) return [];
      const entries = events.map(({ sourceId, event }) => ({
        sourceId,
        messageId: event.messageId,
        body: JSON.stringify(event),
      }));
      return group.add(entries);
    },
    read(after, limit, maxBytes = Number.POSITIVE_INFINITY) {
      const found: LoggedEvent[] = [];
      let bytes = 0;
      const rows = database
        .prepare('SELECT seq, source, at, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?')
        .iterate(after, limit) as Iterable<EventRow>;
      for (const row of rows) {
        found.push(logged(row));
        bytes += row.body.length;
        if (bytes >= maxBytes) break;
      }
      return found;
    },
    readMany(seqs) {
      const found: LoggedEvent[] = [];
      for (const seq of [...new Set(seqs)].sort((a, b) => a - b)) {
        const row = rowAt(seq);
        if (row !== undefined) found.push(logged(row));
      }
      return found;
    },
    find(messageId) {
      const found: LoggedEvent[] = [];
      for (const { text } of database.all<{ text: string }>('SELECT text FROM names ORDER BY id')) {
        for (const seq of ids.candidates(ids.hash(text, messageId))) {
          const row = rowAt(seq);
          if (row === undefined || names.text(row.source) !== text) continue;
          if (messageIdOf(row.body) === messageId) found.push(logged(row));
        }
      }
      return found;
    },
    lastSeq,
    async close() {
      group.flush();
      database.close();
    },
  };
}

/** AUTOINCREMENT remembers the highest position ever used, also when old events are removed. */
function nextSeq(database: Database): number {
  const row = database.one<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'events'");
  return (row?.seq ?? 0) + 1;
}

function messageIdOf(body: string): unknown {
  return (JSON.parse(body) as Event).messageId;
}
