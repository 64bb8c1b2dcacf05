import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderDirectiveDocs, renderRuleDocs } from '../../src/mapping/index.ts';

const DOCS = new URL('../../../../docs/', import.meta.url);

/** The words of a document: the formatter may wrap lines and pad, and change nothing else. */
function words(text: string): string {
  return text.replaceAll(/\s+/g, '').replaceAll(/[\\*_]/g, '');
}

// UPDATE_DOCS=1 writes them; then format the pages.
test.each([
  ['directives.md', renderDirectiveDocs],
  ['compatibility/mapping.md', renderRuleDocs],
])('docs/%s matches the code', (file, render) => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(new URL(file, DOCS), render());
  expect(words(readFileSync(new URL(file, DOCS), 'utf8'))).toBe(words(render()));
});
