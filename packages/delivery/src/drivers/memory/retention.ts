import type { StateLimits, StatePruned, StateSizes } from '../../stores/rows.ts';
import type { Letter, Tables } from './tables.ts';

/** Positions that waiting items and dead letters need. */
export function needed({ lanes, letters }: Tables, first: number, last: number): readonly number[] {
  const waiting = [...lanes.values()].flatMap((lane) => [...lane.waiting.values()].flat());
  const lying = letters.filter(({ row }) => row.replayedAt === undefined).map(({ row }) => row);
  const seqs = [...waiting, ...lying].map(({ seq }) => seq).filter((seq) => seq >= first && seq <= last);
  return [...new Set(seqs)].sort((a, b) => a - b);
}

/** Deletes dead letters, and exchanges that only they refer to. */
export function discard(tables: Tables, ids: readonly number[]): number {
  const going = tables.letters.filter(({ row }) => ids.includes(row.id!));
  remove(tables, going);
  return going.length;
}

/** Removes what is beyond the retention. */
export function prune(tables: Tables, limits: StateLimits): StatePruned {
  const { outcomesUpTo, deadLettersBefore, maxDeadLetterBytes, exchangesBefore } = limits;
  let excess = sizes(tables).deadLetters - maxDeadLetterBytes;
  const going: Letter[] = [];
  for (const letter of tables.letters) {
    if (letter.row.at >= deadLettersBefore && excess <= 0) break;
    going.push(letter);
    excess -= bytesOf(letter);
  }
  remove(tables, going);
  const kept = new Set(needed(tables, 0, outcomesUpTo));
  let outcomes = 0;
  for (const [seq, rows] of tables.outcomes) {
    if (seq > outcomesUpTo || kept.has(seq)) continue;
    outcomes += rows.size;
    tables.outcomes.delete(seq);
  }
  for (const seq of tables.corrections.keys())
    if (seq <= outcomesUpTo && !kept.has(seq)) tables.corrections.delete(seq);
  for (const at of tables.gaps.values()) for (const seq of at.keys()) if (seq <= outcomesUpTo) at.delete(seq);
  const named = new Set(tables.letters.flatMap(({ row }) => row.exchangeIds));
  const old = [...tables.exchanges.values()].filter(({ id, at }) => at < exchangesBefore && !named.has(id));
  for (const { id } of old) tables.exchanges.delete(id);
  const counts = new Map<string, number>();
  for (const { row } of going) counts.set(row.destination, (counts.get(row.destination) ?? 0) + 1);
  return {
    outcomes,
    exchanges: old.length,
    expired: [...counts].map(([destination, count]) => ({ destination, count })),
  };
}

/** Estimates the size of a state. */
export function sizes({ letters, exchanges, memory, outcomes }: Tables): StateSizes {
  const characters = (value: unknown): number => JSON.stringify(value)?.length ?? 0;
  return {
    outcomes: outcomes.size * 100,
    deadLetters: letters.reduce((sum, letter) => sum + bytesOf(letter), 0),
    exchanges: characters([...exchanges.values()]),
    memory: [...memory.values()].reduce((sum, table) => sum + characters([...table]), 0),
    free: 0,
  };
}

function bytesOf({ row }: Letter): number {
  return JSON.stringify(row).length;
}

function remove(tables: Tables, going: readonly Letter[]): void {
  const gone = new Set(going);
  tables.letters = tables.letters.filter((letter) => !gone.has(letter));
  const named = new Set(tables.letters.flatMap(({ row }) => row.exchangeIds));
  for (const id of going.flatMap(({ row }) => row.exchangeIds))
    if (!named.has(id)) tables.exchanges.delete(id);
}
