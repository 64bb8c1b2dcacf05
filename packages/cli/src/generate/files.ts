import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinations } from '@waybill/destinations';
import { withDiffTable } from '../diff/page.ts';
import { withRuleTable } from '../validate/page.ts';
import { errorsPage } from './docs.ts';
import { schemaFiles } from './schemas.ts';
import { typeFiles } from './types.ts';

/** What can be generated. */
export type Part = 'schemas' | 'docs' | 'types';

/** Every generated file of a repository: path and text. */
export async function generatedFiles(
  root: string = process.cwd(),
  parts: readonly Part[] = ['schemas', 'docs', 'types'],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  if (parts.includes('docs')) {
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
