import type { Log } from '../../stores/log.ts';
import type { State } from '../../stores/state.ts';
import type { StorePart, Stores, StoresOptions } from '../../stores/stores.ts';
import type { WorkspaceStore } from '../../stores/workspace.ts';
import { readAddress } from './address.ts';
import { type Database, openDatabase } from './database.ts';
import { openLog } from './log.ts';
import { LOG_MIGRATIONS } from './log-schema.ts';
import { createListener, type Listener } from './listener.ts';
import { checkThere, isCopying, migrate } from './migrations.ts';
import { channelOf, peersOf } from './peers.ts';
import { PEERS_MIGRATIONS } from './peers-schema.ts';
import { stateOf } from './state.ts';
import { STATE_MIGRATIONS } from './state-schema.ts';
import { WORKSPACE_MIGRATIONS } from './workspace-schema.ts';
import { workspaceOf } from './workspace-store.ts';

const MIGRATIONS: Readonly<Record<StorePart, readonly string[]>> = {
  log: LOG_MIGRATIONS,
  state: STATE_MIGRATIONS,
  workspace: WORKSPACE_MIGRATIONS,
};

/**
 * Opens the stores of a PostgreSQL database; `address` is what follows `postgres:`. Any number of processes may write; the
 * first one creates the tables.
 */
export async function openStores(address: string, options: StoresOptions): Promise<Stores> {
  const place = readAddress(address);
  const database = openDatabase(place);
  const listener = createListener(place, channelOf(place.schema));
  try {
    return await open({ database, listener, wanted: place.partitions }, options);
  } catch (error) {
    await database.close();
    throw error;
  }
}

interface Opening {
  readonly database: Database;
  readonly listener: Listener;
  /** Partitions of a new log. */
  readonly wanted: number;
}

async function open({ database, listener, wanted }: Opening, options: StoresOptions): Promise<Stores> {
  const { writes, only = ['log', 'state', ...writes] } = options;
  const parts = new Set(only);
  if (await isCopying(database))
    throw new Error(
      `The schema "${database.schema}" is a copy that is not finished. Continue with "waybill store copy", or drop the schema.`,
    );
  for (const part of parts) {
    if (writes.includes(part)) await migrate(database, part, MIGRATIONS[part]);
    else await checkThere(database, part, MIGRATIONS[part].length);
  }
  if (writes.length > 0) await migrate(database, 'peers', PEERS_MIGRATIONS);
  const mayWrite = (part: StorePart) => (): void => {
    if (!writes.includes(part)) throw new Error(`The ${part} is open for reading only.`);
  };
  const opened = parts.has('log')
    ? await openLog(database, { partitions: wanted, mayWrite: mayWrite('log') }, options)
    : undefined;
  const state: State | undefined = parts.has('state')
    ? stateOf(database, mayWrite('state'), options)
    : undefined;
  const workspace: WorkspaceStore | undefined = parts.has('workspace')
    ? workspaceOf(database, mayWrite('workspace'), options.workspaceRetention)
    : undefined;
  return {
    get log(): Log {
      return opened?.log ?? absent('log');
    },
    get state() {
      return state ?? absent('state');
    },
    get workspace() {
      return workspace ?? absent('workspace');
    },
    supports: { durable: true, concurrentReaders: true, partitions: opened?.partitions ?? wanted },
    ...(writes.length > 0 ? { peers: peersOf(database, listener, options.now) } : {}),
    async close() {
      await listener.close();
      await opened?.idle();
      await database.close();
    },
  };
}

function absent(part: StorePart): never {
  throw new Error(`The ${part} was not opened.`);
}
