import type { RowQuery, ShopGone } from '@waybill/core';
import type { CarriedWrite, LogEntry } from '@waybill/delivery';
import type { SetAside } from './aside.ts';
import type { RowStates } from './states.ts';

/** A read row, and how to read it again. */
export interface ReadRow {
  readonly stream: string;
  readonly row: unknown;
  /** Its ID, if known. */
  readonly id?: string;
  readonly query?: RowQuery;
  /** Why it is unreadable: its position is unknown. */
  readonly unplaced?: unknown;
  /** Its states, if already computed. */
  readonly made?: RowStates;
}

/** Rows that were read in another thread, and stay there. */
export interface RowsAway {
  readonly length: number;
  slice(begin: number, end: number): RowsAway;
  /** Processes them. */
  prepare(how: Preparing): Promise<Prepared>;
}

/** Read rows, here or in another thread. */
export type Rows = readonly ReadRow[] | RowsAway;

/** How rows are processed. */
export interface Preparing {
  /** The owner of the stored states. */
  readonly owner: string;
  /** Deleted rows. */
  readonly gone: readonly GoneRow[];
  /** Whether first-seen objects are historical. */
  readonly historical: boolean;
  /** Whether rows may have been set aside before. */
  readonly hasAsides: boolean;
}

/** A deleted row. */
export interface GoneRow extends Pick<ShopGone, 'id'> {
  readonly stream: string;
}

/** The results of rows, before they are written. */
export interface Prepared {
  /** Events for the log, in their order. */
  readonly entries: readonly LogEntry[];
  /** The number of events, including those of deleted people. */
  readonly events: number;
  /** The values to store. */
  readonly state: readonly CarriedWrite[];
  /** Rows to set aside, or that were now read, in order. */
  readonly asides: readonly (SetAside | { readonly read: string })[];
}

/** Whether rows stay in another thread. */
export function areAway(rows: Rows): rows is RowsAway {
  return !Array.isArray(rows);
}
