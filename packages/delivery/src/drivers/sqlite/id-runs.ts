import type { Database } from './database.ts';
import type { IdTable } from './id-table.ts';

/** Pages of a run; a hash lies in the page of its highest bits. */
const PAGES = 128;
const HASHES = 2 ** 53;
const HASH_BYTES = 8;
const ENTRY_BYTES = 12;

/** The tables of runs; part of the schema of the log. */
export const RUNS_TABLES = `
  CREATE TABLE id_runs (
    run INTEGER PRIMARY KEY,
    generation INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
  );
  CREATE TABLE id_pages (page INTEGER PRIMARY KEY, entries BLOB NOT NULL);`;

/** A sorted, unchanging part of the index: the ids of a stretch of the log. */
export interface Run {
  readonly run: number;
  readonly generation: number;
  readonly first_seq: number;
  readonly last_seq: number;
}

/** All runs, oldest first. */
export function listRuns(database: Database): readonly Run[] {
  return database.all<Run>('SELECT run, generation, first_seq, last_seq FROM id_runs ORDER BY run');
}

/**
 * Writes a run of hashes, which must ascend; call it within a transaction. Pages are written one after the other at the
 * end of the table, so a log of ten million events is as quick to append to as an empty one: an index kept in order
 * would be written at random.
 */
export function writeRun(
  database: Database,
  run: Run,
  hashes: Float64Array,
  ids: Pick<IdTable, 'seqOf'>,
): void {
  const insert = database.prepare('INSERT INTO id_pages (page, entries) VALUES (?, ?)');
  let at = 0;
  for (let page = 0; page < PAGES; page += 1) {
    const end = ((page + 1) * HASHES) / PAGES;
    const first = at;
    while (at < hashes.length && hashes[at]! < end) at += 1;
    const count = at - first;
    if (count === 0) continue;
    const bytes = new Uint8Array(count * ENTRY_BYTES);
    const view = new DataView(bytes.buffer);
    let same = 0;
    for (let index = 0; index < count; index += 1) {
      const hash = hashes[first + index]!;
      same = index > 0 && hashes[first + index - 1] === hash ? same + 1 : 0;
      view.setFloat64(index * HASH_BYTES, hash);
      view.setUint32(count * HASH_BYTES + index * 4, ids.seqOf(hash, same) - run.first_seq);
    }
    insert.run(run.run * PAGES + page, bytes);
  }
  database.run(
    'INSERT INTO id_runs (run, generation, first_seq, last_seq) VALUES (?, ?, ?, ?)',
    run.run,
    run.generation,
    run.first_seq,
    run.last_seq,
  );
}

/** Positions of a hash in a run. */
export function findInRun(database: Database, run: Run, hash: number): readonly number[] {
  const page = run.run * PAGES + Math.floor((hash * PAGES) / HASHES);
  const row = database.one<{ entries: Uint8Array }>('SELECT entries FROM id_pages WHERE page = ?', page);
  if (row === undefined) return [];
  const { count, hashAt, offsetAt } = open(row.entries);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hashAt(middle) < hash) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (; low < count && hashAt(low) === hash; low += 1) found.push(run.first_seq + offsetAt(low));
  return found;
}

/** Every hash of a run. */
export function* hashesOfRun(database: Database, run: Run): Generator<number> {
  const rows = database
    .prepare('SELECT entries FROM id_pages WHERE page >= ? AND page < ?')
    .iterate(run.run * PAGES, (run.run + 1) * PAGES) as Iterable<{ entries: Uint8Array }>;
  for (const { entries } of rows) {
    const { count, hashAt } = open(entries);
    for (let index = 0; index < count; index += 1) yield hashAt(index);
  }
}

interface OpenPage {
  readonly count: number;
  hashAt(index: number): number;
  offsetAt(index: number): number;
}

function open(bytes: Uint8Array): OpenPage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength / ENTRY_BYTES;
  return {
    count,
    hashAt: (index) => view.getFloat64(index * HASH_BYTES),
    offsetAt: (index) => view.getUint32(count * HASH_BYTES + index * 4),
  };
}

/** Removes the runs that hold nothing after a position; the newest run stays, as the next one is numbered after it. */
export function removeRunsBefore(database: Database, seq: number): void {
  const runs = listRuns(database).slice(0, -1);
  for (const { run, last_seq: last } of runs) {
    if (last > seq) break;
    database.run('DELETE FROM id_pages WHERE page >= ? AND page < ?', run * PAGES, (run + 1) * PAGES);
    database.run('DELETE FROM id_runs WHERE run = ?', run);
  }
}
