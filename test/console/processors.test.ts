import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';
import { tooWide } from './layout.ts';

(skipped ? describe.skip : describe)('processors', () => {
  let open: OpenConsole;
  const happened = async (messageId: string, userId: string): Promise<void> => {
    await open.harness.track('track', { messageId, userId, event: 'Dummy Happened' });
    await open.harness.server.idle();
  };
  beforeAll(async () => {
    open = await openConsole();
    await happened('before', 'ada');
  }, 60_000);
  afterAll(() => open?.close());

  it('a processor is created, shows the state of a user and its next timers, is recomputed, changed and removed', async () => {
    const { page, go } = open;
    await go('/processors');
    await page.getByText('There is no processor yet.').waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Create processor' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Processor type').selectOption({ label: 'Dummy' });
    await dialog.getByText('Dummy Counted').waitFor();
    await dialog.getByLabel('Quiet').fill('3600000');
    expect(await findings(open, 'all', '[role=dialog]')).toEqual([]);
    await dialog.getByRole('button', { name: 'Create processor' }).click();
    await page.getByRole('heading', { name: 'dummy', level: 1 }).waitFor();

    await happened('after', 'bob');
    await page.getByRole('button', { name: 'bob' }).click();
    const found = page.getByRole('region', { name: 'Look up a user' });
    await found.getByText('u:bob').waitFor();
    await found.getByText('count: 1').waitFor();
    await found.getByLabel('Value').fill('ada');
    await found.getByRole('button', { name: 'Look up' }).click();
    await found.getByText('Nothing is stored for this user.').waitFor();

    const recompute = page.getByRole('region', { name: 'Recompute' });
    await recompute.getByRole('button', { name: 'Recompute' }).click();
    await recompute.getByText('1 of 2 users differs.').waitFor();
    await recompute.getByText('u:ada').waitFor();
    expect(await findings(open)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await recompute.getByRole('button', { name: 'Apply' }).click();
    await recompute.getByText('Applied.').waitFor();
    await found.getByLabel('Value').fill('ada');
    await found.getByRole('button', { name: 'Look up' }).click();
    await found.getByText('u:ada').waitFor();

    const settings = page.getByRole('region', { name: 'Settings' });
    await settings.getByLabel('Quiet').fill('-1');
    await settings.getByRole('button', { name: 'Save' }).click();
    await settings.getByText('settings.quiet').first().waitFor();
    await settings.getByLabel('Quiet').fill('7200000');
    await settings.getByRole('switch', { name: 'shop' }).click();
    await settings.getByRole('button', { name: 'Save' }).click();
    await settings.getByText('Saved').waitFor();
    expect((await open.harness.admin('processors')).body).toEqual([
      { id: 'dummy', type: 'dummy', settings: { quiet: 7_200_000 }, sources: ['shop'] },
    ]);

    await page.getByRole('switch', { name: 'Process events' }).click();
    await page.getByText('It is disabled: events in the meantime').waitFor();
    await page.getByRole('button', { name: 'Remove processor' }).click();
    await dialog.getByLabel('dummy').fill('dummy');
    await dialog.getByRole('button', { name: 'Remove processor' }).click();
    await page.getByText('There is no processor yet.').waitFor();
    expectNoFaults(open);
  });
});
