import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { Destination } from '@waybill/core';
import { isDestinationPackage } from '@waybill/server';
import { moduleFile } from '../author/load.ts';
import { modulePath, readDefinitionModule } from './modules.ts';
import { type Block, blocksOf } from './pages.ts';
import type { FileSubject, Kind } from './rule.ts';
import { jsonSource, type Source } from '@waybill/server';

/** A document that was read, and for what it was taken. */
export interface Document {
  readonly file: FileSubject;
  readonly kind: Kind | undefined;
  readonly value: unknown;
  /** The folder it lies in: for presets the slug of their destination. */
  readonly folder: string | undefined;
}

/** Everything that is to be checked, as it was read. */
export interface Collection {
  readonly documents: Document[];
  readonly modules: {
    readonly source: Source;
    readonly file: FileSubject;
    readonly destinations: readonly Destination[];
  }[];
  readonly examples: Extract<Block, { kind: 'example' }>['subject'][];
  /** Pages that were read. */
  pages: number;
}

/** A path that cannot be checked at all: a mistake of the command line. */
export class PathError extends Error {}

/** Nothing collected yet. */
export function emptyCollection(): Collection {
  return { documents: [], modules: [], examples: [], pages: 0 };
}

/** Reads what a path names: a file, or a folder with everything in it that is known. */
export async function collect(path: string, into: Collection, as: Kind | undefined): Promise<void> {
  if (!existsSync(path)) throw new PathError(`There is no file or folder at ${path}.`);
  if (statSync(path).isDirectory()) {
    if (isDestinationPackage(path)) await collectModule(moduleFile(path), into);
    for (const file of filesBelow(path)) readKnown(file, into, as);
    return;
  }
  const module = modulePath(path);
  if (module !== undefined) {
    await collectModule(module, into);
    return;
  }
  const extension = extname(path);
  if (extension === '.md') readPage(path, into);
  else if (extension === '.json') into.documents.push(readDocument(path, as));
  else throw new PathError(`${path} is neither JSON nor a module (.js, .mjs, .ts) nor a page (.md).`);
}

/** Reads a module and the destinations it exports. Runs its code. */
export async function collectModule(path: string, into: Collection): Promise<void> {
  const source: Source = { name: shown(path), isFile: true };
  const { destinations, failure } = await readDefinitionModule(path);
  const file: FileSubject = { source, faults: [], kind: undefined, value: undefined, failure };
  into.modules.push({ source, file, destinations });
}

/** Reads one JSON text. */
export function documentOf(name: string, text: string, as: Kind | undefined, above = 0): Document {
  const { source, value, faults } = jsonSource(name, text, above);
  const kind = as ?? kindOf(value);
  return {
    file: { source, faults, kind, value },
    kind,
    value,
    folder: basename(dirname(name)) || undefined,
  };
}

function readDocument(path: string, as: Kind | undefined): Document {
  return documentOf(shown(path), readFileSync(path, 'utf8'), as);
}

/** In a folder, what is of no known kind is somebody else's. */
function readKnown(path: string, into: Collection, as: Kind | undefined): void {
  if (extname(path) === '.md') {
    readPage(path, into);
    return;
  }
  const document = readDocument(path, as);
  const foreign =
    document.kind === undefined && (document.file.faults.length === 0 || !/preset|waybill/.test(path));
  if (!foreign) into.documents.push(document);
}

function readPage(path: string, into: Collection): void {
  into.pages += 1;
  const name = shown(path);
  for (const block of blocksOf(name, readFileSync(path, 'utf8'))) {
    if (block.kind === 'example') into.examples.push(block.subject);
    else into.documents.push(documentOf(name, block.text, block.kind, block.above));
  }
}

function* filesBelow(folder: string): Iterable<string> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(?:json|md)$/.test(entry.name)) yield path;
  }
}

function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** What a JSON value is, by the members it has. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const schema = /schemas\/(definition|preset|workspace)\.json$/.exec(
    String((value as { $schema?: unknown }).$schema),
  );
  if (schema !== null) return schema[1] as Kind;
  const has = (member: string): boolean => Object.hasOwn(value, member);
  if (has('$schema') && /json-schema\.org/.test(String((value as { $schema?: unknown }).$schema)))
    return undefined;
  if (has('actions')) return has('authentication') || has('mode') ? 'metadata' : 'definition';
  if (has('sources') && has('destinations')) return 'workspace';
  if (has('action') && (has('mapping') || has('trigger') || has('eventSlug'))) return 'preset';
  if (has('slug') && (has('mapping') || has('trigger') || has('eventSlug'))) return 'preset';
  return undefined;
}
