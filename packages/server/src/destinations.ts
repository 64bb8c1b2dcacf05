import type { Destination } from '@waybill/core';
import { destinations } from '@waybill/destinations';
import { loadDefinition } from '@waybill/segment';
import { Failure } from './failure.ts';
import { duplicate, loadModule, type ModuleFailure } from './modules.ts';

/** Begins the name of a definition that is published for Segment's framework: `segment:braze`. */
const PUBLISHED = 'segment:';

/**
 * The destinations of a server: Waybill's own, and those named. A name is a module file, a package folder or an installed
 * package that exports destinations, or `segment:<slug>` for a published definition. Both threads of a server load the same names.
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
        throw failed(name, duplicate(one.slug));
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
  const loaded = await loadModule(name);
  if (loaded.ok) return loaded.destinations;
  throw failed(name, loaded.failure);
}

function failed(name: string, { message, remedy, issues }: ModuleFailure): Failure {
  return new Failure('module_failed', `${name} cannot be loaded: ${message}\n${remedy}`, issues);
}
