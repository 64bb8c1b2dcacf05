import type { Hashes } from './block-hashes.ts';
import type { Database } from './database.ts';
import { hash53 } from './hash.ts';
import { createFilterWriter, FILTER_PARTS_TABLE } from './id-filter-parts.ts';
import {
  addRun,
  emptyGeneration,
  FILTERS_TABLE,
  type Generation,
  type IdSizes,
  loadGenerations,
  mayHave,
  RUN_FILTERS_COLUMN,
  someInGeneration,
  storeFilters,
} from './id-generations.ts';
import { createIdTable } from './id-table.ts';
import {
  findInRun,
  listRuns,
  type PageReader,
  pagesOn,
  RUN_FORMAT,
  RUN_FORMATS_COLUMN,
  RUNS_TABLES,
  writeRun,
} from './id-runs.ts';
import { unlessDamaged } from './log-damage.ts';

/** The tables of ids; part of the schema of the log. */
export const IDS_TABLES = `
  ${RUNS_TABLES}
  ${FILTERS_TABLE}
  CREATE TABLE ids_seed (seed INTEGER NOT NULL);
  INSERT INTO ids_seed VALUES (abs(random() % 2147483647));`;

/** Later columns: filters that name runs, and runs with checks. */
export const IDS_COLUMNS = `${RUN_FILTERS_COLUMN} ${RUN_FORMATS_COLUMN}`;

/** Later tables: filters in parts. */
export const IDS_PARTS = FILTER_PARTS_TABLE;

/** The event that holds the same hash. */
export type Holder = 'duplicate' | 'other' | 'expired';

/**
 * Finds events by source and messageId. New IDs are in memory, and in the log with their events; batches of them become sorted
 * runs on disk. A filter per generation of runs tells nearly always without a read whether an ID is new, and a second one names
 * its run when it is not. Nothing is ever written in the middle of a table.
 */
export interface EventIds {
  hashes(sourceId: string, messageId: string): Hashes;
  /** Records hashes for a position. False, without recording, for a duplicate; `judge` decides where hashes do not suffice. */
  claim(hashes: Hashes, seq: number, judge: (seq: number) => Holder): boolean;
  /** Writes a part of the pending index data; call it within the transaction of the events. */
  store(): void;
  /** Confirms what was claimed and stored since the last call, after its commit; may write a run. */
  keep(): void;
  /** Reverts what was claimed since the last call, because its commit failed. */
  forget(): void;
  /** Returns positions that may belong to a hash, oldest first; the caller verifies them. */
  candidates(hash: number): readonly number[];
}

/** What the index needs from the log. */
export interface EventIdsInput {
  /** Whether the window of a position has passed; such generations are unloaded. */
  readonly isOver: (seq: number) => boolean;
  /** Whether all events of a stretch exist, and are within the window. */
  readonly isWhole: (first: number, last: number) => boolean;
  /** Returns positions after one, with their hashes, in order. */
  readonly hashesAfter: (seq: number) => Iterable<Hashes & { readonly seq: number }>;
  readonly readOnly?: boolean;
  readonly sizes?: IdSizes;
}

/** Creates the index of IDs of a log. */
export function createEventIds(
  database: Database,
  {
    isOver,
    isWhole,
    hashesAfter,
    readOnly = false,
    sizes = { run: 65_536, runsPerFilter: 32 },
  }: EventIdsInput,
): EventIds {
  const seed = database.one<{ seed: number }>('SELECT seed FROM ids_seed')?.seed ?? 0;
  const writer = createFilterWriter(database);
  const generations = readOnly ? [] : loadGenerations(database, writer, isOver, sizes);
  // A reader has none.
  const young = createIdTable(readOnly ? 1 : sizes.run);
  let staged: number[] = [];
  let youngFrom = lastSeqOf(generations) + 1;
  let last = youngFrom - 1;
  const hold = (hash: number, seq: number, check: number): void => {
    young.add(hash, seq, check);
    last = seq;
  };
  const youngOf = (hash: number): readonly number[] => {
    const first = young.seqOf(hash, 0);
    // The usual case: a new ID.
    if (first < 0) return NONE;
    const found: number[] = [];
    for (let seq = first; seq >= 0; seq = young.seqOf(hash, found.length)) found.push(seq);
    return found;
  };
  const onDisk = pagesOn(database);
  // IDs in a damaged page are not recognised; events are still accepted.
  const readPage: PageReader = (page) => unlessDamaged(database, () => onDisk(page));
  const isKnown = (
    generation: Generation,
    { hash, check }: Hashes,
    judge: (seq: number) => Holder,
  ): boolean =>
    someInGeneration(readPage, generation, hash, (entry, run) => {
      const isSame = entry.check === check && isWhole(run.first_seq, run.last_seq);
      return isSame || ((entry.check === check || entry.check === 0) && judge(entry.seq) === 'duplicate');
    });
  if (!readOnly) for (const row of hashesAfter(last)) hold(row.hash, row.seq, row.check);

  const flush = (): void => {
    const previous = generations.at(-1);
    const isFull = previous === undefined || previous.runs.length >= sizes.runsPerFilter;
    const current = isFull ? emptyGeneration((previous?.number ?? 0) + 1, sizes) : previous;
    const run = {
      run: (previous?.runs.at(-1)?.run ?? 0) + 1,
      generation: current.number,
      first_seq: youngFrom,
      last_seq: last,
      format: RUN_FORMAT,
    };
    const hashes = young.sorted();
    database.transaction(() => writeRun(database, run, hashes, young));
    addRun(current, run, hashes);
    if (isFull) {
      generations.push(current);
      if (previous !== undefined) storeFilters(writer, previous);
    }
    young.clear();
    youngFrom = last + 1;
    for (const one of generations) {
      if (one !== current && isOver(one.runs.at(-1)?.last_seq ?? 0)) one.filters = undefined;
    }
  };

  return {
    hashes(sourceId, messageId) {
      const id = `${sourceId} ${messageId}`;
      return { hash: hash53(id, seed), check: hash53(id, seed ^ CHECK) >>> 0 || 1 };
    },
    claim(hashes, seq, judge) {
      const { hash, check } = hashes;
      const held = youngOf(hash);
      if (held.length > 0 && held.some((one) => judge(one) === 'duplicate')) return false;
      for (let at = generations.length - 1; at >= 0; at -= 1) {
        const generation = generations[at]!;
        // Allocates nothing for a new ID.
        if (mayHave(generation, hash) && isKnown(generation, hashes, judge)) return false;
      }
      staged.push(hash);
      hold(hash, seq, check);
      return true;
    },
    store: () => writer.write(),
    keep() {
      staged = [];
      writer.keep();
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
      for (const run of runs) found.push(...findInRun(onDisk, run, hash).map(({ seq }) => seq));
      if (!readOnly) return [...found, ...youngOf(hash)];
      const tail = hashesAfter(runs.at(-1)?.last_seq ?? 0);
      for (const row of tail) if (row.hash === hash) found.push(row.seq);
      return found;
    },
  };
}

/** Separates the seed of the checks. */
const CHECK = 0x5bd1e995;

const NONE: readonly number[] = Object.freeze([]);

function lastSeqOf(generations: readonly Generation[]): number {
  return generations.at(-1)?.runs.at(-1)?.last_seq ?? 0;
}
