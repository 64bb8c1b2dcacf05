import { createHash } from 'node:crypto';
import { cut, type ErrorCode, type RowQuery } from '@waybill/core';
import type { CarriedWrite } from '@waybill/delivery';

/** A row that was set aside, because nothing could be made of it or the shop cannot give it. */
export interface SetAside {
  /** Identifies it within the source. */
  readonly key: string;
  readonly stream: string;
  /** The id of the row, where it is known. */
  readonly row?: string;
  /** How it is read again where its id is not known. */
  readonly query?: RowQuery;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** The row as the shop gave it, without what must not be kept. */
  readonly text?: string;
}

/** The rows of a source that are set aside. */
export interface Asides {
  list(): readonly SetAside[];
  /** How many there are of a stream. */
  count(stream: string): number;
  /** Takes one in, in place of one of the same key. */
  add(one: SetAside): void;
  /** It was read after all, with its parts. */
  remove(key: string): void;
  /** What is to be written, when something has changed. */
  writes(): readonly CarriedWrite[];
  /** Begins with what was kept. */
  load(kept: Uint8Array | undefined): void;
}

/** The key that they are kept under. */
export const ASIDE_KEY = 'aside';
/** Rows that are kept; the oldest go. */
const MOST = 200;
/** Between the key of a row and what names a part of it. */
const PART = ' #part ';
/** Characters of a row that are kept. */
const MOST_TEXT = 8 * 1024;
/** Members of rows that are kept nowhere. */
const SENSITIVE =
  /pass(word|wd|phrase)|secret|token|card_?(no|num)|cvv|cvc|iban|account_?number|cc_(number|cid|exp)/i;

/** The key of a row whose id is known. */
export function asideKey(stream: string, row: string): string {
  return `${stream} ${row}`;
}

/** The key of a part of a row. */
export function partKey(key: string, text: string): string {
  return `${key}${PART}${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** A row as text, without members that must not be kept. */
export function textOfRow(row: unknown): string {
  const text = JSON.stringify(row, (name, value: unknown) => (SENSITIVE.test(name) ? '(removed)' : value));
  return cut(text ?? String(row), MOST_TEXT);
}

/** Keeps rows that were set aside. */
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
