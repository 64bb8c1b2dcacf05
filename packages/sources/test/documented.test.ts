import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shops } from '@waybill/sources';

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

describe.each(shops.map((source) => [source.slug, source] as const))('the page of %s', (slug, source) => {
  const page = readFileSync(join(import.meta.dirname, `../../../docs/sources/${slug}.md`), 'utf8');
  const rows = rowsOf(page);

  it('has what the platform can tell', () => {
    const { capabilities } = source.shop!;
    expect(rows).toEqual(
      expect.arrayContaining(
        capabilities.map(({ what, how, note = '' }) => `|${what}|${WORDS[how]}|${note}|`),
      ),
    );
  });

  it('has every setting of its own', () => {
    const shared = ['identity', 'userIdPrefix', 'phoneCountry', 'testOrders', 'leaveOut'];
    for (const name of Object.keys(source.settings).filter((one) => !shared.includes(one)))
      expect(page).toContain(`\`${name}\``);
  });
});
