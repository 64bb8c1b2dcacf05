import { join } from 'node:path';
import type { StorePart, Stores, StoresOptions } from '../../stores/stores.ts';
import { type LogFile, openEventLog } from './event-log.ts';
import { logOf } from './log.ts';
import { openStateStore, sqliteSupports, type StateFile } from './state-store.ts';
import { stateOf } from './state.ts';

/**
 * Opens the stores of a folder, `log.db` and `state.db`; without a folder they are in memory. Each file has one writer: one
 * process, and one thread of it.
 */
export async function openStores(folder: string, options: StoresOptions): Promise<Stores> {
  const { writes, only = ['log', 'state'], now = Date.now, dedupeWindowMs, memoryRows } = options;
  const at = (part: StorePart): { readonly file: string; readonly readOnly: boolean } => ({
    file: folder === '' ? ':memory:' : join(folder, `${part}.db`),
    readOnly: !writes.includes(part),
  });
  let log: LogFile | undefined;
  let state: StateFile | undefined;
  const close = async (): Promise<void> => {
    await log?.close();
    state?.close();
  };
  try {
    if (only.includes('log'))
      log = openEventLog({ ...at('log'), now, ...(dedupeWindowMs === undefined ? {} : { dedupeWindowMs }) });
    if (only.includes('state'))
      state = openStateStore({ ...at('state'), ...(memoryRows === undefined ? {} : { memoryRows }) });
  } catch (error) {
    await close();
    throw error;
  }
  const parts = { log: log && logOf(log), state: state && stateOf(state, now) };
  return {
    get log() {
      return parts.log ?? absent('log');
    },
    get state() {
      return parts.state ?? absent('state');
    },
    supports: sqliteSupports(folder === '' ? ':memory:' : folder),
    close,
  };
}

function absent(part: StorePart): never {
  throw new Error(`The ${part} was not opened.`);
}
