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
import type { StoresOptions } from '../../stores/stores.ts';
import type { Process } from './process.ts';

interface Kept extends WorkspaceVersion {
  readonly record?: string;
}

/** The tables of a workspace. */
export interface WorkspaceTables {
  readonly items: Map<string, WorkspaceItem>;
  readonly history: Map<string, Kept[]>;
  readonly sessions: Map<string, KeptSession>;
  changes: readonly WorkspaceChange[];
  last: number;
}

/** Creates an empty workspace. */
export function createWorkspaceTables(): WorkspaceTables {
  return { items: new Map(), history: new Map(), sessions: new Map(), changes: [], last: 0 };
}

/** Opens the workspace of an installation for one process. */
export function workspaceOf(
  held: WorkspaceTables,
  process: Process,
  { workspaceRetention }: StoresOptions,
): WorkspaceStore {
  const retention = { ...WORKSPACE_RETENTION, ...workspaceRetention };
  return {
    items: () => process.read(() => [...held.items.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    commit: (author, writes) =>
      process.write('workspace', () => {
        const committed = commit(held, author, writes);
        if (committed.ok) forget(held, retention);
        return committed;
      }),
    versions: (name, { before = Infinity, limit }) =>
      process.read(() =>
        (held.history.get(name) ?? [])
          .filter(({ version }) => version < before)
          .toReversed()
          .slice(0, limit)
          .map(({ record: _record, ...version }) => version),
      ),
    version: (name, wanted) =>
      process.read(() => held.history.get(name)?.find(({ version }) => version === wanted)),
    changes: ({ before = Infinity, limit }) =>
      process.read(() =>
        held.changes
          .filter(({ id }) => id < before)
          .toReversed()
          .slice(0, limit),
      ),
    sessions: () =>
      process.read(() => [...held.sessions.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    keepSessions: (kept, gone) =>
      process.write('workspace', () => {
        for (const name of gone) held.sessions.delete(name);
        for (const one of kept) held.sessions.set(one.name, one);
      }),
  };
}

function commit(
  held: WorkspaceTables,
  author: WorkspaceAuthor,
  writes: readonly WorkspaceWrite[],
): Committed {
  const stale = writes.flatMap(({ name, expected }): StaleWrite[] => {
    const current = held.items.get(name)?.version ?? 0;
    return current === expected ? [] : [{ name, expected, current }];
  });
  if (stale.length > 0) return { ok: false, stale };
  held.last += 1;
  const parts = writes.map(({ name, expected, content }) => ({
    name,
    ...(held.items.get(name)?.content === undefined ? {} : { before: expected }),
    ...(content === undefined ? {} : { after: expected + 1 }),
  }));
  held.changes = [...held.changes, { id: held.last, ...author, writes: parts }];
  for (const { name, expected, content, record } of writes) {
    const version = expected + 1;
    held.items.set(name, content === undefined ? { name, version } : { name, version, content });
    const kept = { ...author, version, change: held.last, removed: record === undefined };
    const before = held.history.get(name) ?? [];
    held.history.set(name, [...before, record === undefined ? kept : { ...kept, record }]);
  }
  return { ok: true, change: held.last };
}

function forget(held: WorkspaceTables, { versions, characters, removed, changes }: WorkspaceRetention): void {
  held.changes = held.changes.slice(-changes);
  for (const [name, list] of held.history) held.history.set(name, list.slice(-versions));
  const changeOf = (name: string): number => held.history.get(name)?.at(-1)?.change ?? 0;
  const gone = [...held.items.values()]
    .filter(({ content }) => content === undefined)
    .sort((a, b) => changeOf(b.name) - changeOf(a.name) || (a.name < b.name ? -1 : 1));
  for (const { name } of gone.slice(removed)) {
    held.items.delete(name);
    held.history.delete(name);
  }
  const all = [...held.history].flatMap(([name, list]) => list.map((one) => ({ name, one })));
  let over = all.reduce((sum, { one }) => sum + (one.record?.length ?? 0), -characters);
  for (const { name, one } of all.sort((a, b) => a.one.change - b.one.change)) {
    if (over <= 0) return;
    const list = held.history.get(name) ?? [];
    if (list.at(-1) === one) continue;
    held.history.set(
      name,
      list.filter((other) => other !== one),
    );
    over -= one.record?.length ?? 0;
  }
}
