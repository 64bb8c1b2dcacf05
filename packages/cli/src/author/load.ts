import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Destination, isDestination } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { CommandFailure, EXIT } from '../output/exit.ts';

const ENTRIES = ['src/index.ts', 'index.ts', 'dist/index.js', 'index.js'];

/** The file of a destination module: the file itself, or the entry of a folder. */
export function moduleFile(given: string | undefined, cwd: string = process.cwd()): string {
  const at = resolve(cwd, given ?? '.');
  if (!existsSync(at)) {
    const known = destinations.map(({ slug }) => slug).join(', ');
    throw new CommandFailure(
      `There is no file or folder "${given}", and no destination of that name (known: ${known}).`,
      EXIT.usage,
    );
  }
  if (statSync(at).isFile()) return at;
  const found = ENTRIES.map((name) => join(at, name)).find((file) => existsSync(file));
  if (found === undefined) {
    throw new CommandFailure(
      `There is no destination in ${at}: none of ${ENTRIES.join(', ')} is there. Make one with "waybill init".`,
      EXIT.usage,
    );
  }
  return found;
}

/** One of our destinations by its name; a file or folder of that name goes before it. */
export function ownDestination(given: string | undefined): Destination | undefined {
  const own = destinations.find(({ slug }) => slug === given);
  return own === undefined || existsSync(resolve(own.slug)) ? undefined : own;
}

/** Loads a destination: one of ours by its name, or a module that exports one. */
export async function loadDestination(given?: string): Promise<Destination> {
  return ownDestination(given) ?? importDestination(moduleFile(given));
}

/** Imports a module and finds the destination among its exports. */
export async function importDestination(file: string): Promise<Destination> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`${file} cannot be loaded: ${message}`);
  }
  const found = [...new Set(Object.values(module).filter(isDestination))];
  if (found.length === 1) return found[0]!;
  throw new CommandFailure(
    found.length === 0
      ? `${file} exports no destination. Export what defineDestination returns.`
      : `${file} exports several destinations: ${found.map(({ slug }) => slug).join(', ')}. Name a file that exports one.`,
  );
}
