import type { FinalStatus, OutcomeRow } from '../../stores/rows.ts';
import type { Database } from './database.ts';
import type { Names } from './names.ts';
import type { Gaps } from './state-gaps.ts';
import { STATUSES, type StoredOutcome, toOutcome } from './state-rows.ts';

/** The tables of runs; part of the schema of the state. An outcome is a row of `outcomes` or a part of one run. */
export const RUNS_OF_OUTCOMES = `
  CREATE TABLE delivered_runs (
    lane INTEGER NOT NULL,
    mapping INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    exchange INTEGER,
    PRIMARY KEY (lane, mapping, first_seq)
  ) WITHOUT ROWID;
  CREATE TABLE run_kinds (lane INTEGER NOT NULL, mapping INTEGER NOT NULL, PRIMARY KEY (lane, mapping)) WITHOUT ROWID;`;

/** The change of the number of outcomes by status. */
export type OutcomeChange = Record<FinalStatus, number>;

/** The key of runs: the numbers of a lane and of a mapping. */
export interface Kind {
  readonly lane: number;
  readonly mapping: number;
}

/** The outcomes of a state. */
export interface Outcomes {
  /** Writes a row; it replaces earlier outcomes of the same deliveries. Call it within a transaction. */
  write(lane: number, row: OutcomeRow, change: OutcomeChange): void;
  /** Removes the outcomes of positions from `first` to `last`; returns the number of rows. Call it within a transaction. */
  forget(first: number, last: number): number;
  /** Whether a delivery has an outcome. */
  has(kind: Kind, seq: number): boolean;
  /** Returns the outcomes of positions, by lane and mapping. */
  of(seqs: readonly number[]): readonly OutcomeRow[];
  /** Returns a position after which a lane has no outcome and no waiting row. */
  lastKnown(lane: number): number;
  /** Discards the cache after a failed transaction. */
  reset(): void;
}

interface Run extends Kind {
  readonly first_seq: number;
  readonly last_seq: number;
  readonly attempts: number;
  readonly at: number;
  readonly exchange: number | null;
  readonly version: number | null;
}

/** Creates the outcomes of a database: single rows, and runs of many consecutive equal outcomes. */
export function createOutcomes(database: Database, names: Names, gaps: Gaps): Outcomes {
  /** The last position of any run, by lane and mapping: a step nearly always writes after it. */
  const ends = new Map<string, number>();

  const endOf = (kind: Kind): number => {
    const key = `${kind.lane} ${kind.mapping}`;
    let end = ends.get(key);
    if (end === undefined) {
      end =
        database.one<{ last_seq: number }>(
          'SELECT last_seq FROM delivered_runs WHERE lane = ? AND mapping = ? ORDER BY first_seq DESC LIMIT 1',
          kind.lane,
          kind.mapping,
        )?.last_seq ?? 0;
      ends.set(key, end);
    }
    return end;
  };
  const insertRun = (run: Run): void => {
    database.run('INSERT OR IGNORE INTO run_kinds (lane, mapping) VALUES (?, ?)', run.lane, run.mapping);
    database.run(
      `INSERT INTO delivered_runs (lane, mapping, first_seq, last_seq, attempts, at, exchange, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      run.lane,
      run.mapping,
      run.first_seq,
      run.last_seq,
      run.attempts,
      run.at,
      run.exchange,
      run.version,
    );
    ends.set(`${run.lane} ${run.mapping}`, Math.max(endOf(run), run.last_seq));
  };
  /** Returns the run with a position, if there is one. */
  const runAt = ({ lane, mapping }: Kind, seq: number): Run | undefined => {
    const run = database.one<Run>(
      `SELECT * FROM delivered_runs WHERE lane = ? AND mapping = ? AND first_seq <= ?
       ORDER BY first_seq DESC LIMIT 1`,
      lane,
      mapping,
      seq,
    );
    return run === undefined || run.last_seq < seq ? undefined : run;
  };

  /** Returns the runs with any of the positions from `first` to `last`. */
  const runsWithin = (kind: Kind, first: number, last: number): readonly Run[] => {
    const begin = runAt(kind, first);
    const { lane, mapping } = kind;
    const others = database.all<Run>(
      'SELECT * FROM delivered_runs WHERE lane = ? AND mapping = ? AND first_seq > ? AND first_seq <= ?',
      lane,
      mapping,
      first,
      last,
    );
    return begin === undefined ? others : [begin, ...others];
  };
  /** Removes positions from their runs; returns their number. */
  const cut = (kind: Kind, first: number, last: number): number => {
    if (first > endOf(kind)) return 0;
    let count = 0;
    for (const run of runsWithin(kind, first, last)) {
      database.run(
        'DELETE FROM delivered_runs WHERE lane = ? AND mapping = ? AND first_seq = ?',
        run.lane,
        run.mapping,
        run.first_seq,
      );
      if (run.first_seq < first) insertRun({ ...run, last_seq: first - 1 });
      if (run.last_seq > last) insertRun({ ...run, first_seq: last + 1 });
      count += Math.min(run.last_seq, last) - Math.max(run.first_seq, first) + 1;
    }
    return count;
  };
  const remove = (kind: Kind, first: number, last: number, change: OutcomeChange): void => {
    const rows = database.all<{ status: number }>(
      'DELETE FROM outcomes WHERE seq BETWEEN ? AND ? AND lane = ? AND mapping = ? RETURNING status',
      first,
      last,
      kind.lane,
      kind.mapping,
    );
    for (const { status } of rows) change[STATUSES[status] ?? 'rejected'] -= 1;
    change.delivered -= cut(kind, first, last);
  };

  const within = (first: number, last: number): readonly OutcomeRow[] => {
    const rows = database.all<StoredOutcome>('SELECT * FROM outcomes WHERE seq BETWEEN ? AND ?', first, last);
    for (const kind of database.all<Kind>('SELECT lane, mapping FROM run_kinds')) {
      for (const run of runsWithin(kind, first, last)) rows.push(...rowsOf(run, first, last));
    }
    rows.sort((one, other) => one.seq - other.seq || one.lane - other.lane || one.mapping - other.mapping);
    return [...rows.map((row) => toOutcome(names, row)), ...gaps.within(first, last)];
  };

  return {
    lastKnown(lane) {
      // Rows of all lanes are ordered by position: the last one is found directly.
      const row = database.one<{ last: number }>(
        `SELECT max(
           coalesce((SELECT max(seq) FROM outcomes), 0), coalesce((SELECT max(seq) FROM retries), 0),
           coalesce((SELECT max(last_seq) FROM gaps WHERE lane = ?1), 0),
           coalesce((SELECT max((SELECT last_seq FROM delivered_runs AS run WHERE run.lane = kind.lane
             AND run.mapping = kind.mapping ORDER BY first_seq DESC LIMIT 1)) FROM run_kinds AS kind WHERE kind.lane = ?1), 0)
         ) AS last`,
        lane,
      );
      return row?.last ?? 0;
    },
    reset: () => ends.clear(),
    forget(first, last) {
      const rows = database.prepare('DELETE FROM outcomes WHERE seq BETWEEN ? AND ?').run(first, last);
      let count = Number(rows.changes);
      for (const kind of database.all<Kind>('SELECT lane, mapping FROM run_kinds')) {
        count += cut(kind, first, last);
      }
      return count;
    },
    has: (kind, seq) =>
      runAt(kind, seq) !== undefined ||
      database.one(
        'SELECT 1 AS found FROM outcomes WHERE seq = ? AND lane = ? AND mapping = ?',
        seq,
        kind.lane,
        kind.mapping,
      ) !== undefined,
    write(lane, row, change) {
      const kind = { lane, mapping: names.id(row.mappingId) };
      const last = row.through ?? row.seq;
      change[row.status] += last - row.seq + 1;
      change.rejected -= gaps.cut(lane, row.seq, last);
      if (last > row.seq && isPlain(row)) {
        remove(kind, row.seq, last, change);
        insertRun({
          ...kind,
          first_seq: row.seq,
          last_seq: last,
          attempts: row.attempts,
          at: row.at,
          exchange: row.exchangeId ?? null,
          version: row.mappingVersion ?? null,
        });
        return;
      }
      for (let seq = row.seq; seq <= last; seq += 1) {
        if (insert(database, names, kind, { ...row, seq })) change.delivered -= cut(kind, seq, seq);
        else {
          remove(kind, seq, seq, change);
          insert(database, names, kind, { ...row, seq });
        }
      }
    },
    of(seqs) {
      if (seqs.length === 0) return [];
      const [first, last] = [Math.min(...seqs), Math.max(...seqs)];
      // Adjacent positions are read in one call.
      if (last - first >= NEAR * seqs.length) return seqs.flatMap((seq) => within(seq, seq));
      const wanted = new Set(seqs);
      return within(first, last).filter(({ seq }) => wanted.has(seq));
    },
  };
}

/** The maximum number of extra positions read per requested one. */
const NEAR = 4;

/** Expands a run to a row for each position from `first` to `last`. */
function rowsOf(run: Run, first: number, last: number): readonly StoredOutcome[] {
  const { lane, mapping, attempts, at, exchange, version } = run;
  const from = Math.max(first, run.first_seq);
  const status = STATUSES.indexOf('delivered');
  const same = {
    lane,
    mapping,
    status,
    attempts,
    at,
    exchange,
    version,
    code: null,
    message: null,
    field: null,
  };
  return Array.from({ length: Math.min(last, run.last_seq) - from + 1 }, (_, index) => ({
    ...same,
    seq: from + index,
  }));
}

/** Whether it is a plain delivery without further data. */
function isPlain(row: OutcomeRow): boolean {
  return row.status === 'delivered' && row.message === undefined && row.field === undefined;
}

/** False when a row of the same delivery exists. */
function insert(database: Database, names: Names, { lane, mapping }: Kind, row: OutcomeRow): boolean {
  const statement = database.prepare(
    `INSERT INTO outcomes (seq, lane, mapping, status, attempts, at, code, message, field, exchange, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const { changes } = statement.run(
    row.seq,
    lane,
    mapping,
    STATUSES.indexOf(row.status),
    row.attempts,
    row.at,
    row.code === undefined ? null : names.id(row.code),
    row.message ?? null,
    row.field ?? null,
    row.exchangeId ?? null,
    row.mappingVersion ?? null,
  );
  return changes === 1;
}
