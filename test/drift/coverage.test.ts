import { expect, it } from 'vitest';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const rows = [
  ...readFileSync(join(root, 'docs/sources/coverage.md'), 'utf8').matchAll(/^\| R(\d+) +\|.*\|([^|]*)\|$/gm),
];

it('what is asked of a shop stands in one row each', () => {
  expect(rows.map(([, number]) => Number(number))).toEqual(
    Array.from({ length: 94 }, (_one, index) => index + 1),
  );
});

it('every test that is said to show it is there', () => {
  const named = new Set(
    rows.flatMap(([, , tests]) => [...tests!.matchAll(/`([^`]+)`/g)].map(([, path]) => path!)),
  );
  expect(named.size).toBeGreaterThan(10);
  expect([...named].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
