import { expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = join(import.meta.dirname, '../src');
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((one) =>
  /\.tsx?$/.test(one),
);
const read = (isText: boolean): string =>
  files
    .filter((one) => one.startsWith('i18n/') === isText)
    .map((one) => readFileSync(join(SOURCES, one), 'utf8'))
    .join('\n');

it('every text is used', () => {
  const code = read(false);
  const keys = [...read(true).matchAll(/^ +'([\w.]+)':/gm)].map(([, key]) => key!);
  // Some keys are composed of a prefix and a value.
  const beginnings = [...code.matchAll(/`([\w.]+\.)\$\{/g)].map(([, beginning]) => beginning!);
  const unused = keys.filter(
    (key) => !code.includes(`'${key}'`) && !beginnings.some((beginning) => key.startsWith(beginning)),
  );
  expect(keys.length).toBeGreaterThan(500);
  expect(unused).toEqual([]);
});
