import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdirSync } from 'node:fs';
import type { Workspace } from '@waybill/core';
import { freePort } from '../e2e/port.ts';
import { faults } from '../faults/support.ts';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

const TRIGGER = `type = "track"\n  AND ( event == "Order Completed" or event = "Seen" )\n  and properties.total >= 10`;
const PATH = 'destinations/iterable/mappings/events';

function workspace(url: string): Workspace {
  return {
    sources: [{ id: 'shop', writeKey: 'demo' }],
    destinations: [
      {
        id: 'iterable',
        type: 'iterable',
        settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: url },
        mappings: [
          {
            id: 'events',
            name: 'Events',
            action: 'trackEvent',
            trigger: TRIGGER,
            mapping: {
              email: { '@path': '$.context.traits.email' },
              userId: { '@path': '$.userId' },
              eventName: { '@path': '$.event' },
            },
          },
          { id: 'orders', preset: 'order-completed-calls' },
        ],
      },
    ],
  };
}

/** The checked part of the result of a test run. */
interface Tried {
  readonly messageId: string;
  readonly payload?: unknown;
  readonly before: { readonly payload?: unknown };
}

(skipped ? describe.skip : describe)('the mapping editor', () => {
  let open: OpenConsole;

  beforeAll(async () => {
    open = await openConsole({ workspace, server: { port: await freePort() } });
    const { harness } = open;
    for (let at = 0; at < 20; at += 1) {
      const event = at % 2 === 0 ? 'Order Completed' : 'Signed Up';
      const properties = {
        total: at,
        'a.b': 'dotted',
        note: '<script>alert(1)</script>',
        empty: '',
        none: null,
        ...(at === 0 ? { coupon: 'SPRING' } : {}),
        products: [{ sku: 'tea', cost: 4 }, { sku: 'cup' }],
      };
      await harness.track('track', { userId: `u${at}`, event, properties, messageId: `m${at}` });
    }
    await open.go(`/${PATH}`);
    await open.page.getByRole('tab', { name: 'Trigger' }).waitFor();
  }, 60_000);
  afterAll(() => open?.close());

  const tab = (name: string) => open.page.getByRole('tab', { name, exact: true }).click();
  const trigger = () => open.page.getByRole('textbox', { name: 'Trigger', exact: true });
  const field = (name: string) => open.page.getByRole('group', { name, exact: true });
  const attempt = async (body: object) =>
    (await open.harness.admin('destinations/iterable/try', { method: 'POST', body })).body;
  const draft = async () => (await open.harness.admin(`${PATH}/draft`)).body.mapping;

  it('reports for each condition whether it matches, and for how many of the events', async () => {
    const { page } = open;
    await page.getByText('true in 20').first().waitFor();
    expect(await page.getByText('true in 5 of 20').count()).toBeGreaterThan(0);
    expect(await page.getByRole('region', { name: 'Sample event' }).getByText('<script>').count()).toBe(1);
    await page.getByRole('region', { name: 'Result' }).getByText('The mapping matches this event.').waitFor();
    expectNoFaults(open);
  });

  it('completes the typed word with values of events, by Enter', async () => {
    await trigger().fill('type = "track" and properties.to');
    await open.page.getByRole('option', { name: /properties\.total/ }).waitFor();
    await trigger().press('Enter');
    await expectText(trigger, 'type = "track" and properties.total');
    await trigger().pressSequentially(' > 5 and event');
    await trigger().press('Escape');
    await trigger().pressSequentially(' =');
    const option = (name: RegExp) => open.page.getByRole('option', { name });
    await option(/^"Signed Up"/).waitFor();
    expect(await trigger().getAttribute('aria-activedescendant')).toBeNull();
    await trigger().press('ArrowDown');
    const offers = open.page.getByRole('listbox', { name: 'Suggestions' });
    expect(await offers.getByRole('option', { selected: true }).count()).toBe(1);
    await trigger().pressSequentially(' Ord');
    await option(/^"Signed Up"/).waitFor({ state: 'detached' });
    await trigger().press('Enter');
    await expectText(trigger, 'type = "track" and properties.total > 5 and event = "Order Completed"');
    await trigger().press('Escape');
    await trigger().fill(TRIGGER);
    await open.page.getByText('Draft saved').waitFor();
  });

  it('shows values of other events of the name, and the user of the event', async () => {
    const { page } = open;
    await tab('Fields');
    const sample = page.getByRole('region', { name: 'Sample event' });
    await sample.getByRole('button', { name: /^\$\.properties\.coupon string · in 10/ }).waitFor();
    await field('User ID').waitFor();
    const note = page.getByRole('region', { name: 'How users are identified' });
    await note.getByText(/This project is hybrid/).waitFor();
    await note.getByText(/the user ID u\d+ selects the profile/).waitFor();
  });

  it('fills empty fields with values of events, after a review', async () => {
    const { page } = open;
    await page.getByRole('button', { name: /^Suggest \d values$/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /^Timestamp timestamp/ }).waitFor();
    expect(await dialog.getByRole('checkbox', { name: /^User ID/ }).count()).toBe(0);
    await dialog.getByRole('checkbox', { name: /^Event Data Fields properties/ }).uncheck();
    await dialog.getByRole('button', { name: /^Fill/ }).click();
    await settled(async () => (await draft()).mapping.createdAt, { '@path': '$.timestamp' });
    expect((await draft()).mapping.dataFields).toBeUndefined();
  });

  it('selects a value from the account, and reports why when there is none', async () => {
    const { page, harness } = open;
    const campaign = field('Campaign ID');
    await campaign.getByRole('button', { name: 'Choose from the account' }).click();
    const dialog = page.getByRole('dialog');
    await dialog
      .getByRole('button', { name: /Welcome/ })
      .first()
      .click();
    await dialog.waitFor({ state: 'hidden' });
    await settled(async () => typeof (await draft()).mapping.campaignId, 'number');
    await campaign.getByRole('combobox', { name: 'Kind' }).selectOption('empty');
    await faults(harness, [{ match: { path: '/api/templates' }, kind: 'status', status: 401 }]);
    await field('Template ID').getByRole('button', { name: 'Choose from the account' }).click();
    await dialog.getByRole('alert').getByText('destination_unauthorized').waitFor();
    await faults(harness, []);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await dialog.getByRole('button', { name: /Spring sale/ }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  it('wraps a value in a directive, and shows its parameters', async () => {
    const name = field('Event Name');
    await name.getByRole('combobox', { name: 'Transform with' }).selectOption('@case');
    await name.getByRole('note').getByText('"order completed"', { exact: true }).waitFor();
    await name.getByRole('combobox', { name: 'operator' }).selectOption('upper');
    await name.getByRole('note').getByText('"ORDER COMPLETED"', { exact: true }).waitFor();
    await settled(async () => (await draft()).mapping.eventName, {
      '@case': { value: { '@path': '$.event' }, operator: 'upper' },
    });
  });

  it('shows each path of a template as a token, tables for a transform, and equal JSON', async () => {
    const { page } = open;
    const before = await draft();
    const email = field('Email Address');
    const box = email.getByRole('textbox', { name: 'Value' });
    await email.getByRole('combobox', { name: 'Kind' }).selectOption('text');
    await box.fill('{{userId}} paid {{properties.total}}');
    await email.getByRole('listitem').getByText('18', { exact: true }).waitFor();
    await picture('pills');
    await box.press('End');
    await box.press('Backspace');
    await settled(async () => (await draft()).mapping.email, { '@template': '{{userId}} paid ' });
    await box.press('Home');
    await box.press('ArrowRight');
    await box.press('!');
    await settled(async () => (await draft()).mapping.email, { '@template': '{{userId}}! paid ' });
    await box.press('ArrowLeft');
    await box.press('Shift+ArrowLeft');
    await box.press('Backspace');
    await settled(async () => (await draft()).mapping.email, '! paid ');
    // Selected while the whole string is shown.
    await email.getByRole('button', { name: 'Pick from the event' }).click();
    await tab('JSON');
    const json = page.getByRole('textbox', { name: 'JSON' });
    await page.getByRole('button', { name: 'Use $.userId' }).click();
    await settled(async () => JSON.parse(await json.inputValue()).mapping.email, { '@path': '$.userId' });
    const transform = { apply: { who: { '@path': '$.userId' } }, mapping: { '@path': '$.who' } };
    const parts = { ...before.mapping, email: { '@transform': transform } };
    await json.fill(JSON.stringify({ ...before, mapping: parts }));
    await tab('Fields');
    const applied = email.getByRole('group', { name: 'apply', exact: true });
    await applied.getByRole('group', { name: 'who' }).getByText('"u18"').waitFor();
    await applied.getByRole('textbox', { name: 'Name of another property' }).fill('paid');
    await applied.getByRole('button', { name: 'Add property' }).click();
    const paid = applied.getByRole('group', { name: 'paid' });
    await page.locator("button[title='$.properties.total']").dragTo(paid.getByText('paid', { exact: true }));
    await paid.getByText('18', { exact: true }).waitFor();
    await settled(async () => (await draft()).mapping.email['@transform'].apply, {
      ...transform.apply,
      paid: { '@path': '$.properties.total' },
    });
    // By click, by keyboard and by drag, however deep.
    await applied.getByRole('button', { name: 'Pick paid from the event' }).click();
    await page.getByText('Choose a value of the sample event for Email Address › @transform').waitFor();
    await page.getByRole('button', { name: 'Use $.properties.products[0].sku' }).click();
    await paid.getByText('"tea"').waitFor();
    await applied.getByRole('button', { name: 'Pick who from the event' }).press('Enter');
    const list = page.getByRole('button', { name: 'Use $.properties.products', exact: true });
    await list.press('Enter');
    const { products, total } = { products: '$.properties.products', total: '$.properties.total' };
    const apply = async () => (await draft()).mapping.email['@transform'].apply;
    await settled(apply, { who: { '@path': products }, paid: { '@path': `${products}[0].sku` } });
    await page.locator(`button[title='${total}']`).dragTo(applied.getByText('who', { exact: true }));
    const summary = page.getByRole('region', { name: 'Sample event' }).locator('summary');
    await summary.filter({ hasText: 'products' }).dragTo(paid.getByText('paid', { exact: true }));
    await settled(apply, { who: { '@path': total }, paid: { '@path': products } });
    expect(await findings(open, 'all', '[aria-label="Email Address"]')).toEqual([]);
    await picture('transform');
    await tab('JSON');
    await json.fill(JSON.stringify(before));
    await settled(draft, before);
    await tab('Fields');
  });

  it('keeps what a tab cannot show, and unsaved input across a reload', async () => {
    const { page } = open;
    await tab('JSON');
    const json = page.getByRole('textbox', { name: 'JSON' });
    const before = JSON.parse(await json.inputValue());
    const odd = {
      '@waybill.coalesce': [{ '@path': '$.a' }, { '@json': { mode: 'encode', value: { '@path': '$' } } }],
    };
    await json.fill(JSON.stringify({ ...before, mapping: { ...before.mapping, email: odd } }));
    await tab('Fields');
    await field('Email Address').getByRole('group', { name: '@json', exact: true }).waitFor();
    await tab('JSON');
    expect(JSON.parse(await json.inputValue()).mapping.email).toEqual(odd);
    await json.fill(JSON.stringify({ ...before, mapping: { ...before.mapping, userId: 'kept' } }));
    await page.reload();
    await json.waitFor();
    expect(JSON.parse(await json.inputValue()).mapping.userId).toBe('kept');
    await json.fill(JSON.stringify({ ...before, trigger: TRIGGER.replace('10', '4') }));
    await page.getByText('Draft saved').waitFor();
  });

  it('continues from a save before a reload, although its answer never arrived', async () => {
    const { page } = open;
    const json = page.getByRole('textbox', { name: 'JSON' });
    const before = JSON.parse(await json.inputValue());
    const arrived = Promise.withResolvers<void>();
    await page.route('**/draft', async (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      await route.fetch();
      arrived.resolve();
    });
    await json.fill(JSON.stringify({ ...before, mapping: { ...before.mapping, userId: 'sent' } }));
    await arrived.promise;
    await json.fill(JSON.stringify(before));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await page.getByText('Draft saved').waitFor();
    await settled(draft, before);
  });

  it('tests the draft on the newest events: consistent totals, the count of the API, and a row as sample', async () => {
    const { page } = open;
    const result = page.getByRole('region', { name: 'Result' });
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText(/20 events: 8 matched, \d+ ready, 8 changed/).waitFor();
    const recount = await attempt({ mapping: await draft(), sample: { last: 20 }, against: 'live' });
    const counts = recount.totals.outcomes.map(({ count }: { count: number }) => count);
    expect(counts.reduce((sum: number, count: number) => sum + count, 0)).toBe(20);
    const differ = recount.events.filter(
      (one: Tried) => JSON.stringify([one.payload]) !== JSON.stringify([one.before.payload]),
    );
    expect(differ.map((one: Tried) => one.messageId).slice(-3)).toEqual(['m8', 'm6', 'm4']);
    expect([differ.length, recount.totals.changed]).toEqual([8, 8]);
    await result.getByRole('button', { name: /Changed 8/ }).click();
    expect(await result.getByRole('table').getAttribute('aria-rowcount')).toBe('9');
    await result.getByTitle('Show m4 as the sample event').click();
    await settled(() => page.getByRole('combobox', { name: 'Event', exact: true }).inputValue(), 'm4');
    await page.getByRole('tab', { name: 'Compare with live' }).click();
    await result.getByText('eventName', { exact: true }).waitFor();
    await picture('dry-run');
  });

  it('previews the exact request without sending it, and sends it as a second step', async () => {
    const { page, harness } = open;
    const before = JSON.stringify(await harness.iterable());
    await page.getByRole('tab', { name: 'Request', exact: true }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByText(`POST ${harness.sandbox.url}/api/events/trackBulk`).waitFor();
    await result.getByText('by the user ID u4').waitFor();
    await result.getByText('Headers').click();
    await result.getByText('[secret]').waitFor();
    expect(JSON.stringify(await harness.iterable())).toBe(before);
    await result.getByRole('button', { name: 'Send for real' }).click();
    const dialog = page.getByRole('dialog');
    expect(await findings(open)).toEqual([]);
    expect(JSON.stringify(await harness.iterable())).toBe(before);
    await dialog.getByRole('button', { name: 'Send for real' }).click();
    await dialog.getByText('delivered').waitFor();
    await dialog.getByText('Response 200').waitFor();
    await picture('sent');
    expect(JSON.stringify(await harness.iterable())).not.toBe(before);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await picture('request');
    await page.getByRole('tab', { name: 'Payload' }).click();
    expectNoFaults(open);
  });

  it('publishes with a note, and rolls back', async () => {
    const { page, harness } = open;
    await page.getByRole('button', { name: 'Publish' }).click();
    const dialog = page.getByRole('dialog');
    const outlook = dialog.getByRole('region', { name: 'Outcomes of the newest events' });
    await outlook.getByText('Of the newest 20 events, 8 would have another outcome.').waitFor();
    const ends = async () => (await outlook.getByRole('row').allTextContents()).slice(1);
    expect(await ends()).toEqual(['● ready58 (+3)', '○ not matched1512 (−3)']);
    await picture('publish');
    await dialog.getByRole('textbox', { name: 'Note for the history' }).fill('from four on');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await settled(async () => (await harness.admin(PATH)).body.trigger, TRIGGER.replace('10', '4'));
    const versions = (await harness.admin(`${PATH}/versions`)).body;
    expect(versions[0]).toMatchObject({ version: 2, note: 'from four on' });
    await page.getByText('Version 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByRole('button', { name: 'Roll back to version 1' }).click();
    await settled(async () => (await harness.admin(PATH)).body.trigger, TRIGGER);
    await page.getByText('Version 3', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.getByRole('button', { name: 'Use version 2 as draft' }).click();
    await settled(async () => (await draft()).trigger, TRIGGER.replace('10', '4'));
    expect((await harness.admin(PATH)).body.trigger).toBe(TRIGGER);
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('No changes').waitFor();
    await page.getByText('The draft of Events was discarded.').waitFor();
    expect((await harness.admin(`${PATH}/draft`)).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Draft saved').waitFor();
    expect((await draft()).trigger).toBe(TRIGGER.replace('10', '4'));
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await page.getByText('No changes').waitFor();
    expectNoFaults(open);
  });

  it('reads events of any age, those of the spec, and saved ones', async () => {
    const { page } = open;
    const sample = page.getByRole('region', { name: 'Sample event' });
    const dialog = page.getByRole('dialog', { name: 'Sample event' });
    const now = sample.getByRole('combobox', { name: 'Event', exact: true });
    const choose = async (from: string) => {
      await sample.getByRole('button', { name: 'Choose another event' }).click();
      await dialog.getByRole('tab', { name: from }).click();
    };
    await choose('Search');
    const search = dialog.getByRole('textbox', { name: 'Search events' });
    await search.fill('properties.cou');
    await dialog.getByRole('option').first().waitFor();
    // What is offered goes; the dialog stays.
    await search.press('Escape');
    await search.fill('properties.coupon = "SPRING"');
    await search.press('Enter');
    await dialog.getByText('1 event · 20 events searched').waitFor();
    await dialog.getByRole('button', { name: 'Order Completed' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await now.inputValue()).toBe('m0');
    await choose('Examples');
    await picture('examples');
    expect(await findings(open, 'all', '[role=dialog]:not([hidden])')).toEqual([]);
    await dialog.getByRole('button', { name: 'identify' }).click();
    await settled(() => now.inputValue(), 'example-identify');
    await choose('Saved');
    await dialog.getByRole('textbox', { name: 'Name of the current event' }).fill('a person');
    await dialog.getByRole('button', { name: 'Save event' }).click();
    expect(await findings(open, 'all', '[role=dialog]:not([hidden])')).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove a person' }).click();
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await page.keyboard.press('Escape');
    await page.reload();
    await settled(() => now.inputValue(), 'm18');
    await choose('Saved');
    await picture('saved');
    await dialog.getByRole('button', { name: 'a person', exact: true }).click();
    await settled(() => now.inputValue(), 'example-identify');
    expectNoFaults(open);
  });

  it('has one table for all items of a list, marks the parts of a value, and shows changes from the preset', async () => {
    const { page, harness } = open;
    // A member whose choices are read from the account: no action of the product has one.
    await page.route('**/api/definitions', async (route) => {
      const response = await route.fetch();
      const definitions = (await response.json()) as { actions: { dynamicFields: string[] }[] }[];
      for (const { actions } of definitions) for (const one of actions) one.dynamicFields.push('items.sku');
      await route.fulfill({ response, json: definitions });
    });
    await open.go('/destinations/iterable/mappings/orders?tab=fields');
    const orders = async () =>
      (await harness.admin('destinations/iterable/mappings/orders/draft')).body.mapping;
    const items = field('Items');
    await items.getByText('Item 1 of 2').waitFor();
    const member = (name: string) => items.getByRole('group', { name, exact: true });
    await member('SKU').getByText('"tea"').waitFor();
    await items.getByRole('button', { name: 'Next item' }).click();
    await member('SKU').getByText('"cup"').waitFor();
    await member('Price').getByText('payload_required').waitFor();
    await member('Price').getByRole('button', { name: 'Pick from the event' }).click();
    await page.getByText('Choose a value of the sample event for Items › Price').waitFor();
    await page.getByRole('button', { name: 'Use $.properties.products[0].cost' }).click();
    await settled(async () => (await orders()).mapping.items['@arrayPath'][1].price, { '@path': '$.cost' });
    await member('SKU').getByRole('button', { name: 'Choose from the account' }).click();
    await page.getByRole('alert').getByText('"items.sku"').waitFor();
    await page.keyboard.press('Escape');
    await page.unroute('**/api/definitions');
    await items.getByText('changed from the preset').waitFor();
    const result = page.getByRole('region', { name: 'Result' });
    // The order's own total comes after that of its data.
    await result.getByRole('button', { name: 'total:' }).last().click();
    await page.locator('[role=group][aria-current=true]').getByText('Total').first().waitFor();
    await page
      .getByRole('region', { name: 'Sample event' })
      .locator('button[aria-current=true]')
      .getByText('total')
      .waitFor();
    expect(await findings(open, 'all', '[aria-label="For each item of"], [aria-label="Result"]')).toEqual([]);
    await picture('items-light');
    await items.getByRole('button', { name: 'Reset to preset' }).click();
    await settled(orders, { id: 'orders', preset: 'order-completed-calls' });
    expectNoFaults(open);
  });

  it('keeps invalid JSON across a reload', async () => {
    const { page } = open;
    await tab('JSON');
    const json = page.getByRole('textbox', { name: 'JSON' });
    await json.fill('{ "id": "orders", "mapping": ');
    await page.reload();
    await page.getByText('This is not a valid mapping').waitFor();
    expect(await json.inputValue()).toBe('{ "id": "orders", "mapping": ');
    await json.fill('{ "id": "orders", "preset": "order-completed-calls" }');
    await open.go(`/${PATH}`);
  });

  it('reads a trigger as Segment does, without changing it, until it is converted', async () => {
    const { page } = open;
    await tab('JSON');
    const json = page.getByRole('textbox', { name: 'JSON' });
    const before = JSON.parse(await json.inputValue());
    const segment = {
      trigger: 'type = "track" and event != null and properties.total != 4',
      dialect: 'segment',
    };
    await json.fill(JSON.stringify({ ...before, ...segment }));
    await tab('Trigger');
    await page.getByText('What Waybill would interpret differently').waitFor();
    expect(await page.getByRole('textbox', { name: 'Value' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Convert to Waybill' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/The result changes for 0 of 20 events/).waitFor();
    await dialog.getByRole('button', { name: 'Convert to Waybill' }).click();
    await settled(async () => (await draft()).dialect, 'waybill');
    await page.getByRole('textbox', { name: 'Value' }).first().waitFor();
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await expectText(trigger, TRIGGER);
  });

  it.each(['light', 'dark'] as const)('has no axe violation in any tab, %s', async (theme) => {
    const { page } = open;
    await page.emulateMedia({ colorScheme: theme });
    for (const name of theme === 'dark' ? ['Trigger', 'Fields'] : ['Trigger', 'Fields', 'Delivery', 'JSON']) {
      await tab(name);
      // What can be written is shown over the page.
      if (name === 'Trigger') await trigger().press('Control+Space');
      expect(await findings(open, theme === 'light' ? 'all' : 'colours')).toEqual([]);
      await picture(`${name.toLowerCase()}-${theme}`);
    }
    expectNoFaults(open);
  });

  it('keeps the input while the server is down, and saves it afterwards', async () => {
    const { page, harness } = open;
    await tab('Trigger');
    await harness.restart(async () => {
      await trigger().fill('type = "identify"');
      await page.getByRole('alert').getByText('server_unreachable').first().waitFor();
      await expectText(trigger, 'type = "identify"');
    });
    await trigger().fill('type = "identify" and userId exists');
    await settled(async () => (await draft()).trigger, 'type = "identify" and userId exists');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Discard draft' }).click();
    await expectText(trigger, TRIGGER);
  });

  /** Takes a screenshot of the page when requested. */
  async function picture(name: string): Promise<void> {
    const folder = process.env['WAYBILL_PICTURES'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    for (const width of [1440, 390]) {
      await open.page.setViewportSize({ width, height: 900 });
      await open.page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true });
    }
    await open.page.setViewportSize({ width: 1440, height: 900 });
  }

  async function expectText(box: typeof trigger, text: string): Promise<void> {
    await settled(() => box().inputValue(), text);
  }

  /** Waits until a value is as expected. */
  async function settled(read: () => Promise<unknown>, expected: unknown): Promise<void> {
    const until = Date.now() + 10_000;
    let last: unknown;
    do {
      last = await read().catch((error: unknown) => error);
      if (JSON.stringify(last) === JSON.stringify(expected)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (Date.now() < until);
    expect(last).toEqual(expected);
  }
});
