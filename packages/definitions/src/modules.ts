import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Destination, isDestination, isSource, type Issue, type Source } from '@waybill/core';

/** Why a module could not be loaded, where, and what to do about it. */
export interface ModuleFailure {
  readonly message: string;
  readonly remedy: string;
  /** `src/index.ts:12` if the runtime reports it. */
  readonly at?: string;
  /** Problems of a definition, with their places in it. */
  readonly issues?: readonly Issue[];
}

/** The definitions that a module exports. */
export interface Exported {
  readonly destinations: readonly Destination[];
  readonly sources: readonly Source[];
}

/** The exports of a module, or why they cannot be used. */
export type LoadedModule =
  ({ readonly ok: true } & Exported) | { readonly ok: false; readonly failure: ModuleFailure };

/** The relevant members of package.json. */
interface Manifest {
  readonly name?: string;
  readonly waybill?: unknown;
  readonly exports?: unknown;
  readonly main?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const USUAL = ['index.ts', 'dist/index.js', 'index.js'];

/**
 * Returns the entry file of a package folder: from `waybill` in its package.json, its source, `exports`, `main`, or an index
 * file. The source takes precedence over the build, which may be outdated.
 */
export function packageEntry(folder: string): string | undefined {
  const manifest = manifestOf(folder);
  // Node refuses TypeScript in node_modules.
  const installed = realpathSync(folder).split(/[\\/]/).includes('node_modules');
  const named = [
    text(manifest?.waybill),
    installed ? undefined : 'src/index.ts',
    condition(exportsRoot(manifest?.exports)),
    text(manifest?.main),
    ...(installed ? USUAL.filter((name) => !name.endsWith('.ts')) : USUAL),
  ];
  const files = named.flatMap((name) => (name === undefined ? [] : [join(folder, name)]));
  return files.find((file) => existsSync(file) && statSync(file).isFile());
}

/** Whether a folder is a package for destinations: it declares so, or depends on the core. */
export function isDestinationPackage(folder: string): boolean {
  const manifest = manifestOf(folder);
  if (manifest === undefined) return false;
  const { dependencies, devDependencies, peerDependencies } = manifest;
  return (
    text(manifest.waybill) !== undefined ||
    [dependencies, devDependencies, peerDependencies].some(
      (list) => list !== undefined && '@waybill/core' in list,
    )
  );
}

/** Loads a module with destinations: a file, a package folder, or an installed package. Runs the module's code. */
export async function loadModule(name: string): Promise<LoadedModule> {
  const loaded = await loadDefinitions(name);
  if (!loaded.ok || loaded.destinations.length > 0) return loaded;
  const slugs = loaded.sources.map(({ slug }) => slug).join(', ');
  return {
    ok: false,
    failure: {
      message: `The module exports no destination, but the source ${slugs}.`,
      remedy:
        'This command is for destinations. Try a source with its tests, and in a server: `waybill start --source`.',
    },
  };
}

/** Loads a module with destinations, sources or both, in the same way. */
export async function loadDefinitions(name: string): Promise<LoadedModule> {
  const found = locate(name);
  if (typeof found !== 'string') return { ok: false, failure: found };
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(found)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    return { ok: false, failure: failureOf(error, found) };
  }
  const all = [...new Set(Object.values(exported).flat())];
  const destinations = all.filter(isDestination);
  const sources = all.filter(isSource);
  for (const [kind, list] of [
    ['destination', destinations],
    ['source', sources],
  ] as const) {
    const slugs = list.map(({ slug }) => slug);
    const twice = slugs.find((slug, index) => slugs.indexOf(slug) !== index);
    if (twice !== undefined) return { ok: false, failure: duplicate(twice, ' in the same module', kind) };
  }
  if (destinations.length + sources.length > 0) return { ok: true, destinations, sources };
  const names = Object.keys(exported).filter((one) => one !== '__esModule');
  return {
    ok: false,
    failure: {
      message: `The module exports no destination and no source${names.length === 0 ? '; it exports nothing' : `, only ${names.slice(0, 10).join(', ')}`}.`,
      remedy: 'Export the result of `defineDestination` or `defineSource`, or a list of results.',
    },
  };
}

/** The failure for a slug that is used twice; `where` is the place of the other one. */
export function duplicate(
  slug: string,
  where = '',
  kind: 'destination' | 'source' = 'destination',
): ModuleFailure {
  return {
    message: `There is already a ${kind} with the slug "${slug}"${where}.`,
    remedy: `Give each ${kind} a unique slug: workspaces refer to ${kind}s by it.`,
  };
}

/** The argument for `import`, or why there is nothing to import. */
function locate(name: string): string | ModuleFailure {
  const path = resolve(name);
  if (!existsSync(path)) {
    if (/^[./]|^[A-Za-z]:[\\/]|\.[cm]?[jt]s$/.test(name)) {
      return {
        message: `There is no file or folder at ${path}.`,
        remedy: 'Name a module file, a package folder, or an installed package.',
      };
    }
    // Packages of the caller take precedence over those of Waybill.
    const installed = resolve('node_modules', name);
    const entry = existsSync(installed) ? packageEntry(installed) : undefined;
    return entry === undefined ? name : pathToFileURL(entry).href;
  }
  const file = statSync(path).isDirectory() ? packageEntry(path) : path;
  return file === undefined ? noEntry(path) : pathToFileURL(file).href;
}

function noEntry(folder: string): ModuleFailure {
  return {
    message: `There is no module in the folder ${folder}: neither package.json names a file that exists, nor is there one of src/index.ts, ${USUAL.join(', ')}.`,
    remedy:
      'Build the package, or name its module in package.json: `"waybill": "./src/index.ts"`; `waybill init` creates a package that has one.',
  };
}

function failureOf(error: unknown, from: string): ModuleFailure {
  // A module may have its own copy of the core, with a different class.
  if (error instanceof Error && error.name === 'DefinitionError') {
    const { issues } = error as Error & { readonly issues: readonly Issue[] };
    return {
      message: error.message,
      remedy: 'Correct the definition at the position that the message names.',
      issues,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const { code } = error as { readonly code?: unknown };
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') {
    return {
      message,
      remedy:
        'Install what is missing (`npm install`), or correct the import: relative ones name the file with its extension.',
    };
  }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return {
      ...placed(message, stack),
      remedy:
        'Use erasable types (no enums, no parameter properties), or build the package and name the JavaScript.',
    };
  }
  if (error instanceof SyntaxError || (error as { name?: unknown } | null)?.name === 'SyntaxError') {
    const at = /^(?:file:\/\/)?\/?.*:\d+$/m.test(stack.split('\n')[0] ?? '')
      ? stack
      : placeOfSyntaxError(from);
    return {
      ...placed(message, at),
      remedy: 'Correct the syntax error; the message names the file and line.',
    };
  }
  return {
    ...placed(message, /\(?(file:\/\/[^\s)]+?:\d+):\d+\)?/.exec(stack)?.[1] ?? ''),
    remedy:
      'The code of the module throws while it is loaded; correct it at the position that the message names.',
  };
}

/** The runtime reports the error to an importer, but its position only to a process that ends because of it. */
function placeOfSyntaxError(from: string): string {
  const done = spawnSync(
    process.execPath,
    ['--no-warnings', '--input-type=module', '--eval', `await import(${JSON.stringify(from)})`],
    { encoding: 'utf8', timeout: 10_000, maxBuffer: 1_000_000, env: {} },
  );
  return done.stderr ?? '';
}

/** Prefixes a message with its place, if the first line is one. */
function placed(message: string, first: string): Pick<ModuleFailure, 'message' | 'at'> {
  const place = /^(\S.*?):(\d+)$/.exec(first.split('\n')[0] ?? '');
  if (place === null) return { message };
  const [, file = '', line = ''] = place;
  const at = `${file.startsWith('file:') ? fileURLToPath(file) : file}:${line}`;
  return { message: `${at}: ${message}`, at };
}

function manifestOf(folder: string): Manifest | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof read === 'object' && read !== null ? read : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `exports` may be the root itself, or name it `.` among subpaths. */
function exportsRoot(value: unknown): unknown {
  return typeof value === 'object' && value !== null && '.' in value ? value['.'] : value;
}

function condition(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return text(value);
  for (const [name, inner] of Object.entries(value)) {
    if (name !== 'import' && name !== 'node' && name !== 'default') continue;
    const found = condition(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}
