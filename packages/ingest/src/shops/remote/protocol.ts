import type { HttpFailure, HttpResponse, RowKey, ShopFailure } from '@waybill/core';
import type { Carried } from '@waybill/delivery';
import type { SetAside } from '../aside.ts';
import type { Run } from '../run.ts';
import type { Prepared, Preparing } from '../rows.ts';

/*
 * The protocol between the accepting thread and the sources thread. Rows stay in the sources thread, by page number; their
 * results are sent as JSON.
 */

/** The parts of a source that the sources thread needs. */
export interface RemoteSource {
  /** Identifies this reading of the source. */
  readonly reading: number;
  readonly id: string;
  readonly slug: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The page to read. */
export interface RemoteJob {
  readonly stream: string;
  readonly run: Run;
  /** Whether a failing page is bisected to find the failing row. */
  readonly divides: boolean;
  /** The number of prefetch resets so far. Absent: no prefetch. */
  readonly forgotten?: number;
}

/** A read page; its rows are requested by its number. */
export interface RemotePage {
  readonly page: number;
  readonly length: number;
  readonly spoilt: readonly SetAside[];
  readonly next?: Run;
  readonly count: number;
  readonly keys: readonly RowKey[];
}

/** Rows of a page. */
export interface RemoteRows {
  readonly reading: number;
  readonly page: number;
  readonly begin: number;
  readonly end: number;
}

/** The results of rows: strings, and the values to store, concatenated. */
export interface RemotePrepared extends Pick<Prepared, 'events' | 'asides'> {
  readonly messageIds: readonly string[];
  readonly texts: readonly string[];
  readonly keys: readonly string[];
  /** Where each value ends. */
  readonly ends: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
}

/** The reported parts of an answer of the shop. */
export type RemoteAnswer = Pick<HttpResponse, 'kind' | 'status' | 'headers'> | HttpFailure;

/** The calls to the sources thread. */
export interface ThreadSide {
  page(source: RemoteSource, job: RemoteJob): Promise<RemotePage | ShopFailure>;
  prepare(rows: RemoteRows, how: Preparing): Promise<RemotePrepared>;
  /** Makes a call at its turn; its answer stays there. */
  send(call: number): Promise<RemoteAnswer>;
  /** Runs maintenance work for the accepting thread. */
  upkeep(): Promise<void>;
  close(reading: number): Promise<void>;
}

/** The calls to the accepting thread. */
export interface MainSide {
  carried(reading: number, owner: string, keys: readonly string[]): Promise<Carried>;
  /** Sends a call at its turn; returns why it was not sent. */
  turn(reading: number, call: number, isRepeatable: boolean): Promise<HttpFailure | undefined>;
}
