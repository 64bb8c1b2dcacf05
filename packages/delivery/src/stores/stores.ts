import type { Log } from './log.ts';
import type { Peers } from './peers.ts';
import type { State } from './state.ts';
import type { WorkspaceRetention, WorkspaceStore } from './workspace.ts';

/** What a driver can do, for the suite to hold it to. */
export interface StoreSupports {
  /** Survives closing and opening again. */
  readonly durable: boolean;
  /** Others may read while one writes. */
  readonly concurrentReaders: boolean;
  /** Partitions of the log, and so lanes of a destination. */
  readonly partitions: number;
}

/** Work on the files of a log that its writer can leave to another thread: until that is done, nobody waits for it. */
export interface WriteBack {
  /** The address of the stores, for `writeBack`. */
  readonly url: string;
  /** Leaves it to another thread, or takes it back. Where that comes to nothing for long, the writer does it nevertheless. */
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
  /** What several processes have between them; absent where there can be one alone, or nothing is written. */
  readonly peers?: Peers;
  /** Absent where the log is not written through these, or has nothing of the kind. */
  readonly writeBack?: WriteBack;
  /** Finishes what is under way and releases the driver's resources. */
  close(): Promise<void>;
}

/** The parts of the stores. */
export type StorePart = 'log' | 'state' | 'workspace';

/** How to open stores. */
export interface StoresOptions {
  /** What is written through these; a driver may allow only one writer of each. The rest is open for reading. */
  readonly writes: readonly StorePart[];
  /** Only these are opened; when absent the log, the state and what is written. What is not opened refuses. */
  readonly only?: readonly StorePart[];
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** How long a messageId is remembered, in milliseconds; 7 days when absent. */
  readonly dedupeWindowMs?: number;
  /** Values that are remembered, of all destinations together; 1,000,000 when absent. */
  readonly memoryRows?: number;
  /** How much of the past of the workspace is kept, where that differs from WORKSPACE_RETENTION. */
  readonly workspaceRetention?: Partial<WorkspaceRetention>;
}

/** How long a messageId is remembered unless configured otherwise. */
export const DEDUPE_WINDOW = 7 * 24 * 60 * 60 * 1000;
