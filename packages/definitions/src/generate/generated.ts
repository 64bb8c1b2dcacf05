import type { WorkspaceDefinitions } from '@waybill/core';
import { withChangeTable } from './change-table.ts';
import { errorsPage } from './errors-page.ts';
import { withRuleTable } from './rule-table.ts';
import { schemaFiles } from './schemas.ts';
import { typeFiles } from './types.ts';

/** What can be generated. */
export type Part = 'schemas' | 'docs' | 'types';

/** A page that people write around a generated table. */
const EMPTY_PAGE = '<!-- generated:start -->\n<!-- generated:end -->\n';

/** What to generate, and from what: the destinations get schemas and types, sources and processors a place in the workspace. */
export interface GenerateInput extends WorkspaceDefinitions {
  readonly parts: readonly Part[];
  /** The text of a page as it is now, of which only the generated table is replaced; undefined when there is none. */
  readonly page?: (path: string) => string | undefined;
}

/** Every generated file of a repository: path and text. The pages are those of Waybill's own repository. */
export async function generatedFiles({
  parts,
  page = () => undefined,
  ...definitions
}: GenerateInput): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  if (parts.includes('docs')) {
    files.set('docs/errors.md', errorsPage());
    files.set('docs/validate.md', withRuleTable(page('docs/validate.md') ?? EMPTY_PAGE));
    files.set('docs/diff.md', withChangeTable(page('docs/diff.md') ?? EMPTY_PAGE));
  }
  if (parts.includes('schemas')) {
    for (const [name, text] of schemaFiles(definitions)) files.set(`schemas/${name}`, text);
  }
  if (parts.includes('types')) {
    for (const [name, text] of await typeFiles(definitions.destinations)) files.set(`schemas/${name}`, text);
  }
  return files;
}
