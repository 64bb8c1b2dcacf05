import type { DeletionRequest, Outcome, PersonNames } from '@waybill/core';
import { keysOfPerson } from '@waybill/core';

/** The result of a deletion at one destination. */
export interface DeletionAnswer {
  readonly destination: string;
  readonly outcome: Outcome;
}

/** A record about a person: a deletion, or its end, after which events are accepted again. */
export interface DeletionRecord extends PersonNames {
  /** Ascending. */
  readonly id: number;
  readonly kind: 'deleted' | 'lifted';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who requested it. */
  readonly by: string;
  /** The number of the attempt. */
  readonly attempt: number;
  /** Whether events of the person are refused from then on. */
  readonly suppressed: boolean;
  /** The answers of destinations; absent while they are pending, or when that was interrupted. */
  readonly destinations?: readonly DeletionAnswer[];
  /** Earlier records of the same person. */
  readonly before: readonly number[];
}

/** A requested record. */
export type Asked = Pick<DeletionRecord, 'kind' | 'by' | 'suppressed'> & DeletionRequest;

/** The owner of the record in the log. */
export const OWNER = 'deletions';

/** The maximum number of records: each is kept, as proof. */
export const MOST = 1_000_000;

/** Keys count down, so that the newest is read first. */
const LAST = 1_000_000_000_000;

/** Returns the key of a record. */
export function keyOf(id: number): string {
  return String(LAST - id).padStart(13, '0');
}

/** Serialises a record. */
export function written(record: DeletionRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** Parses a record. */
export function read(value: Uint8Array): DeletionRecord {
  return JSON.parse(Buffer.from(value).toString()) as DeletionRecord;
}

/** The newest record of each key of a person, negative where its events are accepted. */
export type Newest = Map<string, number>;

/** Adds a record, unless a newer one of the same key is known. */
export function note(newest: Newest, record: DeletionRecord): void {
  for (const key of keysOfPerson(record)) {
    const known = Math.abs(newest.get(key) ?? 0);
    if (known < record.id) newest.set(key, record.suppressed ? record.id : -record.id);
  }
}
