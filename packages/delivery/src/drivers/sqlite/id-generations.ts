import type { Database } from './database.ts';
import { createIdFilter, type IdFilter } from './id-filter.ts';
import { type FilterWriter, readFilter } from './id-filter-parts.ts';
import { createRunFilter, type RunFilter } from './id-run-filter.ts';
import { type Entry, findInRun, hashesOfRun, listRuns, type PageReader, type Run } from './id-runs.ts';
import { unlessDamaged } from './log-damage.ts';

/** The table of filters; part of the schema of the log. */
export const FILTERS_TABLE = `
  CREATE TABLE id_filters (generation INTEGER PRIMARY KEY, bits BLOB NOT NULL);`;

/** Added later: filters that name runs; without one, each run of a generation is searched. */
export const RUN_FILTERS_COLUMN = 'ALTER TABLE id_filters ADD COLUMN runs BLOB;';

/** Sizes of the index, which tests reduce. */
export interface IdSizes {
  /** The number of IDs in memory that become a run. */
  readonly run: number;
  /** The number of runs that share a filter. */
  readonly runsPerFilter: number;
}

/** Runs that share filters, which are in memory as long as one of their IDs is in the window. */
export interface Generation {
  readonly number: number;
  readonly runs: Run[];
  filters: Filters | undefined;
}

interface Filters {
  /** Recognises nearly all new IDs. */
  readonly ids: IdFilter;
  /** Names the run of a known ID. */
  readonly runs: RunFilter | undefined;
}

/** Creates a generation without runs. */
export function emptyGeneration(number: number, sizes: IdSizes): Generation {
  return { number, runs: [], filters: emptyFilters(sizes) };
}

/** Adds a run and its ascending hashes. */
export function addRun({ runs, filters }: Generation, run: Run, hashes: Iterable<number>): void {
  runs.push(run);
  if (filters !== undefined) addHashes(filters, run, hashes);
}

/** Queues the filters of a complete generation for writing. */
export function storeFilters(writer: FilterWriter, { number, filters }: Generation): void {
  if (filters === undefined) return;
  const { ids, runs } = filters;
  writer.add(number, runs === undefined ? { ids: ids.bytes() } : { ids: ids.bytes(), runs: runs.bytes() });
}

/** Removes the filters of generations without runs; call it within a transaction. */
export function removeFilters(database: Database): void {
  const first = database.one<{ generation: number }>('SELECT generation FROM id_runs ORDER BY run LIMIT 1');
  if (first === undefined) return;
  database.run('DELETE FROM id_filters WHERE generation < ?', first.generation);
  database.run('DELETE FROM id_filter_parts WHERE generation < ?', first.generation);
}

/**
 * The generations of a log, oldest first; expired ones have no filters. If a process ended before all parts of a filter were
 * written, it is rebuilt from its runs and written again.
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

/** Whether a hash may be in a generation; false positives are rare. */
export function mayHave({ filters }: Generation, hash: number): boolean {
  return filters?.ids.mayHave(hash) === true;
}

/** Whether a run of a generation has an entry for a hash that `accepts` confirms; searches the newest run first. */
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

/** Reads the stored filters of a generation; undefined when missing or incomplete. */
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
