import type { StorePart } from './stores.ts';

/** A value of a row that is copied; the same in every driver. */
export type CopyValue = string | number | null | Uint8Array;

/** A row that is copied: the values of a noun's columns, in their order. */
export type CopyRow = readonly CopyValue[];

/** What there is to copy, and the columns of each; every driver reads and writes them alike. */
export const COPIED = {
  events: ['seq', 'source', 'at', 'body'],
  'log-position': ['last'],
  owners: ['owner', 'cursor', 'epoch'],
  carried: ['owner', 'key', 'value'],
  timers: ['owner', 'due', 'key', 'value'],
  'log-notes': ['key', 'value'],
  lanes: ['destination', 'cursor', 'removed', 'delivered', 'skipped', 'rejected', 'waiting', 'dead', 'epoch'],
  outcomes: [
    ...['destination', 'mapping', 'first', 'last', 'status', 'attempts', 'at'],
    ...['code', 'message', 'field', 'exchange', 'version'],
  ],
  gaps: ['destination', 'first', 'last', 'code', 'at'],
  waiting: [
    ...['seq', 'destination', 'mapping', 'position', 'user', 'attempts', 'due', 'failed'],
    ...['code', 'message', 'exchange'],
  ],
  heads: ['destination', 'user', 'due'],
  'dead-letters': [
    ...['id', 'destination', 'seq', 'mapping', 'version', 'position', 'message_id', 'source', 'user', 'at'],
    ...['code', 'message', 'field', 'attempts', 'payload', 'payload_cut', 'exchanges', 'replayed_at'],
  ],
  exchanges: ['id', 'destination', 'at', 'duration', 'request', 'response', 'failure'],
  memory: ['id', 'destination', 'space', 'scope', 'key', 'value'],
  kept: ['destination', 'key', 'value'],
  conflicts: [
    ...['id', 'destination', 'seq', 'mapping', 'user', 'field', 'rule', 'source', 'kept_source', 'at'],
  ],
  corrections: ['seq', 'destination', 'mapping', 'event', 'at'],
  'next-exchange': ['id'],
  'state-counters': ['name', 'last'],
  'state-notes': ['key', 'value'],
  items: ['name', 'version', 'content'],
  changes: ['id', 'at', 'author', 'origin', 'note', 'writes'],
  versions: ['name', 'version', 'change', 'at', 'author', 'origin', 'note', 'characters', 'record'],
  sessions: ['name', 'content'],
  'last-change': ['id'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** A kind of rows that is copied. */
export type CopyNoun = keyof typeof COPIED;

/** Which part of the stores a noun belongs to. */
export function partOf(noun: CopyNoun): StorePart {
  const nouns = Object.keys(COPIED);
  const place = nouns.indexOf(noun);
  if (place < nouns.indexOf('lanes')) return 'log';
  return place < nouns.indexOf('items') ? 'state' : 'workspace';
}

/** Every noun, in the order in which they are copied. */
export const COPY_NOUNS = Object.keys(COPIED) as readonly CopyNoun[];

/** Rows of a noun after a place, and where they end; `next` is absent when there are no more. */
export interface CopyPage {
  readonly rows: readonly CopyRow[];
  readonly next?: string;
}

/** How far a noun has been written. */
export interface CopyPlace {
  /** Where the source is to be read on; absent at the beginning. */
  readonly after?: string;
  readonly done: boolean;
  readonly rows: number;
}

/** A step of a noun: what is written with its rows, in one transaction. */
export interface CopyStep {
  readonly noun: CopyNoun;
  readonly rows: readonly CopyRow[];
  /** The place before, and after. Another one than is there is refused: somebody else copies to it. */
  readonly from: CopyPlace;
  readonly to: CopyPlace;
}

/**
 * Stores that are copied whole, with every position and id. Nobody else may use them meanwhile. Stores that hold an unfinished copy
 * cannot be opened for anything else.
 */
export interface Transfer {
  /** Rows after a place, which is this driver's own matter. */
  page(noun: CopyNoun, after: string | undefined): Promise<CopyPage>;
  /** Whether a process holds a lane or a source at this moment. */
  isHeld(): Promise<boolean>;
  /** What the copy was begun from that is here unfinished; undefined when there is none. */
  unfinished(): Promise<string | undefined>;
  /** Marks stores that hold nothing, or continues marking: they are a copy from there that is not finished. */
  begin(from: string): Promise<void>;
  place(noun: CopyNoun): Promise<CopyPlace>;
  write(step: CopyStep): Promise<void>;
  /** Removes the mark, after which the stores can be used. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** How to open stores for a copy. */
export interface TransferOptions {
  readonly now: () => number;
  /** Whether the stores are written. */
  readonly writes: boolean;
}
