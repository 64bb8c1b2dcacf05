import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

/** Runs a command of curl as a shell reads it; there need be no curl. */
async function run(command: string): Promise<void> {
  const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
  const script = `curl() { '${process.execPath}' -e '${print}' -- "$@"; }\n${command}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script]);
  const [url = '', ...options] = JSON.parse(stdout) as readonly string[];
  const given = (name: string): string => options[options.indexOf(`--${name}`) + 1]!;
  const [name = '', value = ''] = given('header').split(': ');
  const headers = { authorization: `Basic ${btoa(given('user'))}`, [name]: value };
  expect((await fetch(url, { method: 'POST', headers, body: given('data') })).status).toBe(200);
}

(skipped ? describe.skip : describe)('sources and destinations', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  it('a source is created, its snippet is run as it is copied, and the event is in the tail', async () => {
    const { page } = open;
    await open.go('/sources');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('textbox', { name: 'Id' }).fill('web');
    await page.getByRole('dialog').getByRole('button', { name: 'Create source' }).click();
    const key = await page.getByRole('dialog').locator('code').first().innerText();
    expect(key.length).toBeGreaterThanOrEqual(32);
    await page.getByRole('button', { name: 'Copy: curl' }).click();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toContain(`'${key}:'`);
    for (const [tab, text] of [
      ['Node', `writeKey: '${key}', host:`],
      ['Browser', `writeKey: '${key}', cdnURL:`],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(text).waitFor();
    }
    expect(await findings(open)).toEqual([]);
    await page.getByRole('link', { name: 'Open the source and watch events arrive' }).click();
    await page.getByRole('heading', { name: 'web', level: 1 }).waitFor();
    expect(await page.content()).not.toContain(key);
    await run(snippet);
    await page
      .getByRole('table', { name: 'As it arrives' })
      .getByRole('link', { name: 'Signed Up' })
      .waitFor();
    await page.getByRole('list', { name: 'What has arrived' }).locator('summary').click();
    await page.getByText('properties.plan').waitFor();
    expectNoFaults(open);
  });

  it('the key of a source is shown when asked for, rotated, and masked when the page is left; refusals say where and what to do', async () => {
    const { page, harness } = open;
    const send = (key: string, body: string): Promise<Response> =>
      fetch(`${harness.server.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${key}:`)}`, 'content-type': 'application/json' },
        body,
      });
    await open.go('/sources/web');
    await page.getByRole('button', { name: 'Show key' }).click();
    const shown = page.getByRole('region', { name: 'Write key' }).locator('code').first();
    await page.getByRole('button', { name: 'Hide key' }).waitFor();
    const before = await shown.innerText();
    await page.getByRole('button', { name: 'Rotate key' }).click();
    expect(await findings(open)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click();
    await page.getByText('The key before is taken until').waitFor();
    const after = await shown.innerText();
    expect(after).not.toBe(before);
    await page.getByText(`--user '${after}:'`).waitFor();
    const event = JSON.stringify({ userId: 'u1', event: '<img src=x onerror=alert(1)>' });
    for (const key of [before, after]) expect((await send(key, event)).status).toBe(200);
    await page.getByRole('link', { name: '<img src=x onerror=alert(1)>' }).first().waitFor();
    expect((await send(after, '{"userId": "u1", ')).status).toBe(400);
    const refusals = page.getByRole('list', { name: 'Refused lately' });
    await refusals.getByText('event_invalid_json').waitFor();
    await refusals.getByText(/position \d+/).waitFor();
    await refusals.getByText('What to do').waitFor();
    expect(await findings(open)).toEqual([]);
    await page.getByRole('button', { name: 'End earlier keys now' }).click();
    await page.getByText('The key before is taken until').waitFor({ state: 'detached' });
    expect((await send(before, event)).status).toBe(401);
    await open.go('/sources');
    await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
    await open.go('/sources/web');
    await page.getByRole('button', { name: 'Show key' }).waitFor();
    expect(await page.content()).not.toContain(after);
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
