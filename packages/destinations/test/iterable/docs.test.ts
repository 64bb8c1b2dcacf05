import { describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';

import { PARTS, regenerated } from './docs.ts';

const file = new URL('../../../../docs/destinations/iterable.md', import.meta.url);

/** The page without what only the formatter decides. */
const plain = (page: string): string =>
  page
    .replace(/-{3,}/g, '---')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n+/g, '\n');

describe('docs/destinations/iterable.md', () => {
  const page = readFileSync(file, 'utf8');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, regenerated(page));

  it('has the tables that the definition makes (UPDATE_DOCS=1 writes them; then format the page)', () => {
    expect(plain(page)).toBe(plain(regenerated(page)));
  });

  it.each(Object.keys(PARTS))('has the part "%s"', (name) => {
    expect(page).toContain(`<!-- generated: ${name} -->`);
  });
});
