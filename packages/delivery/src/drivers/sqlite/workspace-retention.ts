import type { WorkspaceRetention } from '../../stores/workspace.ts';
import type { Database } from './database.ts';

/** Removes versions beyond the retention after a change. Call it within its transaction. */
export function forgetOldVersions(
  database: Database,
  names: readonly string[],
  retention: WorkspaceRetention,
): void {
  const { versions, characters, removed, changes } = retention;
  for (const name of names) {
    database.run(
      `DELETE FROM versions WHERE name = ?1
       AND version <= (SELECT version FROM items WHERE name = ?1) - ?2`,
      name,
      versions,
    );
  }
  database.run('DELETE FROM changes WHERE id <= (SELECT max(id) FROM changes) - ?', changes);
  forgetRemoved(database, removed);
  forgetLargest(database, characters);
}

function forgetRemoved(database: Database, most: number): void {
  const gone = database.all<{ name: string }>(
    `SELECT items.name FROM items LEFT JOIN versions USING (name, version) WHERE content IS NULL
     ORDER BY change DESC, items.name LIMIT -1 OFFSET ?`,
    most,
  );
  for (const { name } of gone) {
    database.run('DELETE FROM versions WHERE name = ?', name);
    database.run('DELETE FROM items WHERE name = ?', name);
  }
}

/** The oldest versions are removed until the rest fits; current versions stay. */
function forgetLargest(database: Database, most: number): void {
  let over =
    (database.one<{ sum: number }>('SELECT total(characters) AS sum FROM versions')?.sum ?? 0) - most;
  if (over <= 0) return;
  const old = database.all<{ name: string; version: number; characters: number }>(
    `SELECT versions.name, versions.version, characters FROM versions JOIN items USING (name)
     WHERE versions.version < items.version ORDER BY change`,
  );
  for (const { name, version, characters } of old) {
    if (over <= 0) return;
    database.run('DELETE FROM versions WHERE name = ? AND version = ?', name, version);
    over -= characters;
  }
}
