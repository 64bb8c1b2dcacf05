import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shopSettings } from '@waybill/core';
import { shops } from '@waybill/sources';

const WORDS = {
  webhook: 'webhook',
  poll: 'poll',
  both: 'webhook and poll',
  storefront: 'storefront',
  written: 'written',
  no: 'no',
};

/** Pages with a row for every setting and stream. */
const DETAILED = ['magento2', 'ultracart'];

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

function pageOf(slug: string): string {
  return readFileSync(join(import.meta.dirname, `../../../docs/sources/${slug}.md`), 'utf8');
}

describe.each(shops)('the page of $name', ({ slug, shop, settings }) => {
  it('lists the capabilities of the platform', () => {
    const told = shop!.capabilities.map(({ what, how, note = '' }) => `|${what}|${WORDS[how]}|${note}|`);
    expect(rowsOf(pageOf(slug))).toEqual(expect.arrayContaining(told));
  });

  it('has each of its settings', () => {
    for (const name of ownOf(settings)) expect(pageOf(slug)).toContain(`\`${name}\``);
  });
});

it.each(shops.filter(({ slug }) => DETAILED.includes(slug)))(
  'the page of $name has a row for every setting and stream',
  ({ slug, shop, settings }) => {
    for (const name of [...ownOf(settings), ...Object.keys(shop!.streams)])
      expect(pageOf(slug)).toContain(`| \`${name}\` `);
  },
);

function ownOf(settings: object): readonly string[] {
  return Object.keys(settings).filter((name) => !Object.hasOwn(shopSettings, name));
}
