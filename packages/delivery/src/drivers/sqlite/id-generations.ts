import type { Database } from './database.ts';
import { createIdFilter, type IdFilter } from './id-filter.ts';
import { type FilterWriter, readFilter } from './id-filter-parts.ts';
import { createRunFilter, type RunFilter } from './id-run-filter.ts';
import { type Entry, findInRun, hashesOfRun, listRuns, type PageReader, type Run } from './id-runs.ts';
import { unlessDamaged } from './log-damage.ts';

/** The table of filters; part of the schema of the log. */
export const FILTERS_TABLE = `
  CREATE TABLE id_filters (generation INTEGER PRIMARY KEY, bits BLOB NOT NULL);`;

/** The filters that name runs came later; a generation without one is looked for in each of its runs. */
export const RUN_FILTERS_COLUMN = 'ALTER TABLE id_filters ADD COLUMN runs BLOB;';

/** Sizes of the index, for tests to make small. */
export interface IdSizes {
  /** Ids that are held in memory before they become a run. */
  readonly run: number;
  /** Runs that share a filter. */
  readonly runsPerFilter: number;
}

/** Runs that share filters, which are in memory for as long as an id of theirs is remembered. */
export interface Generation {
  readonly number: number;
  readonly runs: Run[];
  filters: Filters | undefined;
}

interface Filters {
  /** Says nearly always of an id that is new that it is. */
  readonly ids: IdFilter;
  /** Says of one that is known in which run it is. */
  readonly runs: RunFilter | undefined;
}

/** A generation without runs. */
export function emptyGeneration(number: number, sizes: IdSizes): Generation {
  return { number, runs: [], filters: emptyFilters(sizes) };
}

/** Adds a run and its hashes, which ascend. */
export function addRun({ runs, filters }: Generation, run: Run, hashes: Iterable<number>): void {
  runs.push(run);
  if (filters !== undefined) addHashes(filters, run, hashes);
}

/** Has the filters of a generation that gets no more runs written. */
export function storeFilters(writer: FilterWriter, { number, filters }: Generation): void {
  if (filters === undefined) return;
  const { ids, runs } = filters;
  writer.add(number, runs === undefined ? { ids: ids.bytes() } : { ids: ids.bytes(), runs: runs.bytes() });
}

/** Removes the filters of generations that have no runs any more; call it within a transaction. */
export function removeFilters(database: Database): void {
  const first = database.one<{ generation: number }>('SELECT generation FROM id_runs ORDER BY run LIMIT 1');
  if (first === undefined) return;
  database.run('DELETE FROM id_filters WHERE generation < ?', first.generation);
  database.run('DELETE FROM id_filter_parts WHERE generation < ?', first.generation);
}

/**
 * The generations of a log, oldest first; those that are over have no filters. A process may have ended before all parts of a
 * filter were written: it is made anew of its runs, and written again.
 */
export function loadGenerations(
  database: Database,
  writer: FilterWriter,
  isOver: (seq: number) => boolean,
  sizes: IdSizes,
): Generation[] {
  const generations: Generation[] = [];
  for (const run of listRuns(database)) {
    let current = generations.at(-1);
    if (current?.number !== run.generation) {
      current = { number: run.generation, runs: [], filters: undefined };
      generations.push(current);
    }
    current.runs.push(run);
  }
  for (const generation of generations) {
    const newest = generation === generations.at(-1);
    if (!newest && isOver(generation.runs.at(-1)?.last_seq ?? 0)) continue;
    generation.filters = loadFilters(database, generation, sizes);
    if (generation.filters !== undefined) continue;
    generation.filters = emptyFilters(sizes);
    for (const run of generation.runs) addHashes(generation.filters, run, hashesOfRun(database, run));
    if (!newest) storeFilters(writer, generation);
  }
  return generations;
}

/** Whether a hash may be in a generation: seldom wrongly. */
export function mayHave({ filters }: Generation, hash: number): boolean {
  return filters?.ids.mayHave(hash) === true;
}

/** Whether a run of a generation has an entry of a hash that `accepts` says yes to; the newest run is asked first. */
export function someInGeneration(
  read: PageReader,
  { runs, filters }: Generation,
  hash: number,
  accepts: (entry: Entry, run: Run) => boolean,
): boolean {
  const named = filters?.runs?.named(hash);
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const run = runs[index]!;
    if (named?.(run.run) === false) continue;
    if (findInRun(read, run, hash).some((entry) => accepts(entry, run))) return true;
  }
  return false;
}

function emptyFilters({ run, runsPerFilter }: IdSizes): Filters {
  return { ids: createIdFilter(run * runsPerFilter), runs: createRunFilter(run, runsPerFilter) };
}

function addHashes({ ids, runs }: Filters, { run }: Run, hashes: Iterable<number>): void {
  for (const hash of hashes) {
    ids.add(hash);
    runs?.add(hash, run);
  }
}

/** The filters of a generation as they were written; undefined when they were not, or not whole. */
function loadFilters(database: Database, { number }: Generation, sizes: IdSizes): Filters | undefined {
  const whole = unlessDamaged(database, () =>
    database.one<{ bits: Uint8Array; runs: Uint8Array | null }>(
      'SELECT bits, runs FROM id_filters WHERE generation = ?',
      number,
    ),
  );
  const ids = whole?.bits ?? readFilter(database, number, 'ids');
  const runs = whole === undefined ? readFilter(database, number, 'runs') : whole.runs;
  if (ids === undefined || runs === undefined) return undefined;
  return {
    ids: createIdFilter(sizes.run * sizes.runsPerFilter, ids),
    runs: runs === null ? undefined : createRunFilter(sizes.run, sizes.runsPerFilter, runs),
  };
}
