import { join } from 'node:path';
import {
  COPY_NOUNS,
  type CopyNoun,
  type CopyPage,
  type CopyPlace,
  type CopyValue,
  type CopyStep,
  partOf,
  type Transfer,
  type TransferOptions,
} from '../../stores/transfer.ts';
import type { StorePart } from '../../stores/stores.ts';
import { COPYING, type Database, hasTable, openDatabase } from './database.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { createNames, type Names } from './names.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { createEventCopy } from './transfer-events.ts';
import { rowWriters, SEGMENTS, type WriteRow } from './transfer-tables.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';

const MIGRATIONS: Readonly<Record<StorePart, readonly string[]>> = {
  log: LOG_MIGRATIONS,
  state: STATE_MIGRATIONS,
  workspace: WORKSPACE_MIGRATIONS,
};

/** The log is marked last and unmarked last: its mark applies to all three. */
const IN_ORDER: readonly StorePart[] = ['workspace', 'state', 'log'];

/** The number of rows of a page. */
const ROWS = 500;
/** The row of the mark with the source of the copy. */
const FROM = '';

interface Part {
  readonly database: Database;
  readonly names: Names | undefined;
}

/** Opens the databases of a folder for a copy. */
export async function openTransfer(folder: string, options: TransferOptions): Promise<Transfer> {
  const parts = openParts(folder);
  const { database: log, names: sources } = parts.log;
  const events = createEventCopy(log, sources!, options.now);
  const writers: Record<Exclude<CopyNoun, 'events'>, WriteRow> = {
    ...rowWriters(log, sources, options.now),
  };
  for (const part of ['state', 'workspace'] as const) {
    const { database, names } = parts[part];
    const own = rowWriters(database, names, options.now);
    for (const noun of COPY_NOUNS) if (noun !== 'events' && partOf(noun) === part) writers[noun] = own[noun];
  }
  const read = (noun: CopyNoun, after: string | undefined): CopyPage =>
    noun === 'events' ? events.page(after) : pageOf(parts[partOf(noun)], noun, after);
  return {
    page: async (noun, after) => read(noun, after),
    // A running process has the lock of the folder; leases outlast a killed process.
    isHeld: async () => false,
    unfinished: async () => (hasTable(log, COPYING) ? fromOf(log) : undefined),
    async begin(from) {
      const isMarked = hasTable(log, COPYING);
      for (const part of IN_ORDER) {
        const { database } = parts[part];
        if (!isMarked && !hasTable(database, COPYING)) mark(database, from);
      }
    },
    place: async (noun) => placeOf(parts[partOf(noun)].database, noun),
    async write(step) {
      const { database } = parts[partOf(step.noun)];
      database.transaction(() => {
        note(database, step);
        if (step.noun === 'events') events.write(step.rows);
        else for (const row of step.rows) writers[step.noun](row);
      });
      if (step.noun === 'events') events.keep();
    },
    async finish() {
      const { database: state } = parts.state;
      state.run(
        `UPDATE exchanges SET kept = named.count FROM (
           SELECT one.value AS id, count(*) AS count FROM dead_letters, json_each(dead_letters.exchanges) AS one GROUP BY one.value
         ) AS named WHERE exchanges.id = named.id`,
      );
      for (const part of IN_ORDER) parts[part].database.run(`DROP TABLE IF EXISTS ${COPYING}`);
    },
    async close() {
      for (const part of IN_ORDER) parts[part].database.close();
    },
  };
}

function openParts(folder: string): Readonly<Record<StorePart, Part>> {
  const opened: Database[] = [];
  const open = (part: StorePart): Part => {
    const database = openDatabase({
      file: join(folder, `${part}.db`),
      migrations: MIGRATIONS[part],
      unfinished: true,
    });
    opened.push(database);
    return { database, names: part === 'workspace' ? undefined : createNames(database) };
  };
  try {
    return { log: open('log'), state: open('state'), workspace: open('workspace') };
  } catch (error) {
    for (const database of opened) database.close();
    throw error;
  }
}

/** A page of a noun; a place consists of the segment and the keys of the last row. */
function pageOf(
  { database, names: words }: Part,
  noun: Exclude<CopyNoun, 'events'>,
  after: string | undefined,
): CopyPage {
  const segments = SEGMENTS[noun];
  const [at, ...keys] = after === undefined ? [0] : (JSON.parse(after) as [number, ...(string | number)[]]);
  const { table, keys: names, read, where = 'true', expand } = segments[at]!;
  const beyond = keys.length === 0 ? 'true' : `(${names.join(', ')}) > (${names.map(() => '?').join(', ')})`;
  const width = read.length;
  const columns = [...read, ...names].map((column, index) => `${column} AS c${index}`);
  const found = database
    .all<Record<string, CopyValue>>(
      `SELECT ${columns.join(', ')} FROM ${table} WHERE ${where} AND ${beyond} ORDER BY ${names.join(', ')} LIMIT ?`,
      ...keys,
      ROWS,
    )
    .map((row) => Object.values(row));
  const stored = found.map((row) => row.slice(0, width));
  const rows = expand === undefined ? stored : stored.flatMap((row) => expand(row, words!));
  if (found.length === ROWS) return { rows, next: JSON.stringify([at, ...found.at(-1)!.slice(width)]) };
  return at + 1 < segments.length ? { rows, next: JSON.stringify([at + 1]) } : { rows };
}

function mark(database: Database, from: string): void {
  database.transaction(() => {
    database.run(
      `CREATE TABLE ${COPYING} (noun TEXT PRIMARY KEY, place TEXT, done INTEGER NOT NULL, rows INTEGER NOT NULL)`,
    );
    database.run(`INSERT INTO ${COPYING} VALUES (?, ?, 0, 0)`, FROM, from);
  });
}

function fromOf(database: Database): string {
  return database.one<{ place: string }>(`SELECT place FROM ${COPYING} WHERE noun = ?`, FROM)?.place ?? '';
}

/** A part without a mark is finished if the log has one. */
function placeOf(database: Database, noun: CopyNoun): CopyPlace {
  if (!hasTable(database, COPYING)) return { done: true, rows: 0 };
  const row = database.one<{ place: string | null; done: number; rows: number }>(
    `SELECT place, done, rows FROM ${COPYING} WHERE noun = ?`,
    noun,
  );
  if (row === undefined) return { done: false, rows: 0 };
  return { ...(row.place === null ? {} : { after: row.place }), done: row.done === 1, rows: row.rows };
}

/** The lock of the folder excludes others. */
function note(database: Database, { noun, to }: CopyStep): void {
  database.run(
    `INSERT OR REPLACE INTO ${COPYING} (noun, place, done, rows) VALUES (?, ?, ?, ?)`,
    noun,
    to.after ?? null,
    to.done ? 1 : 0,
    to.rows,
  );
}
