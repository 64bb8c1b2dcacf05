import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

(skipped ? describe.skip : describe)('sources and destinations', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  it('a source is created, and what is sent with its key is seen within seconds', async () => {
    const { page, harness } = open;
    await open.go('/sources');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('textbox', { name: 'Id' }).fill('web');
    expect(await findings(open)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Create source' }).click();
    const key = await page.getByRole('dialog').locator('code').first().innerText();
    expect(key.length).toBeGreaterThanOrEqual(32);
    await page.getByRole('button', { name: 'Close' }).click();
    const sent = await fetch(`${harness.server.url}/v1/track`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'u1', event: '<img src=x onerror=alert(1)>' }),
    });
    expect(sent.status).toBe(200);
    await page.getByRole('link', { name: 'web' }).click();
    await page.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await findings(open)).toEqual([]);
    expectNoFaults(open);
  });

  it('a source with an id that is taken is refused with what to do, and the input stays', async () => {
    const { page } = open;
    await open.go('/sources');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('textbox', { name: 'Id' }).fill('web');
    await page.getByRole('dialog').getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('alert').getByText('What to do').waitFor();
    expect(await page.getByRole('textbox', { name: 'Id' }).inputValue()).toBe('web');
    await page.keyboard.press('Escape');
  });

  it('a source is switched off, and its events are refused from then on', async () => {
    const { page, harness } = open;
    await open.go('/sources/shop');
    await page.getByRole('switch', { name: 'Takes events' }).click();
    await page.waitForFunction(() => !document.querySelector<HTMLInputElement>('[role=switch]')!.checked);
    expect((await harness.admin('sources/shop')).body.enabled).toBe(false);
    expect((await harness.track('track', { userId: 'u1', event: 'Seen' })).status).toBe(401);
    await page.getByRole('switch', { name: 'Takes events' }).click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[role=switch]')!.checked);
  });

  it('a destination is created with a wrong key, which the test of the connection names, and with a right one works', async () => {
    const { page, harness } = open;
    await open.go('/destinations');
    await page.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('combobox', { name: 'Product' }).selectOption('iterable');
    await page.getByRole('textbox', { name: 'Id' }).fill('second');
    await page.getByRole('textbox', { name: 'API key', exact: false }).first().fill('wrong');
    await page.getByRole('combobox', { name: 'Project type' }).selectOption('hybrid');
    await page.getByRole('textbox', { name: 'Address of the API' }).fill(harness.sandbox.url);
    expect(await findings(open)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('heading', { name: 'second' }).waitFor();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('status').getByText('destination_unauthorized').waitFor();
    await page.getByRole('textbox', { name: 'API key', exact: false }).first().fill('demo');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('status').filter({ hasNotText: '✕' }).waitFor();
    expect(await page.content()).not.toContain('"demo"');
    expect(await findings(open)).toEqual([]);
    // A secret goes to no other address than it was given for.
    await page.getByRole('textbox', { name: 'Address of the API' }).fill('https://elsewhere.example');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('workspace_secret_needed').waitFor();
    expectNoFaults(open);
  });

  it('a mapping is switched off and on', async () => {
    const { page, harness } = open;
    await open.go('/destinations/iterable');
    const list = page.getByRole('list', { name: 'Mappings' });
    const first = list.getByRole('switch').first();
    await first.click();
    await page.waitForFunction(() => !document.querySelector<HTMLInputElement>('ul [role=switch]')!.checked);
    const { body } = await harness.admin('destinations/iterable/mappings');
    expect(body.filter((one: { enabled: boolean }) => !one.enabled)).toHaveLength(1);
    // It stays the preset that it was.
    const workspace = await harness.admin('workspace');
    const [{ mappings }] = workspace.body.destinations.filter((one: { id: string }) => one.id === 'iterable');
    expect(mappings).toHaveLength(body.length);
    expect(mappings.filter((one: { preset?: string }) => one.preset === undefined)).toEqual([]);
    await first.click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('ul [role=switch]')!.checked);
    expectNoFaults(open);
  });
});
