import { loadDefinition } from '@waybill/segment';
import { Failure } from './failure.ts';
import { type Exported, loadDefinitions, type ModuleFailure } from '@waybill/definitions/modules';

/** The prefix of names of definitions for Segment's framework: `segment:braze`. */
const PUBLISHED = 'segment:';

/**
 * Loads a definition by name: a module file, a package folder or an installed package that exports destinations or sources, or
 * `segment:<slug>` for a published definition. Runs its code here. Throws a Failure when it could not be loaded.
 */
export async function loadNamed(name: string): Promise<Exported> {
  const slug = publishedSlug(name);
  if (slug === undefined) return exported(name);
  return { destinations: [await published(slug)], sources: [] };
}

/** Returns the slug of the published definition for a name; undefined for a module. */
export function publishedSlug(name: string): string | undefined {
  return name.startsWith(PUBLISHED) ? name.slice(PUBLISHED.length) : undefined;
}

async function published(slug: string): Promise<Exported['destinations'][number]> {
  let found: Awaited<ReturnType<typeof loadDefinition>>;
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

async function exported(name: string): Promise<Exported> {
  const loaded = await loadDefinitions(name);
  if (loaded.ok) return loaded;
  throw failed(name, loaded.failure);
}

/** Creates the failure for a name that cannot be loaded. */
export function failed(name: string, { message, remedy, issues }: ModuleFailure): Failure {
  return new Failure('module_failed', `${name} cannot be loaded: ${message}\n${remedy}`, issues);
}
