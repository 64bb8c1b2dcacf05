import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Preset } from '@waybill/core';
import { isDestinationPackage, loadModule } from '@waybill/server';
import { type DefinitionData, definitionOf } from '../generate/definition.ts';
import { fromMetadata, type Metadata } from '../generate/metadata.ts';
import { kindOf } from '../validate/collect.ts';
import { modulePath } from '../validate/modules.ts';
import { checkedOut } from './checkout.ts';
import { git } from './git.ts';
import { partial, type Version } from './compare.ts';
import { fieldsOfSchema } from './schema-fields.ts';

/** A version that cannot be read: a mistake of the command line. */
export class VersionError extends Error {}

/** The texts of a version, by path. */
type Files = ReadonlyMap<string, string>;

/**
 * Reads a version: a metadata or definition file, a module or package that exports destinations, a folder that holds
 * `schemas` and `presets`, or a git reference. Modules are loaded, so their code runs.
 */
export async function readVersion(name: string): Promise<Version> {
  const version = existsSync(name) ? await ofPath(name) : await ofReference(name);
  if (version.size > 0) return version;
  throw new VersionError(
    `${name} holds no definitions: no module that exports a destination, no schemas/<slug>/metadata.json and no definition file.`,
  );
}

async function ofPath(path: string): Promise<Version> {
  if (!statSync(path).isDirectory()) {
    return modulePath(path) === undefined
      ? fromFiles(new Map([[path, readFileSync(path, 'utf8')]]))
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
  return fromFiles(files);
}

async function ofModule(path: string): Promise<Version> {
  const loaded = await loadModule(resolve(path));
  if (!loaded.ok) throw new VersionError(`${path}: ${loaded.failure.message}\n${loaded.failure.remedy}`);
  return new Map(loaded.destinations.map((one) => [one.slug, definitionOf(one)]));
}

/** The tag of the last release that a commit builds on; undefined when there is none. */
export function lastRelease(folder = process.cwd()): string | undefined {
  const found = git(['describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*'], folder);
  return found.ok ? found.text.trim() : undefined;
}

/** A package is read from its source as it was at the commit; anything else from its schemas. */
async function ofReference(reference: string): Promise<Version> {
  const hash = commitOf(reference);
  if (!isDestinationPackage('.')) return fromFiles(gitFiles(hash));
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
    throw new VersionError(`"${reference}" is neither a file nor a folder nor a git reference here.`);
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

function fromFiles(files: Files): Version {
  const found = new Map<string, DefinitionData>();
  const presets = new Map<string, Preset[]>();
  const schemas = new Map<string, Map<string, unknown>>();
  for (const [path, text] of files) {
    const value = parse(path, text);
    const [folder = '', file = ''] = path.split('/').slice(-2);
    const kind = kindOf(value);
    if (kind === 'metadata') add(found, fromMetadata(value as Metadata));
    else if (kind === 'definition') add(found, value as DefinitionData);
    else if (kind === 'preset') presets.set(folder, [...(presets.get(folder) ?? []), value as Preset]);
    else if (/(?:^|\/)schemas\/[^/]+\/[^/]+\.json$/.test(path)) {
      const of = schemas.get(folder) ?? new Map<string, unknown>();
      schemas.set(folder, of.set(file.slice(0, -'.json'.length), value));
    }
  }
  for (const [slug, list] of presets) {
    const definition = found.get(slug);
    if (definition !== undefined) found.set(slug, { ...definition, presets: merged(definition, list) });
  }
  for (const [slug, documents] of schemas) {
    if (found.has(slug)) continue;
    found.set(slug, partial({ ...fromSchemas(slug, documents), presets: presets.get(slug) ?? [] }));
  }
  return found;
}

function add(found: Map<string, DefinitionData>, definition: DefinitionData): void {
  found.set(definition.slug, definition);
}

/** Preset files come before what the metadata says of presets. */
function merged(definition: DefinitionData, files: readonly Preset[]): readonly Preset[] {
  const own = definition.presets ?? [];
  return [
    ...own.map((preset) => files.find((one) => one.slug === preset.slug) ?? preset),
    ...files.filter((one) => !own.some((preset) => preset.slug === one.slug)),
  ];
}

function fromSchemas(slug: string, documents: ReadonlyMap<string, unknown>): DefinitionData {
  const actions = [...documents].filter(([name]) => name !== 'settings');
  return {
    slug,
    name: slug,
    description: '',
    settings: fieldsOfSchema((documents.get('settings') ?? {}) as object),
    actions: Object.fromEntries(
      actions.map(([key, schema]) => {
        const { title = key, description = '' } = schema as { title?: string; description?: string };
        return [key, { title, description, fields: fieldsOfSchema(schema as object) }];
      }),
    ),
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VersionError(`${path} is not JSON.`);
  }
}
