import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { magento2 } from '../../src/magento2/index.ts';

it('the documentation has the capabilities of the source', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/sources/magento2.md'), 'utf8');
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, 4)
      .map((cell) => cell.trim());
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map(cells);
  const table = magento2.shop!.capabilities.map(({ what, how, note }) => [what, how, note ?? '']);
  expect(rows).toEqual(expect.arrayContaining(table));
  for (const stream of Object.keys(magento2.shop!.streams)) expect(text).toContain(`| \`${stream}\``);
});
