import type { Settlement } from '../../stores/rows.ts';
import type { Stores, StoresOptions } from '../../stores/stores.ts';
import { createProcess } from './process.ts';
import { createEvents, type Events, logOf } from './log.ts';
import { createTables, type Tables } from './tables.ts';
import { stateOf } from './state.ts';
import { createWorkspaceTables, workspaceOf } from './workspace.ts';

/** Options of an installation in memory. */
export interface MemoryOptions {
  /** Partitions of the log; 1 when absent. */
  readonly partitions?: number;
  /**
   * The delay of an operation before it takes effect and again before it is answered. With random delays operations overtake
   * each other, within the contract. None when absent.
   */
  readonly pause?: () => Promise<void>;
  /** Called with every applied settlement. */
  readonly onSettled?: (settlement: Settlement) => void;
  /** Epoch milliseconds; the clock of the opener when absent. */
  readonly now?: () => number;
}

/** The stores of one process of an installation. */
export interface MemoryStores extends Stores {
  /** Ends the process: uncommitted operations are lost, and later ones are refused. */
  crash(): void;
}

/** Stores in memory that several processes share. */
export interface Installation {
  /** Opens the stores for a process; `pause` replaces the delay of the installation. */
  open(options: StoresOptions, pause?: () => Promise<void>): MemoryStores;
}

/** Creates an empty installation. */
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

/** Opens the installation of a name; without a name a private one. */
export async function openStores(name: string, options: StoresOptions): Promise<Stores> {
  if (name === '') return createInstallation().open(options);
  const known = named.get(name) ?? createInstallation();
  named.set(name, known);
  return known.open(options);
}
