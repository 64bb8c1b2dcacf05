import { createHash } from 'node:crypto';
import { cut, type ErrorCode, type RowQuery } from '@waybill/core';
import type { CarriedWrite } from '@waybill/delivery';

/** A row that was set aside, because it is unreadable or the shop cannot return it. */
export interface SetAside {
  /** Identifies it within the source. */
  readonly key: string;
  readonly stream: string;
  /** The ID of the row, if known. */
  readonly row?: string;
  /** How it is read again without an ID. */
  readonly query?: RowQuery;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** The row from the shop, without sensitive members. */
  readonly text?: string;
}

/** The rows of a source that were set aside. */
export interface Asides {
  list(): readonly SetAside[];
  /** Counts those of a stream. */
  count(stream: string): number;
  /** Adds a row, replacing one of the same key. */
  add(one: SetAside): void;
  /** Removes a row that was read, with its parts. */
  remove(key: string): void;
  /** Returns pending writes. */
  writes(): readonly CarriedWrite[];
  /** Loads stored rows. */
  load(kept: Uint8Array | undefined): void;
}

/** The key of the stored rows. */
export const ASIDE_KEY = 'aside';
/** The maximum number of rows; the oldest are dropped. */
const MOST = 200;
/** The separator between the key of a row and the name of its part. */
const PART = ' #part ';
/** The maximum number of stored characters of a row. */
const MOST_TEXT = 8 * 1024;
/** Members of rows that are never stored. */
const SENSITIVE =
  /pass(word|wd|phrase)|secret|token|card_?(no|num)|cvv|cvc|iban|account_?number|cc_(number|cid|exp)/i;

/** Returns the key of a row with a known ID. */
export function asideKey(stream: string, row: string): string {
  return `${stream} ${row}`;
}

/** Returns the key of a part of a row. */
export function partKey(key: string, text: string): string {
  return `${key}${PART}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** Serialises a row without sensitive members. */
export function textOfRow(row: unknown): string {
  const text = JSON.stringify(row, (name, value: unknown) => (SENSITIVE.test(name) ? '(removed)' : value));
  return cut(text ?? String(row), MOST_TEXT);
}

/** Creates the list of rows that were set aside. */
export function createAsides(): Asides {
  let rows = new Map<string, SetAside>();
  let changed = false;
  return {
    list: () => [...rows.values()].reverse(),
    count: (stream) => [...rows.values()].filter((one) => one.stream === stream).length,
    add(one) {
      rows.delete(one.key);
      rows.set(one.key, one);
      for (const key of rows.keys()) if (rows.size > MOST) rows.delete(key);
      changed = true;
    },
    remove(key) {
      if (rows.size === 0) return;
      const before = rows.size;
      rows.delete(key);
      const parts = [...rows.keys()].filter((one) => one.startsWith(key + PART));
      for (const part of parts) rows.delete(part);
      changed ||= rows.size < before;
    },
    writes() {
      if (!changed) return [];
      changed = false;
      return [{ key: ASIDE_KEY, value: Buffer.from(JSON.stringify([...rows.values()])) }];
    },
    load(kept) {
      const read = kept === undefined ? [] : (JSON.parse(Buffer.from(kept).toString()) as SetAside[]);
      rows = new Map(read.map((one) => [one.key, one]));
      changed = false;
    },
  };
}
