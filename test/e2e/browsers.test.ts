import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { type Answer, type Harness, openHarness } from './harness.ts';
import { openBrowser, openShop, type Shop } from './page.ts';
import { freePort } from './port.ts';

/** What runs in the page: the clients' own code, started as their guides say. */
const START: Readonly<Record<string, string>> = {
  "Segment's client": `window.client = AnalyticsNext.AnalyticsBrowser.load({ writeKey: 'demo', cdnURL: host })`,
  "Segment's client, that outlives its page": `window.client = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: 'demo', cdnURL: host },
    { integrations: { 'Segment.io': { deliveryStrategy: { config: { keepalive: true } } } } },
  )`,
  "Segment's client, in batches": `window.client = AnalyticsNext.AnalyticsBrowser.load(
    { writeKey: 'demo', cdnURL: host },
    { integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { size: 5, timeout: 500 } } } } },
  )`,
  "RudderStack's client": `window.client = new rudderanalytics.RudderAnalytics();
    client.load('demo', host, { configUrl: host })`,
  "RudderStack's client, with beacons": `window.client = new rudderanalytics.RudderAnalytics();
    client.load('demo', host, { configUrl: host, useBeacon: true, beaconQueueOptions: { flushQueueInterval: 500 } })`,
};

describe('clients in a browser, configured only with the host', () => {
  let harness: Harness;
  let shop: Shop;
  let browser: Browser | undefined;
  beforeAll(async () => {
    // The same port after a restart.
    harness = await openHarness({ server: { port: await freePort() } });
    shop = await openShop();
    browser = await openBrowser();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
    await harness?.close();
  });

  /** Waits for the event of this name in the log. */
  async function arrived(name: string): Promise<Answer> {
    for (let tries = 0; tries < 300; tries++) {
      const { body } = await harness.admin('events?limit=1000');
      const found = (body.events as readonly { readonly event: Answer }[]).find(
        ({ event }) => event.event === name,
      );
      if (found !== undefined) return found.event;
      await sleep(200);
    }
    throw new Error(`${name} has not arrived: ${JSON.stringify((await harness.admin('refusals')).body)}`);
  }
  async function openPage(client: string): Promise<Page> {
    const page = await (await browser!.newContext()).newPage();
    await page.goto(shop.url);
    await page.evaluate(`{ const host = ${JSON.stringify(harness.server.url)}; ${START[client]} }`);
    return page;
  }
  type Pages = readonly (readonly [client: string, page: Page])[];
  const openPages = async (): Promise<Pages> =>
    browser === undefined
      ? []
      : Promise.all(Object.keys(START).map(async (client) => [client, await openPage(client)] as const));
  const each = async (pages: Pages, act: (page: Page, client: string) => Promise<void>): Promise<void> => {
    await Promise.all(pages.map(([client, page]) => act(page, client)));
  };
  const track = (page: Page, name: string): Promise<unknown> =>
    page.evaluate(`void client.track(${JSON.stringify(name)}, { price: 5 })`);

  it('send an event with its address, those of an outage after it, and the last one of a closed page', async () => {
    const pages = await openPages();
    await each(pages, async (page, client) => {
      await track(page, `${client} sends`);
      expect(await arrived(`${client} sends`)).toMatchObject({
        properties: { price: 5 },
        context: { ip: '127.0.0.1' },
      });
    });

    // The server is down while they track, then up again. A beacon is sent and dropped by its client.
    const waiting = pages.filter(([client]) => !client.includes('beacons'));
    await harness.restart(() =>
      each(waiting, async (page, client) => {
        const failed = page.waitForEvent('requestfailed');
        await track(page, `${client} waits`);
        await failed;
      }),
    );
    await each(waiting, async (_page, client) => void (await arrived(`${client} waits`)));

    // The plain request of Segment's client ends with its page, as its guide says.
    const leaving = pages.filter(([client]) => client !== "Segment's client");
    await each(leaving, async (page, client) => {
      await track(page, `${client} leaves`);
      await page.close({ runBeforeUnload: true });
    });
    await each(leaving, async (_page, client) => void (await arrived(`${client} leaves`)));
  }, 240_000);

  it('a beacon of JSON, which is sent with credentials', async () => {
    if (browser === undefined) return;
    const page = await (await browser.newContext()).newPage();
    await page.goto(shop.url);
    await page.evaluate((host) => {
      const batch = [{ type: 'track', userId: 'u', event: 'a beacon of JSON' }];
      const body = new Blob([JSON.stringify({ writeKey: 'demo', batch })], { type: 'application/json' });
      navigator.sendBeacon(`${host}/v1/batch`, body);
    }, harness.server.url);
    await page.close({ runBeforeUnload: true });
    await arrived('a beacon of JSON');
    await page.context().close();
  }, 60_000);

  it('a page reads the error of its event', async () => {
    if (browser === undefined) return;
    const page = await (await browser.newContext()).newPage();
    await page.goto(shop.url);
    const refusal = await page.evaluate(async (host) => {
      const answer = await fetch(`${host}/v1/t`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'x-retry-count': '1' },
        body: '{',
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    }, harness.server.url);
    expect(refusal).toMatchObject({ status: 400, body: { error: { code: 'event_invalid_json' } } });
    await page.context().close();
  }, 60_000);
});
