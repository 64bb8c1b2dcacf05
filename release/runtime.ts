import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package in a lock file. */
export interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Packages by their path, as in a lock file. */
export type Packages = Readonly<Record<string, Locked>>;

/** A lock file. */
export interface Lock {
  readonly packages: Packages;
}

/**
 * Returns the tree of `npm install waybill`, in the versions of the repository's lock file, which tests run with: by path below the
 * folder of the install, as in a lock file.
 */
export function runtimeTree(root: string): Packages {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const found = runtimePlaces(packages).map(
    (place) => [installedAt(place, packages), packages[place]!] as const,
  );
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the packages that `waybill` needs at run time, by path in the repository. */
export function runtimePlaces(packages: Packages): readonly string[] {
  const found = new Set<string>();
  const open = ['node_modules/waybill'];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const place = packages[key]?.link === true ? packages[key].resolved! : key;
    if (found.has(place)) continue;
    found.add(place);
    const one = packages[place]!;
    for (const name of namesOf(one)) {
      const next = resolve(place, name, packages);
      if (next !== undefined) open.push(next);
      else if (one.optionalDependencies?.[name] === undefined)
        throw new Error(`${place} needs ${name}, which is not in the lock file.`);
    }
  }
  return [...found];
}

/** Returns the name of the package at a path. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** Returns the names that npm installs with a package: optional peers only where another package needs them. */
function namesOf(one: Locked): readonly string[] {
  const { dependencies, optionalDependencies, peerDependencies = {} } = one;
  const peers = Object.keys(peerDependencies).filter(
    (name) => one.peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [...new Set([...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers])];
}

/** Resolves a package like Node from a folder: in its `node_modules`, or in those of the parent folders. */
function resolve(from: string, name: string, packages: Packages): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[key] !== undefined) return key;
    if (folder === '') return undefined;
  }
}

/** Returns the installed path of a package of this repository, or of one below it. */
function installedAt(place: string, packages: Packages): string {
  const folder = /^(?:packages\/[^/]+|presets)/.exec(place)?.[0];
  if (folder === undefined) return place;
  const name = packages[folder]!.name ?? folder.slice('packages/'.length);
  return `node_modules/${name}${place.slice(folder.length)}`;
}
