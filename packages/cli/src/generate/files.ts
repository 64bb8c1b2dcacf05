import { routesPage } from '@waybill/api';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles, type Part } from '@waybill/definitions';
import { projectOf } from '@waybill/definitions/files';
import { processors, sources } from '@waybill/ingest';
import { projectDestinations } from '../author/project.ts';
import { CommandFailure, EXIT } from '../output/exit.ts';

/**
 * Returns every generated file of the project in a folder. A package of a destination gets the schemas and types of its own
 * destinations; the pages are those of Waybill's repository.
 */
export async function projectFiles(
  root: string,
  wanted?: readonly Part[],
): Promise<ReadonlyMap<string, string>> {
  const destinations = await projectDestinations(root);
  const ours = projectOf(root) === 'waybill';
  const parts: readonly Part[] = wanted ?? (ours ? ['schemas', 'docs', 'types'] : ['schemas', 'types']);
  if (parts.includes('docs') && !ours) {
    throw new CommandFailure(
      'The pages in docs are those of Waybill itself; "waybill generate page" writes the page of your destination.',
      EXIT.usage,
    );
  }
  const page = (path: string): string | undefined => {
    const file = join(root, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  const files = await generatedFiles({
    destinations,
    sources,
    processors,
    parts,
    page,
  });
  return parts.includes('docs') ? new Map([...files, ['docs/api.md', routesPage()]]) : files;
}
