import type { Log } from './log.ts';
import type { Peers } from './peers.ts';
import type { State } from './state.ts';
import type { WorkspaceRetention, WorkspaceStore } from './workspace.ts';

/** What a driver supports; the suite tests it accordingly. */
export interface StoreSupports {
  /** Whether data survives closing and reopening. */
  readonly durable: boolean;
  /** Whether others may read while one writes. */
  readonly concurrentReaders: boolean;
  /** The number of partitions of the log, and so of lanes of a destination. */
  readonly partitions: number;
}

/** Checkpoints of a log that its writer can leave to another thread. */
export interface WriteBack {
  /** The address of the stores, for `writeBack`. */
  readonly url: string;
  /** Delegates it to another thread, or takes it back. If the other thread fails to do it for long, the writer does it. */
  leave(isLeft: boolean): void;
  /** Whether there is enough to do. */
  isDue(): boolean;
}

/** One installation's stores, opened. */
export interface Stores {
  readonly log: Log;
  readonly state: State;
  readonly workspace: WorkspaceStore;
  readonly supports: StoreSupports;
  /** Coordination between processes; absent where there can be only one, or nothing is written. */
  readonly peers?: Peers;
  /** Absent where the log is not written through these stores, or needs no checkpoints. */
  readonly writeBack?: WriteBack;
  /** Finishes pending work and releases the driver's resources. */
  close(): Promise<void>;
}

/** The parts of the stores. */
export type StorePart = 'log' | 'state' | 'workspace';

/** Options for opening stores. */
export interface StoresOptions {
  /** The parts to write; a driver may allow only one writer of each. The rest is opened for reading. */
  readonly writes: readonly StorePart[];
  /** The parts to open; when absent the log, the state and the written parts. Other parts refuse calls. */
  readonly only?: readonly StorePart[];
  /**
   * Whether several read the same events through these at about the same time, and share them; true when absent. What can be shared survives
   * the next collection of garbage, used or not.
   */
  readonly sharesReads?: boolean;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The deduplication window, in milliseconds; 7 days when absent. */
  readonly dedupeWindowMs?: number;
  /** The maximum of remembered values, for all destinations together; 1,000,000 when absent. */
  readonly memoryRows?: number;
  /** The retention of the history of the workspace, where it differs from WORKSPACE_RETENTION. */
  readonly workspaceRetention?: Partial<WorkspaceRetention>;
}

/** The default deduplication window, in milliseconds. */
export const DEDUPE_WINDOW = 7 * 24 * 60 * 60 * 1000;
