import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packages, root, sources } from '../architecture/sources.ts';

/** What the page is generated from: naming a variable there is not reading it. */
const TABLE = 'packages/cli/src/reference/variables.ts';

/** Names that are not settings: those that a command passes to its children, and an example in a comment. */
const INNER = new Set(['WAYBILL_OWN_NODE', 'WAYBILL_SHOP_WRITE_KEY']);
const NAME = /\b(?:WAYBILL|OTEL)_[A-Z_]*[A-Z]\b/g;

it('docs/settings.md has every variable of the code, each in one row, and no other', () => {
  const read = packages.flatMap((name) =>
    sources(name)
      .filter((file) => !file.endsWith(TABLE))
      .flatMap((file) => readFileSync(file, 'utf8').match(NAME) ?? []),
  );
  const page = readFileSync(join(root, 'docs/settings.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `((?:WAYBILL|OTEL)_[A-Z_]+)`/gm)].map(([, name = '']) => name);
  const wanted = [...new Set(read)].filter((name) => !INNER.has(name));
  expect(rows.toSorted()).toEqual(wanted.toSorted());
});

it('defaults that two pages name are equal', () => {
  const defaults = (file: string): Map<string, string> =>
    new Map(
      [...readFileSync(join(root, file), 'utf8').matchAll(/^\| `(WAYBILL_\w+)` +\| ([^|]+?) +\|/gm)].map(
        ([, name = '', value = '']) => [name, value],
      ),
    );
  const settings = defaults('docs/settings.md');
  for (const file of ['docs/operations.md', 'docs/containment.md']) {
    const named = [...defaults(file)];
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter(([name, value]) => settings.get(name) !== value)).toEqual([]);
  }
});
