import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDestinationPackage, loadDefinitions } from '../modules.ts';
import { definitionOf } from '../data/definition.ts';
import { type Files, VersionError, versionOfFiles } from '../diff/read.ts';
import type { Version } from '../diff/compare.ts';
import { type SourceVersion, sourceVersionOf } from '../diff/sources.ts';
import { modulePath } from './definition-module.ts';
import { checkedOut } from './checkout.ts';
import { git } from './git.ts';

/**
 * Reads a version: a metadata or definition file, a module or package that exports destinations, a folder that contains
 * `schemas` and `presets`, or a git reference. Modules are loaded, so their code runs.
 */
export async function readVersion(name: string): Promise<Version> {
  return (await readBoth(name)).destinations;
}

/** What a version defines. */
export interface BothVersions {
  readonly destinations: Version;
  /** Absent if only files were read, which contain no sources. */
  readonly sources?: SourceVersion;
}

/** Reads destinations and sources of a version, like `readVersion`. */
export async function readBoth(name: string): Promise<BothVersions> {
  const version = existsSync(name) ? await ofPath(name) : await ofReference(name);
  if (version.destinations.size + (version.sources?.size ?? 0) > 0) return version;
  throw new VersionError(
    `${name} contains no definitions: no module that exports a destination or a source, no schemas/<slug>/metadata.json and no definition file.`,
  );
}

async function ofPath(path: string): Promise<BothVersions> {
  if (!statSync(path).isDirectory()) {
    return modulePath(path) === undefined
      ? { destinations: versionOfFiles(new Map([[path, readFileSync(path, 'utf8')]])) }
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
  return { destinations: versionOfFiles(files) };
}

async function ofModule(path: string): Promise<BothVersions> {
  const loaded = await loadDefinitions(resolve(path));
  if (!loaded.ok) throw new VersionError(`${path}: ${loaded.failure.message}\n${loaded.failure.remedy}`);
  const { destinations, sources } = loaded;
  return {
    destinations: new Map(destinations.map((one) => [one.slug, definitionOf(one)])),
    sources: sourceVersionOf(sources),
  };
}

/** Returns the tag of the last release before a commit; undefined when there is none. */
export function lastRelease(folder = process.cwd()): string | undefined {
  const found = git(['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'], folder);
  return found.ok ? found.text.trim() : undefined;
}

/** A package is read from its source at the commit; anything else from its schemas. */
async function ofReference(reference: string): Promise<BothVersions> {
  const hash = commitOf(reference);
  if (!isDestinationPackage('.')) return { destinations: versionOfFiles(gitFiles(hash)) };
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
