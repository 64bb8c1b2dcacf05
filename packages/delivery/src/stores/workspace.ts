/*
 * The port of the workspace store: the configuration, every version of it, and who changed it when. Names and contents are
 * opaque to the store; callers encrypt secrets first.
 */

/** The current state of an item. */
export interface WorkspaceItem {
  readonly name: string;
  /** From 1, incremented with every write; continues when a removed item is created again. */
  readonly version: number;
  /** Absent: it was removed. */
  readonly content?: string;
}

/** One write of a change. */
export interface WorkspaceWrite {
  readonly name: string;
  /** The version that the write is based on; 0 for a new item. */
  readonly expected: number;
  /** The new content; absent: the item is removed. */
  readonly content?: string;
  /** The content for its history, without values that must not be stored. Absent for a removal. */
  readonly record?: string;
}

/** The author of a change, with time, origin and note. */
export interface WorkspaceAuthor {
  /** The name of a token or user, or `file`. */
  readonly by: string;
  /** The origin of the change: an address, or `file`. */
  readonly from: string;
  readonly note?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A write that was based on another version than the current one. */
export interface StaleWrite {
  readonly name: string;
  readonly expected: number;
  readonly current: number;
}

/** The result of a change: all of its writes are durable, or none was applied. */
export type Committed =
  | { readonly ok: true; readonly change: number }
  | { readonly ok: false; readonly stale: readonly StaleWrite[] };

/** A version of an item. */
export interface WorkspaceVersion extends WorkspaceAuthor {
  readonly version: number;
  /** The change that made it. */
  readonly change: number;
  /** Whether this version is a removal. */
  readonly removed: boolean;
}

/** A change in the audit log. */
export interface WorkspaceChange extends WorkspaceAuthor {
  /** Ascending, never reused. */
  readonly id: number;
  readonly writes: readonly {
    readonly name: string;
    /** The version before; absent: it did not exist. */
    readonly before?: number;
    /** The version after; absent: it was removed. */
    readonly after?: number;
  }[];
}

/** A page of a list, newest first. */
export interface NewestFirst {
  /** Only entries older than this version or change. */
  readonly before?: number;
  readonly limit: number;
}

/** A browser session: opaque to the store, without history. */
export interface KeptSession {
  /** A hash, which cannot be used to sign in. */
  readonly name: string;
  readonly content: string;
}

/** The retention of history; current versions are always kept. */
export interface WorkspaceRetention {
  /** The number of versions per item. */
  readonly versions: number;
  /** The characters of all versions; the oldest are removed first. */
  readonly characters: number;
  /** The number of removed items with history. */
  readonly removed: number;
  /** The number of changes in the audit log. */
  readonly changes: number;
}

/** The default retention. */
export const WORKSPACE_RETENTION: WorkspaceRetention = {
  versions: 100,
  characters: 64 * 2 ** 20,
  removed: 1_000,
  changes: 10_000,
};

/** The workspace store: changes are applied one at a time. */
export interface WorkspaceStore {
  /** Returns all items, including removed ones that are still remembered. */
  items(): Promise<readonly WorkspaceItem[]>;
  /** Applies a change atomically, or refuses it when any of its writes is based on an older version. */
  commit(author: WorkspaceAuthor, writes: readonly WorkspaceWrite[]): Promise<Committed>;
  /** Returns the versions of an item, newest first. */
  versions(name: string, page: NewestFirst): Promise<readonly WorkspaceVersion[]>;
  /** Returns one version with its content; undefined when it is not stored. */
  version(
    name: string,
    version: number,
  ): Promise<(WorkspaceVersion & { readonly record?: string }) | undefined>;
  /** Returns the audit log, newest first. A page may end before its limit, but has at least one change if there is any. */
  changes(page: NewestFirst): Promise<readonly WorkspaceChange[]>;
  /** Returns all sessions. */
  sessions(): Promise<readonly KeptSession[]>;
  /** Writes sessions, replacing those of the same name, and removes others, atomically. */
  keepSessions(kept: readonly KeptSession[], gone: readonly string[]): Promise<void>;
}
