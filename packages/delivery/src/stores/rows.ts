import type { ErrorCode, Event } from '@waybill/core';

/** Final states of an item; `retry` is not final and lives in `retries`. */
export type FinalStatus = 'delivered' | 'skipped' | 'rejected';

/** One recorded outcome: exactly one per event and matching mapping of a destination. */
export interface OutcomeRow {
  readonly destination: string;
  readonly seq: number;
  /**
   * In a settlement: the last of the consecutive positions of this row, all with the same outcome. Reads return a row for each.
   */
  readonly through?: number;
  /** Empty when no mapping of the destination matched. */
  readonly mappingId: string;
  /** The version of the mapping, where versions are stored. */
  readonly mappingVersion?: number;
  readonly status: FinalStatus;
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly field?: string;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The exchange of the last attempt, if there was one. */
  readonly exchangeId?: number;
}

/** A stretch of the log that a lane gave up: each of its events has the outcome `rejected`. */
export interface GapRow {
  readonly destination: string;
  /** The first position, and the last. */
  readonly seq: number;
  readonly through: number;
  readonly code: ErrorCode;
  readonly at: number;
}

/** Selects gaps; absent members match everything. */
export interface GapFilter {
  readonly destination?: string;
  /** Gaps that begin after this position. */
  readonly after?: number;
  readonly limit?: number;
}

/** One HTTP exchange, secrets redacted, bodies cut to a bounded length. */
export interface ExchangeRow {
  /** Assigned by the engine, unique within the store. */
  readonly id: number;
  readonly destination: string;
  readonly at: number;
  readonly durationMs: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** Absent when there was no answer. */
  readonly response?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly failure?: string;
}

/** A waiting item: until it is due, or behind an earlier item of the same user. */
export interface RetryRow {
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** The index among the items of the same event, which are sent in this order. */
  readonly position: number;
  readonly user: string;
  /** Attempts made so far; 0 for an item that was parked before its first. */
  readonly attempts: number;
  /** Epoch milliseconds from which it may be tried. Only the first row of an order key is ever due. */
  readonly dueAt: number;
  /** When the first attempt failed; the retry window counts from here. Absent while parked. */
  readonly firstFailedAt?: number;
  readonly code?: ErrorCode;
  readonly message?: string;
  readonly exchangeId?: number;
}

/** A rejected item, stored whole to be read, fixed and replayed. */
export interface DeadLetterRow {
  /** Assigned by the store. */
  readonly id?: number;
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** The version of the mapping, where versions are stored. */
  readonly mappingVersion?: number;
  readonly position: number;
  readonly messageId: string;
  readonly sourceId: string;
  readonly user: string;
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly attempts: number;
  /** The payload; absent if the mapping failed. */
  readonly payload?: unknown;
  /** Set when the payload was too large to be stored whole. */
  readonly payloadCut?: boolean;
  readonly exchangeIds: readonly number[];
  /** When it was replayed; absent if it was not. */
  readonly replayedAt?: number;
}

/** The corrected event of an item. */
export interface Correction {
  /** The corrected copy of the event. */
  readonly event: Event;
  /** The order key of that copy. */
  readonly user: string;
}

/** A correction as stored with its item, from the replay on. */
export interface CorrectionRow extends Pick<Correction, 'event'> {
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** When the item was replayed with it. */
  readonly at: number;
}

/** All changes of one step of a lane, written atomically. */
export interface Settlement {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  /** The epoch of its lease; absent for interactive changes, which need no lease. */
  readonly epoch?: number;
  /** The new cursor of the lane; absent when only retries were processed. */
  readonly cursor?: number;
  readonly outcomes?: readonly OutcomeRow[];
  /** The stretches that the lane gave up. */
  readonly gaps?: readonly GapRow[];
  /** Rows to insert or replace, by lane, seq and mapping. */
  readonly retries?: readonly RetryRow[];
  /** Rows that ended. */
  readonly removedRetries?: readonly { readonly seq: number; readonly mappingId: string }[];
  readonly deadLetters?: readonly DeadLetterRow[];
  /** Exchanges of the step. Those of dead letters are kept; of the others, the newest ones. */
  readonly exchanges?: readonly ExchangeRow[];
  /** The values to remember. */
  readonly memory?: readonly MemoryWrite[];
  /** Values that were left out for the owner of a field. The newest ones are kept. */
  readonly conflicts?: readonly ConflictRow[];
}

/** The kind of a remembered value: last delivered values, owners of fields, or values of an action. */
export type MemorySpace = 'delta' | 'owner' | 'action';

/** The key of a remembered value within its lane. */
export interface MemoryPlace {
  readonly space: MemorySpace;
  /** The mapping for `delta`, the action for `owner`, empty for `action`. */
  readonly scope: string;
  /** The order key of the user; for `action` any key. */
  readonly key: string;
}

/** A value to remember, which replaces the previous one. */
export interface MemoryWrite extends MemoryPlace {
  /** Absent: removed. */
  readonly value?: string;
}

/** Selects values to remove; absent members match everything. */
export interface MemoryFilter extends Partial<MemoryPlace> {
  readonly destination: string;
}

/** A stored value of the instance of a lane. */
export interface KeptRow {
  readonly key: string;
  readonly value: string;
}

/** A value to store, which replaces the previous one; absent: removed. */
export interface KeptWrite {
  readonly key: string;
  readonly value?: string;
}

/** A value that was not sent, because another owner of its field takes precedence. */
export interface ConflictRow {
  /** Assigned by the store. */
  readonly id?: number;
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  readonly user: string;
  readonly field: string;
  readonly rule: 'destination' | 'sources' | 'latest';
  /** The source of the value that was left out. */
  readonly sourceId: string;
  /** The source of the value that stays, if known. */
  readonly keptSourceId?: string;
  readonly at: number;
}

/** Selects conflicts; absent members match everything. */
export interface ConflictFilter {
  readonly destination?: string;
  readonly user?: string;
  readonly afterId?: number;
  readonly limit?: number;
}

/** Selects dead letters; absent members match everything. */
export interface DeadLetterFilter {
  readonly ids?: readonly number[];
  readonly destination?: string;
  readonly mappingId?: string;
  readonly code?: string;
  /** The invalid field; empty for those without one. */
  readonly field?: string;
  readonly sourceId?: string;
  readonly messageId?: string;
  /** Of the event at this position. */
  readonly seq?: number;
  /** The user by order key: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
  /** Epoch milliseconds of the rejection, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Whether they were replayed; false when absent. */
  readonly includeReplayed?: boolean;
  /** Those replayed at exactly this time: the letters of one replay. */
  readonly replayedAt?: number;
  readonly afterId?: number;
  readonly limit?: number;
  /** The maximum bytes of payloads; at least one letter is returned. */
  readonly maxBytes?: number;
  /** Whether to leave out payloads. */
  readonly withoutPayload?: boolean;
}

/** Counts of a lane. */
export interface LaneStats {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  readonly cursor: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  readonly retrying: number;
  readonly deadLetters: number;
  readonly oldestRetryAt?: number;
}

/** Limits of the retention of a state. Times in epoch milliseconds. */
export interface StateLimits {
  /** Outcomes up to this position may be removed, except those that waiting items or dead letters need. */
  readonly outcomesUpTo: number;
  /** Where to start or continue with outcomes. */
  readonly after: number;
  readonly deadLettersBefore: number;
  /** The bytes of dead letters and their exchanges above which the oldest are removed. */
  readonly maxDeadLetterBytes: number;
  readonly exchangesBefore: number;
}

/** The result of a step of pruning a state. */
export interface StatePruned {
  /** Rows; one can represent many events with the same outcome. */
  readonly outcomes: number;
  readonly exchanges: number;
  /** The number of expired dead letters. */
  readonly expired: readonly { readonly destination: string; readonly count: number }[];
  /** Where to continue; absent when pruning is complete. */
  readonly next?: number;
}

/** Bytes of a state by kind. */
export interface StateSizes {
  /** Including everything that is not listed below. */
  readonly outcomes: number;
  readonly deadLetters: number;
  readonly exchanges: number;
  readonly memory: number;
  /** Free space in the file. */
  readonly free: number;
}
