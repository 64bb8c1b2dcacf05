import { describe, expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';

import { plain, regenerated } from '../tables.ts';
import { PARTS } from './docs.ts';

const file = new URL('../../../../docs/destinations/iterable.md', import.meta.url);

describe('docs/destinations/iterable.md', () => {
  const page = readFileSync(file, 'utf8');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, regenerated(page, PARTS));

  it('has the tables of the definition (UPDATE_DOCS=1 writes them; then format the page)', () => {
    expect(plain(page)).toBe(plain(regenerated(page, PARTS)));
  });

  it.each(Object.keys(PARTS))('has the section "%s"', (name) => {
    expect(page).toContain(`<!-- generated: ${name} -->`);
  });
});
