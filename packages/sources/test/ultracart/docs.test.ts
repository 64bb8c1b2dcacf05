import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shopSettings } from '@waybill/core';
import { streams, ultracart } from './shop.ts';

it('the page of UltraCart has its capabilities, streams and settings', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/sources/ultracart.md'), 'utf8');
  const lines = page.split('\n').map((line) => line.replace(/ +/g, ' '));
  for (const { what, how, note } of ultracart.shop!.capabilities)
    expect(lines).toContain(note === undefined ? `| ${what} | ${how} | |` : `| ${what} | ${how} | ${note} |`);
  const own = Object.keys(ultracart.settings).filter((name) => !Object.hasOwn(shopSettings, name));
  for (const name of [...own, ...Object.keys(streams)]) expect(page).toContain(`| \`${name}\` `);
});
