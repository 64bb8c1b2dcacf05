import type { Settlement } from '../../stores/rows.ts';
import type { Stores, StoresOptions } from '../../stores/stores.ts';
import { createProcess } from './process.ts';
import { createEvents, type Events, logOf } from './log.ts';
import { createTables, type Tables } from './tables.ts';
import { stateOf } from './state.ts';
import { createWorkspaceTables, workspaceOf } from './workspace.ts';

/** How an installation in memory behaves. */
export interface MemoryOptions {
  /** Partitions of the log; 1 when absent. */
  readonly partitions?: number;
  /**
   * How long an operation is on its way, asked before it takes effect and again before it is answered. With random pauses
   * operations overtake each other as the contract allows. Nothing when absent.
   */
  readonly pause?: () => Promise<void>;
  /** Told of every settlement that is applied. */
  readonly onSettled?: (settlement: Settlement) => void;
  /** Epoch milliseconds; the clock of who opens the stores when absent. */
  readonly now?: () => number;
}

/** The stores of one process of an installation. */
export interface MemoryStores extends Stores {
  /** Ends the process: what it has under way and is not committed is gone, and from now on everything is refused. */
  crash(): void;
}

/** What many processes share: stores in memory. */
export interface Installation {
  /** Opens the stores for a process; `pause` is how long its operations are on their way, in place of the installation's. */
  open(options: StoresOptions, pause?: () => Promise<void>): MemoryStores;
}

/** An installation that holds nothing yet. */
export function createInstallation(given: MemoryOptions = {}): Installation {
  const { partitions = 1, now } = given;
  const events: Events = createEvents(partitions);
  const tables: Tables = createTables(given.onSettled);
  const workspace = createWorkspaceTables();
  return {
    open(options, pause = given.pause) {
      const clock = now ?? options.now ?? Date.now;
      const process = createProcess(pause, options.writes);
      const settings = { ...options, now: clock };
      return {
        log: logOf(events, process, settings),
        state: stateOf(tables, process, settings),
        workspace: workspaceOf(workspace, process, options),
        supports: { durable: true, concurrentReaders: true, partitions },
        close: () => process.close(),
        crash: () => process.end(),
      };
    },
  };
}

const named = new Map<string, Installation>();

/** Opens the installation of a name; without a name one that nobody else has. */
export async function openStores(name: string, options: StoresOptions): Promise<Stores> {
  if (name === '') return createInstallation().open(options);
  const known = named.get(name) ?? createInstallation();
  named.set(name, known);
  return known.open(options);
}
