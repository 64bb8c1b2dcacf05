import type { WorkspaceDefinitions } from '@waybill/core';
import { withChangeTable } from './change-table.ts';
import { errorsPage } from './errors-page.ts';
import { withRuleTable } from './rule-table.ts';
import { schemaFiles } from './schemas.ts';
import { typeFiles } from './types.ts';

/** A part that can be generated. */
export type Part = 'schemas' | 'docs' | 'types';

/** An empty page around a generated table. */
const EMPTY_PAGE = '<!-- generated:start -->\n<!-- generated:end -->\n';

/** The input of the generator: destinations get schemas and types, sources and processors a place in the workspace schema. */
export interface GenerateInput extends WorkspaceDefinitions {
  readonly parts: readonly Part[];
  /** Reads the current text of a page, in which only the generated table is replaced; undefined when there is none. */
  readonly page?: (path: string) => string | undefined;
}

/** Returns every generated file of a repository: path and content. The pages are those of Waybill's own repository. */
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
