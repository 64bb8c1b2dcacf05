import type { StorePart } from './stores.ts';

/** A value of a copied row; the same in every driver. */
export type CopyValue = string | number | null | Uint8Array;

/** A copied row: the values of a noun's columns, in their order. */
export type CopyRow = readonly CopyValue[];

/** The nouns to copy, and their columns; every driver reads and writes them alike. */
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

/** A kind of copied rows. */
export type CopyNoun = keyof typeof COPIED;

/** Returns the part of the stores of a noun. */
export function partOf(noun: CopyNoun): StorePart {
  const nouns = Object.keys(COPIED);
  const place = nouns.indexOf(noun);
  if (place < nouns.indexOf('lanes')) return 'log';
  return place < nouns.indexOf('items') ? 'state' : 'workspace';
}

/** The nouns, in the order of the copy. */
export const COPY_NOUNS = Object.keys(COPIED) as readonly CopyNoun[];

/** Rows of a noun after a place, and their end; `next` is absent on the last page. */
export interface CopyPage {
  readonly rows: readonly CopyRow[];
  readonly next?: string;
}

/** The progress of a noun. */
export interface CopyPlace {
  /** Where to continue reading the source; absent at the beginning. */
  readonly after?: string;
  readonly done: boolean;
  readonly rows: number;
}

/** A step of a noun: its rows and progress, in one transaction. */
export interface CopyStep {
  readonly noun: CopyNoun;
  readonly rows: readonly CopyRow[];
  /** The place before and after. Refused if the stored place differs: another copy is running. */
  readonly from: CopyPlace;
  readonly to: CopyPlace;
}

/**
 * Stores in a complete copy, with every position and ID. They must not be used meanwhile. Stores with an unfinished copy cannot
 * be opened otherwise.
 */
export interface Transfer {
  /** Returns rows after a place, in the format of this driver. */
  page(noun: CopyNoun, after: string | undefined): Promise<CopyPage>;
  /** Whether a process currently has a lease. */
  isHeld(): Promise<boolean>;
  /** Returns the source of an unfinished copy; undefined when there is none. */
  unfinished(): Promise<string | undefined>;
  /** Marks empty stores as an unfinished copy of a source, or continues one. */
  begin(from: string): Promise<void>;
  place(noun: CopyNoun): Promise<CopyPlace>;
  write(step: CopyStep): Promise<void>;
  /** Removes the mark, after which the stores can be used. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Options for opening stores for a copy. */
export interface TransferOptions {
  readonly now: () => number;
  /** Whether the stores are written. */
  readonly writes: boolean;
}
