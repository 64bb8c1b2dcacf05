import type { ErrorCode, Event } from '@waybill/core';
import type { Appended, LogExtent, LoggedEvent, Pruned, PruneLimits } from '../stores/log.ts';

export type { Appended, LogExtent, LoggedEvent, Pruned, PruneLimits };

/** The event log: appended to by the accepting side, read by lanes. */
export interface EventLog {
  /** Makes events durable. Resolves after the commit that holds them; concurrent calls share commits. */
  append(
    events: readonly { readonly sourceId: string; readonly event: Event }[],
  ): Promise<readonly Appended[]>;
  /** Events after a position, in order: at most `limit` of them and about `maxBytes` of text. */
  read(after: number, limit: number, maxBytes?: number): readonly LoggedEvent[];
  /** Events by their positions; missing ones are left out. */
  readMany(seqs: readonly number[]): readonly LoggedEvent[];
  /** Events that arrived within a period, both ends included, after a position, in order: at most `limit` of them. */
  readPeriod(
    period: { readonly from: number; readonly to: number },
    after: number,
    limit: number,
  ): readonly LoggedEvent[];
  /** Every event of this messageId, from any source. */
  find(messageId: string): readonly LoggedEvent[];
  /** The last position; 0 for an empty log. */
  lastSeq(): number;
  /**
   * Gives no position up to this one from now on. A damaged disk can take the newest events from the log while a lane has
   * dealt with them already: given anew, their positions would be passed over.
   */
  startAfter(seq: number): void;
  /** How much the log holds. */
  extent(): LogExtent;
  /**
   * Looks at a few of the oldest events and removes those that may go. Call it again with the `next` of its answer until
   * there is none. The last position stays known.
   */
  prune(limits: PruneLimits): Promise<Pruned>;
  /** Small durable values beside the events, such as how far the lanes had got. */
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  /** Releases the driver's resources; pending appends are finished first. */
  close(): Promise<void>;
}

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
  /** What the mapping made; absent when it got no further than the mapping. */
  readonly payload?: unknown;
  /** Set when the payload was too large to be kept whole. */
  readonly payloadCut?: boolean;
  readonly exchangeIds: readonly number[];
  /** When it was put back in the queue; absent while it lies. */
  readonly replayedAt?: number;
}

/** Everything that one step of a lane changes; written in one transaction, or not at all. */
export interface Settlement {
  readonly destination: string;
  /** The lane has dealt with the log up to here; absent when it worked on retries only. */
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

/** The delivery state: written by the delivery worker alone, readable from anywhere. */
export interface StateStore {
  /** How far the lane has dealt with the log; undefined for a lane that was never settled. */
  cursor(destination: string): number | undefined;
  /** Applies a settlement in one transaction; throws, having changed nothing, when that fails. */
  settle(settlement: Settlement): void;
  /** Of each order key with waiting rows, the first row, if it is due. Ordered by `dueAt`. */
  dueRetries(destination: string, now: number, limit: number): readonly RetryRow[];
  /** The rows of one order key, in log order, then by position. */
  retriesOf(destination: string, user: string, limit?: number): readonly RetryRow[];
  /** Order keys with waiting rows. */
  parkedKeys(destination: string): readonly string[];
  /** How many rows wait. */
  waiting(destination: string): number;
  /** The earliest time at which a row becomes due; undefined when none waits. */
  nextDue(destination: string): number | undefined;
  /** Outcomes of events, by their positions in the log. */
  outcomesOf(seqs: readonly number[]): readonly OutcomeRow[];
  /** Stretches that lanes have given up, by position. */
  gaps(filter: GapFilter): readonly GapRow[];
  /** Waiting rows of events, by their positions in the log. */
  retriesAt(seqs: readonly number[]): readonly RetryRow[];
  /** Ascending by id. */
  deadLetters(filter: DeadLetterFilter): readonly DeadLetterRow[];
  /**
   * Puts dead letters back: their outcomes are removed and retry rows, due at once, take their place. Rows replayed
   * before are left alone. Returns how many were put back.
   */
  requeue(ids: readonly number[], now: number): number;
  exchanges(ids: readonly number[]): readonly ExchangeRow[];
  /** The highest id that an exchange has had; 0 when there was none. */
  lastExchangeId(): number;
  /** Counts of the lanes that there are. */
  stats(): readonly LaneStats[];
  /** Whether there has been any lane, one that was removed too. */
  hasLanes(): boolean;
  /**
   * Removes a lane for good: its cursor, what it remembers, and what waits, which ends as skipped. Outcomes and dead letters
   * stay to be read. A lane of the same name that is settled later is another one.
   */
  drop(destination: string, now: number): void;
  /**
   * Removes a little of what is old or too much: outcomes of events that have left the log, dead letters, exchanges. Call it
   * again with the `next` of its answer until there is none.
   */
  prune(limits: StateLimits): StatePruned;
  /** Deletes dead letters; their outcomes stay. Returns how many there were. */
  discard(ids: readonly number[]): number;
  /** How much the state holds; cheap. */
  sizes(): StateSizes;
  /** Positions from `first` to `last` that waiting items and dead letters need, ascending. */
  needed(first: number, last: number): readonly number[];
  /** A remembered value. Which of them a driver gives up when there are too many is its own choice: the oldest, mostly. */
  recall(destination: string, place: MemoryPlace): string | undefined;
  /** Forgets; returns how many values. */
  forget(filter: MemoryFilter): number;
  /** Ascending by id. */
  conflicts(filter: ConflictFilter): readonly ConflictRow[];
  /** What the instance of a lane keeps. */
  keptOf(destination: string): readonly KeptRow[];
  /** Keeps and forgets values of the instance of a lane, all or none, durable when it returns. */
  keep(destination: string, rows: readonly KeptWrite[]): void;
  /** Small durable values beside the lanes, such as the workspace. */
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  close(): void;
}

/** What a driver can do, for the suite to hold it to. */
export interface StoreSupports {
  /** Survives closing and opening again. */
  readonly durable: boolean;
  /** Another thread may read while one writes. */
  readonly concurrentReaders: boolean;
}
