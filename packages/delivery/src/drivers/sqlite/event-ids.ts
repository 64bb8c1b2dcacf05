import type { Database } from './database.ts';
import { hash53 } from './hash.ts';
import { createIdFilter, type IdFilter } from './id-filter.ts';
import { createIdTable } from './id-table.ts';
import { findInRun, hashesOfRun, listRuns, type Run, RUNS_TABLES, writeRun } from './id-runs.ts';

/** The tables of ids; part of the schema of the log. */
export const IDS_TABLES = `
  ${RUNS_TABLES}
  CREATE TABLE id_filters (generation INTEGER PRIMARY KEY, bits BLOB NOT NULL);
  CREATE TABLE ids_seed (seed INTEGER NOT NULL);
  INSERT INTO ids_seed VALUES (abs(random() % 2147483647));`;

/** What an event that holds the same hash turns out to be. */
export type Holder = 'duplicate' | 'other' | 'expired';

/** Sizes of the index, for tests to make small. */
export interface IdSizes {
  /** Ids that are held in memory before they become a run. */
  readonly run: number;
  /** Runs that share a filter. */
  readonly runsPerFilter: number;
}

/**
 * Finds events by source and messageId. New ids are held in memory, and in the log beside their events; every so many
 * of them become a sorted run on disk. A filter per generation of runs knows nearly always whether an id is new without
 * reading any. Nothing is ever written in the middle of a table.
 */
export interface EventIds {
  hash(sourceId: string, messageId: string): number;
  /** Notes a hash for a position. False, and nothing noted, when `judge` finds a duplicate. */
  claim(hash: number, seq: number, judge: (seq: number) => Holder): boolean;
  /** Keeps what was claimed since the last call, after its commit; may write a run. */
  keep(): void;
  /** Forgets what was claimed since the last call, because its commit failed. */
  forget(): void;
  /** Positions that may belong to a hash, oldest first; the caller looks whether they do. */
  candidates(hash: number): readonly number[];
}

interface Generation {
  readonly number: number;
  filter: IdFilter | undefined;
  readonly runs: Run[];
}

/** What the index needs of the log. */
export interface EventIdsInput {
  /** Whether the window of a position has passed; such generations leave memory. */
  readonly isOver: (seq: number) => boolean;
  /** Positions after one, with their hashes, in order. */
  readonly hashesAfter: (seq: number) => Iterable<{ readonly seq: number; readonly hash: number }>;
  readonly readOnly?: boolean;
  readonly sizes?: IdSizes;
}

/** The ids of a log. */
export function createEventIds(
  database: Database,
  { isOver, hashesAfter, readOnly = false, sizes = { run: 65_536, runsPerFilter: 64 } }: EventIdsInput,
): EventIds {
  const seed = database.one<{ seed: number }>('SELECT seed FROM ids_seed')?.seed ?? 0;
  const generations = readOnly ? [] : loadGenerations(database, isOver, sizes);
  // A reader holds none.
  const young = createIdTable(readOnly ? 1 : sizes.run);
  let staged: number[] = [];
  let youngFrom = lastSeqOf(generations) + 1;
  let last = youngFrom - 1;
  const hold = (hash: number, seq: number): void => {
    young.add(hash, seq);
    last = seq;
  };
  const youngOf = (hash: number): readonly number[] => {
    const first = young.seqOf(hash, 0);
    // Nearly every id is new.
    if (first < 0) return NONE;
    const found: number[] = [];
    for (let seq = first; seq >= 0; seq = young.seqOf(hash, found.length)) found.push(seq);
    return found;
  };
  if (!readOnly) for (const row of hashesAfter(last)) hold(row.hash, row.seq);

  const flush = (): void => {
    let current = generations.at(-1);
    if (current === undefined || current.runs.length >= sizes.runsPerFilter) {
      const filter = createIdFilter(sizes.run * sizes.runsPerFilter);
      current = { number: (current?.number ?? 0) + 1, filter, runs: [] };
    }
    const previous = generations.at(-1);
    const full = previous !== undefined && previous !== current ? previous : undefined;
    const run = {
      run: (previous?.runs.at(-1)?.run ?? 0) + 1,
      generation: current.number,
      first_seq: youngFrom,
      last_seq: last,
    };
    const hashes = young.sorted();
    database.transaction(() => {
      writeRun(database, run, hashes, young);
      if (full?.filter !== undefined) {
        database.run(
          'INSERT OR REPLACE INTO id_filters (generation, bits) VALUES (?, ?)',
          full.number,
          full.filter.bytes(),
        );
      }
    });
    current.runs.push(run);
    for (const hash of hashes) current.filter?.add(hash);
    if (previous !== current) generations.push(current);
    young.clear();
    youngFrom = last + 1;
    for (const one of generations) {
      if (one !== current && isOver(one.runs.at(-1)?.last_seq ?? 0)) one.filter = undefined;
    }
  };

  return {
    hash: (sourceId, messageId) => hash53(`${sourceId} ${messageId}`, seed),
    claim(hash, seq, judge) {
      if (youngOf(hash).some((held) => judge(held) === 'duplicate')) return false;
      for (let at = generations.length - 1; at >= 0; at -= 1) {
        const { filter, runs } = generations[at]!;
        if (filter === undefined || !filter.mayHave(hash)) continue;
        for (let index = runs.length - 1; index >= 0; index -= 1) {
          const held = findInRun(database, runs[index]!, hash);
          if (held.some((one) => judge(one) === 'duplicate')) return false;
        }
      }
      staged.push(hash);
      hold(hash, seq);
      return true;
    },
    keep() {
      staged = [];
      if (young.size >= sizes.run) flush();
    },
    forget() {
      for (const hash of staged.reverse()) young.takeBack(hash);
      staged = [];
    },
    candidates(hash) {
      const runs = listRuns(database);
      const found: number[] = [];
      // Events that outlived their run are few.
      const begin = runs[0]?.first_seq ?? 0;
      for (const row of begin > 0 ? hashesAfter(0) : []) {
        if (row.seq >= begin) break;
        if (row.hash === hash) found.push(row.seq);
      }
      for (const run of runs) found.push(...findInRun(database, run, hash));
      if (!readOnly) return [...found, ...youngOf(hash)];
      const tail = hashesAfter(runs.at(-1)?.last_seq ?? 0);
      for (const row of tail) if (row.hash === hash) found.push(row.seq);
      return found;
    },
  };
}

function loadGenerations(database: Database, isOver: (seq: number) => boolean, sizes: IdSizes): Generation[] {
  const generations: Generation[] = [];
  for (const run of listRuns(database)) {
    let current = generations.at(-1);
    if (current?.number !== run.generation) {
      current = { number: run.generation, filter: undefined, runs: [] };
      generations.push(current);
    }
    current.runs.push(run);
  }
  for (const generation of generations) {
    const newest = generation === generations.at(-1);
    if (!newest && isOver(generation.runs.at(-1)?.last_seq ?? 0)) continue;
    const bits = database.one<{ bits: Uint8Array }>(
      'SELECT bits FROM id_filters WHERE generation = ?',
      generation.number,
    )?.bits;
    generation.filter = createIdFilter(sizes.run * sizes.runsPerFilter, bits);
    if (bits !== undefined) continue;
    for (const run of generation.runs) {
      for (const hash of hashesOfRun(database, run)) generation.filter.add(hash);
    }
  }
  return generations;
}

const NONE: readonly number[] = Object.freeze([]);

function lastSeqOf(generations: readonly Generation[]): number {
  return generations.at(-1)?.runs.at(-1)?.last_seq ?? 0;
}
