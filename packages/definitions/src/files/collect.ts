import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { isDestinationPackage, packageEntry } from '../modules.ts';
import type { Source } from '../text/source.ts';
import { type Collection, type Document, documentOf } from '../validate/documents.ts';
import { blocksOf } from '../validate/pages.ts';
import type { FileSubject, Kind } from '../validate/rule.ts';
import { modulePath, type Own, readDefinitionModule } from './definition-module.ts';

/** A path that cannot be checked: an error in the command line. */
export class PathError extends Error {}

/** Returns the absolute path of the entry module of a package folder. */
export function entryOf(folder: string): string {
  const at = resolve(folder);
  const found = packageEntry(at);
  if (found !== undefined) return found;
  throw new PathError(
    `There is no destination and no source in ${at}: it has no src/index.ts, and package.json names no module that exists. Create one with "waybill init".`,
  );
}

/** Reads a file, or all files of known kinds in a folder. */
export async function collect(path: string, into: Collection, as: Kind | undefined, own: Own): Promise<void> {
  if (!existsSync(path)) throw new PathError(`There is no file or folder at ${path}.`);
  if (statSync(path).isDirectory()) {
    if (isDestinationPackage(path)) await collectModule(entryOf(path), into, own);
    for (const file of filesBelow(path)) readKnown(file, into, as);
    return;
  }
  const module = modulePath(path);
  if (module !== undefined) {
    await collectModule(module, into, own);
    return;
  }
  const extension = extname(path);
  if (extension === '.md') readPage(path, into);
  else if (extension === '.json') into.documents.push(readDocument(path, as));
  else throw new PathError(`${path} is neither JSON nor a module (.js, .mjs, .ts) nor a page (.md).`);
}

/** Loads a module and collects its exports. Runs its code. */
export async function collectModule(path: string, into: Collection, own: Own): Promise<void> {
  const source: Source = { name: shown(path), isFile: true };
  const { destinations, sources = [], failure } = await readDefinitionModule(path, own);
  const file: FileSubject = { source, faults: [], kind: undefined, value: undefined, failure };
  into.modules.push({ source, file, destinations, sources });
}

function readDocument(path: string, as: Kind | undefined): Document {
  return documentOf(shown(path), readFileSync(path, 'utf8'), as);
}

/** Files of unknown kinds in a folder are ignored. */
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
