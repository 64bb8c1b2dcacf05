import type {
  ConflictRow,
  CorrectionRow,
  DeadLetterRow,
  ExchangeRow,
  GapRow,
  OutcomeRow,
  RetryRow,
  Settlement,
} from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import { createLeaseTable, type LeaseTable } from './leases.ts';

/** A lane with its counts. */
export interface LaneTable {
  readonly key: LaneKey;
  cursor: number | undefined;
  removed: boolean;
  delivered: number;
  skipped: number;
  rejected: number;
  /** Waiting rows of each user, in log order, then by position. */
  readonly waiting: Map<string, RetryRow[]>;
}

/** A dead letter, and the lane to which a replay returns it. */
export interface Letter {
  row: DeadLetterRow;
  readonly partition: number;
}

/** A state in memory. Callers check that a change is possible before they start it. */
export interface Tables {
  readonly onSettled: (settlement: Settlement) => void;
  readonly lanes: Map<string, LaneTable>;
  readonly leases: LeaseTable<LaneKey>;
  /** By position, then by destination and mapping. */
  readonly outcomes: Map<number, Map<string, OutcomeRow>>;
  /** By destination, then by position. */
  readonly gaps: Map<string, Map<number, Pick<GapRow, 'code' | 'at'>>>;
  letters: Letter[];
  /** By position, then by destination and mapping. */
  readonly corrections: Map<number, Map<string, CorrectionRow>>;
  readonly exchanges: Map<number, ExchangeRow>;
  conflicts: ConflictRow[];
  /** By destination, then by place; the least recently written first. */
  readonly memory: Map<string, Map<string, string>>;
  readonly kept: Map<string, Map<string, string>>;
  readonly small: Map<string, string>;
  /** The last assigned IDs. */
  readonly last: { letter: number; conflict: number; exchange: number };
}

/** Creates an empty state. */
export function createTables(onSettled: Tables['onSettled'] = () => undefined): Tables {
  return {
    onSettled,
    lanes: new Map(),
    leases: createLeaseTable(nameOf),
    outcomes: new Map(),
    gaps: new Map(),
    letters: [],
    corrections: new Map(),
    exchanges: new Map(),
    conflicts: [],
    memory: new Map(),
    kept: new Map(),
    small: new Map(),
    last: { letter: 0, conflict: 0, exchange: 0 },
  };
}

/** Returns the name of a lane. */
export function nameOf({ destination, partition }: LaneKey): string {
  return `${partition} ${destination}`;
}

/** Returns the lane with a name; creates it when there is none. */
export function laneOf(tables: Tables, key: LaneKey): LaneTable {
  const known = tables.lanes.get(nameOf(key));
  if (known !== undefined) return known;
  const lane: LaneTable = {
    key,
    cursor: undefined,
    removed: false,
    delivered: 0,
    skipped: 0,
    rejected: 0,
    waiting: new Map(),
  };
  tables.lanes.set(nameOf(key), lane);
  return lane;
}

/** Returns the table with a name within a table; creates it when there is none. */
export function within<Key, Inner, Value>(table: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = table.get(key) ?? new Map<Inner, Value>();
  table.set(key, known);
  return known;
}

/** Inserts or replaces a waiting row. */
export function putRetry(lane: LaneTable, row: RetryRow): void {
  takeRetry(lane, row);
  const rows = lane.waiting.get(row.user) ?? [];
  const at = rows.findLastIndex(
    (one) => one.seq < row.seq || (one.seq === row.seq && one.position < row.position),
  );
  rows.splice(at + 1, 0, row);
  lane.waiting.set(row.user, rows);
}

/** Removes a waiting row. */
export function takeRetry(lane: LaneTable, { seq, mappingId }: Pick<RetryRow, 'seq' | 'mappingId'>): void {
  for (const [user, rows] of lane.waiting) {
    const at = rows.findIndex((one) => one.seq === seq && one.mappingId === mappingId);
    if (at < 0) continue;
    rows.splice(at, 1);
    if (rows.length === 0) lane.waiting.delete(user);
    return;
  }
}

/** Records an outcome, replacing an earlier one of the same delivery. */
export function putOutcome(tables: Tables, lane: LaneTable, { through, ...row }: OutcomeRow): void {
  for (let seq = row.seq; seq <= (through ?? row.seq); seq += 1) {
    if (tables.gaps.get(row.destination)?.delete(seq) === true) lane.rejected -= 1;
    takeOutcome(tables, lane, { seq, mappingId: row.mappingId });
    within(tables.outcomes, seq).set(`${row.destination} ${row.mappingId}`, { ...row, seq });
    lane[row.status] += 1;
  }
}

/** Removes the outcome of a delivery, and its counts. */
export function takeOutcome(
  tables: Tables,
  lane: LaneTable,
  { seq, mappingId }: Pick<RetryRow, 'seq' | 'mappingId'>,
): void {
  const outcomes = tables.outcomes.get(seq);
  const name = `${lane.key.destination} ${mappingId}`;
  const before = outcomes?.get(name);
  if (before === undefined) return;
  lane[before.status] -= 1;
  outcomes?.delete(name);
}
