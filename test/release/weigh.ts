import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the installed package may take. */
export const MOST_MEGABYTES = 120;

/** How many packages may be installed with it, its own ones among them. */
export const MOST_PACKAGES = 150;

/** Names of packages of other event platforms. */
export const PEERS = /^(@segment|@rudderstack|@mparticle|@snowplow|analytics-node|@iterable)\b/;

/** What stands in the `node_modules` of a folder. */
export interface Weight {
  readonly megabytes: number;
  readonly packages: number;
  /** Packages that want to run something when they are installed. */
  readonly scripts: readonly string[];
  /** Packages of other event platforms. */
  readonly peers: readonly string[];
}

interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly link?: boolean; readonly hasInstallScript?: boolean }>
  >;
}

/** Weighs what npm has installed into a folder. */
export function weigh(folder: string): Weight {
  const modules = join(folder, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as Locked;
  // A package of a workspace is listed twice: where it is, and as a link to that.
  const names = Object.keys(lock.packages).filter((name) => lock.packages[name]!.link !== true);
  const nameOf = (path: string): string => path.split('node_modules/').at(-1)!;
  return {
    megabytes: Math.ceil(bytes(modules) / 1e6),
    packages: names.length,
    scripts: names.filter((name) => lock.packages[name]!.hasInstallScript === true).map(nameOf),
    peers: names.map(nameOf).filter((name) => PEERS.test(name)),
  };
}

function bytes(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = lstatSync(join(folder, name));
    // What it takes on the disk, in whole blocks.
    return sum + found.blocks * 512;
  }, 0);
}
