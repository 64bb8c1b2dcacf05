import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

(skipped ? describe.skip : describe)('the settings page', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  const tab = async (name: string): Promise<void> => {
    await open.page.getByRole('tab', { name }).click();
  };
  const axe = async (): Promise<void> => expect(await findings(open)).toEqual([]);

  it('creates a token, shows it once, renews it and removes it', async () => {
    const { page, harness } = open;
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ci');
    await page.getByRole('combobox', { name: 'Role' }).selectOption('edit');
    await axe();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Create token' }).click();
    const shown = page.getByText(/^wb_/);
    const first = (await shown.textContent()) ?? '';
    const status = async (token: string): Promise<number> =>
      (await fetch(`${harness.server.url}/api/session`, { headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect(await status(first)).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Renew the token “ci”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
    await shown.waitFor();
    const second = (await shown.textContent()) ?? '';
    expect([await status(first), await status(second)]).toEqual([401, 200]);
    await page.getByRole('button', { name: 'Remove the token “ci”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('row', { name: /^ci/ }).waitFor({ state: 'detached' });
    expect(await status(second)).toBe(401);
    expectNoFaults(open);
  });

  it('renews its own token, and stays signed in', async () => {
    const { page, harness } = open;
    const before = harness.server.adminToken;
    await page.getByRole('button', { name: 'Renew the token “admin”' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Renew' }).click();
    await page.getByText(/^wb_/).waitFor();
    await page.getByRole('cell', { name: /by admin/ }).waitFor();
    expect(harness.server.adminToken).not.toBe(before);
    expect(await page.getByText(/^wb_/).textContent()).toBe(harness.server.adminToken);
    await page.getByRole('button', { name: 'Done' }).click();
    expectNoFaults(open);
  });

  it('reports an invalid name, with remedy and code, and keeps the input', async () => {
    const { page } = open;
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('admin');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('token_name_taken').waitFor();
    await page.getByText('Choose another name').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('admin');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('previews an import before it applies it, and the audit log then has the difference', async () => {
    const { page, harness } = open;
    const { body: workspace } = await harness.admin('workspace');
    const next = {
      ...workspace,
      sources: [...workspace.sources, { id: 'blog', name: '<b>Blog</b>', writeKey: 'blog-key' }],
    };
    const file = join(harness.dataDir, 'import.json');
    writeFileSync(file, JSON.stringify(next));
    await tab('Export and import');
    expect(page.url()).toContain('tab=workspace');
    await page.getByRole('textbox', { name: 'Workspace as JSON' }).fill('{"sources":');
    await page.getByText(/This is not valid JSON/).waitFor();
    await page.getByLabel('Workspace file').setInputFiles(file);
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByRole('heading', { name: '1 change' }).waitFor();
    await page.getByRole('cell', { name: 'sources.blog' }).waitFor();
    await axe();
    expect((await harness.admin('sources/blog')).status).toBe(404);
    await page.getByRole('textbox', { name: 'Note for the history' }).fill('a second source');
    await page.getByRole('button', { name: 'Apply 1 change' }).click();
    await page.getByText('Applied.').waitFor();
    expect((await harness.admin('sources/blog')).body.name).toBe('<b>Blog</b>');
    await tab('Audit log');
    const entry = page.getByRole('listitem').filter({ hasText: 'a second source' }).first();
    await entry.getByText('Difference').click();
    await entry.getByRole('cell', { name: 'sources.blog' }).waitFor();
    await axe();
    expectNoFaults(open);
  });

  it('reports why an import would be refused, and does not offer to apply it', async () => {
    const { page } = open;
    await tab('Export and import');
    const wrong = '{"sources":[],"destinations":[{"id":"x","type":"nothing","settings":{}}]}';
    await page.getByRole('textbox', { name: 'Workspace as JSON' }).fill(wrong);
    await page.getByRole('button', { name: 'Preview changes' }).click();
    await page.getByText('It would be rejected:').waitFor();
    await page.getByText(/The destination “iterable” is removed/).waitFor();
    expect(await page.getByRole('button', { name: /^Apply/ }).count()).toBe(0);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download workspace' }).click();
    expect((await download).suggestedFilename()).toBe('waybill-workspace.json');
    expectNoFaults(open);
  });

  it('deletes a user only after the name is typed again', async () => {
    const { page } = open;
    await tab('Delete a user');
    await page.getByRole('textbox', { name: 'User ID' }).fill('ada');
    await page.getByRole('button', { name: 'Delete user …' }).click();
    const now = page.getByRole('dialog').getByRole('button', { name: 'Delete user' });
    expect(await now.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Type ada to confirm' }).fill('ada');
    await axe();
    await now.click();
    await page.getByRole('heading', { name: 'Responses of the destinations' }).waitFor();
    const entries = page.getByRole('list', { name: 'Deleted users' }).getByRole('listitem');
    await entries.filter({ hasText: 'ada deleted, events are refused' }).first().waitFor();
    await axe();
    await page.getByRole('button', { name: 'Accept events of ada again' }).click();
    await entries.filter({ hasText: 'ada events are accepted again' }).first().waitFor();
    await tab('Audit log');
    await page.getByText('POST /api/deletions').first().waitFor();
  });

  it('shows retention and limits, and switches the appearance, after a reload too', async () => {
    const { page, harness } = open;
    await page.goto(`${harness.server.url}/console/settings?tab=server`);
    await page.getByRole('row', { name: /Days that dead letters are kept 90/ }).waitFor();
    await axe();
    await tab('Appearance');
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    expectNoFaults(open);
  });

  it('asks to sign in again when the session has ended', async () => {
    const { page } = open;
    await open.context.clearCookies();
    await page.getByRole('tab', { name: 'Protokoll' }).click();
    await page.getByRole('button', { name: 'Anmelden' }).waitFor();
    expectNoFaults(open);
  });

  it('hides the tokens from roles without permission', async () => {
    const { page, harness } = open;
    const { body } = await harness.admin('tokens', {
      method: 'POST',
      body: { name: 'reader', role: 'read' },
    });
    await open.context.clearCookies();
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${harness.server.url}/console/settings`);
    await page.getByRole('textbox', { name: 'Admin token' }).fill(body.token as string);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Tokens require the role admin.').waitFor();
    await page.getByText('You are signed in as reader, with the role read.').waitFor();
    expectNoFaults(open);
  });
});
