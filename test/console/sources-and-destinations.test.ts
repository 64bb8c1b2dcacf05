import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Klaviyo, openKlaviyo } from '../../packages/destinations/test/klaviyo/klaviyo.ts';
import { demoWorkspace } from '../e2e/harness.ts';
import { until } from '../faults/support.ts';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';
import { tooWide } from './layout.ts';

/** A destination of a partner with every kind of setting; its test reports the settings. */
const PARTNER = `
const text = (label, more) => ({ type: 'string', label, description: 'Some text.', ...more });
export const notes = {
  slug: 'partner-notes', name: 'Notes', description: 'Keeps notes.', presets: [], maxMappings: 50,
  settings: {
    account: { type: 'object', label: 'Account', description: 'Whose notes.', properties: {
      region: text('Region'), token: { type: 'password', label: 'Token', description: 'A secret.' },
    } },
    tags: text('Tags', { multiple: true }),
    extra: { type: 'object', label: 'Extra', description: 'Anything.' },
    mode: text('Mode', { choices: ['plain', 'shared'], default: 'plain' }),
    team: text('Team', { depends_on: { conditions: [{ fieldKey: 'mode', operator: 'is', value: 'shared' }] } }),
  },
  testConnection: async ({ settings: { account: { region }, ...rest } }) =>
    ({ ok: true, message: JSON.stringify({ region, ...rest }) }),
  audiences: {
    fields: { list: text('List') },
    create: async () => ({ externalId: 'made' }), get: async (_context, _audience, externalId) => ({ externalId }),
  },
  actions: { add: {
    title: 'Add', description: 'Adds a note.', fields: { text: text('Text') },
    syncMode: { default: 'upsert', label: 'What to do with notes', choices: [
      { value: 'upsert', label: 'Create or update' }, { value: 'delete', label: 'Remove' },
    ] },
    hooks: { onMappingSave: {
      label: 'Make a notebook', description: 'Makes a notebook for the notes.',
      fields: { title: text('Title', { required: true }), shelf: text('Shelf', { dynamic: true }) },
      outputs: { id: text('Notebook') },
      dynamicFields: { shelf: async () => ({ choices: [{ label: 'Upper shelf', value: 'upper' }] }) },
      run: async (_context, { inputs: { title, shelf } }) => title === 'Full'
        ? { error: { code: 'destination_rejected', path: 'title', message: 'The shelf is full.' } }
        : { outputs: { id: title + ' on ' + shelf + ' ' + (globalThis.made = (globalThis.made ?? 0) + 1) }, message: 'Made it.' },
    } },
    send: async (items) => items.map(() => ({ status: 'delivered' })),
  } },
};
`;

(skipped ? describe.skip : describe)('sources and destinations', () => {
  let open: OpenConsole;
  let klaviyo: Klaviyo;
  const folder = mkdtempSync(join(tmpdir(), 'waybill-console-'));
  beforeAll(async () => {
    const module = join(folder, 'notes.mjs');
    writeFileSync(module, PARTNER);
    klaviyo = await openKlaviyo();
    const allowedHosts = [new URL(klaviyo.url).host];
    open = await openConsole({
      server: { destinations: [module], allowedHosts },
      workspace: (url) => {
        allowedHosts.push(new URL(url).host);
        return demoWorkspace(url);
      },
    });
    await open.harness.admin('sources', {
      method: 'POST',
      body: { id: 'web', writeKey: 'key of the web', plan: { rules: [] } },
    });
  }, 60_000);
  afterAll(async () => {
    await open?.close();
    await klaviyo?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the key of a source is shown on request, rotated, and masked when the page is left; refusals name place and remedy', async () => {
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
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate key' }).click();
    await page.getByText('The old key is accepted until').waitFor();
    const after = await shown.innerText();
    expect(after).not.toBe(before);
    await page.getByText(`--user '${after}:'`).waitFor();
    const event = JSON.stringify({ userId: 'u1', event: '<img src=x onerror=alert(1)>' });
    for (const key of [before, after]) expect((await send(key, event)).status).toBe(200);
    await page.getByRole('link', { name: '<img src=x onerror=alert(1)>' }).first().waitFor();
    expect((await send(after, '{"userId": "u1", ')).status).toBe(400);
    const refusals = page.getByRole('list', { name: 'Recently refused' });
    await refusals.getByText('event_invalid_json').waitFor();
    await refusals.getByText(/position \d+/).waitFor();
    await refusals.getByText('What to do').waitFor();
    const violations = page.getByRole('list', { name: 'Tracking plan violations' });
    await violations.getByText(/The plan has no event "<img/).waitFor();
    expect(await findings(open)).toEqual([]);
    await page.getByRole('button', { name: 'Invalidate earlier keys now' }).click();
    await page.getByText('The old key is accepted until').waitFor({ state: 'detached' });
    expect((await send(before, event)).status).toBe(401);
    await open.go('/sources');
    await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
    await open.go('/sources/web');
    await page.getByRole('button', { name: 'Show key' }).waitFor();
    expect(await page.content()).not.toContain(after);
    expectNoFaults(open);
  });

  it('a tracking plan is written rule by rule, imported, drafted from seen events, and shared', async () => {
    const { page, harness } = open;
    const plan = async () => (await harness.admin('sources/web')).body.plan;
    await open.go('/sources/web');
    await page.getByRole('link', { name: 'Tracking plan of web' }).click();
    await page.getByText('No rules yet.').waitFor();
    await page.getByRole('button', { name: 'Add rules for seen events' }).click();
    await page.getByText('1 rule added, not saved yet.').waitFor();
    await page.getByRole('button', { name: 'Import from Segment' }).click();
    const exported = [
      { key: 'Order Completed', type: 'TRACK', version: 1, jsonSchema: { required: ['properties'] } },
      { key: 'x', type: 'ALIAS', jsonSchema: {} },
    ];
    await page
      .getByRole('textbox', { name: 'Or paste its text' })
      .fill(JSON.stringify({ data: { rules: exported } }));
    await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Left out, because it is not supported:').waitFor();
    await page.getByRole('button', { name: 'track "Order Completed"' }).click();
    const schema = page.getByRole('textbox', { name: 'Schema of the event' });
    await schema.fill('{ "properties": ');
    await page.getByText('This is not a JSON object').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await schema.fill('{\n "properties": {\n  "userId": { "type": "strng" }\n }\n}');
    await page.getByText(/^properties\.userId\.type: /).waitFor();
    await page.getByText('1 problem').waitFor();
    await page.getByRole('button', { name: 'Line 3', exact: true }).click();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('  "userId": { "type": "strng" }');
    expect(await findings(open)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('tracking_plan_invalid').waitFor();
    await schema.fill('{ "properties": { "userId": { "type": "string" } } }');
    await page.getByText('1 problem').waitFor({ state: 'detached' });
    await page
      .getByRole('combobox', { name: 'Values that violate the schema' })
      .selectOption('Block the event');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect(await plan()).toMatchObject({
      invalidValues: 'block',
      rules: [
        { type: 'track', event: '<img src=x onerror=alert(1)>' },
        { type: 'track', event: 'Order Completed', schema: { properties: { userId: { type: 'string' } } } },
      ],
    });
    await page.getByText(/The plan has no event "<img/).waitFor();

    await open.go('/sources/shop/plan');
    await page.getByRole('combobox', { name: 'Plan', exact: true }).selectOption('Plan of web');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();
    expect((await harness.admin('sources/shop')).body).toMatchObject({ planOf: 'web' });
    await page.getByRole('link', { name: 'Open the plan of web' }).click();
    await page.getByText('The plan is also used by shop: your changes apply there too.').waitFor();
    expectNoFaults(open);
  });

  it('a shop is connected in a form, shows its polling, its webhooks and its rows set aside, to be read again', async () => {
    const { page, harness } = open;
    await open.go('/sources');
    await page.getByRole('button', { name: 'Create source' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'ID' }).fill('kiosk');
    await dialog.getByRole('combobox', { name: 'Source type' }).selectOption('Dummy Shop');
    await dialog.getByRole('spinbutton', { name: 'Orders' }).fill('12');
    await dialog.getByRole('combobox', { name: 'Mode' }).selectOption('unauthorized');
    expect(await findings(open)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('heading', { name: 'kiosk' }).waitFor();
    const test = page.getByRole('button', { name: 'Test saved settings' });
    await test.click();
    await page.getByText('The dummy shop is configured to refuse the credentials.').waitFor();
    const setMode = async (mode: string): Promise<void> => {
      await page.getByRole('combobox', { name: 'Mode' }).selectOption(mode);
      expect(await test.isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('status').getByText('Saved.').waitFor();
    };
    await setMode('spoilt');
    await test.click();
    await page.getByText('The dummy shop is always available.').waitFor();
    expect((await harness.admin('sources/kiosk')).body).toMatchObject({
      type: 'dummy-shop',
      settings: { orders: 12, mode: 'spoilt' },
    });
    await harness.admin('sources/kiosk/backfill', { method: 'POST', body: {} });
    await harness.server.idle();
    const streams = page.getByRole('table', { name: 'Streams' });
    await streams.getByRole('row', { name: /^orders back-fill 12 of 12 .* done$/ }).waitFor();
    await page.getByRole('region', { name: 'Webhook' }).getByText('set WAYBILL_PUBLIC_URL').first().waitFor();
    const rows = page.getByRole('list', { name: 'Rows set aside' });
    await rows.getByText('source_failed').first().waitFor();
    expect(await findings(open)).toEqual([]);
    await setMode('ok');
    await harness.server.idle();
    await page.getByRole('button', { name: 'Read all again' }).click();
    await page.getByText('No row is set aside.').waitFor();
    expect(await tooWide(page)).toEqual([]);
    expectNoFaults(open);
    expect((await harness.admin('sources/kiosk', { method: 'DELETE' })).status).toBe(204);
  });

  it('a source with a duplicate id is refused with a remedy, and the input is kept', async () => {
    const { page } = open;
    await open.go('/sources');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('textbox', { name: 'ID' }).fill('web');
    await page.getByRole('dialog').getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('alert').getByText('What to do').waitFor();
    expect(await page.getByRole('textbox', { name: 'ID' }).inputValue()).toBe('web');
    await page.keyboard.press('Escape');
  });

  it('a source is disabled, its events are refused from then on, and that is reverted', async () => {
    const { page, harness } = open;
    await open.go('/sources/shop');
    await page.getByRole('switch', { name: 'Accept events' }).click();
    await page.waitForFunction(() => !document.querySelector<HTMLInputElement>('[role=switch]')!.checked);
    expect((await harness.admin('sources/shop')).body.enabled).toBe(false);
    expect((await harness.track('track', { userId: 'u1', event: 'Seen' })).status).toBe(401);
    const toast = page.getByRole('status').filter({ hasText: 'shop is disabled.' });
    await toast.waitFor();
    // It does not take the focus from what was pressed.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('switch');
    expect(await findings(open)).toEqual([]);
    await toast.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[role=switch]')!.checked);
    await page.getByRole('status').getByText('Undone.').waitFor();
    expect((await harness.admin('sources/shop')).body.enabled).toBe(true);
    expectNoFaults(open);
  });

  it('a wrong key is reported before a destination is saved, and a correct one shows where it is accepted', async () => {
    const { page, harness } = open;
    await open.go('/destinations');
    await page.getByRole('button', { name: 'Create destination' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Product' }).selectOption('iterable');
    await dialog.getByRole('textbox', { name: 'ID' }).fill('second');
    await dialog.getByRole('textbox', { name: 'API key' }).fill('wrong');
    await dialog.getByRole('combobox', { name: 'Project type' }).selectOption('hybrid');
    await dialog.getByRole('textbox', { name: 'API URL' }).fill(harness.sandbox.url);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    const refusal = dialog.getByRole('alert');
    await refusal.getByText('destination_unauthorized').waitFor();
    await refusal.getByText('What to do').waitFor();
    expect(await findings(open)).toEqual([]);
    expect((await harness.admin('destinations')).body).toHaveLength(1);
    // A secret can be given by the name of a variable, but not of every variable: the refusal in the form includes a remedy.
    await dialog.getByRole('combobox', { name: 'API key: entered as' }).selectOption('Environment variable');
    await dialog.getByRole('textbox', { name: 'API key' }).fill('WAYBILL_ADMIN_TOKEN');
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await refusal.getByText('workspace_variable_forbidden').waitFor();
    await dialog.getByRole('combobox', { name: 'API key: entered as' }).selectOption('Value');
    await dialog.getByRole('textbox', { name: 'API key' }).fill('demo');
    // What was found of other settings is gone.
    expect(await refusal.count()).toBe(0);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByRole('status').getByText('accepts the key').waitFor();
    await dialog.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('heading', { name: 'second' }).waitFor();
    expect(await page.content()).not.toContain('"demo"');
    expectNoFaults(open);
  });

  it('the form of a destination tests the input with the stored secret, and sends it nowhere else', async () => {
    const { page } = open;
    await open.go('/destinations/second');
    await page.getByRole('combobox', { name: 'Field types' }).selectOption('warn');
    await page.getByRole('switch', { name: 'Deliver events' }).click();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('status').getByText('accepts the key').waitFor();
    // The switch has saved its own version, and kept the unsaved input.
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('status').getByText('Saved.').waitFor();
    expect(await findings(open)).toEqual([]);
    await page.getByRole('textbox', { name: 'API URL' }).fill('https://elsewhere.example');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByRole('alert').getByText('workspace_secret_needed').waitFor();
    expectNoFaults(open);
  });

  it('object and list settings are edited in the form, and dependent ones appear with them', async () => {
    const { page, harness } = open;
    await open.go('/destinations');
    await page.getByRole('button', { name: 'Create destination' }).click();
    const dialog = page.getByRole('dialog');
    const field = (name: string): ReturnType<typeof dialog.getByRole> =>
      dialog.getByRole('textbox', { name });
    await dialog.getByRole('combobox', { name: 'Product' }).selectOption('partner-notes');
    await field('ID').fill('notes');
    expect(await field('Team').count()).toBe(0);
    await dialog.getByRole('combobox', { name: 'Mode' }).selectOption('shared');
    await field('Team').fill('blue');
    await dialog
      .getByRole('group', { name: 'Account' })
      .getByRole('textbox', { name: 'Region' })
      .fill('north');
    await dialog
      .getByRole('group', { name: 'Account' })
      .getByRole('textbox', { name: 'Token' })
      .fill('hidden');
    await field('Tags').fill('["a", "b"');
    await dialog.getByText('This is not valid JSON.').waitFor();
    await field('Tags').fill('["a", "b"]');
    await field('Extra').fill('{ "deep": { "er": 1 } }');
    expect(await findings(open)).toEqual([]);
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    const said = await dialog.getByRole('status').getByText('"region"').innerText();
    const settings = { tags: ['a', 'b'], extra: { deep: { er: 1 } }, mode: 'shared', team: 'blue' };
    expect(JSON.parse(said.slice(said.indexOf('{')))).toEqual({ region: 'north', ...settings });
    await dialog.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('heading', { name: 'notes' }).waitFor();
    expect((await harness.admin('destinations/notes')).body.settings).toEqual({
      ...settings,
      account: { region: 'north', token: { $secret: true } },
    });
    // It receives from some sources, and from all again.
    const some = async (): Promise<unknown> => (await harness.admin('destinations/notes')).body.sources;
    await page.getByRole('switch', { name: 'All sources' }).click();
    await page.getByRole('switch', { name: 'web' }).click();
    await until(async () => JSON.stringify(await some()) === '["shop"]');
    await page.getByRole('switch', { name: 'All sources' }).click();
    await until(async () => (await some()) === undefined);
    await page.getByRole('button', { name: 'Resend everything…' }).click();
    await dialog.getByRole('button', { name: 'Resend everything' }).click();
    await page.getByRole('status').getByText('0 remembered deliveries cleared.').waitFor();
    expect(await findings(open)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 900 });
    expect(await tooWide(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    expectNoFaults(open);
  });

  it('a mapping shows the handling of records, where its action has a choice', async () => {
    const { page, harness } = open;
    await open.go('/destinations/notes/mappings');
    await page.getByRole('button', { name: 'New mapping' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('tab', { name: 'From an action' }).click();
    await dialog.getByRole('combobox', { name: 'Action' }).selectOption('add');
    await dialog.getByRole('button', { name: 'Open in the editor' }).click();
    await page.getByRole('tab', { name: 'Fields' }).click();
    const mode = page.getByRole('combobox', { name: 'What to do with notes' });
    expect(await mode.inputValue()).toBe('upsert');
    await mode.selectOption('Remove');
    const draft = async (): Promise<unknown> =>
      (await harness.admin('destinations/notes/mappings/add/draft')).body.mapping?.mapping;
    await until(async () => JSON.stringify(await draft()) === '{"__segment_internal_sync_mode":"delete"}');
    expect(await findings(open)).toEqual([]);
    expectNoFaults(open);
  });

  it('a mapping is published with a hook, which shows its outputs and errors, and runs again on request', async () => {
    const { page, harness } = open;
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('tab', { name: 'Fields' }).click();
    const hook = page.getByRole('region', { name: 'Make a notebook' });
    await hook.getByRole('switch').check();
    await hook.getByRole('textbox', { name: 'Title' }).fill('Full');
    await hook.getByRole('button', { name: 'Choose from the account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Read from the account:').waitFor();
    await dialog.getByRole('button', { name: 'Read again' }).click();
    expect(await findings(open)).toEqual([]);
    await dialog.getByRole('button', { name: /Upper shelf/ }).click();
    await hook.getByText('Runs when you publish the mapping.').waitFor();
    expect(await findings(open)).toEqual([]);
    const publish = async (): Promise<void> => {
      await page.getByText('Draft saved').waitFor();
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    };
    await publish();
    await page.getByRole('dialog').getByText('The shelf is full.').first().waitFor();
    await page.keyboard.press('Escape');
    await hook.getByRole('textbox', { name: 'Title' }).fill('Blue');
    await publish();
    await hook.getByText('Blue on upper 1').waitFor();
    await hook.getByText('Made it.').waitFor();
    await hook.getByRole('button', { name: 'Run again …' }).click();
    await hook.getByRole('button', { name: /^Run again now/ }).click();
    await hook.getByText('Blue on upper 2').waitFor();
    expect(await findings(open)).toEqual([]);
    for (const gone of ['add/draft', 'add'])
      await harness.admin(`destinations/notes/mappings/${gone}`, { method: 'DELETE' });
    expectNoFaults(open);
  });

  it('the ID of an audience is set and deleted on the page of its destination', async () => {
    const { page, harness } = open;
    await open.go('/destinations/notes');
    const section = page.getByRole('region', { name: 'Audiences' });
    await section.getByText('No audiences yet.').waitFor();
    await section.getByRole('textbox', { name: 'Audience' }).fill('vip');
    await section.getByRole('textbox', { name: 'ID at the destination' }).fill('list-7');
    await section.getByRole('button', { name: 'Set ID' }).click();
    await section.getByText('list-7').waitFor();
    expect(await findings(open)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
    const stored = async () => (await harness.admin('destinations/notes/audiences')).body;
    expect(await stored()).toMatchObject([{ id: 'vip', externalId: 'list-7', isSet: true }]);
    await section.getByRole('button', { name: 'Forget the ID of vip' }).click();
    await section.getByText('No audiences yet.').waitFor();
    expect(await stored()).toEqual([]);
    expectNoFaults(open);
  });

  it('a list of Klaviyo is selected by name, or created when the mapping is published, and stored with the version', async () => {
    const { page, harness } = open;
    for (const name of ['Newsletter', 'Regulars', 'Winners of spring']) klaviyo.account.addList(name);
    const mapping = { email: { '@path': '$.properties.email' } };
    const friends = { id: 'friends', action: 'addToList', trigger: 'event = "Befriended"', mapping };
    const settings = { apiKey: klaviyo.key, apiUrl: klaviyo.url };
    const body = { id: 'klaviyo', type: 'klaviyo', settings, mappings: [friends] };
    expect((await harness.admin('destinations', { method: 'POST', body })).status).toBe(201);
    await open.go('/destinations/klaviyo/mappings/friends');
    await page.getByRole('tab', { name: 'Fields' }).click();
    const choose = async (name: string, words: string, within = page.getByRole('main')): Promise<void> => {
      await within.getByRole('button', { name: 'Choose from the account' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: /Newsletter/ }).waitFor();
      await dialog.getByRole('searchbox').or(dialog.getByRole('textbox')).fill(words);
      await dialog.getByRole('button', { name: /Newsletter/ }).waitFor({ state: 'detached' });
      await dialog.getByRole('button', { name }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
    const drafted = async () =>
      (await harness.admin('destinations/klaviyo/mappings/friends/draft')).body.mapping;
    await choose('Regulars', 'regul', page.getByRole('group', { name: 'List', exact: true }));
    const { id: regulars } = klaviyo.account.lists[1]!;
    await expect.poll(async () => (await drafted())?.mapping.listId).toBe(regulars);

    const hook = page.getByRole('region', { name: 'Choose or create the list' });
    await hook.getByRole('switch').check();
    await choose('Winners of spring', 'winners', hook);
    await hook.getByRole('textbox', { name: 'New List Name' }).fill('Friends');
    const publish = async (): Promise<void> => {
      await page.getByText('Draft saved').waitFor();
      await page.getByRole('button', { name: 'Publish' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    };
    await publish();
    await page.getByRole('dialog').getByText('Choose a list or name a new one, not both.').first().waitFor();
    await page.keyboard.press('Escape');
    await hook.getByRole('textbox', { name: 'Existing List' }).fill('');
    await publish();
    await hook.getByText('The list "Friends" was created.').waitFor();
    const { id: listId } = klaviyo.account.lists[3]!;
    await hook.getByText(listId, { exact: true }).waitFor();
    expect(await findings(open)).toEqual([]);
    const { body: live } = await harness.admin('destinations/klaviyo/mappings/friends');
    expect(live.mapping.onMappingSave).toMatchObject({ inputs: { name: 'Friends' }, outputs: { listId } });
    expect(klaviyo.strange).toEqual([]);
    await harness.admin('destinations/klaviyo', { method: 'DELETE' });
    expectNoFaults(open);
  });

  it('a destination is named, has ownership rules of fields, and is deleted once its id is typed', async () => {
    const { page, harness } = open;
    const stored = async (): Promise<Destination> => (await harness.admin('destinations/notes')).body;
    await open.go('/destinations/notes');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Notes of the team');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Notes of the team', level: 1 }).waitFor();
    expect(await stored()).toMatchObject({
      id: 'notes',
      name: 'Notes of the team',
      settings: { team: 'blue' },
    });
    const rules = page.getByRole('region', { name: 'Who may set a field' });
    await rules.getByRole('button', { name: 'Add rule' }).click();
    const save = rules.getByRole('button', { name: 'Save rules' });
    const field = rules
      .getByRole('textbox', { name: 'Field' })
      .or(rules.getByRole('combobox', { name: 'Field' }));
    expect(await save.isDisabled()).toBe(true);
    await field.fill('tier');
    await rules.getByText('No action of this destination has such a field.').waitFor();
    await field.fill('text');
    await rules.getByRole('combobox', { name: 'Who may set it' }).selectOption('Sources, by precedence');
    await rules.getByText('Add the sources that may set it.').waitFor();
    for (const source of ['web', 'shop'])
      await rules.getByRole('combobox', { name: 'Add source' }).selectOption(source);
    await rules.getByRole('button', { name: 'Move shop up' }).click();
    expect(await findings(open)).toEqual([]);
    await save.click();
    await rules.getByRole('status').getByText('Saved.').waitFor();
    expect((await stored()).ownership).toEqual({ text: { sources: ['shop', 'web'] } });
    await page.getByRole('button', { name: 'Delete destination…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete Notes of the team?' });
    const remove = dialog.getByRole('button', { name: 'Delete destination' });
    for (const lost of ['0 waiting items', '0 dead letters', '0 mappings'])
      await dialog.getByText(lost).waitFor();
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Type notes to delete it' }).fill('notes');
    await remove.click();
    await page.getByRole('heading', { name: 'Destinations', level: 1 }).waitFor();
    const list = page.getByRole('list', { name: 'Destinations' });
    await list.getByRole('link', { name: 'Notes of the team' }).waitFor({ state: 'detached' });
    expect((await harness.admin('destinations/notes')).status).toBe(404);
    expectNoFaults(open);
  });

  it('a disabled mapping is enabled by a key, and the focus stays on its row', async () => {
    const { page, harness } = open;
    await open.go('/destinations/iterable/mappings');
    const list = page.getByRole('list', { name: 'Mappings' });
    const running = async (): Promise<readonly Running[]> =>
      (await harness.admin('destinations/iterable/mappings')).body;
    const last = (await running()).at(-1)!;
    const toggle = list.getByRole('switch', { name: last.name });
    await toggle.press('Space');
    await until(async () => (await running()).at(-1)?.enabled === false);
    await page.getByRole('status').getByText(`${last.name} is disabled.`).waitFor();
    await page.keyboard.press('Control+z');
    await until(async () => (await running()).at(-1)?.enabled === true);
    expect(await toggle.evaluate((one) => document.activeElement === one)).toBe(true);
    expectNoFaults(open);
  });

  it('mappings are dragged, enabled together, and copied to another destination as disabled', async () => {
    const { page, harness } = open;
    await open.go('/destinations/iterable/mappings');
    const list = page.getByRole('list', { name: 'Mappings' });
    const rows = list.getByRole('listitem');
    const running = async (id: string): Promise<readonly Running[]> =>
      (await harness.admin(`destinations/${id}/mappings`)).body;
    const [first, second, ...others] = await running('iterable');
    await rows.nth(1).getByTitle('Drag to reorder').dragTo(rows.nth(0));
    await until(async () => (await running('iterable'))[0]?.id === second!.id);
    expect((await running('iterable')).map(({ id }) => id)).toEqual(
      [second!, first!, ...others].map(({ id }) => id),
    );
    await list.getByRole('checkbox', { name: `Select ${first!.name}` }).check();
    await list.getByRole('checkbox', { name: `Select ${second!.name}` }).check();
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.click();
    await until(async () => (await running('iterable'))[0]?.id === first!.id);
    await rows.nth(1).getByTitle('Drag to reorder').dragTo(rows.nth(0));
    await until(async () => (await running('iterable'))[0]?.id === second!.id);
    await page.getByRole('button', { name: 'Disable' }).click();
    await until(async () => (await running('iterable')).filter(({ enabled }) => !enabled).length === 2);
    await page.getByRole('status').getByText('2 mappings are disabled.').waitFor();
    await undo.click();
    await until(async () => (await running('iterable')).every(({ enabled }) => enabled));
    await page.reload();
    await rows.first().waitFor();
    // Concurrent changes by another person are kept: the move is refused, and the list is refreshed.
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { name: 'Of somebody else' } });
    await list.getByRole('button', { name: `Move ${first!.name} down` }).click();
    await page.getByRole('alert').getByText('workspace_version_conflict').waitFor();
    await page.getByRole('heading', { name: 'Of somebody else' }).waitFor();
    expect((await running('iterable')).map(({ id }) => id)[1]).toBe(first!.id);
    await list.getByRole('button', { name: `Duplicate ${first!.name}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Destination' }).selectOption('second');
    await dialog.getByRole('button', { name: 'Duplicate', exact: true }).click();
    await page.getByRole('heading', { name: 'second' }).waitFor();
    await list.getByRole('link', { name: `Copy of ${first!.name}` }).waitFor();
    expect((await running('second')).at(-1)).toMatchObject({ id: `${first!.id}-copy`, enabled: false });
    await list.getByRole('button', { name: `Remove Copy of ${first!.name}` }).click();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await until(async () => (await running('second')).length === others.length + 2);
    await page.getByRole('status').getByText(`Copy of ${first!.name} was removed.`).waitFor();
    await undo.click();
    await until(async () => (await running('second')).at(-1)?.id === `${first!.id}-copy`);
    expect(await page.getByRole('alert').count()).toBe(0);
    expectNoFaults(open);
  });

  it('orders of a shop are compared, and differing ones are shown with their history', async () => {
    const { page, harness } = open;
    const body = { id: 'stand', type: 'dummy-shop', settings: { orders: 3 } };
    await harness.admin('sources', { method: 'POST', body });
    await harness.admin('sources/stand/backfill', { method: 'POST', body: {} });
    await harness.server.idle();
    await open.go('/sources/stand');
    await page.getByRole('link', { name: 'Compare orders' }).click();
    await page.getByLabel('From').fill('2025-12-31');
    await page.getByLabel('To, inclusive').fill('2026-01-02');
    await page.getByRole('combobox', { name: 'Destination' }).selectOption('iterable');
    const file = { name: 'ga4.csv', mimeType: 'text/csv', buffer: Buffer.from('Transaction ID\n0\n1\n') };
    await page.getByLabel('Export of Google Analytics').setInputFiles(file);
    await page.getByRole('button', { name: 'Compare' }).click();
    const list = page.getByRole('list', { name: /orders? differs?$/ });
    await list.getByText('Google Analytics: missing').waitFor();
    await list.getByText('1 event').last().click();
    await list.getByRole('link', { name: 'Order Completed' }).last().waitFor();
    expect(await page.getByRole('table').getByRole('row').count()).toBeGreaterThan(1);
    expect(await findings(open)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await tooWide(page)).toEqual([]);
    await page.setViewportSize({ width: 1440, height: 900 });
    expectNoFaults(open);
  });

  it('a new mapping starts as a draft: from a preset, tested on past events, or from an event', async () => {
    const { page, harness } = open;
    await harness.track('track', { userId: 'u1', event: 'Order "Big" Completed', properties: { total: 3 } });
    await harness.server.idle();
    await open.go('/destinations/iterable/mappings');
    await page.getByRole('button', { name: 'New mapping' }).click();
    const dialog = page.getByRole('dialog');
    const cards = dialog.getByRole('list', { name: 'Presets' }).getByRole('listitem');
    // Events of this server: one of each test before.
    await cards.filter({ hasText: 'Track Calls' }).getByText('ready to send').waitFor();
    const events = (await harness.admin('events?limit=500')).body.events.length;
    await cards
      .filter({ hasText: 'Identify Calls' })
      .getByText(`For 0 of the newest ${events} events`)
      .waitFor();
    expect(await findings(open)).toEqual([]);
    await cards.getByRole('button', { name: 'Open in the editor: Track Calls' }).click();
    await page.getByRole('textbox', { name: 'Trigger' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/destinations/iterable/mappings/track-calls-2');
    await open.go('/destinations/iterable/mappings?new=event');
    await dialog.getByRole('combobox', { name: 'Event' }).selectOption('track Order "Big" Completed');
    await dialog.getByRole('combobox', { name: 'Action' }).selectOption('Custom Event');
    await dialog.getByRole('button', { name: 'Open in the editor' }).click();
    const trigger = page.getByRole('textbox', { name: 'Trigger' });
    await trigger.waitFor();
    expect(await trigger.inputValue()).toBe('type = "track" and event = "Order \\"Big\\" Completed"');
    const { body } = await harness.admin('destinations/iterable/drafts');
    expect(body.toSorted()).toEqual(['order-big-completed', 'track-calls-2']);
    await open.go('/destinations/iterable/mappings');
    await page
      .getByRole('list', { name: 'Unpublished drafts' })
      .getByRole('link', { name: 'order-big-completed' })
      .waitFor();
    expectNoFaults(open);
  });
});

interface Destination {
  readonly ownership?: unknown;
}

interface Running {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}
