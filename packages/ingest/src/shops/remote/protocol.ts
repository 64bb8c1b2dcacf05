import type { HttpFailure, HttpResponse, RowKey, ShopFailure } from '@waybill/core';
import type { Carried } from '@waybill/delivery';
import type { SetAside } from '../aside.ts';
import type { Run } from '../run.ts';
import type { Prepared, Preparing } from '../rows.ts';

/*
 * What the accepting thread and the sources thread say to each other. Rows stay in the sources thread, by the number of their page; what
 * follows from them comes as text.
 */

/** A source as the sources thread needs it. */
export interface RemoteSource {
  /** Tells this reading of the source from others. */
  readonly reading: number;
  readonly id: string;
  readonly slug: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Which page is read. */
export interface RemoteJob {
  readonly stream: string;
  readonly run: Run;
  /** Whether a page that fails is divided until the row is found that spoils it. */
  readonly divides: boolean;
  /** How often what was read ahead was to be forgotten so far. Absent: the next page is not read before it is asked for. */
  readonly forgotten?: number;
}

/** A page that was read; its rows are asked for by its number. */
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

/** What follows from rows: texts, and the values that are to be kept one after the other. */
export interface RemotePrepared extends Pick<Prepared, 'events' | 'asides'> {
  readonly messageIds: readonly string[];
  readonly texts: readonly string[];
  readonly keys: readonly string[];
  /** Where each value ends. */
  readonly ends: readonly number[];
  readonly values: Uint8Array<ArrayBuffer>;
}

/** What is told of an answer of the shop. */
export type RemoteAnswer = Pick<HttpResponse, 'kind' | 'status' | 'headers'> | HttpFailure;

/** What the sources thread does. */
export interface ThreadSide {
  page(source: RemoteSource, job: RemoteJob): Promise<RemotePage | ShopFailure>;
  prepare(rows: RemoteRows, how: Preparing): Promise<RemotePrepared>;
  /** Makes a call whose turn it is; its answer stays there. */
  send(call: number): Promise<RemoteAnswer>;
  /** Does what the accepting thread leaves to this one. */
  upkeep(): Promise<void>;
  close(reading: number): Promise<void>;
}

/** What the accepting thread does for it. */
export interface MainSide {
  carried(reading: number, owner: string, keys: readonly string[]): Promise<Carried>;
  /** Has a call sent when its turn comes; answers why it was not. */
  turn(reading: number, call: number, isRepeatable: boolean): Promise<HttpFailure | undefined>;
}
