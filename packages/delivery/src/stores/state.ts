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

/** The position of a lane. */
export interface LanePlace {
  /** Its cursor in its partition of the log; absent for a lane that was never settled, or was removed. */
  readonly cursor?: number;
  /** The number of waiting rows. */
  readonly waiting: number;
  /** The earliest time at which a row becomes due; absent when none waits. */
  readonly nextDue?: number;
}

/** Selects waiting rows. */
export type RetryFilter =
  | {
      readonly lane: LaneKey;
      /** The first waiting row of each user, if it is due by then. The earliest first. */
      readonly dueBy: number;
      readonly limit: number;
    }
  /** The rows of one user, in log order, then by position. */
  | { readonly lane: LaneKey; readonly user: string; readonly limit?: number }
  /** The rows of events, of every lane. */
  | { readonly seqs: readonly number[] };

/**
 * The delivery state. Every write is atomic and durable when it resolves; one that rejects has changed nothing. Writes of one
 * lane apply in the order of the calls.
 */
export interface State {
  /** The leases of lanes. */
  readonly leases: Leases<LaneKey>;
  /** Returns the position of a lane. */
  lane(key: LaneKey): Promise<LanePlace>;
  /**
   * Applies a settlement in one transaction. `stale` when it names an epoch and another holder has taken over the lane: then
   * nothing has changed, and later settlements of the former holder are refused too.
   */
  settle(settlement: Settlement): Promise<'settled' | 'stale'>;
  /** Returns waiting rows. */
  retries(filter: RetryFilter): Promise<readonly RetryRow[]>;
  /** Returns users with waiting rows. */
  parked(lane: LaneKey): Promise<readonly string[]>;
  /**
   * Returns outcomes of events, by their positions in the log, including after the cursor of a lane: events with outcomes or
   * waiting rows there are processed already, and a starting lane skips them.
   */
  outcomes(seqs: readonly number[]): Promise<readonly OutcomeRow[]>;
  /**
   * Returns a position after which no event has an outcome or a waiting row of the destination: the last one with either, or a
   * later one that the driver finds faster; 0 when there is none. A starting lane then knows which events it need not query.
   */
  lastKnown(destination: string): Promise<number>;
  /** Returns stretches that lanes gave up, by position. */
  gaps(filter: GapFilter): Promise<readonly GapRow[]>;
  /** Returns dead letters, ascending by ID. */
  deadLetters(filter: DeadLetterFilter): Promise<readonly DeadLetterRow[]>;
  /** Returns exchanges by ID; missing ones are left out. */
  exchanges(ids: readonly number[]): Promise<readonly ExchangeRow[]>;
  /** Returns conflicts, ascending by ID. */
  conflicts(filter: ConflictFilter): Promise<readonly ConflictRow[]>;
  /**
   * Replays dead letters: their outcomes are replaced by waiting rows, due at once. Letters that were replayed before are
   * ignored. With a `correction` they are built from it, and wait with its user; it is stored as long as their outcomes.
   * Returns the number of replayed letters.
   */
  requeue(ids: readonly number[], now: number, correction?: Correction): Promise<number>;
  /** Corrections of the items of events, by their positions in the log. */
  corrections(seqs: readonly number[]): Promise<readonly CorrectionRow[]>;
  /** Deletes dead letters; their outcomes stay. Returns their number. */
  discard(ids: readonly number[]): Promise<number>;
  /** Reserves a block of IDs for exchanges; returns the first. No ID is assigned twice. */
  reserve(count: number): Promise<number>;
  /** Returns counts of the existing lanes. */
  stats(): Promise<readonly LaneStats[]>;
  /** Whether there has ever been a lane, including removed ones. */
  hasLanes(): Promise<boolean>;
  /**
   * Removes a destination permanently: its cursors, its memory and stored values, and its waiting items, which end as skipped.
   * Outcomes and dead letters stay. A later destination of the same name is a new one.
   */
  drop(destination: string, now: number): Promise<void>;
  /**
   * Returns remembered values of a destination, in the order of the places. The driver chooses which values it drops when there
   * are too many: usually the oldest.
   */
  recall(destination: string, places: readonly MemoryPlace[]): Promise<readonly (string | undefined)[]>;
  /** Removes remembered values; returns their number. */
  forget(filter: MemoryFilter): Promise<number>;
  /** Returns the values of the instance of a destination. */
  kept(destination: string): Promise<readonly KeptRow[]>;
  /** Writes and removes values of the instance of a destination. */
  keep(destination: string, rows: readonly KeptWrite[]): Promise<void>;
  /**
   * Removes a few rows beyond the retention: outcomes of events that have left the log, dead letters, exchanges. Call it again
   * with the `next` of its result until there is none.
   */
  prune(limits: StateLimits): Promise<StatePruned>;
  /** Returns the positions from `first` to `last` that waiting items and dead letters need, ascending. */
  needed(first: number, last: number): Promise<readonly number[]>;
  /** Returns the sizes of the state; cheap. */
  sizes(): Promise<StateSizes>;
  /** Small durable values, such as running replays. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}
