import type { Destination } from '@waybill/core';
import { loadDefinition } from '@waybill/segment';
import { Failure } from './failure.ts';
import { loadModule, type ModuleFailure } from '@waybill/definitions/modules';

/** Begins the name of a definition that is published for Segment's framework: `segment:braze`. */
const PUBLISHED = 'segment:';

/**
 * The destinations of one name: a module file, a package folder or an installed package that exports them, or `segment:<slug>` for
 * a published definition. Runs its code here. Throws a Failure that says what could not be loaded.
 */
export async function loadNamed(name: string): Promise<readonly Destination[]> {
  return name.startsWith(PUBLISHED) ? [await published(name.slice(PUBLISHED.length))] : exported(name);
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

/** The failure of a name that cannot be loaded. */
export function failed(name: string, { message, remedy, issues }: ModuleFailure): Failure {
  return new Failure('module_failed', `${name} cannot be loaded: ${message}\n${remedy}`, issues);
}
