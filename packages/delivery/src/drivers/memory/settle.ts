import type { MemoryPlace, Settlement } from '../../stores/rows.ts';
import { laneOf, putOutcome, putRetry, type Tables, takeRetry, within } from './tables.ts';

/** The number of newest conflicts, and of newest exchanges without a dead letter, that are kept. */
const KEPT = 10_000;

/** Applies a settlement, or refuses it without changing anything. */
export function settle(tables: Tables, settlement: Settlement, memoryRows: number): 'settled' | 'stale' {
  const { destination, partition = 0, epoch, cursor } = settlement;
  const key = { destination, partition };
  check(settlement);
  if (epoch !== undefined && tables.leases.isStale({ key, epoch })) return 'stale';
  const lane = laneOf(tables, key);
  for (const row of settlement.removedRetries ?? []) takeRetry(lane, row);
  for (const row of settlement.retries ?? []) putRetry(lane, row);
  for (const row of settlement.outcomes ?? []) putOutcome(tables, lane, row);
  for (const { seq: first, through, code, at } of settlement.gaps ?? []) {
    for (let seq = first; seq <= through; seq += 1) within(tables.gaps, destination).set(seq, { code, at });
    lane.rejected += through - first + 1;
  }
  for (const row of settlement.deadLetters ?? []) {
    const id = (tables.last.letter += 1);
    tables.letters.push({ partition, row: structuredClone({ ...row, id }) });
  }
  for (const row of settlement.exchanges ?? []) tables.exchanges.set(row.id, structuredClone(row));
  for (const row of settlement.conflicts ?? []) {
    const id = (tables.last.conflict += 1);
    tables.conflicts.push({ ...row, id });
  }
  if (tables.conflicts.length > KEPT) tables.conflicts = tables.conflicts.slice(-KEPT);
  remember(tables, settlement, memoryRows);
  if (cursor !== undefined) Object.assign(lane, { cursor, removed: false });
  forgetExchanges(tables);
  tables.onSettled(settlement);
  return 'settled';
}

/** The key of a remembered value within its destination. */
export function placeOf({ space, scope, key }: MemoryPlace): string {
  return JSON.stringify([space, scope, key]);
}

function remember(tables: Tables, { destination, memory = [] }: Settlement, memoryRows: number): void {
  const table = within(tables.memory, destination);
  for (const write of memory) {
    table.delete(placeOf(write));
    if (write.value !== undefined) table.set(placeOf(write), write.value);
  }
  for (const oldest of table.keys()) {
    if (table.size <= memoryRows) break;
    table.delete(oldest);
  }
}

function forgetExchanges({ exchanges, letters }: Tables): void {
  if (exchanges.size <= 2 * KEPT) return;
  const named = new Set(letters.flatMap(({ row }) => row.exchangeIds));
  const spare = [...exchanges.keys()].filter((id) => !named.has(id)).sort((a, b) => a - b);
  for (const id of spare.slice(0, -KEPT)) exchanges.delete(id);
}

/** Rejects rows that the schema of a database would reject. */
function check({ deadLetters = [], memory = [], retries = [], outcomes = [] }: Settlement): void {
  const texts = [
    ...deadLetters.flatMap(({ message, mappingId, user }) => [message, mappingId, user]),
    ...memory.flatMap(({ key, scope }) => [key, scope]),
    ...retries.flatMap(({ mappingId, user }) => [mappingId, user]),
    ...outcomes.map(({ mappingId }) => mappingId),
  ];
  if (texts.some((text) => typeof text !== 'string')) throw new TypeError('A row lacks a string.');
}
