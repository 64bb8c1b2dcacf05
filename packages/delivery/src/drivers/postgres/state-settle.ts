import { randomUUID } from 'node:crypto';
import type { ExchangeRow, Settlement } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows } from './rows.ts';
import { writeDeadLetters } from './state-dead-letters.ts';
import { writeGap } from './state-gaps.ts';
import { forgetOldest, writeConflicts, writeMemory } from './state-memory.ts';
import { writeOutcomes } from './state-outcomes.ts';
import { writeRetries } from './state-retries.ts';

/** How many exchanges are kept beside those that dead letters name. */
export const KEPT_EXCHANGES = 10_000;
/** How many settlements a lane knows again. */
const RECENT = 16;
/** After so many values of memory it is looked for those that are too many. */
const STRIDE = 5_000;

/** Applies settlements, those of a lane in the order in which they are handed over. */
export type Settle = (settlement: Settlement) => Promise<'settled' | 'stale'>;

/** Settles in a database. */
export function createSettle(database: Database, memoryRows: number): Settle {
  const turns = new Map<string, Promise<unknown>>();
  /** A connection that is lost while it commits leaves open whether it has; the same settlement again is known by its mark. */
  const marks = new WeakMap<Settlement, string>();
  let [prunedTo, remembered] = [0, 0];
  const settle = async (settlement: Settlement): Promise<'settled' | 'stale'> => {
    const mark = marks.get(settlement) ?? randomUUID();
    marks.set(settlement, mark);
    const answer = await database.transaction((statements) => apply(statements, settlement, mark));
    if (answer === 'stale') return answer;
    if ((settlement.exchanges ?? []).length > 0) prunedTo = await pruneExchanges(database, prunedTo);
    remembered += settlement.memory?.length ?? 0;
    if (remembered >= STRIDE) {
      remembered = 0;
      await forgetOldest(database, memoryRows);
    }
    return answer;
  };
  return (settlement) => {
    const name = `${settlement.partition ?? 0} ${settlement.destination}`;
    const turn = (turns.get(name) ?? Promise.resolve()).then(() => settle(settlement));
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    turns.set(name, ended);
    void ended.then(() => {
      if (turns.get(name) === ended) turns.delete(name);
    });
    return turn;
  };
}

async function apply(
  statements: Statements,
  settlement: Settlement,
  mark: string,
): Promise<'settled' | 'stale'> {
  const { destination, partition = 0, epoch, cursor } = settlement;
  const lane: LaneKey = { destination, partition };
  const found = await laneOf(statements, lane);
  if (epoch !== undefined && found.epoch !== epoch) return 'stale';
  if (found.recent.includes(mark)) return 'settled';
  const { removedRetries = [], retries = [], gaps = [], deadLetters = [] } = settlement;
  const waiting = await writeRetries(statements, lane, removedRetries, retries);
  const change = await writeOutcomes(statements, lane, settlement.outcomes ?? []);
  for (const gap of gaps) {
    await writeGap(statements, lane, gap);
    change.rejected += gap.through - gap.seq + 1;
  }
  await writeDeadLetters(statements, partition, deadLetters);
  await writeExchanges(statements, settlement.exchanges ?? []);
  await writeMemory(statements, destination, settlement.memory ?? []);
  await writeConflicts(statements, settlement.conflicts ?? []);
  await statements.run(
    `UPDATE ~lanes SET settled = true, removed = removed AND $3::bigint IS NULL, cursor = coalesce($3::bigint, cursor),
       delivered = delivered + $4, skipped = skipped + $5, rejected = rejected + $6, waiting = waiting + $7,
       dead = dead + $8, recent = (array_prepend($9::uuid, recent))[1:${RECENT}]
     WHERE destination = $1 AND partition = $2`,
    destination,
    partition,
    cursor ?? null,
    change.delivered,
    change.skipped,
    change.rejected,
    waiting,
    deadLetters.length,
    mark,
  );
  return 'settled';
}

interface StoredLane {
  readonly epoch: number;
  readonly recent: readonly string[];
}

/** A lane, kept from others until the transaction ends. */
async function laneOf({ one, run }: Statements, { destination, partition }: LaneKey): Promise<StoredLane> {
  const text = 'SELECT epoch, recent FROM ~lanes WHERE destination = $1 AND partition = $2 FOR UPDATE';
  const known = await one<StoredLane>(text, destination, partition);
  if (known !== undefined) return known;
  await run(
    'INSERT INTO ~lanes (destination, partition) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    destination,
    partition,
  );
  return (await one<StoredLane>(text, destination, partition))!;
}

async function writeExchanges(statements: Statements, rows: readonly ExchangeRow[]): Promise<void> {
  await insertRows(statements, 'exchanges', {
    columns: {
      id: ['bigint', (row) => row.id],
      destination: ['text', (row) => row.destination],
      at: ['bigint', (row) => row.at],
      duration_ms: ['float8', (row) => row.durationMs],
      request: ['text', (row) => JSON.stringify(row.request)],
      response: ['text', (row) => (row.response === undefined ? null : JSON.stringify(row.response))],
      failure: ['text', (row) => row.failure ?? null],
    } as Columns<ExchangeRow>,
    rows,
    end: 'ON CONFLICT DO NOTHING',
  });
}

/** Removes old exchanges that no dead letter names; returns up to where that has been done. */
async function pruneExchanges({ one, run }: Database, prunedTo: number): Promise<number> {
  const last = (await one<{ id: number | null }>('SELECT max(id) AS id FROM ~exchanges'))?.id ?? 0;
  const limit = last - KEPT_EXCHANGES;
  // In strides: removing one row per settlement would cost more than it frees.
  if (limit < prunedTo + KEPT_EXCHANGES / 100) return prunedTo;
  await run(
    `DELETE FROM ~exchanges AS old WHERE id > $1 AND id <= $2
       AND NOT EXISTS (SELECT 1 FROM ~dead_letters WHERE exchange_ids @> ARRAY[old.id])`,
    prunedTo,
    limit,
  );
  return limit;
}
