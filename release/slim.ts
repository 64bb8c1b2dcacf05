/**
 * Removes packages from `node_modules` that are not needed at run time, after the build:
 *
 *     node release/slim.ts
 *
 * The rest is the tree of `npm install waybill`, and Node where an older one runs npm.
 */
import { existsSync, lstatSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lock, runtimePlaces } from './runtime.ts';

const root = join(import.meta.dirname, '..');
const lockFile = join(root, 'node_modules/.package-lock.json');

/** Removes the other installed packages; returns the remaining ones as listed by npm. */
function slim(lock: Lock): Lock {
  const kept = new Set(runtimePlaces(lock.packages));
  const isKept = (place: string): boolean => kept.has(place) || !place.includes('node_modules/');
  const all = Object.entries(lock.packages);
  for (const [place, { link }] of all)
    if (link !== true && !isKept(place)) rmSync(join(root, place), { recursive: true, force: true });
  return {
    ...lock,
    packages: Object.fromEntries(all.filter(([place, { link }]) => link === true || isKept(place))),
  };
}

/** Removes dangling command links and empty scope folders. */
function tidy(modules: string): void {
  const bin = join(modules, '.bin');
  for (const name of existsSync(bin) ? readdirSync(bin) : [])
    if (!existsSync(join(bin, name))) rmSync(join(bin, name));
  for (const name of readdirSync(modules)) {
    const folder = join(modules, name);
    if (name.startsWith('@') && lstatSync(folder).isDirectory() && readdirSync(folder).length === 0)
      rmdirSync(folder);
  }
}

const lock = slim(JSON.parse(readFileSync(lockFile, 'utf8')) as Lock);
tidy(join(root, 'node_modules'));
// Last: npm only accepts it when it is newer than the folders.
writeFileSync(lockFile, JSON.stringify(lock, null, 2));
