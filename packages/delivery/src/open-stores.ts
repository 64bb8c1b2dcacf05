import type { Stores, StoresOptions } from './stores/stores.ts';
import type { StoreStanding } from './stores/store-standing.ts';
import type { Transfer, TransferOptions } from './stores/transfer.ts';

/** Drivers by URL scheme, loaded on demand. */
const DRIVERS: Readonly<Record<string, () => Promise<Driver>>> = {
  sqlite: () => import('./drivers/sqlite/stores.ts'),
  memory: () => import('./drivers/memory/stores.ts'),
  postgres: () => import('./drivers/postgres/stores.ts'),
  postgresql: () => import('./drivers/postgres/stores.ts'),
};

interface Driver {
  openStores(address: string, options: StoresOptions): Promise<Stores>;
}

/**
 * Opens stores by their address: `sqlite:<folder>`, `postgres://<user>:<password>@<host>:<port>/<database>`, or `memory:<name>`
 * for stores that live as long as the process and are shared by all that open the same name (without a name: private).
 */
export async function openStores(url: string, options: StoresOptions): Promise<Stores> {
  const { driver, address } = find(DRIVERS, url);
  return (await driver()).openStores(address, options);
}

/** Drivers whose logs are checkpointed in another thread than the writer's. */
const WRITERS_BACK: Readonly<Record<string, () => Promise<WriterBack>>> = {
  sqlite: () => import('./drivers/sqlite/write-back.ts'),
};

interface WriterBack {
  writeBack(address: string): void;
}

/** Checkpoints a log; called by another thread than the writer's. */
export async function writeBack(url: string): Promise<void> {
  const { driver, address } = find(WRITERS_BACK, url);
  (await driver()).writeBack(address);
}

/** Drivers whose stores outlive the process, for a copy. */
const COPIERS: Readonly<Record<string, () => Promise<Copier>>> = {
  sqlite: () => import('./drivers/sqlite/transfer.ts'),
  postgres: () => import('./drivers/postgres/transfer.ts'),
  postgresql: () => import('./drivers/postgres/transfer.ts'),
};

interface Copier {
  openTransfer(address: string, options: TransferOptions): Promise<Transfer>;
}

/** Opens stores as the source or target of a copy, by their address. */
export async function openTransfer(url: string, options: TransferOptions): Promise<Transfer> {
  const { driver, address } = find(COPIERS, url);
  return (await driver()).openTransfer(address, options);
}

/** Drivers whose stores can be inspected before they are opened. */
const LOOKERS: Readonly<Record<string, () => Promise<Looker>>> = {
  sqlite: () => import('./drivers/sqlite/standing.ts'),
  postgres: () => import('./drivers/postgres/standing.ts'),
  postgresql: () => import('./drivers/postgres/standing.ts'),
};

interface Looker {
  storeStanding(address: string): Promise<StoreStanding>;
}

/** Returns the status of the stores at an address before they are opened; rejects when they cannot be reached or read. */
export async function storeStanding(url: string): Promise<StoreStanding> {
  const { driver, address } = find(LOOKERS, url);
  return (await driver()).storeStanding(address);
}

function find<Driver>(
  drivers: Readonly<Record<string, Driver>>,
  url: string,
): { readonly driver: Driver; readonly address: string } {
  const [, scheme = '', address = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  const driver = Object.hasOwn(drivers, scheme) ? drivers[scheme] : undefined;
  if (driver === undefined) {
    const known = Object.keys(drivers).map((name) => `${name}:`);
    throw new Error(`There is no store driver for "${scheme}:"; known are ${known.join(', ')}.`);
  }
  return { driver, address };
}
