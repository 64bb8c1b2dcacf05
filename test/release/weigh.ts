import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The maximum size of the installed package, in megabytes. */
export const MOST_MEGABYTES = 120;

/** The maximum size of the image, in megabytes. */
export const MOST_IMAGE_MEGABYTES = 250;

/** The maximum number of installed packages, including its own. */
export const MOST_PACKAGES = 150;

/** Names of packages of other event platforms. */
export const PEERS = /^(@segment|@rudderstack|@mparticle|@snowplow|analytics-node|@iterable)\b/;

/** The size of the `node_modules` of a folder, and of the build output of the packages of a clone. */
export interface Weight {
  readonly megabytes: number;
  readonly packages: number;
  /** Packages with install scripts. */
  readonly scripts: readonly string[];
  /** Packages of other event platforms. */
  readonly peers: readonly string[];
}

interface Locked {
  readonly packages: Readonly<
    Record<string, { readonly link?: boolean; readonly hasInstallScript?: boolean }>
  >;
}

/** Measures what npm has installed into a folder, and what a build has created there; existing sources are not counted. */
export function weigh(folder: string): Weight {
  const modules = join(folder, 'node_modules');
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as Locked;
  // A package of a workspace is listed twice: at its path, and as a link.
  const names = Object.keys(lock.packages).filter((name) => lock.packages[name]!.link !== true);
  const nameOf = (path: string): string => path.split('node_modules/').at(-1)!;
  return {
    megabytes: Math.ceil([modules, ...builtIn(folder)].reduce((sum, one) => sum + bytes(one), 0) / 1e6),
    packages: names.length,
    scripts: names.filter((name) => lock.packages[name]!.hasInstallScript === true).map(nameOf),
    peers: names.map(nameOf).filter((name) => PEERS.test(name)),
  };
}

function builtIn(folder: string): readonly string[] {
  const packages = join(folder, 'packages');
  if (!existsSync(packages)) return [];
  return readdirSync(packages).flatMap((name) => {
    const built = join(packages, name, 'dist');
    return existsSync(built) ? [built] : [];
  });
}

/**
 * Returns the size of a file or folder on disk, in whole blocks, without the excluded names. A recursive read would follow links,
 * such as those to packages of a clone.
 */
export function bytes(path: string, isLeftOut: (name: string) => boolean = () => false): number {
  const found = lstatSync(path);
  const names = found.isDirectory() ? readdirSync(path).filter((name) => !isLeftOut(name)) : [];
  return names.reduce((sum, name) => sum + bytes(join(path, name), isLeftOut), found.blocks * 512);
}
