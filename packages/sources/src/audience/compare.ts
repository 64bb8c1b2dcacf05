import { join, relative } from 'node:path';
import { type Connection, type DuckDb, AudienceError, named, quoted } from './engine.ts';
import { bucketsFor, findDirty } from './buckets.ts';
import { type Change, CHANGES, type Compared, type Counts, type Job, type LastResult } from './job.ts';
import { checkKeys } from './statements.ts';

/** The input of comparing. */
export interface Comparing {
  readonly connection: Connection;
  readonly job: Job;
  readonly columns: LastResult['columns'];
  readonly engine: string;
  readonly duckdb: Pick<DuckDb, 'bindings'>;
}

/** The rows with their hashes, which identify them. */
const NEW = '(SELECT r.*, hash(r) AS __h FROM result r)';

/** Samples of each kind. */
const SAMPLES = 5;

/** The share of the last result that may be deleted or new before it is rewritten. */
const OVERLAY = 0.2;

/** Compares the view `result` with the last result, and writes the changes. */
export async function compare(comparing: Comparing): Promise<Compared> {
  const { connection, job } = comparing;
  const { last } = job;
  if (last === undefined) return first(comparing);
  const isLike = last.key === job.key && JSON.stringify(last.columns) === JSON.stringify(comparing.columns);
  if (!isLike) return anew(comparing, last);
  const kept = last.engine === comparing.engine ? last : await rehash(comparing, last);
  await defineOld(connection, job, kept);
  await findDifferences(comparing, kept.rows);
  await checkKeys(connection, '__fresh', job.key);
  await findBefore(connection, job.key);
  const key = named(job.key);
  await writeChanges(comparing, [
    `SELECT 'removed' AS kind, b AS r FROM __before b ANTI JOIN __fresh f ON b.${key} = f.${key}`,
    `SELECT 'changed' AS kind, f AS r FROM __fresh f SEMI JOIN __before b ON b.${key} = f.${key}`,
    `SELECT 'added' AS kind, f AS r FROM __fresh f ANTI JOIN __before b ON b.${key} = f.${key}`,
  ]);
  return concluded(comparing, await keepOverlay(comparing, kept), kept.rows);
}

function pathIn({ folder, out }: Job, name: string): { readonly path: string; readonly kept: string } {
  const path = join(out, name);
  // The folder of a run is renamed when it is complete.
  return { path, kept: relative(folder, path) };
}

/** Without an earlier result every row is new. */
async function first(comparing: Comparing): Promise<Compared> {
  const { connection, job, columns, engine } = comparing;
  const { path, kept } = pathIn(job, 'base.parquet');
  await connection.run(`COPY (SELECT * FROM ${NEW}) TO ${quoted(path)} (FORMAT parquet)`);
  await checkKeys(connection, quoted(path), job.key);
  await writeChanges(comparing, [`SELECT 'added' AS kind, f AS r FROM ${quoted(path)} f`]);
  const rows = await count(connection, quoted(path));
  const { key } = job;
  return concluded(comparing, { base: kept, rows, baseRows: rows, engine, columns, key }, 0);
}

/** With other columns, or another key, rows are compared by their keys alone, and every remaining row counts as changed. */
async function anew(comparing: Comparing, last: LastResult): Promise<Compared> {
  const { connection, job, columns, engine } = comparing;
  const { path, kept } = pathIn(job, 'base.parquet');
  await connection.run(`COPY (SELECT * FROM ${NEW}) TO ${quoted(path)} (FORMAT parquet)`);
  await checkKeys(connection, quoted(path), job.key);
  await defineOld(connection, job, last);
  const [now, then] = [named(job.key), named(last.key)];
  const same = `CAST(o.${then} AS VARCHAR) = CAST(f.${now} AS VARCHAR)`;
  const fresh = `${quoted(path)} f`;
  await writeChanges(
    comparing,
    [
      `SELECT 'removed' AS kind, o AS r FROM __old o ANTI JOIN ${fresh} ON ${same}`,
      `SELECT 'changed' AS kind, f AS r FROM ${fresh} SEMI JOIN __old o ON ${same}`,
      `SELECT 'added' AS kind, f AS r FROM ${fresh} ANTI JOIN __old o ON ${same}`,
    ],
    last.key,
  );
  const rows = await count(connection, quoted(path));
  return concluded(comparing, { base: kept, rows, baseRows: rows, engine, columns, key: job.key }, last.rows);
}

/** Defines the view of the last result: the last complete one, without deleted rows, with new ones. */
async function defineOld(connection: Connection, { folder }: Job, last: LastResult): Promise<void> {
  const at = (name: string): string => quoted(join(folder, name));
  const parts = [
    last.gone === undefined
      ? `SELECT * FROM ${at(last.base)}`
      : `SELECT b.* FROM ${at(last.base)} b ANTI JOIN ${at(last.gone)} g ON b.__h = g.__h`,
    ...(last.plus === undefined ? [] : [`SELECT * FROM ${at(last.plus)}`]),
  ];
  await connection.run(`CREATE TEMP VIEW __old AS ${parts.join(' UNION ALL BY NAME ')}`);
}

/**
 * Finds differences without a table of all rows: sums of hashes by bucket show where something differs, and only rows of those
 * buckets are compared individually. Rows are read twice, but memory does not grow with them.
 */
async function findDifferences({ connection, duckdb }: Comparing, rows: number): Promise<void> {
  const buckets = bucketsFor(rows);
  const bucket = `__h & ${buckets - 1}`;
  await findDirty(connection, duckdb, { old: '__old', fresh: NEW, buckets });
  const isNear = `CAST(${bucket} AS UINTEGER) IN (SELECT b FROM __dirty)`;
  await connection.run(`CREATE TEMP TABLE __near AS SELECT __h FROM __old WHERE ${isNear}`);
  // A known row is represented by its hash alone.
  await connection.run(
    `CREATE TEMP TABLE __read AS SELECT __h, CASE WHEN known THEN NULL ELSE f END AS r FROM
     (SELECT f, __h, __h IN (SELECT __h FROM __near) AS known FROM ${NEW} f WHERE ${isNear})`,
  );
  await connection.run('CREATE TEMP TABLE __fresh AS SELECT unnest(r) FROM __read WHERE r IS NOT NULL');
  await connection.run(
    'CREATE TEMP TABLE __gone AS SELECT DISTINCT n.__h FROM __near n ANTI JOIN __read r ON n.__h = r.__h',
  );
  await connection.run('DROP TABLE __read');
  await connection.run('DROP TABLE __near');
}

/** Finds rows of the last result that were deleted or changed. */
async function findBefore(connection: Connection, name: string): Promise<void> {
  const key = named(name);
  await connection.run(
    `CREATE TEMP TABLE __before AS SELECT * FROM __old
     WHERE __h IN (SELECT __h FROM __gone) OR ${key} IN (SELECT ${key} FROM __fresh)`,
  );
  // A row that still exists, next to a new one with its key.
  await checkKeys(
    connection,
    `(SELECT b.${key} FROM __before b ANTI JOIN __gone g ON b.__h = g.__h UNION ALL SELECT ${key} FROM __fresh)`,
    name,
  );
}

async function writeChanges(
  { connection, job }: Comparing,
  parts: readonly string[],
  removedKey = job.key,
): Promise<void> {
  const column = (name: string): string => `json_extract_string(row, ${quoted(pointer(name))})`;
  const key =
    removedKey === job.key
      ? column(job.key)
      : `CASE WHEN kind = 'removed' THEN ${column(removedKey)} ELSE ${column(job.key)} END`;
  const told = parts.map((part) => `SELECT kind, to_json(r) AS row FROM (${part})`).join(' UNION ALL ');
  await connection.run(
    `COPY (SELECT kind, ${key} AS key, row FROM (${told})) TO ${quoted(join(job.out, CHANGES))} (FORMAT json)`,
  );
}

function pointer(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Writes the rows added and deleted since the last complete result, or a new complete result when there are many. */
async function keepOverlay(comparing: Comparing, last: LastResult): Promise<LastResult> {
  const { connection, job, columns, engine } = comparing;
  const at = (name: string): string => quoted(join(job.folder, name));
  const [plus, gone] = [pathIn(job, 'plus.parquet'), pathIn(job, 'gone.parquet')];
  const before =
    last.plus === undefined ? [] : [`SELECT * FROM ${at(last.plus)} ANTI JOIN __gone g USING (__h)`];
  await connection.run(
    `COPY (${[...before, 'SELECT * FROM __fresh'].join(' UNION ALL BY NAME ')}) TO ${quoted(plus.path)} (FORMAT parquet)`,
  );
  const own =
    last.plus === undefined
      ? 'SELECT __h FROM __gone'
      : `SELECT __h FROM __gone ANTI JOIN ${at(last.plus)} p USING (__h)`;
  const earlier = last.gone === undefined ? [] : [`SELECT __h FROM ${at(last.gone)}`];
  await connection.run(
    `COPY (${[...earlier, own].join(' UNION ')}) TO ${quoted(gone.path)} (FORMAT parquet)`,
  );
  const [came, went] = [
    await count(connection, quoted(plus.path)),
    await count(connection, quoted(gone.path)),
  ];
  const rows = last.baseRows - went + came;
  const { key } = job;
  const overlaid = { base: last.base, plus: plus.kept, gone: gone.kept, rows, baseRows: last.baseRows };
  if (came + went <= last.baseRows * OVERLAY) return { ...overlaid, engine, columns, key };
  const { path, kept } = pathIn(job, 'base.parquet');
  const whole = `SELECT b.* FROM ${at(last.base)} b ANTI JOIN ${quoted(gone.path)} g ON b.__h = g.__h UNION ALL BY NAME SELECT * FROM ${quoted(plus.path)}`;
  await connection.run(`COPY (${whole}) TO ${quoted(path)} (FORMAT parquet)`);
  return { base: kept, rows, baseRows: rows, engine, columns, key };
}

/** Rewrites the last result with the hashes of this version. */
async function rehash({ connection, job, engine }: Comparing, last: LastResult): Promise<LastResult> {
  const { path, kept } = pathIn(job, 'rehashed.parquet');
  await defineOld(connection, job, last);
  await connection.run(
    `COPY (SELECT r.*, hash(r) AS __h FROM (SELECT * EXCLUDE (__h) FROM __old) r) TO ${quoted(path)} (FORMAT parquet)`,
  );
  await connection.run('DROP VIEW __old');
  const { rows, columns, key } = last;
  return { base: kept, rows, baseRows: rows, engine, columns, key };
}

async function concluded(
  { connection, job }: Comparing,
  result: LastResult,
  before: number,
): Promise<Compared> {
  const changes = `read_json(${quoted(join(job.out, CHANGES))}, format = 'newline_delimited', columns = {kind: 'VARCHAR', key: 'VARCHAR', row: 'JSON'})`;
  const counts: Record<string, number> = { added: 0, changed: 0, removed: 0 };
  const counted = await connection.runAndReadAll(`SELECT kind, count(*) AS n FROM ${changes} GROUP BY kind`);
  for (const { kind, n } of counted.getRowObjectsJson()) counts[String(kind)] = Number(n);
  const samples: Change[] = [];
  for (const kind of ['added', 'changed', 'removed'] as const) {
    const some = await connection.runAndReadAll(
      `SELECT key, CAST(row AS VARCHAR) AS row FROM ${changes} WHERE kind = '${kind}' LIMIT ${SAMPLES}`,
    );
    for (const { key, row } of some.getRowObjectsJson())
      samples.push({ kind, key: String(key), row: withoutOwn(JSON.parse(String(row)) as Change['row']) });
  }
  return { result, counts: counts as unknown as Counts, rows: result.rows, before, samples };
}

/** Returns a row without the internal columns. */
export function withoutOwn({ __h: _own, ...row }: Change['row']): Change['row'] {
  return row;
}

async function count(connection: Connection, from: string): Promise<number> {
  const [one] = (await connection.runAndReadAll(`SELECT count(*) AS n FROM ${from}`)).getRowObjectsJson();
  if (one === undefined) throw new AudienceError('source_failed', 'Rows could not be counted.');
  return Number(one['n']);
}
