import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Destination, isDestination } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { loadDefinition } from '@waybill/segment';
import { Failure } from './failure.ts';

/** Begins the name of a definition that is published for Segment's framework: `segment:braze`. */
const PUBLISHED = 'segment:';

/**
 * The destinations of a server: Waybill's own, and those named. A name is a module, by path or package, that exports
 * destinations, or `segment:<slug>` for a published definition. Both threads of a server load the same names.
 * Throws a Failure that says what could not be loaded.
 */
export async function loadDestinations(names: readonly string[]): Promise<readonly Destination[]> {
  const loaded: Destination[] = [...destinations];
  for (const name of names) {
    const found = name.startsWith(PUBLISHED)
      ? [await published(name.slice(PUBLISHED.length))]
      : await exported(name);
    for (const one of found) {
      if (loaded.some(({ slug }) => slug === one.slug)) {
        throw new Failure('workspace_duplicate_id', `${name}: there is a destination "${one.slug}" already.`);
      }
      loaded.push(one);
    }
  }
  return loaded;
}

async function published(slug: string): Promise<Destination> {
  let found: Destination | undefined;
  try {
    found = await loadDefinition(slug);
  } catch (error) {
    throw new Failure('workspace_unknown_destination', `segment:${slug}: ${(error as Error).message}`);
  }
  if (found === undefined) {
    throw new Failure('workspace_unknown_destination', `There is no published definition "${slug}".`);
  }
  return found;
}

async function exported(name: string): Promise<readonly Destination[]> {
  const file = resolve(name);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(existsSync(file) ? pathToFileURL(file).href : name)) as Readonly<
      Record<string, unknown>
    >;
  } catch (error) {
    throw new Failure(
      'workspace_unknown_destination',
      `${name} cannot be loaded: ${(error as Error).message}`,
    );
  }
  const found = [...new Set(Object.values(module).flat().filter(isDestination))];
  if (found.length > 0) return found;
  throw new Failure(
    'workspace_unknown_destination',
    `${name} exports no destination. Export what defineDestination returns.`,
  );
}
