import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { STORE_PARTS, type StoreStanding } from '../../stores/store-standing.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';

const KNOWN = {
  log: LOG_MIGRATIONS.length,
  state: STATE_MIGRATIONS.length,
  workspace: WORKSPACE_MIGRATIONS.length,
};

/** Returns the schemas of the files in a folder. */
export async function storeStanding(folder: string): Promise<StoreStanding> {
  const schemas = STORE_PARTS.map((part) => {
    const file = join(folder, `${part}.db`);
    return { part, version: versionIn(file), known: KNOWN[part] };
  });
  return { schemas, maySetUp: true };
}

/** An empty file was created at a start and not yet written. */
function versionIn(file: string): number {
  if (!existsSync(file) || statSync(file).size === 0) return 0;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    return (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  } finally {
    database?.close();
  }
}
