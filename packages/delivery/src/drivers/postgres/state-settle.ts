import { randomUUID } from 'node:crypto';
import type { Settlement } from '../../stores/rows.ts';
import type { LaneKey } from '../../stores/state.ts';
import type { Database, Statements } from './database.ts';
import { writeDeadLetters } from './state-dead-letters.ts';
import { pruneExchanges, writeExchanges } from './state-exchanges.ts';
import { writeGap } from './state-gaps.ts';
import { forgetOldest, writeConflicts, writeMemory } from './state-memory.ts';
import { writeOutcomes } from './state-outcomes.ts';
import { writeRetries } from './state-retries.ts';
import { RECENT, settlePlain } from './state-settle-plain.ts';

/** The number of written values after which those beyond the limit are removed. */
const STRIDE = 5_000;

/** Applies settlements, those of a lane in the order of the calls. */
export type Settle = (settlement: Settlement) => Promise<'settled' | 'stale'>;

/** Creates the function that settles in a database. */
export function createSettle(database: Database, memoryRows: number): Settle {
  const turns = new Map<string, Promise<unknown>>();
  /** When a connection is lost during a commit, its result is unknown; a mark identifies a repeated settlement. */
  const marks = new WeakMap<Settlement, string>();
  let [prunedTo, remembered] = [0, 0];
  const settle = async (settlement: Settlement): Promise<'settled' | 'stale'> => {
    const mark = marks.get(settlement) ?? randomUUID();
    marks.set(settlement, mark);
    const answer = (await settlePlain(database, settlement, mark))
      ? 'settled'
      : await database.transaction((statements) => apply(statements, settlement, mark));
    if (answer === 'stale') return answer;
    prunedTo = await pruneExchanges(database, settlement.exchanges ?? [], prunedTo);
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

/** Locks a lane until the transaction ends. */
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
