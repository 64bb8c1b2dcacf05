import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shopSettings } from '@waybill/core';
import { commercetools } from './shop.ts';

const WORDS = {
  webhook: 'webhook',
  poll: 'poll',
  both: 'webhook and poll',
  storefront: 'storefront',
  no: 'no',
};

/** The cells of every row of every table. */
function rowsOf(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    );
}

describe('the page of commercetools', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/sources/commercetools.md'), 'utf8');
  const rows = rowsOf(page);

  it('has what the platform can tell', () => {
    const { capabilities } = commercetools.shop!;
    expect(rows).toEqual(
      expect.arrayContaining(
        capabilities.map(({ what, how, note = '' }) => `|${what}|${WORDS[how]}|${note}|`),
      ),
    );
  });

  it('has every setting of its own', () => {
    const own = Object.keys(commercetools.settings).filter((name) => !Object.hasOwn(shopSettings, name));
    for (const name of own) expect(page).toContain(`\`${name}\``);
  });
});
