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

/** Who makes an edit, and why. */
export type Author = Omit<WorkspaceAuthor, 'at'>;

/** What an edit changes. */
export interface Change {
  /** The workspace from now on; absent: as it is. */
  readonly workspace?: Workspace;
  readonly draft?: {
    readonly destination: string;
    readonly mapping: string;
    /** Absent: there is none any more. */
    readonly value?: Draft;
  };
  readonly token?: {
    readonly name: string;
    /** Absent: there is none any more. */
    readonly value?: KeptToken;
  };
}

/** The workspace in force: read, changed as a whole, kept with its versions and with its secrets encrypted. */
export interface WorkspaceEditor {
  /** The destinations there are, and the types of sources and processors. */
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
  readonly processors: readonly Processor[];
  readonly workspace: Workspace;
  readonly resolved: ResolvedWorkspace;
  /** The same workspace with the version of each mapping, for the outcomes of events to name it. */
  readonly versioned: Workspace;
  /** The tokens of the admin API. */
  readonly tokens: readonly KeptToken[];
  readonly history: History;
  /** Where the sessions of browsers are kept. */
  readonly sessions: Pick<WorkspaceStore, 'sessions' | 'keepSessions'>;
  /** The present version of something; 0 for what has never been. */
  versionOf(name: string): number;
  draftOf(destination: string, mapping: string): Draft | undefined;
  /** The ids of the mappings of a destination that have drafts. */
  draftsOf(destination: string): readonly string[];
  /** What this workspace would be, or what a change to it would be refused for. */
  check(workspace: Workspace): Result<ResolvedWorkspace>;
  /** A workspace with the present secrets in place of `{ "$secret": true }`; throws a Failure when those cannot be kept. */
  withSecrets(workspace: Workspace): Workspace;
  /** Throws a Failure with both versions when something has another version than an edit is based on. Call it within the edit. */
  expect(name: string, based: Based): Promise<void>;
  /**
   * Makes one edit at a time: what `change` reads stays as it is until its answer is in force. It is checked as a whole, or
   * refused with a Failure and nothing changes. Resolves when the delivery thread has it too: an event that is sent then
   * meets the new mappings.
   */
  edit(author: Author, change: () => Change | Promise<Change>): Promise<void>;
  /** The same for a declared file: applied only when its text is not the one applied last. Returns whether it was. */
  declare(text: string): Promise<boolean>;
  /** What the processes of this store have between them; absent where this is the only one. */
  readonly peers: Peers | undefined;
  /** Takes over what other processes have published; resolves when it is in force here. */
  refresh(): Promise<void>;
  /** Writes into the audit log that something was done that changes nothing here. */
  record(author: Author): Promise<void>;
  close(): Promise<void>;
}

/** What the workspace needs of the server. */
export interface WorkspaceInput {
  /** The destinations there are, and the types of sources and processors. */
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
  readonly processors: readonly Processor[];
  /** Where an earlier version has kept the workspace. */
  readonly dataDir: string;
  /** The address of the stores. */
  readonly store: string;
  readonly box: SecretBox;
  readonly env: (name: string) => string | undefined;
  readonly now: () => number;
  /** Whether a change by the admin API may name a variable of the environment; a declared file may name any. */
  readonly mayName: (variable: string) => boolean;
  /** Resolves when the change is in force. `isOwn` is whether it was made here, and not by another process of the same store. */
  readonly onChange: (workspace: ResolvedWorkspace, isOwn: boolean) => Promise<void>;
  /** Told of what other processes have published that cannot be in force here, and of looks that failed. */
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

/** What is stored already, and the moment from which on it is met by every event. */
interface InForce {
  readonly inForce: Promise<void>;
}

function createEditor(input: WorkspaceInput, stores: Stores, found: Published): WorkspaceEditor {
  const { workspace: store } = stores;
  const { destinations, sources, box } = input;
  const history = createHistory(store, box);
  let heads = found.heads;
  /** The change up to which this process knows what was published. */
  let last = found.last;
  let workspace = assemble(heads);
  let resolved = valueOf(resolve(input, workspace));
  let before: Promise<unknown> = Promise.resolve();

  const versionOf = (name: string): number => heads.get(name)?.version ?? 0;
  /** What cannot be stored is not in force either: it would be gone with the next start. */
  const commit = async (author: Author, writes: readonly PlannedWrite[]): Promise<void> => {
    const committed = await stored(input, store, author, writes);
    if (committed.ok) {
      heads = headsAfter(heads, writes);
      // A change of another process may have come between.
      if (committed.change === last + 1) last = committed.change;
      void stores.peers?.tell({ topic: 'workspace' }).catch(input.onError);
      return;
    }
    // Another process has written: what it wrote is in force here too before anybody tries again.
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
  /** Where several processes write, each takes over first what others have written. */
  const catchUp = async (): Promise<void> => {
    if (stores.peers !== undefined && (await lastChange(store)) > last) await takeOver();
  };
  /** Waits for the edits before; what is in force later is waited for outside of the turn. */
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

/** What was saved before keeps running; what is saved now is checked as `waybill validate` checks it. */
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

/** Writes durably, or says which writes are based on another version than the present one. */
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

/** Contents are sealed with their secrets. History has none, and is sealed too: anything in a mapping may be confidential. */
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

/** What was published up to a change. */
interface Published {
  readonly heads: Heads;
  readonly last: number;
}

/** The change is looked up first: what is published meanwhile is read again, and nothing is skipped. */
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

/** What an earlier version kept in `workspace.json` becomes the first version of everything. */
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
