import type { WorkspaceRetention } from '../../stores/workspace.ts';
import type { Statements } from './database.ts';

/** Removes versions beyond the retention after a change. Call it within its transaction. */
export async function forgetOldVersions(
  { all, run }: Statements,
  names: readonly string[],
  { versions, characters, removed, changes }: WorkspaceRetention,
): Promise<void> {
  await run(
    `DELETE FROM ~versions USING ~items AS items WHERE versions.name = items.name AND items.name = ANY ($1::text[])
       AND versions.version <= items.version - $2`,
    names,
    versions,
  );
  await run('DELETE FROM ~changes WHERE id <= (SELECT max(id) FROM ~changes) - $1', changes);
  const gone = await all<{ name: string }>(
    `SELECT items.name FROM ~items AS items LEFT JOIN ~versions AS versions USING (name, version)
     WHERE content IS NULL ORDER BY change DESC, items.name OFFSET $1`,
    removed,
  );
  for (const table of ['versions', 'items'])
    if (gone.length > 0)
      await run(
        `DELETE FROM ~${table} WHERE name = ANY ($1::text[])`,
        gone.map(({ name }) => name),
      );
  // The oldest versions are removed until the rest fits; current versions stay.
  await run(
    `DELETE FROM ~versions AS old USING (
       SELECT versions.name, versions.version,
         (SELECT sum(characters) FROM ~versions) - coalesce(sum(characters) OVER (ORDER BY change, versions.name
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS rest
       FROM ~versions AS versions JOIN ~items AS items USING (name) WHERE versions.version < items.version
     ) AS counted WHERE old.name = counted.name AND old.version = counted.version AND counted.rest > $1
       AND (SELECT sum(characters) FROM ~versions) > $1`,
    characters,
  );
}
