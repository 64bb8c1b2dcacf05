import type { DeletionRequest, Outcome, PersonNames } from '@waybill/core';
import { keysOfPerson } from '@waybill/core';

/** What became of a deletion at one destination. */
export interface DeletionAnswer {
  readonly destination: string;
  readonly outcome: Outcome;
}

/** Something that was done for a person: they were deleted, or their events are accepted again. */
export interface DeletionRecord extends PersonNames {
  /** Ascending. */
  readonly id: number;
  readonly kind: 'deleted' | 'lifted';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who asked for it. */
  readonly by: string;
  /** Which attempt it was. */
  readonly attempt: number;
  /** Whether events of the person are refused from then on. */
  readonly suppressed: boolean;
  /** What destinations said; absent while they are asked, and when that was cut off. */
  readonly destinations?: readonly DeletionAnswer[];
  /** The records of the same person before it. */
  readonly before: readonly number[];
}

/** What is asked for. */
export type Asked = Pick<DeletionRecord, 'kind' | 'by' | 'suppressed'> & DeletionRequest;

/** The name of the owner of the record in the log. */
export const OWNER = 'deletions';

/** The most records there are: each is kept, as proof of what was done. */
export const MOST = 1_000_000;

/** Numbers count down in keys, so that the newest is read first. */
const LAST = 1_000_000_000_000;

/** The key of a record. */
export function keyOf(id: number): string {
  return String(LAST - id).padStart(13, '0');
}

/** A record, as it is kept. */
export function written(record: DeletionRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record));
}

/** A record, as it was kept. */
export function read(value: Uint8Array): DeletionRecord {
  return JSON.parse(Buffer.from(value).toString()) as DeletionRecord;
}

/** The newest record of each key of a person, negative where events of the key are taken. */
export type Newest = Map<string, number>;

/** Notes a record, unless a newer one is known of the same key. */
export function note(newest: Newest, record: DeletionRecord): void {
  for (const key of keysOfPerson(record)) {
    const known = Math.abs(newest.get(key) ?? 0);
    if (known < record.id) newest.set(key, record.suppressed ? record.id : -record.id);
  }
}
