import type { ErrorCode, Event } from '@waybill/core';

/** Final states of an item; `retry` is not final and lives in `retries`. */
export type FinalStatus = 'delivered' | 'skipped' | 'rejected';

/** One recorded outcome: exactly one per event and matching mapping of a destination. */
export interface OutcomeRow {
  readonly destination: string;
  readonly seq: number;
  /**
   * In a settlement: the last of the consecutive positions that this row is for, which were all delivered alike. What is read
   * has a row for each.
   */
  readonly through?: number;
  /** Empty when no mapping of the destination matched. */
  readonly mappingId: string;
  /** The version of the mapping that this came of, where versions are kept. */
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

/** A stretch of the log that a lane has given up: one recorded outcome, `rejected`, for each of its events. */
export interface GapRow {
  readonly destination: string;
  /** The first position, and the last. */
  readonly seq: number;
  readonly through: number;
  readonly code: ErrorCode;
  readonly at: number;
}

/** Which gaps; absent members do not narrow. */
export interface GapFilter {
  readonly destination?: string;
  /** Those that begin after this position. */
  readonly after?: number;
  readonly limit?: number;
}

/** One HTTP exchange, secrets redacted, bodies cut to a bounded length. */
export interface ExchangeRow {
  /** Made by the engine, unique within the store. */
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

/** An item that waits: for its time, or behind an earlier item of the same user. */
export interface RetryRow {
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** Place among the items of the same event: one event's items are sent in this order. */
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

/** A rejected item, kept whole for a person to read, fix and replay. */
export interface DeadLetterRow {
  /** Set by the store. */
  readonly id?: number;
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** The version of the mapping that this came of, where versions are kept. */
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
  /** Set when the payload was too large to be kept whole. */
  readonly payloadCut?: boolean;
  readonly exchangeIds: readonly number[];
  /** When it was put back in the queue; absent while it lies. */
  readonly replayedAt?: number;
}

/** What an item is made of instead of the event in the log. */
export interface Correction {
  /** A copy of the event that a person has corrected. */
  readonly event: Event;
  /** The user of that copy, as the engine orders by them. */
  readonly user: string;
}

/** A correction as it is kept with its item, from the replay on. */
export interface CorrectionRow extends Pick<Correction, 'event'> {
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  /** When the item was put back with it. */
  readonly at: number;
}

/** Everything that one step of a lane changes; written in one transaction, or not at all. */
export interface Settlement {
  readonly destination: string;
  /** 0 when absent. */
  readonly partition?: number;
  /** The epoch of the lease it is written under; absent for what a person has asked for, which no lease keeps out. */
  readonly epoch?: number;
  /** The lane has dealt with the log up to here; absent when it processed retries only. */
  readonly cursor?: number;
  readonly outcomes?: readonly OutcomeRow[];
  /** What the lane has given up. */
  readonly gaps?: readonly GapRow[];
  /** Rows to insert or replace, by lane, seq and mapping. */
  readonly retries?: readonly RetryRow[];
  /** Rows that ended. */
  readonly removedRetries?: readonly { readonly seq: number; readonly mappingId: string }[];
  readonly deadLetters?: readonly DeadLetterRow[];
  /** Exchanges of the step. Those that dead letters name are kept; of the others, the newest ones. */
  readonly exchanges?: readonly ExchangeRow[];
  /** What the lane remembers from now on. */
  readonly memory?: readonly MemoryWrite[];
  /** Values that an owner of a field kept out. The newest ones are kept. */
  readonly conflicts?: readonly ConflictRow[];
}

/** What a remembered value is for: what was last delivered, who has set a field, or whatever an action keeps. */
export type MemorySpace = 'delta' | 'owner' | 'action';

/** Where a remembered value stands within its lane. */
export interface MemoryPlace {
  readonly space: MemorySpace;
  /** The mapping for `delta`, the action for `owner`, empty for `action`. */
  readonly scope: string;
  /** The user, as the engine orders by them; for `action` whatever the action names it. */
  readonly key: string;
}

/** A value to remember, in place of the one before. */
export interface MemoryWrite extends MemoryPlace {
  /** Absent: forgotten. */
  readonly value?: string;
}

/** Which values to forget; absent members do not narrow. */
export interface MemoryFilter extends Partial<MemoryPlace> {
  readonly destination: string;
}

/** A value that the instance of a lane keeps. */
export interface KeptRow {
  readonly key: string;
  readonly value: string;
}

/** A value to keep in place of the one before; absent: forgotten. */
export interface KeptWrite {
  readonly key: string;
  readonly value?: string;
}

/** A value that was not sent, because another owner of its field goes before. */
export interface ConflictRow {
  /** Set by the store. */
  readonly id?: number;
  readonly destination: string;
  readonly seq: number;
  readonly mappingId: string;
  readonly user: string;
  readonly field: string;
  readonly rule: 'destination' | 'sources' | 'latest';
  /** Where the value came from that was left out. */
  readonly sourceId: string;
  /** Where the value came from that stays, when that is known. */
  readonly keptSourceId?: string;
  readonly at: number;
}

/** Which conflicts; absent members do not narrow. */
export interface ConflictFilter {
  readonly destination?: string;
  readonly user?: string;
  readonly afterId?: number;
  readonly limit?: number;
}

/** Which dead letters; absent members do not narrow. */
export interface DeadLetterFilter {
  readonly ids?: readonly number[];
  readonly destination?: string;
  readonly mappingId?: string;
  readonly code?: string;
  /** The invalid field; empty for those that name none. */
  readonly field?: string;
  readonly sourceId?: string;
  readonly messageId?: string;
  /** Of the event at this position. */
  readonly seq?: number;
  /** The user, as the engine orders by them: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
  /** Epoch milliseconds of the rejection, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Default false: those that have not been replayed. */
  readonly includeReplayed?: boolean;
  /** Those that were put back at exactly this time: what one replay has chosen. */
  readonly replayedAt?: number;
  readonly afterId?: number;
  readonly limit?: number;
  /** Bytes of payload from which on no more are given; at least one is. */
  readonly maxBytes?: number;
  /** Leaves payloads out: for whoever only wants to know which there are. */
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

/** What may leave a state. Times in epoch milliseconds. */
export interface StateLimits {
  /** Outcomes of positions up to here may go, but for those that waiting items or dead letters need. */
  readonly outcomesUpTo: number;
  /** Where to begin, or to go on, with outcomes. */
  readonly after: number;
  readonly deadLettersBefore: number;
  /** Bytes of dead letters, and of exchanges that they name, from which on the oldest go. */
  readonly maxDeadLetterBytes: number;
  readonly exchangesBefore: number;
}

/** What a step of pruning a state did. */
export interface StatePruned {
  /** Rows; one can be for many events that were delivered alike. */
  readonly outcomes: number;
  readonly exchanges: number;
  /** Dead letters that were too old or too much. */
  readonly expired: readonly { readonly destination: string; readonly count: number }[];
  /** Where to go on; absent when everything that may go is gone. */
  readonly next?: number;
}

/** Bytes of a state by kind. */
export interface StateSizes {
  /** With everything that is not named below. */
  readonly outcomes: number;
  readonly deadLetters: number;
  readonly exchanges: number;
  readonly memory: number;
  /** In the file, to be used again. */
  readonly free: number;
}
