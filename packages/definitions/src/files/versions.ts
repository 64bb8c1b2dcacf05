import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDestinationPackage, loadModule } from '../modules.ts';
import { definitionOf } from '../data/definition.ts';
import { type Files, VersionError, versionOfFiles } from '../diff/read.ts';
import type { Version } from '../diff/compare.ts';
import { modulePath } from './definition-module.ts';
import { checkedOut } from './checkout.ts';
import { git } from './git.ts';

/**
 * Reads a version: a metadata or definition file, a module or package that exports destinations, a folder that contains
 * `schemas` and `presets`, or a git reference. Modules are loaded, so their code runs.
 */
export async function readVersion(name: string): Promise<Version> {
  const version = existsSync(name) ? await ofPath(name) : await ofReference(name);
  if (version.size > 0) return version;
  throw new VersionError(
    `${name} contains no definitions: no module that exports a destination, no schemas/<slug>/metadata.json and no definition file.`,
  );
}

async function ofPath(path: string): Promise<Version> {
  if (!statSync(path).isDirectory()) {
    return modulePath(path) === undefined
      ? versionOfFiles(new Map([[path, readFileSync(path, 'utf8')]]))
      : ofModule(path);
  }
  if (isDestinationPackage(path)) return ofModule(path);
  const files = new Map<string, string>();
  const usual = ['schemas', 'presets'].filter((name) => existsSync(join(path, name)));
  for (const root of usual.length > 0 ? usual : ['']) {
    for (const name of readdirSync(join(path, root), { recursive: true, encoding: 'utf8' })) {
      const file = join(root, name);
      if (!name.endsWith('.json') || /(?:^|\/)(?:node_modules|dist|\.[^/]+)\//.test(file)) continue;
      files.set(file, readFileSync(join(path, file), 'utf8'));
    }
  }
  return versionOfFiles(files);
}

async function ofModule(path: string): Promise<Version> {
  const loaded = await loadModule(resolve(path));
  if (!loaded.ok) throw new VersionError(`${path}: ${loaded.failure.message}\n${loaded.failure.remedy}`);
  return new Map(loaded.destinations.map((one) => [one.slug, definitionOf(one)]));
}

/** Returns the tag of the last release before a commit; undefined when there is none. */
export function lastRelease(folder = process.cwd()): string | undefined {
  const found = git(['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'], folder);
  return found.ok ? found.text.trim() : undefined;
}

/** A package is read from its source at the commit; anything else from its schemas. */
async function ofReference(reference: string): Promise<Version> {
  const hash = commitOf(reference);
  if (!isDestinationPackage('.')) return versionOfFiles(gitFiles(hash));
  const { folder, remove } = checkedOut(hash);
  try {
    return await ofModule(folder);
  } finally {
    remove();
  }
}

function commitOf(reference: string): string {
  const commit = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`]);
  if (!commit.ok) {
    throw new VersionError(`"${reference}" is not a file, a folder or a git reference.`);
  }
  return commit.text.trim();
}

function gitFiles(hash: string): Files {
  const files = new Map<string, string>();
  const listed = git(['ls-tree', '-r', '--name-only', '--full-tree', hash, 'schemas', 'presets']);
  for (const path of listed.text.split('\n')) {
    if (!path.endsWith('.json')) continue;
    const shown = git(['show', `${hash}:${path}`]);
    if (shown.ok) files.set(path, shown.text);
  }
  return files;
}
