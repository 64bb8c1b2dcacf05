import type { RowQuery, ShopGone } from '@waybill/core';
import type { CarriedWrite, LogEntry } from '@waybill/delivery';
import type { SetAside } from './aside.ts';
import type { RowStates } from './states.ts';

/** A row that was read, and how it is read again. */
export interface ReadRow {
  readonly stream: string;
  readonly row: unknown;
  /** Its id, where it is known. */
  readonly id?: string;
  readonly query?: RowQuery;
  /** Why nothing can be made of it: its place is not known. */
  readonly unplaced?: unknown;
  /** What was made of it, where that has been done already. */
  readonly made?: RowStates;
}

/** Rows that were read in another thread, and stay there. */
export interface RowsAway {
  readonly length: number;
  slice(begin: number, end: number): RowsAway;
  /** What follows from them. */
  prepare(how: Preparing): Promise<Prepared>;
}

/** Rows that were read, here or in another thread. */
export type Rows = readonly ReadRow[] | RowsAway;

/** How rows are looked at, beside what they are. */
export interface Preparing {
  /** Whose states they are compared with. */
  readonly owner: string;
  /** Rows that the shop has no more. */
  readonly gone: readonly GoneRow[];
  /** Whether what is seen for the first time is history. */
  readonly historical: boolean;
  /** Whether a row may have been set aside before. */
  readonly hasAsides: boolean;
}

/** A row that the shop has no more. */
export interface GoneRow extends Pick<ShopGone, 'id'> {
  readonly stream: string;
}

/** What follows from rows, before any of it is written. */
export interface Prepared {
  /** Events for the log, in their order. */
  readonly entries: readonly LogEntry[];
  /** How many events there were, those of people who were deleted too. */
  readonly events: number;
  /** What is to be kept. */
  readonly state: readonly CarriedWrite[];
  /** Rows that are to be set aside, or were read after all, in their order. */
  readonly asides: readonly (SetAside | { readonly read: string })[];
}

/** Whether rows stay in another thread. */
export function areAway(rows: Rows): rows is RowsAway {
  return !Array.isArray(rows);
}
