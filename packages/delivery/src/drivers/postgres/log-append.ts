import { orderKey } from '@waybill/core';
import type { Appended, Carry, LogEntry } from '../../stores/log.ts';
import { checkCarry } from '../../stores/check-carry.ts';
import { codeOf, type Database, type Statements } from './database.ts';
import { announce } from './horizon.ts';
import type { Ranges } from './log-ranges.ts';
import { isStaleOwner, writeCarry } from './log-carry.ts';
import { type Keys, messageKey } from './message-key.ts';

/** The maximum number of events, and of their characters, in one commit. */
const MOST = 5_000;
const LARGEST = 8 * 2 ** 20;
/** The error code for a position without a table. */
const CHECK_VIOLATION = '23514';

interface Draft {
  readonly sourceId: string;
  readonly message: string;
  readonly partition: number;
  readonly body: string;
}

interface Call {
  readonly drafts: readonly Draft[];
  readonly answer: PromiseWithResolvers<readonly Appended[]>;
}

/** The input of an appender. */
export interface AppendInput {
  readonly database: Database;
  readonly ranges: Ranges;
  readonly partitions: number;
  readonly keys: Keys;
  readonly now: () => number;
  readonly dedupeWindowMs: number;
}

/** Appends to a log. */
export interface Appender {
  append(entries: readonly LogEntry[]): Promise<readonly Appended[]>;
  appendCarried(entries: readonly LogEntry[], carry: Carry): Promise<readonly Appended[] | 'stale'>;
  /** Resolves when no append is pending. */
  idle(): Promise<void>;
}

/** Calls during a commit share the next one; calls with a carry have their own commit. */
export function createAppender(input: AppendInput): Appender {
  const waiting: Call[] = [];
  const under = new Set<Promise<unknown>>();
  let committing = false;
  const track = <T>(work: Promise<T>): Promise<T> => {
    const ended: Promise<unknown> = work.then(
      () => under.delete(ended),
      () => under.delete(ended),
    );
    under.add(ended);
    return work;
  };
  const commit = async (): Promise<void> => {
    committing = true;
    while (waiting.length > 0) {
      const calls = takeGroup(waiting);
      try {
        const answers = await store(
          input,
          calls.flatMap(({ drafts }) => drafts),
        );
        let at = 0;
        for (const { drafts, answer } of calls) answer.resolve(answers.slice(at, (at += drafts.length)));
      } catch (error) {
        for (const { answer } of calls) answer.reject(error);
      }
    }
    committing = false;
  };
  return {
    async append(entries) {
      const drafts = entries.map((entry) => draftOf(entry, input));
      if (drafts.length === 0) return [];
      const answer = Promise.withResolvers<readonly Appended[]>();
      waiting.push({ drafts, answer });
      if (!committing) void commit();
      return track(answer.promise);
    },
    async appendCarried(entries, carry) {
      checkCarry(carry);
      const drafts = entries.map((entry) => draftOf(entry, input));
      return track(storeCarried(input, drafts, carry));
    },
    async idle() {
      while (under.size > 0) await Promise.all(under);
    },
  };
}

function takeGroup(waiting: Call[]): readonly Call[] {
  let [count, events, characters] = [0, 0, 0];
  for (const { drafts } of waiting) {
    events += drafts.length;
    characters += drafts.reduce((sum, { body }) => sum + body.length, 0);
    if (count > 0 && (events > MOST || characters > LARGEST)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

function draftOf(entry: LogEntry, { partitions, keys }: AppendInput): Draft {
  const { sourceId, text } = entry;
  return {
    sourceId,
    message: messageKey(entry.messageId ?? entry.event.messageId, keys),
    partition: partitions === 1 ? 0 : partitionOf(orderKey(entry.event), partitions),
    body: text === undefined || hasControls(text) ? JSON.stringify(entry.event) : text,
  };
}

/** Separates bodies that are passed as one string: JSON only contains it escaped. */
const BETWEEN = '\u0002';

function hasControls(text: string): boolean {
  return text.includes(BETWEEN) || text.includes('\u0001') || text.includes('\0');
}

/** FNV-1a: the same in every process and version, because users must stay in their partition. */
function partitionOf(user: string, partitions: number): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(user)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value % partitions;
}

function store(input: AppendInput, drafts: readonly Draft[]): Promise<readonly Appended[]> {
  return withRange(input, () => insert(input, input.database, drafts));
}

function storeCarried(
  input: AppendInput,
  drafts: readonly Draft[],
  carry: Carry,
): Promise<readonly Appended[] | 'stale'> {
  return withRange(input, () =>
    input.database.transaction(async (statements) => {
      if (await isStaleOwner(statements, carry.lease)) return 'stale';
      await writeCarry(statements, carry);
      return drafts.length === 0 ? [] : insert(input, statements, drafts);
    }),
  );
}

async function withRange<T>({ ranges }: AppendInput, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) !== CHECK_VIOLATION) throw error;
    await ranges.ensure();
    return work();
  }
}

/**
 * Draws a position for each event, in order, and keeps those with unknown IDs: one statement, and its own transaction where
 * nothing is carried. IDs are inserted in sorted order, so that two commits with the same IDs never deadlock. Bodies are one
 * string, because an array would escape each quotation mark here and unescape it there.
 */
async function insert(
  { database, ranges, now, dedupeWindowMs }: AppendInput,
  statements: Statements,
  drafts: readonly Draft[],
): Promise<readonly Appended[]> {
  const first = new Map<string, number>();
  for (const [index, draft] of drafts.entries()) {
    const id = idOf(draft);
    if (!first.has(id)) first.set(id, index);
  }
  const places = [...first.values()];
  const own = places.map((place) => drafts[place]!);
  const stored = await statements.often<{ last: number | null; known: readonly number[] }>(
    `WITH announced AS MATERIALIZED (${announce(database.schema)}), given AS MATERIALIZED (
       SELECT nextval('~positions') AS seq, one.* FROM announced CROSS JOIN
         unnest($1::text[], $2::uuid[], $3::smallint[], string_to_array($4, '${BETWEEN}'))
           WITH ORDINALITY AS one (source_id, message, partition, body, place)
     ), fresh AS (
       INSERT INTO ~ids AS known (message, source_id, seq, at)
         SELECT message, source_id, seq, $5::bigint FROM given ORDER BY message, source_id
       ON CONFLICT (message, source_id) DO UPDATE SET seq = excluded.seq, at = excluded.at
         WHERE known.at <= excluded.at - $6::bigint
       RETURNING known.seq
     ), stored AS (
       INSERT INTO ~events (seq, partition, source_id, message, at, body)
         SELECT seq, partition, source_id, message, $5::bigint, body FROM given JOIN fresh USING (seq) ORDER BY seq
       RETURNING seq
     ) SELECT max(stored.seq) AS last, coalesce(array_agg(place::int) FILTER (WHERE stored.seq IS NULL), '{}') AS known
         FROM given LEFT JOIN stored USING (seq)`,
    own.map(({ sourceId }) => sourceId),
    own.map(({ message }) => message),
    own.map(({ partition }) => partition),
    own.map(({ body }) => body).join(BETWEEN),
    now(),
    dedupeWindowMs,
  );
  // If it is created too late, the append that needs it creates it.
  ranges.reached(stored?.last ?? 0).catch(() => undefined);
  const accepted = new Set(places);
  for (const place of stored?.known ?? []) accepted.delete(places[place - 1]!);
  return drafts.map((_draft, index) => ({ accepted: accepted.has(index) }));
}

function idOf({ message, sourceId }: Draft): string {
  return `${message} ${sourceId}`;
}
