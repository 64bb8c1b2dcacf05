import { join } from 'node:path';
import type { StorePart, Stores, StoresOptions } from '../../stores/stores.ts';
import { type LogFile, openEventLog } from './event-log.ts';
import { logOf } from './log.ts';
import { openStateStore, sqliteSupports, type StateFile } from './state-store.ts';
import { stateOf } from './state.ts';
import { openWorkspaceStore, type WorkspaceFile } from './workspace-store.ts';

/**
 * Opens the stores of a folder, `log.db`, `state.db` and `workspace.db`; without a folder they are in memory. Each file has one
 * writer: one thread of one process.
 */
export async function openStores(folder: string, options: StoresOptions): Promise<Stores> {
  const { writes, only = ['log', 'state', ...writes], now = Date.now } = options;
  const { dedupeWindowMs, memoryRows, sharesReads = true, workspaceRetention: retention } = options;
  const at = (part: StorePart): { readonly file: string; readonly readOnly: boolean } => ({
    file: folder === '' ? ':memory:' : join(folder, `${part}.db`),
    readOnly: !writes.includes(part),
  });
  let log: LogFile | undefined;
  let state: StateFile | undefined;
  let workspace: WorkspaceFile | undefined;
  const close = async (): Promise<void> => {
    await log?.close();
    state?.close();
    workspace?.close();
  };
  try {
    if (only.includes('log'))
      log = openEventLog({
        ...at('log'),
        now,
        sharesReads,
        ...(dedupeWindowMs === undefined ? {} : { dedupeWindowMs }),
      });
    if (only.includes('state'))
      state = openStateStore({ ...at('state'), ...(memoryRows === undefined ? {} : { memoryRows }) });
    if (only.includes('workspace'))
      workspace = openWorkspaceStore({
        ...at('workspace'),
        ...(retention === undefined ? {} : { retention }),
      });
  } catch (error) {
    await close();
    throw error;
  }
  const writesBack = folder !== '' && writes.includes('log');
  const writeBack = writesBack ? log?.writeBack(`sqlite:${folder}`) : undefined;
  const parts = { log: log && logOf(log), state: state && stateOf(state, now) };
  return {
    get log() {
      return parts.log ?? absent('log');
    },
    get state() {
      return parts.state ?? absent('state');
    },
    get workspace() {
      return workspace ?? absent('workspace');
    },
    supports: sqliteSupports(folder === '' ? ':memory:' : folder),
    ...(writeBack === undefined ? {} : { writeBack }),
    close,
  };
}

function absent(part: StorePart): never {
  throw new Error(`The ${part} was not opened.`);
}
