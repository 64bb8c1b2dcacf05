import { STORE_PARTS, type StoreStanding } from '../../stores/store-standing.ts';
import { readAddress } from './address.ts';
import { openDatabase } from './database.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { versionOf } from './migrations.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';

const KNOWN = {
  log: LOG_MIGRATIONS.length,
  state: STATE_MIGRATIONS.length,
  workspace: WORKSPACE_MIGRATIONS.length,
};

/** The schemas of the parts in a database, and whether its user may create them. */
export async function storeStanding(address: string): Promise<StoreStanding> {
  const database = openDatabase({ ...readAddress(address), connections: 1 });
  try {
    const schemas = [];
    for (const part of STORE_PARTS)
      schemas.push({ part, version: await versionOf(database, part), known: KNOWN[part] });
    const row = await database.one<{ may: boolean }>(
      "SELECT has_database_privilege(current_database(), 'CREATE') AS may",
    );
    return { schemas, maySetUp: row?.may === true };
  } finally {
    await database.close();
  }
}
