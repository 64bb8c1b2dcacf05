import {
  type Committed,
  type KeptSession,
  type StaleWrite,
  type WorkspaceAuthor,
  type WorkspaceChange,
  type WorkspaceItem,
  type WorkspaceRetention,
  type WorkspaceStore,
  type WorkspaceVersion,
  type WorkspaceWrite,
  WORKSPACE_RETENTION,
} from '../../stores/workspace.ts';
import { type Database, openDatabase } from './database.ts';
import { forgetOldVersions } from './workspace-retention.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';

/** Options for opening the workspace. */
export interface WorkspaceStoreOptions {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly readOnly?: boolean;
  readonly retention?: Partial<WorkspaceRetention>;
}

/** The workspace in a file. */
export interface WorkspaceFile extends WorkspaceStore {
  close(): void;
}

interface StoredAuthor {
  readonly at: number;
  readonly author: string;
  readonly origin: string;
  readonly note: string | null;
}

interface StoredVersion extends StoredAuthor {
  readonly version: number;
  readonly change: number;
  readonly removed: number;
}

const VERSION = 'version, change, at, author, origin, note, record IS NULL AS removed';

/** Opens the workspace in its own file. */
export function openWorkspaceStore(options: WorkspaceStoreOptions): WorkspaceFile {
  const { file, readOnly = false } = options;
  const database = openDatabase({ file, readOnly, migrations: WORKSPACE_MIGRATIONS });
  const retention = { ...WORKSPACE_RETENTION, ...options.retention };
  return {
    async items() {
      const rows = database.all<{ name: string; version: number; content: string | null }>(
        'SELECT name, version, content FROM items ORDER BY name',
      );
      return rows.map(({ name, version, content }): WorkspaceItem =>
        content === null ? { name, version } : { name, version, content },
      );
    },
    commit: async (author, writes) =>
      database.transaction(() => {
        const committed = commit(database, author, writes);
        if (committed.ok) {
          forgetOldVersions(
            database,
            writes.map(({ name }) => name),
            retention,
          );
        }
        return committed;
      }),
    async versions(name, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = database.all<StoredVersion>(
        `SELECT ${VERSION} FROM versions WHERE name = ? AND version < ? ORDER BY version DESC LIMIT ?`,
        name,
        before,
        limit,
      );
      return rows.map(toVersion);
    },
    async version(name, version) {
      const row = database.one<StoredVersion & { record: string | null }>(
        `SELECT ${VERSION}, record FROM versions WHERE name = ? AND version = ?`,
        name,
        version,
      );
      if (row === undefined) return undefined;
      return row.record === null ? toVersion(row) : { ...toVersion(row), record: row.record };
    },
    changes: async ({ before = Number.MAX_SAFE_INTEGER, limit }) => changes(database, before, limit),
    sessions: async () => database.all<KeptSession>('SELECT name, content FROM sessions ORDER BY name'),
    keepSessions: async (kept, gone) =>
      database.transaction(() => {
        for (const name of gone) database.run('DELETE FROM sessions WHERE name = ?', name);
        for (const { name, content } of kept)
          database.run('INSERT OR REPLACE INTO sessions (name, content) VALUES (?, ?)', name, content);
      }),
    close: () => database.close(),
  };
}

/** Ends a page early when it is large: one change can have thousands of writes. */
function changes(database: Database, before: number, limit: number): readonly WorkspaceChange[] {
  const rows = database
    .prepare('SELECT * FROM changes WHERE id < ? ORDER BY id DESC LIMIT ?')
    .iterate(before, limit) as Iterable<StoredAuthor & { id: number; writes: string }>;
  const found: WorkspaceChange[] = [];
  let characters = 0;
  for (const { id, writes, ...row } of rows) {
    characters += writes.length;
    if (found.length > 0 && characters > PAGE) break;
    found.push({ id, ...toAuthor(row), writes: JSON.parse(writes) as WorkspaceChange['writes'] });
  }
  return found;
}

/** The maximum number of characters of a page of changes. */
const PAGE = 2 ** 20;

function commit(
  database: Database,
  { at, by, from, note }: WorkspaceAuthor,
  writes: readonly WorkspaceWrite[],
): Committed {
  const present = new Map(writes.map(({ name }) => [name, itemOf(database, name)]));
  const stale = writes.flatMap(({ name, expected }): StaleWrite[] => {
    const current = present.get(name)?.version ?? 0;
    return current === expected ? [] : [{ name, expected, current }];
  });
  if (stale.length > 0) return { ok: false, stale };
  const parts = writes.map(({ name, expected, content }) => ({
    name,
    ...(present.get(name)?.there === 1 ? { before: expected } : {}),
    ...(content === undefined ? {} : { after: expected + 1 }),
  }));
  const { lastInsertRowid } = database
    .prepare('INSERT INTO changes (at, author, origin, note, writes) VALUES (?, ?, ?, ?, ?)')
    .run(at, by, from, note ?? null, JSON.stringify(parts));
  const change = Number(lastInsertRowid);
  for (const { name, expected, content, record } of writes) {
    database.run(
      'INSERT OR REPLACE INTO items (name, version, content) VALUES (?, ?, ?)',
      name,
      expected + 1,
      content ?? null,
    );
    database.run(
      `INSERT INTO versions (name, version, change, at, author, origin, note, characters, record)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      name,
      expected + 1,
      change,
      at,
      by,
      from,
      note ?? null,
      record?.length ?? 0,
      record ?? null,
    );
  }
  return { ok: true, change };
}

function itemOf(database: Database, name: string): { version: number; there: number } | undefined {
  return database.one('SELECT version, content IS NOT NULL AS there FROM items WHERE name = ?', name);
}

function toAuthor({ at, author, origin, note }: StoredAuthor): WorkspaceAuthor {
  return { at, by: author, from: origin, ...(note === null ? {} : { note }) };
}

function toVersion({ version, change, removed, ...row }: StoredVersion): WorkspaceVersion {
  return { version, change, removed: removed === 1, ...toAuthor(row) };
}
