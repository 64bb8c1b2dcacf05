import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Destination, Source } from '@waybill/core';
import { entryOf, type Own, PathError } from '@waybill/definitions/files';
import { loadDefinitions, loadModule } from '@waybill/definitions/modules';
import { destinations } from '@waybill/destinations';
import { processors, sources } from '@waybill/ingest';
import { loadDestinations } from '@waybill/server/destinations';
import { CommandFailure, EXIT } from '../output/exit.ts';

/** Waybill's own definitions, and the folder of the destinations. */
export const OWN: Own = {
  destinations,
  sources,
  processors,
  folder: dirname(dirname(fileURLToPath(import.meta.resolve('@waybill/destinations')))),
};

/** Returns the file of a destination module: the file itself, or the entry of a package folder. */
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
  try {
    return entryOf(at);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    throw new CommandFailure(error.message, EXIT.usage);
  }
}

/** Returns one of our destinations by name; a file or folder of that name takes precedence. */
export function ownDestination(given: string | undefined): Destination | undefined {
  const own = destinations.find(({ slug }) => slug === given);
  return own === undefined || existsSync(resolve(own.slug)) ? undefined : own;
}

/** Loads a destination: one of ours by name, or a module that exports one. */
export async function loadDestination(given?: string): Promise<Destination> {
  return ownDestination(given) ?? importDestination(moduleFile(given));
}

/** Imports a module and finds the destination among its exports. */
async function importDestination(file: string): Promise<Destination> {
  const loaded = await loadModule(file);
  if (!loaded.ok) {
    const { message, remedy } = loaded.failure;
    throw new CommandFailure(`${file} cannot be loaded: ${message}\n${remedy}`);
  }
  const [only, ...others] = loaded.destinations;
  if (only !== undefined && others.length === 0) return only;
  throw new CommandFailure(
    `${file} exports several destinations: ${loaded.destinations.map(({ slug }) => slug).join(', ')}. Name a file that exports one.`,
  );
}

/** Loads a source: one of ours by name, or a module that exports one. */
export async function loadSource(given: string): Promise<Source> {
  const own = sources.find(({ slug }) => slug === given);
  if (own !== undefined && !existsSync(resolve(given))) return own;
  if (!existsSync(resolve(given)))
    throw new CommandFailure(
      `There is no file or folder "${given}", and no source of that name (known: ${sources.map(({ slug }) => slug).join(', ')}).`,
      EXIT.usage,
    );
  const file = moduleFile(given);
  const loaded = await loadDefinitions(file);
  if (!loaded.ok)
    throw new CommandFailure(`${file} cannot be loaded: ${loaded.failure.message}\n${loaded.failure.remedy}`);
  const [only, ...others] = loaded.sources;
  if (only === undefined)
    throw new CommandFailure(`${file} exports no source. Export what \`defineSource\` made.`);
  if (others.length === 0) return only;
  throw new CommandFailure(
    `${file} exports several sources: ${loaded.sources.map(({ slug }) => slug).join(', ')}. Name a file that exports one.`,
  );
}

/** Loads the destinations of modules, packages and `segment:<slug>`, in a list or comma-separated, in addition to Waybill's own. */
export async function destinationsNamed(names: readonly string[] = []): Promise<readonly Destination[]> {
  const list = names.flatMap((one) => one.split(',')).filter((one) => one !== '');
  return (await loadDestinations(list)).filter((one) => !destinations.includes(one));
}
