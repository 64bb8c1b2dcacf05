import { createHash } from 'node:crypto';
import {
  type Destination,
  type DestinationConfig,
  type Processor,
  type ResolvedWorkspace,
  resolveWorkspace,
  type Result,
  type Source,
  type SourceConfig,
  type Workspace,
  workspaceMappingIssues,
  workspaceShapeIssues,
} from '@waybill/core';
import {
  type Committed,
  openStores,
  type Peers,
  type Stores,
  type WorkspaceAuthor,
  type WorkspaceStore,
  type WorkspaceWrite,
} from '@waybill/delivery';
import { Failure } from '../failure.ts';
import type { SecretBox } from '../keys.ts';
import { checkVariables, type Definitions, hideSettings, hideSource, restoreSecrets } from '../secrets.ts';
import { type Based, conflict } from './conflict.ts';
import { createHistory, type History } from './history.ts';
import {
  assemble,
  assembleVersioned,
  type Draft,
  draftName,
  draftsOf,
  FILE,
  type Heads,
  headsAfter,
  isDestination,
  isSource,
  isToken,
  type KeptToken,
  type PlannedWrite,
  tokenName,
  tokensIn,
  writesFor,
} from './items.ts';
import { readOldFile, removeOldFile, wrongKey } from './old-file.ts';
import { readDeclared, refusal } from './refusal.ts';

/** The author of an edit, and the note. */
export type Author = Omit<WorkspaceAuthor, 'at'>;

/** The changes of an edit. */
export interface Change {
  /** The new workspace; absent: unchanged. */
  readonly workspace?: Workspace;
  readonly draft?: {
    readonly destination: string;
    readonly mapping: string;
    /** Absent: removed. */
    readonly value?: Draft;
  };
  readonly token?: {
    readonly name: string;
    /** Absent: removed. */
    readonly value?: KeptToken;
  };
}

/** The current workspace: read, changed atomically, stored with versions and encrypted secrets. */
export interface WorkspaceEditor {
  /** The available destinations, and types of sources and processors. */
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
  readonly processors: readonly Processor[];
  readonly workspace: Workspace;
  readonly resolved: ResolvedWorkspace;
  /** The same workspace with the version of each mapping, for outcomes. */
  readonly versioned: Workspace;
  /** The tokens of the admin API. */
  readonly tokens: readonly KeptToken[];
  readonly history: History;
  /** The store of browser sessions. */
  readonly sessions: Pick<WorkspaceStore, 'sessions' | 'keepSessions'>;
  /** Returns the current version of an item; 0 for one that never existed. */
  versionOf(name: string): number;
  draftOf(destination: string, mapping: string): Draft | undefined;
  /** Returns the IDs of the mappings of a destination with drafts. */
  draftsOf(destination: string): readonly string[];
  /** Resolves a workspace, or returns why the change would be refused. */
  check(workspace: Workspace): Result<ResolvedWorkspace>;
  /** Returns a workspace with the current secrets instead of `{ "$secret": true }`, or throws a Failure. */
  withSecrets(workspace: Workspace): Workspace;
  /** Throws a Failure with both versions when an edit is based on another version. Call it within the edit. */
  expect(name: string, based: Based): Promise<void>;
  /**
   * Runs one edit at a time: what `change` reads is unchanged until its result is in effect. The result is checked as a whole,
   * and applied or refused with a Failure. Resolves when the delivery thread has it too: later events meet the new mappings.
   */
  edit(author: Author, change: () => Change | Promise<Change>): Promise<void>;
  /** The same for a declared file: applied unless it was the last applied one. Returns whether it was applied. */
  declare(text: string): Promise<boolean>;
  /** Coordination between the processes of this store; absent where this is the only one. */
  readonly peers: Peers | undefined;
  /** Applies changes of other processes; resolves when they are in effect here. */
  refresh(): Promise<void>;
  /** Writes an action without a change of the workspace to the audit log. */
  record(author: Author): Promise<void>;
  close(): Promise<void>;
}

/** The inputs of the workspace from the server. */
export interface WorkspaceInput {
  /** The available destinations, and types of sources and processors. */
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
  readonly processors: readonly Processor[];
  /** The workspace file of an earlier version. */
  readonly dataDir: string;
  /** The address of the stores. */
  readonly store: string;
  readonly box: SecretBox;
  readonly env: (name: string) => string | undefined;
  readonly now: () => number;
  /** Whether a change by the admin API may name an environment variable; a declared file may name any. */
  readonly mayName: (variable: string) => boolean;
  /** Resolves when the change is in effect. `isOwn`: made here instead of by another process of the same store. */
  readonly onChange: (workspace: ResolvedWorkspace, isOwn: boolean) => Promise<void>;
  /** Called with changes of other processes that cannot be applied here, and with failed polls. */
  readonly onError: (error: unknown) => void;
}

/** Opens the workspace; an empty one when there is none yet. */
export async function openWorkspace(input: WorkspaceInput): Promise<WorkspaceEditor> {
  const stores = await openStores(input.store, { writes: ['workspace'], only: ['workspace'] });
  try {
    await adoptOldFile(input, stores.workspace);
    return createEditor(input, stores, await readPublished(input, stores.workspace));
  } catch (error) {
    await stores.close();
    throw error;
  }
}

/** A stored workspace, and the promise that it is in effect. */
interface InForce {
  readonly inForce: Promise<void>;
}

function createEditor(input: WorkspaceInput, stores: Stores, found: Published): WorkspaceEditor {
  const { workspace: store } = stores;
  const { destinations, sources, box } = input;
  const history = createHistory(store, box);
  let heads = found.heads;
  /** The last change that this process knows. */
  let last = found.last;
  let workspace = assemble(heads);
  let resolved = valueOf(resolve(input, workspace));
  let before: Promise<unknown> = Promise.resolve();

  const versionOf = (name: string): number => heads.get(name)?.version ?? 0;
  /** Stored before it takes effect: otherwise the next start would lose it. */
  const commit = async (author: Author, writes: readonly PlannedWrite[]): Promise<void> => {
    const committed = await stored(input, store, author, writes);
    if (committed.ok) {
      heads = headsAfter(heads, writes);
      // Another process may have made a change in between.
      if (committed.change === last + 1) last = committed.change;
      void stores.peers?.tell({ topic: 'workspace' }).catch(input.onError);
      return;
    }
    // Another process has written: its change takes effect here before a retry.
    await takeOver();
    const [other] = committed.stale;
    throw await conflict(history, other!.name, other!.expected, other!.current);
  };
  const takeOver = async (): Promise<void> => {
    const known = await readPublished(input, store);
    const next = assemble(known.heads);
    const checked = valueOf(resolve(input, next));
    ({ heads, last } = known);
    workspace = next;
    resolved = checked;
    await input.onChange(resolved, false);
  };
  /** With several writers, each first applies the changes of others. */
  const catchUp = async (): Promise<void> => {
    if (stores.peers !== undefined && (await lastChange(store)) > last) await takeOver();
  };
  /** Waits for earlier edits; taking effect is awaited outside of the turn. */
  const inTurn = (work: () => Promise<InForce>): Promise<void> => {
    const turn = before.then(work);
    before = turn.catch(() => undefined);
    return turn.then(({ inForce }) => inForce);
  };
  const apply = async (author: Author, next: Workspace, more: readonly PlannedWrite[]): Promise<InForce> => {
    const checked = next === workspace ? resolved : valueOf(check(input, next));
    const writes = [...writesFor(heads, next), ...more];
    if (writes.length > 0) await commit(author, writes);
    if (next === workspace) return { inForce: Promise.resolve() };
    workspace = assemble(heads);
    resolved = checked;
    return { inForce: input.onChange(resolved, true) };
  };

  return {
    destinations,
    sources,
    processors: input.processors,
    history,
    sessions: store,
    get tokens() {
      return tokensIn(heads);
    },
    get workspace() {
      return workspace;
    },
    get resolved() {
      return resolved;
    },
    get versioned() {
      return assembleVersioned(heads);
    },
    versionOf,
    draftOf: (destination, mapping) => heads.get(draftName(destination, mapping))?.value as Draft | undefined,
    draftsOf: (destination) => draftsOf(heads, destination),
    check: (next) => check(input, next),
    withSecrets: (next) => restoreSecrets(next, workspace, input),
    async expect(name, based) {
      if (based === undefined) throw new Failure('workspace_version_required');
      if (based === '*' || based === versionOf(name)) return;
      throw await conflict(history, name, based, versionOf(name));
    },
    edit: (author, change) =>
      inTurn(async () => {
        await catchUp();
        const changed = await change();
        const { workspace: next = workspace } = changed;
        const whole = next === workspace ? next : restoreSecrets(next, workspace, input);
        return apply(author, whole, [...draftWrite(heads, changed), ...tokenWrite(heads, changed)]);
      }),
    async declare(text) {
      const hash = createHash('sha256').update(text).digest('hex');
      if (heads.get(FILE)?.value === hash) return false;
      const { value, located } = readDeclared(text);
      checkVariables(value as Workspace);
      let applied = false;
      const declared = async (): Promise<InForce> => {
        await catchUp();
        // Another process may have been started with the same file.
        if (heads.get(FILE)?.value === hash) return { inForce: Promise.resolve() };
        const write = { name: FILE, expected: versionOf(FILE), value: hash };
        applied = true;
        return apply({ by: 'file', from: 'file' }, value as Workspace, [write]);
      };
      try {
        await inTurn(declared).catch((error: unknown) => {
          applied = false;
          if ((error as Failure).code !== 'workspace_version_conflict') throw error;
          return inTurn(declared);
        });
      } catch (error) {
        throw located(error);
      }
      return applied;
    },
    peers: stores.peers,
    refresh: () =>
      inTurn(async () => {
        await catchUp();
        return { inForce: Promise.resolve() };
      }),
    record: (author) =>
      inTurn(async () => {
        await commit(author, []);
        return { inForce: Promise.resolve() };
      }),
    close: () => before.then(() => stores.close()),
  };
}

function resolve(input: WorkspaceInput, next: Workspace): Result<ResolvedWorkspace> {
  const shape = workspaceShapeIssues(next);
  if (shape.length > 0) return { ok: false, issues: shape };
  return resolveWorkspace(next, input);
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refusal(result.issues);
}

/** Earlier versions keep running; new ones are checked like with `waybill validate`. */
function check(input: WorkspaceInput, next: Workspace): Result<ResolvedWorkspace> {
  const result = resolve(input, next);
  if (!result.ok) return result;
  const issues = workspaceMappingIssues(next, input.destinations);
  return issues.length === 0 ? result : { ok: false, issues };
}

function tokenWrite(heads: Heads, { token }: Change): readonly PlannedWrite[] {
  return token === undefined ? [] : [itemWrite(heads, tokenName(token.name), token.value)];
}

function draftWrite(heads: Heads, { draft }: Change): readonly PlannedWrite[] {
  if (draft === undefined) return [];
  const name = draftName(draft.destination, draft.mapping);
  const isThere = heads.get(name)?.value !== undefined;
  return draft.value === undefined && !isThere ? [] : [itemWrite(heads, name, draft.value)];
}

function itemWrite(heads: Heads, name: string, value: unknown): PlannedWrite {
  const write = { name, expected: heads.get(name)?.version ?? 0 };
  return value === undefined ? write : { ...write, value };
}

/** Writes durably, or returns which writes are based on an outdated version. */
async function stored(
  input: WorkspaceInput,
  store: WorkspaceStore,
  author: Author,
  writes: readonly PlannedWrite[],
): Promise<Committed> {
  try {
    return await store.commit(
      { ...author, at: input.now() },
      writes.map((one) => sealed(one, input)),
    );
  } catch (error) {
    const { message } = error as Error;
    throw new Failure('workspace_not_stored', `The change could not be stored (${message}).`);
  }
}

/** Contents and history are both encrypted: anything in a mapping may be confidential. */
function sealed({ name, expected, value }: PlannedWrite, definitions: WorkspaceInput): WorkspaceWrite {
  if (value === undefined) return { name, expected };
  const seal = (one: unknown): string => definitions.box.seal(JSON.stringify(one));
  return { name, expected, content: seal(value), record: seal(hidden(name, value, definitions)) };
}

function hidden(name: string, value: unknown, definitions: Definitions): unknown {
  if (isToken(name)) return { ...(value as KeptToken), hash: undefined };
  if (isSource(name)) return hideSource(value as SourceConfig, definitions);
  return isDestination(name) ? hideSettings(value as DestinationConfig, definitions) : value;
}

/** The items up to a change. */
interface Published {
  readonly heads: Heads;
  readonly last: number;
}

/** The change is read first: concurrent changes are read again, and nothing is skipped. */
async function readPublished(input: WorkspaceInput, store: WorkspaceStore): Promise<Published> {
  const last = await lastChange(store);
  return { last, heads: await readHeads(input, store) };
}

async function lastChange(store: WorkspaceStore): Promise<number> {
  const [newest] = await store.changes({ limit: 1 });
  return newest?.id ?? 0;
}

async function readHeads(input: WorkspaceInput, store: WorkspaceStore): Promise<Heads> {
  const items = await store.items();
  const open = (content: string): unknown => {
    try {
      return JSON.parse(input.box.open(content)) as unknown;
    } catch {
      throw wrongKey('workspace.db', input.dataDir);
    }
  };
  return new Map(
    items.map(({ name, version, content }) => [
      name,
      content === undefined ? { version } : { version, value: open(content) },
    ]),
  );
}

/** The `workspace.json` of an earlier version becomes the first version of everything. */
async function adoptOldFile(input: WorkspaceInput, store: WorkspaceStore): Promise<void> {
  const old = readOldFile(input.dataDir, input.box);
  if (old === undefined) return;
  if ((await store.items()).length === 0) {
    const { workspace, declared } = old;
    const writes = writesFor(new Map(), workspace);
    const file = declared === undefined ? [] : [{ name: FILE, expected: 0, value: declared }];
    await store.commit(
      { by: 'file', from: 'workspace.json', at: input.now() },
      [...writes, ...file].map((one) => sealed(one, input)),
    );
  }
  removeOldFile(input.dataDir);
}
