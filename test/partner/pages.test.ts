import { expect, it } from 'vitest';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openPartner } from './package.ts';

const docs = resolve(import.meta.dirname, '../../docs');

/** The first block of a language on a page. */
function block(page: string, language: string): string {
  const text = readFileSync(join(docs, page), 'utf8');
  return text.split(`\`\`\`${language}\n`)[1]!.split('\n```')[0]!;
}

it("the workspace of Segment's page is valid, and is refused without the definition", async () => {
  const partner = openPartner();
  partner.write('waybill.json', block('segment.md', 'json workspace'));
  const without = await partner.waybill('validate', 'waybill.json');
  expect(without).toMatchObject({ code: 1, out: expect.stringContaining('workspace_unknown_reference') });
  const checked = await partner.waybill('validate', '--with', 'segment:actions-webhook', 'waybill.json');
  expect(checked).toMatchObject({ code: 0, out: 'Checked 1 workspace: no problems.\n' });
  partner.remove();
}, 60_000);

it('the action of its page is valid, for the reason on the page', async () => {
  const partner = openPartner();
  const code = block('actions.md', 'ts');
  const definition = `import { defineDestination } from '@waybill/core';
${code}
export const news = defineDestination({ slug: 'news', name: 'News', description: 'News.', settings: {}, actions: { addMember } });
`;
  writeFileSync(join(partner.folder, 'news.ts'), definition);
  expect(await partner.waybill('validate', 'news.ts', '--max-warnings', '0')).toMatchObject({
    code: 0,
    out: 'Checked 1 destination, 1 action: no problems.\n',
  });
  writeFileSync(join(partner.folder, 'other.ts'), definition.replace(/ {4}allOrNothing.*\n/, ''));
  expect((await partner.waybill('validate', 'other.ts')).out).toContain('batch_results_ignored');
  partner.remove();
}, 60_000);
