import type { Database } from './database.ts';
import type { StorePart } from '../../stores/stores.ts';

/** A part with its own schema history. */
type Part = StorePart | 'peers';

/** Creates or migrates a part: one process at a time, each step once. */
export async function migrate(database: Database, part: Part, migrations: readonly string[]): Promise<void> {
  if ((await versionOf(database, part)) === migrations.length) return;
  const { schema } = database;
  await database.transaction(async (statements) => {
    await statements.all('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `waybill ${schema}`);
    await statements.script(
      `CREATE SCHEMA IF NOT EXISTS "${schema}"; CREATE TABLE IF NOT EXISTS ~migrations (part text PRIMARY KEY, version int NOT NULL)`,
    );
    const row = await statements.one<{ version: number }>(
      'SELECT version FROM ~migrations WHERE part = $1',
      part,
    );
    const version = row?.version ?? 0;
    checkVersion(part, version, migrations.length);
    for (const step of migrations.slice(version)) await statements.script(step);
    await statements.run(
      'INSERT INTO ~migrations VALUES ($1, $2) ON CONFLICT (part) DO UPDATE SET version = excluded.version',
      part,
      migrations.length,
    );
  });
}

/** Throws when a part does not exist, or has a later version. */
export async function checkThere(database: Database, part: Part, known: number): Promise<void> {
  const version = await versionOf(database, part);
  if (version === 0)
    throw new Error(`There is no ${part} in this database yet: it was never opened for writing.`);
  checkVersion(part, version, known);
}

/** A table that marks a schema as an unfinished copy. */
export const COPYING = 'copying';

/** Whether a schema is an unfinished copy. */
export async function isCopying({ one, schema }: Database): Promise<boolean> {
  const row = await one<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    `"${schema}".${COPYING}`,
  );
  return row?.there === true;
}

function checkVersion(part: Part, version: number, known: number): void {
  if (version > known)
    throw new Error(`The ${part} was written by a later version of Waybill (${version}, known is ${known}).`);
}

/** Returns the version of a part's schema; 0 when there is none. */
export async function versionOf({ one, schema }: Database, part: Part): Promise<number> {
  const there = await one<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    `"${schema}".migrations`,
  );
  if (there?.there !== true) return 0;
  return (
    (await one<{ version: number }>('SELECT version FROM ~migrations WHERE part = $1', part))?.version ?? 0
  );
}
