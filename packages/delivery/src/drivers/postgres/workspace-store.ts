import {
  type Committed,
  type StaleWrite,
  type KeptSession,
  type WorkspaceAuthor,
  type WorkspaceChange,
  type WorkspaceItem,
  type WorkspaceRetention,
  type WorkspaceStore,
  type WorkspaceVersion,
  type WorkspaceWrite,
  WORKSPACE_RETENTION,
} from '../../stores/workspace.ts';
import type { Database, Statements } from './database.ts';
import { type Columns, insertRows } from './rows.ts';
import { forgetOldVersions } from './workspace-retention.ts';

interface StoredAuthor {
  readonly at: number;
  readonly author: string;
  readonly origin: string;
  readonly note: string | null;
}

interface StoredVersion extends StoredAuthor {
  readonly version: number;
  readonly change: number;
  readonly removed: boolean;
}

interface StoredItem {
  readonly name: string;
  readonly version: number;
  readonly content: string | null;
}

const VERSION = 'version, change, at, author, origin, note, record IS NULL AS removed';
/** The maximum number of characters of a page of changes. */
const PAGE = 2 ** 20;

/** Opens the workspace of a database with existing tables. */
export function workspaceOf(
  database: Database,
  mayWrite: () => void,
  kept: Partial<WorkspaceRetention> = {},
): WorkspaceStore {
  const retention = { ...WORKSPACE_RETENTION, ...kept };
  const { all, one } = database;
  return {
    async items() {
      const rows = await all<StoredItem>('SELECT name, version, content FROM ~items ORDER BY name');
      return rows.map(({ name, version, content }): WorkspaceItem =>
        content === null ? { name, version } : { name, version, content },
      );
    },
    async commit(author, writes) {
      mayWrite();
      return database.transaction(async (statements) => {
        const committed = await commit(statements, author, writes);
        if (committed.ok)
          await forgetOldVersions(
            statements,
            writes.map(({ name }) => name),
            retention,
          );
        return committed;
      });
    },
    async versions(name, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await all<StoredVersion>(
        `SELECT ${VERSION} FROM ~versions WHERE name = $1 AND version < $2::bigint ORDER BY version DESC LIMIT $3`,
        name,
        before,
        limit,
      );
      return rows.map(toVersion);
    },
    async version(name, version) {
      const row = await one<StoredVersion & { record: string | null }>(
        `SELECT ${VERSION}, record FROM ~versions WHERE name = $1 AND version = $2::bigint`,
        name,
        version,
      );
      if (row === undefined) return undefined;
      return row.record === null ? toVersion(row) : { ...toVersion(row), record: row.record };
    },
    changes: ({ before = Number.MAX_SAFE_INTEGER, limit }) => changes(database, before, limit),
    sessions: () => all<KeptSession>('SELECT name, content FROM ~sessions ORDER BY name'),
    async keepSessions(sessions, gone) {
      mayWrite();
      await database.transaction(async (statements) => {
        await statements.run('DELETE FROM ~sessions WHERE name = ANY ($1::text[])', gone);
        await insertRows(statements, 'sessions', {
          columns: {
            name: ['text', ({ name }) => name],
            content: ['text', ({ content }) => content],
          } as Columns<KeptSession>,
          rows: [...new Map(sessions.map((one) => [one.name, one])).values()],
          end: 'ON CONFLICT (name) DO UPDATE SET content = excluded.content',
        });
      });
    },
  };
}

/** Ends a page early when it is large: one change can have thousands of writes. */
async function changes(
  { all }: Statements,
  before: number,
  limit: number,
): Promise<readonly WorkspaceChange[]> {
  const rows = await all<StoredAuthor & { id: number; writes: string }>(
    `SELECT id, at, author, origin, note, writes FROM (
       SELECT *, sum(length(writes)) OVER (ORDER BY id DESC) AS characters, row_number() OVER (ORDER BY id DESC) AS place
       FROM (SELECT * FROM ~changes WHERE id < $1 ORDER BY id DESC LIMIT $2) AS found
     ) AS counted WHERE place = 1 OR characters <= $3 ORDER BY id DESC`,
    before,
    limit,
    PAGE,
  );
  return rows.map(({ id, writes, ...row }) => ({
    id,
    ...toAuthor(row),
    writes: JSON.parse(writes) as WorkspaceChange['writes'],
  }));
}

async function commit(
  statements: Statements,
  author: WorkspaceAuthor,
  writes: readonly WorkspaceWrite[],
): Promise<Committed> {
  // One change at a time: a later one waits here, and sees the writes of the one before.
  const last = await statements.one<{ id: number }>('SELECT id FROM ~last_change FOR UPDATE');
  const present = await statements.all<StoredItem>(
    'SELECT name, version, content FROM ~items WHERE name = ANY ($1::text[])',
    writes.map(({ name }) => name),
  );
  const known = new Map(present.map((item) => [item.name, item]));
  const stale = writes.flatMap(({ name, expected }): StaleWrite[] => {
    const current = known.get(name)?.version ?? 0;
    return current === expected ? [] : [{ name, expected, current }];
  });
  if (stale.length > 0) return { ok: false, stale };
  const parts = writes.map(({ name, expected, content }) => ({
    name,
    ...((known.get(name)?.content ?? null) === null ? {} : { before: expected }),
    ...(content === undefined ? {} : { after: expected + 1 }),
  }));
  const change = (last?.id ?? 0) + 1;
  await statements.run('UPDATE ~last_change SET id = $1', change);
  const { at, by, from, note = null } = author;
  await statements.run(
    'INSERT INTO ~changes (id, at, author, origin, note, writes) VALUES ($1, $2, $3, $4, $5, $6)',
    change,
    at,
    by,
    from,
    note,
    JSON.stringify(parts),
  );
  await insertRows(statements, 'items', {
    columns: {
      name: ['text', ({ name }) => name],
      version: ['int', ({ expected }) => expected + 1],
      content: ['text', ({ content }) => content ?? null],
    } as Columns<WorkspaceWrite>,
    rows: writes,
    end: 'ON CONFLICT (name) DO UPDATE SET version = excluded.version, content = excluded.content',
  });
  await insertRows(statements, 'versions', {
    columns: {
      name: ['text', ({ name }) => name],
      version: ['int', ({ expected }) => expected + 1],
      change: ['bigint', () => change],
      at: ['bigint', () => at],
      author: ['text', () => by],
      origin: ['text', () => from],
      note: ['text', () => note],
      characters: ['int', ({ record }) => record?.length ?? 0],
      record: ['text', ({ record }) => record ?? null],
    } as Columns<WorkspaceWrite>,
    rows: writes,
  });
  return { ok: true, change };
}

function toAuthor({ at, author, origin, note }: StoredAuthor): WorkspaceAuthor {
  return { at, by: author, from: origin, ...(note === null ? {} : { note }) };
}

function toVersion({ version, change, removed, ...row }: StoredVersion): WorkspaceVersion {
  return { version, change, removed, ...toAuthor(row) };
}
