import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIRECTIVES } from '@waybill/core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { Answer } from '../e2e/harness.ts';
import { openBrowser } from '../e2e/page.ts';
import { until } from '../faults/support.ts';
import { runCurl, skipped, watch } from './console.ts';
import { type Keyboard, keyboardOf } from './keyboard.ts';
import { npmStart, type Started } from './started.ts';

const TRIGGER = `type = "track"\n  AND ( event == "Order Completed" or event = "Seen" )\n  and properties.total >= 10`;
const ORDERS = 'destinations/iterable/mappings/orders';

/** A person at a console, with a separate browser. */
interface Person {
  readonly page: Page;
  readonly keys: Keyboard;
}

(skipped ? describe.skip : describe)('what people do with the console of `npm start`, by keyboard', () => {
  let waybill: Started;
  let browser: Browser;
  let page: Page;
  let keys: Keyboard;
  const faults: string[] = [];
  /** The key of the source that the second task makes. */
  let writeKey = '';
  let hasFailed = false;

  beforeAll(async () => {
    [waybill, browser] = await Promise.all([npmStart(), openBrowser() as Promise<Browser>]);
    ({ page, keys } = await someone());
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await waybill?.stop();
  });

  /** A task. Each continues where the previous one ended: after a failure the others are not started. */
  function task(name: string, work: () => Promise<void>): void {
    it(name, async () => {
      if (hasFailed) throw new Error('A task before this one has failed.');
      hasFailed = true;
      await work();
      hasFailed = false;
    });
  }

  async function someone(): Promise<Person> {
    const context: BrowserContext = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const own = await context.newPage();
    own.setDefaultTimeout(15_000);
    watch(own, waybill.url, faults);
    await own.goto(waybill.console);
    return { page: own, keys: keyboardOf(own) };
  }

  const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole('button', { name, exact: true });
  const box = (name: string, within: Page | Locator = page): Locator =>
    within.getByRole('textbox', { name, exact: true });
  const list = (name: string, within: Page | Locator = page): Locator =>
    within.getByRole('combobox', { name, exact: true });
  const link = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole('link', { name, exact: true });
  const title = (name: string): Promise<void> => page.getByRole('heading', { level: 1, name }).waitFor();
  const dialog = (): Locator => page.getByRole('dialog');
  const field = (name: string): Locator => page.getByRole('group', { name, exact: true });
  const tab = (name: string): Promise<void> => keys.focus(page.getByRole('tab', { name, exact: true }));
  const trigger = (): Locator => box('Trigger');
  const result = (): Locator => page.getByRole('region', { name: 'Result' });
  const draft = async (path = ORDERS): Promise<Answer> => (await waybill.api(`${path}/draft`)).mapping;
  const settled = (read: () => Promise<unknown>, expected: unknown): Promise<void> =>
    until(async () => JSON.stringify(await read().catch(() => undefined)) === JSON.stringify(expected));
  const publish = async (note: string): Promise<void> => {
    await page.getByText('Draft saved').waitFor();
    await keys.press(button('Publish'));
    await keys.write(box('Note for the history', dialog()), note);
    await keys.press(button('Publish', dialog()));
    await dialog().waitFor({ state: 'hidden' });
    await page.getByText('No changes').waitFor();
  };
  const send = async (batch: readonly object[]): Promise<void> => {
    const answer = await fetch(`${waybill.url}/v1/batch`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${writeKey}:`)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ batch }),
    });
    expect(answer.status).toBe(200);
  };

  task('1: sign in, with a wrong token first', async () => {
    await keys.write(box('Admin token'), 'wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('request_unauthorized').first().waitFor();
    await keys.write(box('Admin token'), waybill.token);
    await page.keyboard.press('Enter');
    await title('Overview');
    const kept = await page.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href,
    );
    expect(kept).not.toContain(waybill.token);
  });

  task('2: from an empty data folder to the first delivery', async () => {
    await keys.press(link('Start here'));
    const steps = page.getByRole('list', { name: 'Steps' }).locator('> li');
    const done = (step: number): Promise<void> => steps.nth(step).getByText('● done').waitFor();
    await keys.press(button('Create source'));
    await keys.write(box('ID', dialog()), 'web');
    await page.keyboard.press('Enter');
    writeKey = await dialog().locator('code').first().innerText();
    await keys.press(button('Close', dialog()));
    await done(0);
    await keys.press(button('Send sample event'));
    await done(1);
    const arrived = page.getByRole('table', { name: 'Live events' });
    await link('Signed Up', arrived).first().waitFor();
    await keys.write(box('API Key'), 'demo');
    await keys.choose(list('Project Type'), 'Hybrid');
    await keys.write(box('API URL'), waybill.sandbox);
    await keys.press(button('Create destination'));
    await done(2);
    // What came before the destination is not for it.
    expect(await steps.nth(3).getByText('◔ open').count()).toBe(1);
    await keys.press(button('Send sample event'));
    await done(3);
    await page.getByText('Everything works').waitFor();
  });

  task('3: create a source, copy its snippet, and run it', async () => {
    await keys.press(link('Sources'));
    await keys.press(button('Create source'));
    await keys.write(box('ID', dialog()), 'shop');
    await page.keyboard.press('Enter');
    const key = await dialog().locator('code').first().innerText();
    await keys.press(button('Copy: curl'));
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toContain(`'${key}:'`);
    await tab('Node');
    await page.getByText(`writeKey: '${key}', host:`).waitFor();
    await tab('Browser');
    await page.getByText(`writeKey: '${key}', cdnURL:`).waitFor();
    await keys.press(link('Open the source and watch events arrive'));
    await title('shop');
    await runCurl(snippet);
    await link('Signed Up', page.getByRole('table', { name: 'Live events' })).waitFor();
    await keys.press(link('Sources'));
    await title('Sources');
    await keys.press(link('shop'));
    await page.getByRole('img', { name: 'Write key, hidden' }).waitFor();
    expect(await page.content()).not.toContain(key);
  });

  task('4: a destination with a wrong key, and with the right one', async () => {
    await keys.press(link('Destinations'));
    await keys.press(button('Create destination'));
    await keys.choose(list('Product'), 'Iterable');
    await keys.write(box('ID', dialog()), 'second');
    await keys.write(box('API Key', dialog()), 'wrong');
    await keys.choose(list('Project Type'), 'Hybrid');
    await keys.write(box('API URL', dialog()), waybill.sandbox);
    await keys.press(button('Test connection', dialog()));
    const refusal = dialog().getByRole('alert');
    await refusal.getByText('destination_unauthorized').waitFor();
    await refusal.getByText('What to do').waitFor();
    expect(await waybill.api('destinations')).toHaveLength(1);
    await keys.write(box('API Key', dialog()), 'demo');
    await keys.press(button('Test connection', dialog()));
    await dialog().getByRole('status').getByText(`own address, ${waybill.sandbox}`).waitFor();
    await dialog().getByRole('status').getByText('accepts the key').waitFor();
    await keys.press(button('Create destination', dialog()));
    await title('second');
    await keys.press(page.getByRole('switch', { name: 'Deliver events' }), 'Space');
    await until(async () => (await waybill.api('destinations/second')).enabled === false);
  });

  task('5: switch a mapping off and on, and move it up', async () => {
    await keys.press(link('Destinations'));
    await keys.press(link('iterable', page.getByRole('main')));
    await keys.press(link('Mappings'));
    const rows = page.getByRole('list', { name: 'Mappings' });
    const running = async (): Promise<readonly { id: string; name: string; enabled: boolean }[]> =>
      waybill.api('destinations/iterable/mappings');
    const before = await running();
    const last = before.at(-1)!;
    const toggle = rows.getByRole('switch', { name: last.name });
    await keys.press(toggle, 'Space');
    await until(async () => (await running()).at(-1)?.enabled === false);
    const up = button(`Move ${last.name} up`, rows);
    await keys.press(up);
    const wanted = [...before.slice(0, -2), last, before.at(-2)!].map(({ id }) => id).join();
    await until(async () => (await running()).map(({ id }) => id).join() === wanted);
    await page.getByRole('status').getByText(`${last.name} is now at position`).waitFor();
    expect(await up.evaluate((one) => document.activeElement === one)).toBe(true);
    // Each of them stays the preset that it was.
    const [{ mappings }] = (await waybill.api('workspace')).destinations;
    const off = { id: last.id, preset: last.id, enabled: false };
    expect(
      mappings.map((one: Answer) => (one.id === last.id ? off : { id: one.id, preset: one.id })),
    ).toEqual(mappings);
    await page.reload();
    await rows.getByRole('listitem').first().waitFor();
    const names = await rows.getByRole('listitem').getByRole('link').allInnerTexts();
    expect(names.indexOf(last.name)).toBeLessThan(names.indexOf(before.at(-2)!.name));
    expect(await toggle.isChecked()).toBe(false);
    await keys.press(toggle, 'Space');
    await until(async () => (await running()).every(({ enabled }) => enabled));
  });

  task('6: a trigger that is broken', async () => {
    await prepare();
    await keys.goTo('orders', 'Orders Mapping of iterable');
    await keys.write(trigger(), 'type = "track" and evnt = "A"');
    await page.getByText('Line 1, character 20').waitFor();
    await settled(async () => (await waybill.api(`${ORDERS}/draft`)).issues[0]?.offset, 19);
    await page.getByText('You can edit the conditions again').waitFor();
    expect(await button('Publish').isDisabled()).toBe(true);
    await page.getByText('The trigger cannot be parsed.').waitFor();
    await page.getByRole('option', { name: 'event' }).waitFor();
    await page.keyboard.press('Enter');
    await settled(() => trigger().inputValue(), 'type = "track" and event = "A"');
  });

  task('7: nested conditions, in the builder, as text, and back', async () => {
    await keys.write(trigger(), TRIGGER);
    await page.keyboard.press('Escape');
    await page.getByText('Draft saved').waitFor();
    const conditions = page.getByRole('group', { name: 'Conditions' });
    const part = async (name: string, at: number, text: string): Promise<void> => {
      await keys.write(conditions.getByRole('textbox', { name, exact: true }).nth(at), text);
      await page.keyboard.press('Enter');
    };
    const text = (): Promise<string> => trigger().inputValue();
    const shown = (): Promise<string> => conditions.ariaSnapshot();
    /** The tree when its counts do not change any more: they come a little later than what they are of. */
    const resting = async (before = ''): Promise<string> => {
      const now = await shown();
      await page.waitForTimeout(1_000);
      return now === before ? now : resting(now);
    };
    const tree = await resting();
    await part('Value', 1, '"Order Refunded"');
    await settled(text, TRIGGER.replace('"Order Completed"', '"Order Refunded"'));
    await part('Value', 1, 'nonsense here');
    await page.getByText('This cannot be shown here.').waitFor();
    await part('Value', 1, '"Order Completed"');
    await settled(text, TRIGGER);
    await settled(shown, tree);
    await keys.press(button('Add condition on the items of a list', conditions).first());
    await part('Field', -1, 'sku');
    await keys.choose(list('Operator', conditions).last(), 'in');
    await part('Value', -1, '["tea", "cup"]');
    await keys.choose(list('How many items', conditions), 'all');
    await keys.press(button('Negate', conditions).nth(-2));
    const nested = `${TRIGGER}\n  AND !all(properties.products, sku in ["tea", "cup"])`;
    await settled(text, nested);
    await conditions.getByText('true in 0 of 100').first().waitFor();
    const nestedTree = await resting();
    await keys.write(trigger(), TRIGGER);
    await page.keyboard.press('Escape');
    await settled(shown, tree);
    await keys.write(trigger(), nested);
    await page.keyboard.press('Escape');
    await settled(shown, nestedTree);
    await keys.write(trigger(), TRIGGER);
    await page.keyboard.press('Escape');
    await settled(async () => (await draft()).trigger, TRIGGER);
  });

  task('8: a path by click, by drag and by keyboard', async () => {
    await tab('Fields');
    const email = field('Email Address');
    const expected = { '@waybill.get': ['properties', 'a.b'] };
    const isTaken = async (): Promise<void> => {
      await email.getByText('"dotted"').waitFor();
      await settled(async () => (await draft()).mapping.email, expected);
    };
    const reset = async (): Promise<void> => {
      await keys.choose(list('Kind', email), 'nothing');
      await email.getByText('gives nothing').waitFor();
    };
    const path = '["properties","a.b"]';
    await keys.press(button('Pick from the event', email));
    await keys.press(button(`Use ${path}`));
    await isTaken();
    await reset();
    await button('Pick from the event', email).click();
    await button(`Use ${path}`).click();
    await isTaken();
    await reset();
    await button(`${path} "dotted"`).dragTo(email);
    await isTaken();
  });

  task('9: every directive, pasted as JSON, opened visually and saved', async () => {
    const documented = DIRECTIVES.flatMap(({ name, examples }) =>
      examples.map(({ mapping, event, payload }, at) => ({
        key: `${name.slice(1)} ${at}`,
        mapping,
        event,
        payload,
      })),
    );
    const mapping = {
      ...(await draft()).mapping,
      dataFields: Object.fromEntries(documented.map(({ key, mapping: one }) => [key, one])),
    };
    await page.getByText('Draft saved').waitFor();
    await tab('JSON');
    await keys.write(box('JSON'), JSON.stringify({ ...(await draft()), mapping }));
    await tab('Fields');
    await field('Event Data Fields').waitFor();
    await tab('Delivery');
    await keys.write(box('Name'), 'All of them');
    await settled(async () => (await draft()).name, 'All of them');
    const saved = await draft();
    expect(saved.mapping).toEqual(mapping);
    const events = documented.map(({ event }, at) => {
      return {
        type: 'track',
        event: 'Seen',
        userId: 'ada',
        messageId: `documented-${at}`,
        ...(event as object),
      };
    });
    const given = { eventName: 'Documented', userId: 'ada', dataFields: saved.mapping.dataFields };
    const body = { mapping: { ...saved, trigger: 'true', mapping: given }, sample: { events } };
    const tried = await waybill.api('destinations/iterable/try', 'POST', body);
    documented.forEach(({ key, payload }, at) => {
      expect({ key, made: tried.events[at].payload.dataFields[key] }).toEqual({ key, made: payload });
    });
    await keys.press(button('Discard draft'));
    await page.getByText('No changes').waitFor();
  });

  task('10: a required field that is emptied', async () => {
    await tab('Fields');
    const name = field('Event Name');
    await keys.choose(list('Kind', name), 'nothing');
    await name.getByText('payload_required').waitFor();
    await page.getByText('0 of 1 required fields are mapped').waitFor();
    await result().getByText('payload_required').first().waitFor();
    await page.getByText('Draft saved').waitFor();
    const body = { mapping: await draft(), sample: { last: 1, where: 'properties.total = 18' } };
    const { events } = await waybill.api('destinations/iterable/try', 'POST', body);
    expect(events[0].issues[0]).toMatchObject({ code: 'payload_required', path: 'eventName' });
  });

  task('11: a dry run over 500 events, with a field that was changed', async () => {
    await keys.choose(list('Kind', field('Event Name')), 'text');
    await keys.write(box('Value', field('Event Name')), 'Bought');
    await page.getByText('Draft saved').waitFor();
    await settled(async () => (await draft()).mapping.eventName, 'Bought');
    await keys.press(button('Dry run', result()));
    await result()
      .getByText(/^500 events: /)
      .waitFor();
    const totals = (await result().getByRole('button').allInnerTexts())
      .map((text) => /^\S+ (.+?) (\d+)$/.exec(text.replaceAll(/\s+/g, ' ')))
      .filter((found) => found !== null)
      .map(([, name, count]) => [name!, Number(count)] as const);
    const changed = totals.find(([name]) => /^changed/i.test(name))?.[1];
    const others = totals.filter(([name]) => !/^changed/i.test(name));
    expect(others.reduce((sum, [, count]) => sum + count, 0)).toBe(500);
    const payloads = async (mapping: Answer): Promise<readonly string[]> => {
      const found: string[] = [];
      // Complete answers contain at most this number of items.
      for (let from = 0; from < 500; from += 50) {
        const sample = { messageIds: Array.from({ length: 50 }, (_, at) => `m${from + at}`) };
        const { events } = await waybill.api('destinations/iterable/try', 'POST', { mapping, sample });
        found.push(...events.map((one: Answer) => JSON.stringify([one.messageId, one.payload])));
      }
      return found;
    };
    const [now, then] = [await payloads(await draft()), await payloads({ id: 'orders', ...LIVE })];
    expect(now).toHaveLength(500);
    const differ = now.filter((one, at) => one !== then[at]);
    expect(differ.length).toBeGreaterThan(0);
    expect(changed).toBe(differ.length);
  });

  task('12: publish, and roll back', async () => {
    await publish('one name for all');
    await page.getByText('Version 2', { exact: true }).waitFor();
    await names('after-publish', 'version 2 · one name for all');
    await keys.goTo('orders', 'Orders Mapping of iterable');
    await keys.press(button('Roll back'));
    await keys.press(button('Roll back to version 1'));
    await page.getByText('Version 3', { exact: true }).waitFor();
    await keys.press(button('Roll back'));
    await dialog()
      .getByText(/Version 2 · admin · .*one name for all/)
      .waitFor();
    await page.keyboard.press('Escape');
    await names('after-roll-back', 'version 3 · Version 1 again');
    expect((await waybill.api(ORDERS)).mapping.eventName).toEqual(LIVE.mapping.eventName);
  });

  task('13: find an event by the text of a trigger, and see why a mapping was not for it', async () => {
    await keys.press(link('Events'));
    await keys.write(box('Search events'), 'properties.total = 7');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await keys.press(page.getByRole('table').getByRole('link', { name: 'Order Completed' }).first());
    await title('Order Completed');
    await keys.press(button('Why?'));
    await page.getByText('properties.total >= 10 ✕').waitFor();
    await page.getByText('properties.total is 7').first().waitFor();
  });

  task('14: 1,000 dead letters in three groups, of which one is mended and replayed', async () => {
    const group = (code: string, name: string): Locator =>
      page.getByRole('region', { name: `iterable · purchases · ${code} · ${name}` });
    const nameless = group('payload_required', 'eventName');
    await loseThousand();
    await keys.press(link('Dead letters'));
    await nameless.getByText('600 items').waitFor();
    await nameless.getByText('0 of 600 would be sent now').waitFor();
    await keys.press(link('Open the mapping', nameless));
    await tab('Fields');
    await keys.write(box('Value', field('Event Name')), '$.event');
    await publish('purchases have no name of their own');
    await keys.press(link('Dead letters'));
    await nameless.getByText('600 of 600 would be sent now').waitFor();
    await keys.press(button('Replay', nameless));
    await dialog().getByText('600 would be sent').waitFor();
    await keys.press(button('Replay', dialog()));
    const replay = page.getByRole('region', { name: 'Replay', exact: true });
    await replay.getByText('All 600 items are finished.').waitFor();
    await replay.getByText('600 delivered').waitFor();
    await page.reload();
    await replay.getByText('All 600 items are finished.').waitFor();
    await group('payload_wrong_type', 'createdAt').getByText('300 items').waitFor();
    await group('destination_event_disallowed', 'eventName').getByText('100 items').waitFor();
    await nameless.waitFor({ state: 'detached' });
    const { steps } = await waybill.api('events/nameless-599');
    expect(steps).toMatchObject([{ mappingId: 'purchases', status: 'delivered' }]);
  });

  task('15: two people who edit one mapping', async () => {
    const second = await someone();
    await second.keys.write(box('Admin token', second.page), waybill.token);
    await second.page.keyboard.press('Enter');
    await second.page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
    for (const one of [keys, second.keys]) await one.goTo('orders', 'Orders Mapping of iterable');
    await second.page.getByText('No changes').waitFor();
    await keys.write(trigger(), 'type = "page"');
    await page.getByText('Draft saved').waitFor();
    const theirs = box('Trigger', second.page);
    await second.keys.write(theirs, 'type = "screen"');
    const alert = second.page.getByRole('alert');
    await alert.getByText('workspace_version_conflict').first().waitFor();
    await second.page.reload();
    await alert.getByText('workspace_version_conflict').first().waitFor();
    expect(await theirs.inputValue()).toBe('type = "screen"');
    const both = second.page.getByRole('region', { name: 'Both versions' });
    await both.getByText('type = \\"page\\"').waitFor();
    await both.getByText('type = \\"screen\\"').waitFor();
    await second.keys.press(button('Keep mine', second.page));
    await settled(async () => (await draft()).trigger, 'type = "screen"');
    await alert.waitFor({ state: 'detached' });
  });

  task('16: run an audience dry', async () => {
    const file = join(waybill.files, 'members.csv');
    const write = (count: number): void =>
      writeFileSync(file, `id,plan\n${Array.from({ length: count }, (_, n) => `u${n},free\n`).join('')}`);
    write(100);
    const settings = { file, key: 'id', audience: 'vip', everyMinutes: 0 };
    await waybill.api('sources', 'POST', { id: 'vip', type: 'audience', settings });
    await keys.press(link('Sources'));
    await keys.press(link('vip'));
    await page.getByText('It has not run yet.').waitFor();
    await keys.press(button('Run now'));
    await page.getByText('0 rows before, 100 now: 100 added, 0 changed, 0 removed.').waitFor();
    write(40);
    await keys.press(button('Dry run'));
    await page.getByRole('heading', { name: 'Result of a dry run' }).waitFor();
    await page.getByText('100 rows before, 40 now: 0 added, 0 changed, 60 removed.').waitFor();
    await page.getByText('It would remove more rows than allowed').waitFor();
    expect((await waybill.api('sources/vip/audience')).last).toMatchObject({ run: 1, rows: 100 });
    await keys.press(button('Run now'));
    await page.getByRole('heading', { name: 'Run 2 needs confirmation' }).waitFor();
    await keys.press(button('Send and remove 60'));
    await page.getByText('Last run (2):').waitFor();
  });

  it('has caused no error or violation on the way', () => {
    expect(faults).toEqual([]);
  });

  /** Two mappings to work on, and 500 events; the sample shop's other mappings make nothing of these. */
  async function prepare(): Promise<void> {
    const { mappings } = await waybill.api('workspace').then(({ destinations }) => destinations[0]);
    const kept = (mappings as readonly Answer[]).filter(({ id }) => id === 'identify-calls');
    const own = [...kept, { id: 'orders', ...LIVE }, PURCHASES];
    await waybill.api('destinations/iterable', 'PATCH', { mappings: own });
    await send(
      Array.from({ length: 500 }, (_, at) => ({
        type: 'track',
        event: at % 2 === 0 ? 'Seen' : 'Order Completed',
        userId: `u${at}`,
        messageId: `m${at}`,
        properties: { total: at % 20, 'a.b': 'dotted', products: [{ sku: 'tea' }, { sku: 'cup' }] },
      })),
    );
  }

  async function loseThousand(): Promise<void> {
    await waybill.change('settings', { disallowedEventNames: ['Poison'] });
    const some = (name: string, count: number, properties: object): Promise<void> =>
      send(
        Array.from({ length: count }, (_, at) => {
          const id = `${name}-${at}`;
          return { type: 'track', event: 'Bought', userId: id, messageId: id, properties };
        }),
      );
    await some('nameless', 600, {});
    await some('timeless', 300, { name: 'Sold', at: { no: 'time' } });
    await some('poison', 100, { name: 'Poison' });
    await until(async () => {
      const { groups } = await waybill.api('dead-letters/groups?mappingId=purchases');
      return groups.reduce((sum: number, { count }: Answer) => sum + count, 0) === 1_000;
    }, 60_000);
  }

  /** Sends an event, and expects its story to name the version that it went through. */
  async function names(messageId: string, version: string): Promise<void> {
    const properties = { total: 50 };
    await send([{ type: 'track', event: 'Seen', userId: messageId, messageId, properties }]);
    await keys.press(link('Events'));
    await keys.write(box('Search events'), `messageId = "${messageId}"`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Enter');
    await keys.press(page.getByRole('table').getByRole('link', { name: 'Seen' }).first());
    await title('Seen');
    await page.getByText(version, { exact: true }).waitFor();
  }
});

const LIVE = {
  name: 'Orders',
  action: 'trackEvent',
  trigger: TRIGGER,
  mapping: {
    email: { '@path': '$.context.traits.email' },
    userId: { '@path': '$.userId' },
    eventName: { '@path': '$.event' },
  },
};

const PURCHASES = {
  id: 'purchases',
  name: 'Purchases',
  action: 'trackEvent',
  trigger: 'type = "track" and event = "Bought"',
  mapping: {
    userId: { '@path': '$.userId' },
    eventName: { '@path': '$.properties.name' },
    createdAt: { '@path': '$.properties.at' },
  },
};
