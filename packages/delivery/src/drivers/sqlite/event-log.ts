import { checkCarry } from '../../stores/check-carry.ts';
import type {
  Appended,
  Carry,
  LogEntry,
  LogExtent,
  LoggedEvent,
  LogSpan,
  Period,
  Pruned,
  PruneLimits,
} from '../../stores/log.ts';
import type { Lease, Leases } from '../../stores/leases.ts';
import { DEDUPE_WINDOW, type WriteBack } from '../../stores/stores.ts';
import { openDatabase, smallValues } from './database.ts';
import { createEventIds, type Holder } from './event-ids.ts';
import { createGroup } from './group.ts';
import { type CarryTables, createCarryTables } from './log-carry.ts';
import { type BlockHead, type BlockIds, createBlocks, type NewEvent } from './log-blocks.ts';
import { eventOf, unlessDamaged } from './log-damage.ts';
import { createRetention } from './log-retention.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { shareChunks } from './log-shared.ts';
import { createSpans } from './log-spans.ts';
import { createNames } from './names.ts';
import { START_AFTER } from './transfer-tables.ts';
import { createWriteBack } from './write-back.ts';

/** Options for opening an event log. */
export interface EventLogOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The deduplication window, in milliseconds; 7 days when absent. */
  readonly dedupeWindowMs?: number;
  /** For readers in addition to the one writer. */
  readonly readOnly?: boolean;
  /** Whether several read the same events at about the same time; true when absent. */
  readonly sharesReads?: boolean;
}

/** A queued event; it is serialised before it is queued, so that an invalid one fails alone. */
interface Entry {
  readonly sourceId: string;
  readonly messageId: string;
  readonly body: string;
}

/** The events of one call. */
interface Batch {
  readonly entries: readonly Entry[];
  readonly carry?: Carry;
}

/** A log in a file. Calls are synchronous, on the thread that owns the file; `log.ts` adapts it to the port. */
export interface LogFile extends Pick<CarryTables, 'carried' | 'carriedOf' | 'carriedAfter' | 'timers'> {
  /** Makes events durable. Resolves after their commit; concurrent calls share commits. */
  append(events: readonly LogEntry[]): Promise<readonly Appended[]>;
  /** Appends with a carry of their owner in the same commit. */
  appendCarried(entries: readonly LogEntry[], carry: Carry): Promise<readonly Appended[] | 'stale'>;
  readonly owners: Leases<string>;
  /** Events after a position, in order: at most `limit` of them and about `maxBytes` of JSON. */
  read(after: number, limit: number, maxBytes?: number): readonly LoggedEvent[];
  /** Events before a position, the newest first: at most `limit` of them and about `maxBytes` of JSON. */
  readBefore(before: number, limit: number, maxBytes?: number): readonly LoggedEvent[];
  /** Events by their positions; missing ones are left out. */
  readMany(seqs: readonly number[]): readonly LoggedEvent[];
  /** Events that arrived within a period, both ends included, after a position, in order: at most `limit` of them. */
  readPeriod(period: Period, after: number, limit: number): readonly LoggedEvent[];
  /** Returns every event with this messageId, from any source. */
  find(messageId: string): readonly LoggedEvent[];
  /** The last position; 0 for an empty log. */
  lastSeq(): number;
  /** Returns the first and the last position within a period of arrival; undefined when there is none. */
  span(period: Period): LogSpan | undefined;
  /**
   * Never assigns a position up to this one. A damaged disk can lose the newest events while a lane has already processed them:
   * if their positions were reused, the lane would skip the new events.
   */
  startAfter(seq: number): void;
  /** Returns the extent of the log. */
  extent(): LogExtent;
  /**
   * Inspects a few of the oldest events and removes expired ones. Call it again with the `next` of its result until there is
   * none. The last position stays known.
   */
  prune(limits: PruneLimits): Promise<Pruned>;
  /** Small durable values, such as the progress of lanes. */
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** The write-ahead log, whose checkpoints another thread can do. */
  writeBack(url: string): WriteBack | undefined;
  /** Releases the driver's resources; after pending appends. */
  close(): Promise<void>;
}

/** Opens the event log in a SQLite file. One writer per file; readers open it with `readOnly`. */
export function openEventLog(options: EventLogOptions): LogFile {
  const { file, now = Date.now, dedupeWindowMs = DEDUPE_WINDOW, readOnly = false } = options;
  const database = openDatabase({ file, readOnly, migrations: LOG_MIGRATIONS });
  const names = createNames(database);
  const blocks = createBlocks(database, names);
  const isOver = (head: BlockHead | undefined, at: number): boolean =>
    head === undefined || at - head.at >= dedupeWindowMs;
  const spans = createSpans(database);
  const ids = createEventIds(database, {
    isOver: (seq) => isOver(blocks.head(seq), now()),
    isWhole: (first, last) => now() - (spans.since(first, last) ?? Number.NEGATIVE_INFINITY) < dedupeWindowMs,
    hashesAfter: (seq) => blocks.hashes(seq),
    readOnly,
  });
  const retention = createRetention(database);
  const small = smallValues(database);
  const tables = createCarryTables(database, names);
  const read = options.sharesReads === false ? blocks.read : shareChunks(blocks.read);
  let passed = Number(small.get(START_AFTER) ?? 0);
  /** Returns the messageId of an event in the log; undefined when it is damaged. */
  const messageIdAt = (seq: number): string | undefined => {
    const text = unlessDamaged(database, () => blocks.text(seq));
    return text === undefined ? undefined : eventOf(text)?.messageId;
  };
  /** The last inspected block: resent events come in the order of the log. */
  let judged: BlockIds | undefined;
  const idsAt = (seq: number): BlockIds | undefined => {
    if (judged === undefined || seq < judged.first_seq || seq > judged.last_seq) judged = blocks.ids(seq);
    return judged;
  };

  const write = (group: readonly Batch[]): readonly (readonly Appended[] | 'stale')[] => {
    const at = now();
    // Retention may have changed it.
    judged = undefined;
    return database.transaction(() => {
      const first = Math.max(blocks.lastSeq(), passed) + 1;
      const fresh: (NewEvent & { readonly messageId: string })[] = [];
      /** The current event of `judge`: one shared function for all events, because it is rarely called. */
      let asked: Pick<NewEvent, 'source' | 'hashes'> & { readonly messageId: string };
      const judge = (held: number): Holder => {
        const { source, hashes, messageId } = asked;
        const young = fresh[held - first];
        if (young !== undefined) {
          return young.source === source && young.messageId === messageId ? 'duplicate' : 'other';
        }
        const block = idsAt(held);
        if (block === undefined || isOver(block, at)) return 'expired';
        if (block.source !== source) return 'other';
        const kept = block.check(held);
        const same = kept === 0 ? messageIdAt(held) === messageId : kept === hashes.check;
        return same ? 'duplicate' : 'other';
      };
      const isStale = tables.write(group.map(({ carry }) => carry));
      const answers = group.map(({ entries }, at) => {
        if (isStale[at]!) return 'stale';
        return entries.map(({ sourceId, messageId, body }): Appended => {
          const source = names.id(sourceId);
          const event = { source, hashes: ids.hashes(sourceId, messageId), body, messageId };
          asked = event;
          if (!ids.claim(event.hashes, first + fresh.length, judge)) return DUPLICATE;
          fresh.push(event);
          return ACCEPTED;
        });
      });
      blocks.write(first, at, fresh);
      ids.store();
      return answers;
    });
  };
  const group = createGroup<Batch, readonly Appended[] | 'stale'>((batches) => {
    let appended: readonly (readonly Appended[] | 'stale')[];
    try {
      appended = write(batches);
    } catch (error) {
      names.reset();
      ids.forget();
      tables.reset();
      throw error;
    }
    try {
      ids.keep();
    } catch {
      // The events are durable; the IDs stay in memory and become a run later.
    }
    return appended;
  });

  /** Not async: a suspended function would hold the events until the commit, and every garbage collection would copy them. */
  const append = async (
    events: readonly LogEntry[],
    carry?: Carry,
  ): Promise<readonly Appended[] | 'stale'> => {
    if (readOnly) throw new Error('This log is open for reading only.');
    const entries = events.map((entry) => ({
      sourceId: entry.sourceId,
      messageId: entry.messageId ?? entry.event.messageId,
      body: entry.text ?? JSON.stringify(entry.event),
    }));
    return group.add(carry === undefined ? { entries } : { entries, carry });
  };

  return {
    append: (events) =>
      // Without an owner nothing can be stale.
      events.length === 0 ? Promise.resolve([]) : (append(events) as Promise<readonly Appended[]>),
    async appendCarried(events, carry) {
      checkCarry(carry);
      return append(events, carry);
    },
    owners: {
      acquire: async (key, holder, ttl): Promise<Lease<string> | undefined> => {
        const epoch = database.transaction(() => tables.leases.acquire(key, holder, { now: now(), ttl }));
        return epoch === undefined ? undefined : { key, epoch };
      },
      renew: async ({ key, epoch }, ttl) => tables.leases.renew(key, epoch, now() + ttl),
      release: async ({ key, epoch }) => tables.leases.release(key, epoch),
    },
    carried: tables.carried,
    carriedOf: tables.carriedOf,
    carriedAfter: tables.carriedAfter,
    timers: tables.timers,
    read: (after, limit, maxBytes = Number.POSITIVE_INFINITY) => read(after, limit, maxBytes),
    readBefore: (before, limit, maxBytes = Number.POSITIVE_INFINITY) =>
      blocks.before(before, limit, maxBytes),
    readMany: (seqs) => blocks.at([...new Set(seqs)].sort((a, b) => a - b)),
    readPeriod: (period, after, limit) => blocks.between(period, after, limit),
    find(messageId) {
      const seqs: number[] = [];
      for (const { id, text } of database.all<{ id: number; text: string }>('SELECT id, text FROM names')) {
        for (const seq of ids.candidates(ids.hashes(text, messageId).hash)) {
          if (blocks.head(seq)?.source === id) seqs.push(seq);
        }
      }
      return blocks
        .at(seqs.sort((a, b) => a - b))
        .filter((one: LoggedEvent) => one.event.messageId === messageId);
    },
    lastSeq: () => blocks.lastSeq(),
    span: (period) => blocks.span(period),
    startAfter(seq) {
      passed = Math.max(passed, seq);
    },
    extent: () => retention.extent(),
    async prune(limits) {
      if (readOnly) return { removed: 0 };
      const pruned = await retention.prune(limits);
      if (pruned.through !== undefined) spans.removed(pruned.through);
      return pruned;
    },
    ...small,
    writeBack: (url) => createWriteBack(database, url),
    async close() {
      group.flush();
      database.close();
    },
  };
}

const ACCEPTED: Appended = { accepted: true };
const DUPLICATE: Appended = { accepted: false };
