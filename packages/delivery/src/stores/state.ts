import type {
  ConflictFilter,
  ConflictRow,
  Correction,
  CorrectionRow,
  DeadLetterFilter,
  DeadLetterRow,
  ExchangeRow,
  GapFilter,
  GapRow,
  KeptRow,
  KeptWrite,
  LaneStats,
  MemoryFilter,
  MemoryPlace,
  OutcomeRow,
  RetryRow,
  Settlement,
  StateLimits,
  StatePruned,
  StateSizes,
} from './rows.ts';
import type { Leases } from './leases.ts';

/** A lane: the work for a destination of one partition of the log. */
export interface LaneKey {
  readonly destination: string;
  readonly partition: number;
}

/** Where a lane stands. */
export interface LanePlace {
  /** How far the lane has dealt with its partition of the log; absent for one that was never settled, or was removed. */
  readonly cursor?: number;
  /** Rows that wait. */
  readonly waiting: number;
  /** The earliest time at which a row becomes due; absent when none waits. */
  readonly nextDue?: number;
}

/** Which waiting rows. */
export type RetryFilter =
  | {
      readonly lane: LaneKey;
      /** Of each user with waiting rows the first row, if it is due by then. The earliest first. */
      readonly dueBy: number;
      readonly limit: number;
    }
  /** The rows of one user, in log order, then by position. */
  | { readonly lane: LaneKey; readonly user: string; readonly limit?: number }
  /** The rows of events, of every lane. */
  | { readonly seqs: readonly number[] };

/**
 * The delivery state. Every write is durable when it resolves, whole; one that rejects has changed nothing. Writes of one lane
 * apply in the order in which they are called.
 */
export interface State {
  /** Who works on which lane. */
  readonly leases: Leases<LaneKey>;
  /** Where a lane stands. */
  lane(key: LaneKey): Promise<LanePlace>;
  /**
   * Applies a settlement in one transaction. `stale` when it names an epoch and another holder has taken the lane over: then
   * nothing has changed, and nothing that the holder still has under way will be settled either.
   */
  settle(settlement: Settlement): Promise<'settled' | 'stale'>;
  /** Waiting rows. */
  retries(filter: RetryFilter): Promise<readonly RetryRow[]>;
  /** Users with waiting rows. */
  parked(lane: LaneKey): Promise<readonly string[]>;
  /**
   * Outcomes of events, by their positions in the log. Behind the cursor of a lane too: what has some there, or waiting rows, is dealt with
   * already, and a lane that starts skips it.
   */
  outcomes(seqs: readonly number[]): Promise<readonly OutcomeRow[]>;
  /**
   * A position behind which no event has an outcome of the destination, or a row that waits for it: the last that has one, or a later
   * one that the driver finds sooner; 0 when there is none. So a lane that starts knows of which events it need not ask.
   */
  lastKnown(destination: string): Promise<number>;
  /** Stretches that lanes have given up, by position. */
  gaps(filter: GapFilter): Promise<readonly GapRow[]>;
  /** Ascending by id. */
  deadLetters(filter: DeadLetterFilter): Promise<readonly DeadLetterRow[]>;
  /** Exchanges by their ids; those that are not kept are left out. */
  exchanges(ids: readonly number[]): Promise<readonly ExchangeRow[]>;
  /** Ascending by id. */
  conflicts(filter: ConflictFilter): Promise<readonly ConflictRow[]>;
  /**
   * Puts dead letters back: their outcomes are removed and retry rows, due at once, take their place. Rows replayed
   * before are left alone. With a `correction` they are made of that from now on, and wait with its user; it is kept for as long
   * as their outcomes are. Returns how many were put back.
   */
  requeue(ids: readonly number[], now: number, correction?: Correction): Promise<number>;
  /** Corrections of the items of events, by the positions of these in the log. */
  corrections(seqs: readonly number[]): Promise<readonly CorrectionRow[]>;
  /** Deletes dead letters; their outcomes stay. Returns how many there were. */
  discard(ids: readonly number[]): Promise<number>;
  /** Takes a block of ids for exchanges out of the store; returns the first of them. No id is given twice. */
  reserve(count: number): Promise<number>;
  /** Counts of the lanes that there are. */
  stats(): Promise<readonly LaneStats[]>;
  /** Whether there has been any lane, one that was removed too. */
  hasLanes(): Promise<boolean>;
  /**
   * Removes a destination for good: its cursors, what it remembers and keeps, and what waits, which ends as skipped. Outcomes
   * and dead letters stay to be read. A destination of the same name that is settled later is another one.
   */
  drop(destination: string, now: number): Promise<void>;
  /**
   * Remembered values of a destination, by the order of the places. Which of them a driver gives up when there are too many is its own
   * choice: the oldest, mostly.
   */
  recall(destination: string, places: readonly MemoryPlace[]): Promise<readonly (string | undefined)[]>;
  /** Forgets; returns how many values. */
  forget(filter: MemoryFilter): Promise<number>;
  /** What the instance of a destination keeps. */
  kept(destination: string): Promise<readonly KeptRow[]>;
  /** Keeps and forgets values of the instance of a destination. */
  keep(destination: string, rows: readonly KeptWrite[]): Promise<void>;
  /**
   * Removes a little of what is old or too much: outcomes of events that have left the log, dead letters, exchanges. Call it
   * again with the `next` of its answer until there is none.
   */
  prune(limits: StateLimits): Promise<StatePruned>;
  /** Positions from `first` to `last` that waiting items and dead letters need, ascending. */
  needed(first: number, last: number): Promise<readonly number[]>;
  /** How much the state holds; cheap. */
  sizes(): Promise<StateSizes>;
  /** Small durable values beside the lanes, such as replays under way. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}
