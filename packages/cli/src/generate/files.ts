import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDestinations, projectOf } from '../author/project.ts';
import { withDiffTable } from '../diff/page.ts';
import { CommandFailure, EXIT } from '../output/exit.ts';
import { withRuleTable } from '../validate/page.ts';
import { errorsPage } from './docs.ts';
import { schemaFiles } from './schemas.ts';
import { typeFiles } from './types.ts';

/** What can be generated. */
export type Part = 'schemas' | 'docs' | 'types';

/**
 * Every generated file of a repository: path and text. A package of a destination gets the schemas and types of its own
 * destinations; the pages are those of Waybill's repository.
 */
export async function generatedFiles(
  root: string = process.cwd(),
  wanted?: readonly Part[],
): Promise<ReadonlyMap<string, string>> {
  const destinations = await projectDestinations(root);
  const ours = projectOf(root) === 'waybill';
  const parts = wanted ?? (ours ? ['schemas', 'docs', 'types'] : ['schemas', 'types']);
  const files = new Map<string, string>();
  if (parts.includes('docs')) {
    if (!ours) {
      throw new CommandFailure(
        'The pages in docs are those of Waybill itself; "waybill generate page" writes the page of your destination.',
        EXIT.usage,
      );
    }
    files.set('docs/errors.md', errorsPage());
    files.set('docs/validate.md', withRuleTable(page(root, 'docs/validate.md')));
    files.set('docs/diff.md', withDiffTable(page(root, 'docs/diff.md')));
  }
  if (parts.includes('schemas')) {
    for (const [name, text] of schemaFiles(destinations)) files.set(`schemas/${name}`, text);
  }
  if (parts.includes('types')) {
    for (const [name, text] of await typeFiles(destinations)) files.set(`schemas/${name}`, text);
  }
  return files;
}

/** A page that people write around a generated table. */
function page(root: string, name: string): string {
  try {
    return readFileSync(join(root, name), 'utf8');
  } catch {
    return '<!-- generated:start -->\n<!-- generated:end -->\n';
  }
}
