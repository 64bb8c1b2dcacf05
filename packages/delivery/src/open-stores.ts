import type { Stores, StoresOptions } from './stores/stores.ts';

/** Drivers by the scheme of their addresses; one is loaded when it is asked for. */
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
 * Opens stores by their address: `sqlite:<folder>`, `postgres://<user>:<password>@<host>:<port>/<database>`, or `memory:<name>` for
 * stores that live as long as the process and are shared by all that open the same name (without a name: by nobody).
 */
export async function openStores(url: string, options: StoresOptions): Promise<Stores> {
  const [, scheme = '', address = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  const driver = Object.hasOwn(DRIVERS, scheme) ? DRIVERS[scheme] : undefined;
  if (driver === undefined) {
    const known = Object.keys(DRIVERS).map((name) => `${name}:`);
    throw new Error(`There is no store driver for "${scheme}:"; known are ${known.join(', ')}.`);
  }
  return (await driver()).openStores(address, options);
}
