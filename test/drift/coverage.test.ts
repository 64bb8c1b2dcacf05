import { expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const rows = [
  ...readFileSync(join(root, 'docs/sources/coverage.md'), 'utf8').matchAll(/^\| R(\d+) +\|.*\|([^|]*)\|$/gm),
];

it('every request to a shop is in one row', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 94 }, (_one, index) => index + 1),
  );
});

it('every test named as its proof exists', () => {
  const named = new Set(
    rows.flatMap(([, , tests]) => [...tests!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!)),
  );
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
