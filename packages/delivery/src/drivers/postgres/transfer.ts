import {
  COPIED,
  type CopyNoun,
  type CopyPage,
  type CopyPlace,
  type CopyRow,
  type CopyValue,
  type CopyStep,
  type Transfer,
  type TransferOptions,
} from '../../stores/transfer.ts';
import type { StorePart } from '../../stores/stores.ts';
import { readAddress } from './address.ts';
import { type Database, openDatabase, type Statements } from './database.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { createRanges, type Ranges } from './log-ranges.ts';
import { type LogShape, shapeLog, shapeOf } from './log-shape.ts';
import { checkThere, COPYING, isCopying, migrate } from './migrations.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { isSingle, singleRows, writeEvents, writeSingle } from './transfer-single.ts';
import { type Column, PLACES, type Single } from './transfer-tables.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';

const MIGRATIONS: Readonly<Record<StorePart, readonly string[]>> = {
  log: LOG_MIGRATIONS,
  state: STATE_MIGRATIONS,
  workspace: WORKSPACE_MIGRATIONS,
};

const ROWS = 500;
const ONE_PARTITION = 'Only a log of one partition can be copied; this log has several.';
const CLOCK = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Opens the stores of a database for a copy; the tables are created when the copy writes. */
export async function openTransfer(address: string, options: TransferOptions): Promise<Transfer> {
  const place = readAddress(address);
  if (place.partitions !== 1) throw new Error(ONE_PARTITION);
  const database = openDatabase(place);
  try {
    for (const [part, migrations] of Object.entries(MIGRATIONS) as [StorePart, readonly string[]][]) {
      if (options.writes) await migrate(database, part, migrations);
      else await checkThere(database, part, migrations.length);
    }
    const ranges = createRanges(database, options.now);
    if (options.writes) {
      await shapeLog(database, 1);
      await ranges.ensure();
    }
    const shape = await shapeOf(database, 1);
    if (shape.partitions !== 1) throw new Error(ONE_PARTITION);
    return transferOf(database, ranges, { ...options, ...shape });
  } catch (error) {
    await database.close();
    throw error;
  }
}

function transferOf(database: Database, ranges: Ranges, { now, keys }: TransferOptions & LogShape): Transfer {
  const { one, run } = database;
  return {
    page: (noun, after) =>
      isSingle(noun) ? singleRows(database, noun, after) : pageOf(database, noun, after),
    async isHeld() {
      const row = await one<{ held: boolean }>(
        `SELECT EXISTS (SELECT 1 FROM ~lanes WHERE holder IS NOT NULL AND held_until > ${CLOCK})
           OR EXISTS (SELECT 1 FROM ~owners WHERE holder IS NOT NULL AND held_until > ${CLOCK}) AS held`,
      );
      return row?.held === true;
    },
    async unfinished() {
      if (!(await isCopying(database))) return undefined;
      return (await one<{ place: string }>(`SELECT place FROM ~${COPYING} WHERE noun = ''`))?.place ?? '';
    },
    async begin(from) {
      if (await isCopying(database)) return;
      await database.transaction(async (statements) => {
        await statements.script(
          `CREATE TABLE ~${COPYING} (noun text PRIMARY KEY, place text, done bool NOT NULL, rows bigint NOT NULL)`,
        );
        await statements.run(`INSERT INTO ~${COPYING} VALUES ('', $1, false, 0)`, from);
      });
    },
    async place(noun) {
      const row = await one<{ place: string | null; done: boolean; rows: number }>(
        `SELECT place, done, rows FROM ~${COPYING} WHERE noun = $1`,
        noun,
      );
      if (row === undefined) return { done: false, rows: 0 };
      return { ...(row.place === null ? {} : { after: row.place }), done: row.done, rows: row.rows };
    },
    async write(step) {
      if (step.noun === 'events') await reach(database, ranges, step.rows);
      await database.transaction(async (statements) => {
        await note(statements, step);
        if (step.noun === 'events') await writeEvents(statements, step.rows, { keys, now: now() });
        else if (isSingle(step.noun)) await writeSingle(statements, step.noun, step.rows);
        else await writeRows(statements, step.noun, step.rows);
      });
      if (step.noun === 'log-position') await ranges.ensure();
    },
    async finish() {
      await run(`DROP TABLE ~${COPYING}`);
    },
    close: () => database.close(),
  };
}

/** Draws the positions up to the last of some rows, and creates their tables. */
async function reach(database: Database, ranges: Ranges, rows: readonly CopyRow[]): Promise<void> {
  const [first, last] = [Number(rows[0]?.[0] ?? 0), Number(rows.at(-1)?.[0] ?? 0)];
  if (last === 0) return;
  for (;;) {
    const newest = await database.one<{ last: number }>('SELECT max(last) AS last FROM ~ranges');
    if ((newest?.last ?? 0) >= last) return;
    await database.one(`SELECT setval('~positions', $1)`, Math.max(first, newest?.last ?? 1));
    await ranges.ensure();
  }
}

/** A page of a noun that is rows of a table; a place is the keys of the last row. */
async function pageOf(
  { all }: Statements,
  noun: Exclude<CopyNoun, Single>,
  after: string | undefined,
): Promise<CopyPage> {
  const { table, keys, columns, where = 'true' } = PLACES[noun];
  const values = after === undefined ? [] : (JSON.parse(after) as readonly (string | number)[]);
  const names = keys.map(({ name }) => name).join(', ');
  const given = keys.map(({ type }, index) => `$${index + 2}::${type}`).join(', ');
  const beyond = values.length === 0 ? 'true' : `(${names}) > (${given})`;
  const read = [...columns, ...keys].map(
    ({ name, read: own = name }: Column, index) => `${own} AS c${index}`,
  );
  const found = (
    await all<Record<string, CopyValue>>(
      `SELECT ${read.join(', ')} FROM ~${table} AS ${table} WHERE ${where} AND ${beyond} ORDER BY ${names} LIMIT $1`,
      ROWS,
      ...values,
    )
  ).map((row) => Object.values(row));
  const width = COPIED[noun].length;
  const rows = found.map((row) => row.slice(0, width));
  const shown = noun === 'outcomes' ? rows.flatMap(singly) : rows;
  if (found.length < ROWS) return { rows: shown };
  return { rows: shown, next: JSON.stringify(found.at(-1)!.slice(width)) };
}

/** Expands an outcome of many positions that is more than a plain delivery to one per position, as in other drivers. */
function singly(row: CopyRow): readonly CopyRow[] {
  const [first, last, status, code, message, field] = [row[2], row[3], row[4], row[7], row[8], row[9]];
  const isPlain = status === 'delivered' && code === null && message === null && field === null;
  if (isPlain || first === last) return [row];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) =>
    row.with(2, Number(first) + index).with(3, Number(first) + index),
  );
}

async function writeRows(
  { run }: Statements,
  noun: Exclude<CopyNoun, Single>,
  rows: readonly CopyRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns, always = {} } = PLACES[noun];
  const names = columns.map(({ name }) => name).join(', ');
  const written = columns.map(({ name, write = name }) => write);
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  await run(
    `INSERT INTO ~${table} (${[names, ...Object.keys(always)].join(', ')}) OVERRIDING SYSTEM VALUE
     SELECT ${[...written, ...Object.values(always)].join(', ')} FROM unnest(${arrays.join(', ')}) AS given (${names})`,
    ...columns.map((_column, index) => rows.map((row) => row[index])),
  );
  if (noun === 'outcomes')
    await run(
      'INSERT INTO ~kinds SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
      rows.map(([destination]) => destination),
      rows.map(([, mapping]) => mapping),
    );
}

/** Two copies to the same place would write twice: the second finds an unexpected place. */
async function note({ run }: Statements, { noun, from, to }: CopyStep): Promise<void> {
  const known = (one: CopyPlace): string | null => one.after ?? null;
  const isNew = from.rows === 0 && from.after === undefined;
  const changed = isNew
    ? await run(
        `INSERT INTO ~${COPYING} VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        noun,
        known(to),
        to.done,
        to.rows,
      )
    : await run(
        `UPDATE ~${COPYING} SET place = $2, done = $3, rows = $4 WHERE noun = $1 AND NOT done AND place = $5`,
        noun,
        known(to),
        to.done,
        to.rows,
        known(from),
      );
  if (changed !== 1) throw new Error('Another copy to this database is in progress.');
}
