import { setTimeout as sleep } from 'node:timers/promises';
import type { Platform } from '@waybill/shop-sandboxes';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Answer } from '../e2e/harness.ts';
import { openBrowser } from '../e2e/page.ts';
import { connect, type Connected } from '../shops/connected.ts';
import { openShopPage, type ShopPage } from './shop-page.ts';

/** The public key of the storefronts. */
export const KEY = 'storefront-of-the-shop';

/** A shop that a server reads, its site, and a browser to look at it with. */
export interface World extends Connected {
  readonly site: ShopPage;
  /** A page of the site, in a separate browser context. */
  visit(path?: string, context?: BrowserContext): Promise<Page>;
  /** Waits until a condition is true for the events of the storefront. */
  until(holds: (events: readonly Answer[]) => boolean): Promise<readonly Answer[]>;
}

/** Opens worlds, and closes them. */
export interface Worlds {
  /** Undefined without a browser. */
  browser(): Promise<Browser | undefined>;
  open(platform: Platform, settings?: object): Promise<World>;
  /** Closes the worlds, not the browser. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Waits until a condition is true in a page; a function that waits in the page itself violates its content security policy. */
export async function holdsIn(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if ((await page.evaluate(expression)) === true) return;
    await sleep(25);
  }
  throw new Error(`It does not hold: ${expression}`);
}

/** Makes worlds with one browser. */
export function createWorlds(): Worlds {
  let opening: Promise<Browser | undefined> | undefined;
  const browser = (): Promise<Browser | undefined> => (opening ??= openBrowser());
  const open: { close(): Promise<unknown> }[] = [];
  const clear = async (): Promise<void> => {
    for (const one of open.splice(0)) await one.close();
  };
  return {
    browser,
    clear,
    async close() {
      await clear();
      await (await opening)?.close();
    },
    async open(platform, settings = {}) {
      const all = { storefrontKey: KEY, storefrontConsent: 'assumed', ...settings };
      const connected = await connect({ platform, settings: all });
      const { harness } = connected;
      const site = await openShopPage(platform, harness.server.url);
      open.push(site, connected);
      return {
        ...connected,
        site,
        async visit(path = '/', context) {
          const own = context ?? (await (await browser())!.newContext());
          if (context === undefined) open.unshift(own);
          const page = await own.newPage();
          await page.goto(site.url + path);
          await holdsIn(page, 'window.waybill?.consent !== undefined');
          return page;
        },
        async until(holds) {
          for (let tries = 0; tries < 200; tries += 1) {
            const { body } = await harness.admin('events?limit=1000');
            const all = (body.events as readonly { event: Answer }[]).map(({ event }) => event);
            const events = all.filter(({ context }) => context.source?.storefront === true);
            if (holds(events)) return events;
            await sleep(50);
          }
          throw new Error(`It has not come: ${JSON.stringify((await harness.admin('refusals')).body)}`);
        },
      };
    },
  };
}
