import { afterAll, expect, it } from 'vitest';
import type { BrowserContext, Page } from 'playwright-core';
import type { Answer } from '../e2e/harness.ts';
import { createWorlds, holdsIn } from './world.ts';

const worlds = createWorlds();
afterAll(() => worlds.close());

const named = (name: string) => (events: readonly Answer[]) =>
  events.some(({ properties }) => properties.name === name);
const view = (page: Page, name: string): Promise<unknown> =>
  page.evaluate(
    `dataLayer.push({ event: 'view_item', ecommerce: { items: [{ item_id: 1, item_name: ${JSON.stringify(name)} }] } })`,
  );
const kept = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`Object.keys(localStorage).sort()`) as Promise<readonly string[]>;

it('stores and sends nothing before an opt-in, everything across an outage and a closed page, and nothing after an opt-out', async () => {
  const browser = await worlds.browser();
  if (browser === undefined) return;
  const one = await worlds.open('commercetools', { storefrontConsent: 'asked' });
  const { harness } = one;
  const context: BrowserContext = await browser.newContext();
  const sent: string[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  const page = await one.visit('/?utm_source=mail', context);
  await view(page, 'before');
  await page.evaluate('dispatchEvent(new Event("online"))');
  expect([await kept(page), await page.evaluate('document.cookie'), sent]).toEqual([[], '', []]);

  await page.evaluate('waybill.consent(true)');
  const [first] = await one.until(named('before'));
  expect(first).toMatchObject({ properties: { utm_source: 'mail' } });

  // While the server is away one page tries and one is closed; the next one brings what both have left.
  const waiting = await one.visit('/', context);
  const closed = await one.visit('/', context);
  await harness.restart(async () => {
    const failed = waiting.waitForEvent('requestfailed');
    await view(waiting, 'waits');
    await failed;
    await view(closed, 'closes');
    await closed.close({ runBeforeUnload: true });
    expect(await kept(waiting)).toContain('waybill.queue');
  });
  const next = await one.visit('/', context);
  const events = await one.until((all) => named('waits')(all) && named('closes')(all));
  const people = new Set(events.map(({ anonymousId }) => anonymousId));
  expect(people.size).toBe(1);
  expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(events.length);
  await view(next, 'leaves');
  await next.close({ runBeforeUnload: true });
  await one.until(named('leaves'));

  // The opt-in is stored by the browser, and an opt-out ends all of it.
  const last = await one.visit('/', context);
  await holdsIn(last, `localStorage.getItem('waybill.queue') === null`);
  await last.evaluate('waybill.consent(false)');
  expect(await kept(last)).toEqual([]);
  sent.length = 0;
  await view(last, 'after');
  await last.close({ runBeforeUnload: true });
  const again = await one.visit('/', context);
  expect([await kept(again), sent]).toEqual([[], []]);
  await context.close();
}, 60_000);

it('treats Global Privacy Control as an opt-out, until the visitor opts in', async () => {
  const browser = await worlds.browser();
  if (browser === undefined) return;
  const one = await worlds.open('ultracart');
  const context = await browser.newContext();
  await context.addInitScript(`Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })`);
  const page = await one.visit('/', context);
  expect(await kept(page)).toEqual([]);
  await page.evaluate('waybill.consent(true)');
  await one.until((events) => events.length > 0);
  // The cookies that Iterable sets after a click in an e-mail.
  await page.evaluate(
    `document.cookie = 'iterableEmailCampaignId=815'; document.cookie = 'iterableTemplateId=16'`,
  );
  await view(page, 'clicked');
  const [clicked] = (await one.until(named('clicked'))).filter(
    ({ properties }) => properties.name === 'clicked',
  );
  expect(clicked.properties).toMatchObject({ campaignId: 815, templateId: 16 });
  await context.close();
}, 60_000);
