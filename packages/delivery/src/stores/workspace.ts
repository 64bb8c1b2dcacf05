/*
 * The port of the workspace store: what people configure, every version of it, and who changed it when. Names and contents are text of
 * no meaning to the store; whoever writes secrets seals them first.
 */

/** Something as it is now. */
export interface WorkspaceItem {
  readonly name: string;
  /** From 1, by one with every write; continues where it was when something removed is made again. */
  readonly version: number;
  /** Absent: it was removed. */
  readonly content?: string;
}

/** One write of a change. */
export interface WorkspaceWrite {
  readonly name: string;
  /** The version that the write is based on; 0 for what has never been. */
  readonly expected: number;
  /** What it is from now on; absent: it is removed. */
  readonly content?: string;
  /** What its history keeps of it: the content without what must not be kept. Absent for what is removed. */
  readonly record?: string;
}

/** Who changes something, when, from where, and why. */
export interface WorkspaceAuthor {
  /** The name of a token or user, or `file`. */
  readonly by: string;
  /** Where the change came from: an address, or `file`. */
  readonly from: string;
  readonly note?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A write that was based on another version than the present one. */
export interface StaleWrite {
  readonly name: string;
  readonly expected: number;
  readonly current: number;
}

/** What became of a change: all of its writes are durable, or none has happened. */
export type Committed =
  | { readonly ok: true; readonly change: number }
  | { readonly ok: false; readonly stale: readonly StaleWrite[] };

/** A version of something. */
export interface WorkspaceVersion extends WorkspaceAuthor {
  readonly version: number;
  /** The change that made it. */
  readonly change: number;
  /** Whether this version is that it was removed. */
  readonly removed: boolean;
}

/** A change, as the audit log has it. */
export interface WorkspaceChange extends WorkspaceAuthor {
  /** Ascending, never reused. */
  readonly id: number;
  readonly writes: readonly {
    readonly name: string;
    /** The version before; absent: there was nothing. */
    readonly before?: number;
    /** The version after; absent: it was removed. */
    readonly after?: number;
  }[];
}

/** A page of a list that begins with the newest entry. */
export interface NewestFirst {
  /** Only what is older than this version or change. */
  readonly before?: number;
  readonly limit: number;
}

/** A browser that is signed in: of no meaning to the store, which keeps no history of it. */
export interface KeptSession {
  /** What cannot be signed in with: a hash. */
  readonly name: string;
  readonly content: string;
}

/** How much of the past is kept; the present always is. */
export interface WorkspaceRetention {
  /** Versions of each thing. */
  readonly versions: number;
  /** Characters of the contents of all versions; the oldest go first. */
  readonly characters: number;
  /** Things that were removed; the history of older ones goes. */
  readonly removed: number;
  /** Changes of the audit log. */
  readonly changes: number;
}

/** What is kept unless said otherwise. */
export const WORKSPACE_RETENTION: WorkspaceRetention = {
  versions: 100,
  characters: 64 * 2 ** 20,
  removed: 1_000,
  changes: 10_000,
};

/** The workspace: written by whoever accepts changes, one change at a time. */
export interface WorkspaceStore {
  /** Everything there is, and with it what was removed, as far as it is remembered. */
  items(): Promise<readonly WorkspaceItem[]>;
  /** Applies a change whole, or refuses it whole when any of its writes is based on an older version. */
  commit(author: WorkspaceAuthor, writes: readonly WorkspaceWrite[]): Promise<Committed>;
  /** The versions of something, the newest first. */
  versions(name: string, page: NewestFirst): Promise<readonly WorkspaceVersion[]>;
  /** One version with what its history keeps of it; undefined when it is not kept, or never was. */
  version(
    name: string,
    version: number,
  ): Promise<(WorkspaceVersion & { readonly record?: string }) | undefined>;
  /** The audit log, the newest change first. A page may end before its limit, but has one change at least when there is any. */
  changes(page: NewestFirst): Promise<readonly WorkspaceChange[]>;
  /** The sessions there are. */
  sessions(): Promise<readonly KeptSession[]>;
  /** Keeps sessions, in place of those of the same names, and forgets others: all of it is durable, or none has happened. */
  keepSessions(kept: readonly KeptSession[], gone: readonly string[]): Promise<void>;
}
