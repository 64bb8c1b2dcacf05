import type { Database } from './database.ts';
import type { IdTable } from './id-table.ts';
import { isDamage, unlessDamaged } from './log-damage.ts';

const HASHES = 2 ** 53;
const HASH_BYTES = 8;

/** The format of the pages of a run; the highest bits of a hash select its page. */
interface Format {
  readonly pages: number;
  readonly entryBytes: number;
  readonly hasChecks: boolean;
}

/** By number. Later formats never have fewer pages, so that the pages of all runs have one order. */
const FORMATS: readonly Format[] = [
  { pages: 128, entryBytes: 12, hasChecks: false },
  // Small pages, because each look-up copies one; seven fit in a page of the file.
  { pages: 512, entryBytes: 16, hasChecks: true },
];

/** The format of new runs. */
export const RUN_FORMAT = FORMATS.length - 1;

/** The tables of runs; part of the schema of the log. */
export const RUNS_TABLES = `
  CREATE TABLE id_runs (
    run INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
  );
  CREATE TABLE id_pages (page INTEGER PRIMARY KEY, entries BLOB NOT NULL);`;

/** Added later: the formats of runs. */
export const RUN_FORMATS_COLUMN = 'ALTER TABLE id_runs ADD COLUMN format INTEGER NOT NULL DEFAULT 0;';

/** A sorted, unchanging part of the index: the ids of a stretch of the log. */
export interface Run {
  readonly run: number;
  readonly generation: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly format: number;
}

/** An entry of a hash in a run. */
export interface Entry {
  readonly seq: number;
  /** 0 when unknown. */
  readonly check: number;
}

/** Returns all runs, oldest first. */
export function listRuns(database: Database): readonly Run[] {
  return database.all<Run>('SELECT run, generation, first_seq, last_seq, format FROM id_runs ORDER BY run');
}

/**
 * Writes a run of hashes, in ascending order; call it within a transaction. Pages are appended to the table, so appending to a
 * log of ten million events is as fast as to an empty one: a sorted index would be written at random.
 */
export function writeRun(
  database: Database,
  run: Run,
  hashes: Float64Array,
  ids: Pick<IdTable, 'seqOf' | 'checkOf'>,
): void {
  const { pages, entryBytes, hasChecks } = FORMATS[run.format]!;
  const insert = database.prepare('INSERT INTO id_pages (page, entries) VALUES (?, ?)');
  let at = 0;
  for (let page = 0; page < pages; page += 1) {
    const end = ((page + 1) * HASHES) / pages;
    const first = at;
    while (at < hashes.length && hashes[at]! < end) at += 1;
    const count = at - first;
    if (count === 0) continue;
    const bytes = new Uint8Array(count * entryBytes);
    const view = new DataView(bytes.buffer);
    let same = 0;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[first + index]!;
      same = index > 0 && hashes[first + index - 1] === hash ? same + 1 : 0;
      view.setFloat64(index * HASH_BYTES, hash);
      view.setUint32(count * HASH_BYTES + index * 4, ids.seqOf(hash, same) - run.first_seq);
      if (hasChecks) view.setUint32(count * (HASH_BYTES + 4) + index * 4, ids.checkOf(hash, same));
    }
    insert.run(run.run * pages + page, bytes);
  }
  database.run(
    'INSERT INTO id_runs (run, generation, first_seq, last_seq, format) VALUES (?, ?, ?, ?, ?)',
    run.run,
    run.generation,
    run.first_seq,
    run.last_seq,
    run.format,
  );
}

/** Returns the bytes of a page by its number; undefined when there is none. */
export type PageReader = (page: number) => Uint8Array | undefined;

/** Creates the reader of pages of a file. */
export function pagesOn(database: Database): PageReader {
  return (page) =>
    database.one<{ entries: Uint8Array }>('SELECT entries FROM id_pages WHERE page = ?', page)?.entries;
}

/** Returns the entries of a hash in a run, oldest first. */
export function findInRun(read: PageReader, run: Run, hash: number): readonly Entry[] {
  const { pages } = FORMATS[run.format]!;
  const bytes = read(run.run * pages + Math.floor((hash * pages) / HASHES));
  if (bytes === undefined) return [];
  const { count, hashAt, offsetAt, checkAt } = open(bytes, run);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashAt(middle) < hash) low = middle + 1;
    else high = middle;
  }
  const found: Entry[] = [];
  for (; low < count && hashAt(low) === hash; low += 1) {
    found.push({ seq: run.first_seq + offsetAt(low), check: checkAt(low) });
  }
  return found;
}

/** Yields every hash of a run, without those of damaged pages. */
export function* hashesOfRun(database: Database, run: Run): Generator<number> {
  const [from, to] = pagesOf(run);
  try {
    const rows = database
      .prepare('SELECT entries FROM id_pages WHERE page >= ? AND page < ?')
      .iterate(from, to) as Iterable<{ entries: Uint8Array }>;
    for (const { entries } of rows) yield* hashesOfPage(entries, run);
  } catch (error) {
    if (!isDamage(error)) throw error;
    database.renew();
    const read = pagesOn(database);
    for (let page = from; page < to; page += 1) {
      const bytes = unlessDamaged(database, () => read(page));
      if (bytes !== undefined) yield* hashesOfPage(bytes, run);
    }
  }
}

function* hashesOfPage(bytes: Uint8Array, run: Run): Generator<number> {
  const { count, hashAt } = open(bytes, run);
  for (let index = 0; index < count; index += 1) yield hashAt(index);
}

interface OpenPage {
  readonly count: number;
  hashAt(index: number): number;
  offsetAt(index: number): number;
  checkAt(index: number): number;
}

function open(bytes: Uint8Array, { format }: Run): OpenPage {
  const { entryBytes, hasChecks } = FORMATS[format]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.byteLength / entryBytes);
  return {
    count,
    hashAt: (index) => view.getFloat64(index * HASH_BYTES),
    offsetAt: (index) => view.getUint32(count * HASH_BYTES + index * 4),
    checkAt: (index) => (hasChecks ? view.getUint32(count * (HASH_BYTES + 4) + index * 4) : 0),
  };
}

/** Returns the first page of a run, and the one after its last. */
function pagesOf({ run, format }: Run): readonly [number, number] {
  const { pages } = FORMATS[format]!;
  return [run * pages, (run + 1) * pages];
}

/** Removes the runs with nothing after a position; the newest run stays, because the next number follows it. */
export function removeRunsBefore(database: Database, seq: number): void {
  const runs = listRuns(database).slice(0, -1);
  for (const run of runs) {
    if (run.last_seq > seq) break;
    database.run('DELETE FROM id_pages WHERE page >= ? AND page < ?', ...pagesOf(run));
    database.run('DELETE FROM id_runs WHERE run = ?', run.run);
  }
}
