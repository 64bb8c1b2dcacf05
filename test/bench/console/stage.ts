import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Harness } from '../../e2e/harness.ts';

/** What a measurement works with. */
export interface Stage {
  readonly harness: Harness;
  readonly browser: Browser;
  /** How often each thing is timed; the middle one counts. */
  readonly rounds: number;
  /** Minutes of live tail before the second measurement of memory. */
  readonly minutes: number;
}

/** A result: a figure, its bound, and its parts. */
export interface Finding {
  readonly name: string;
  readonly value: number;
  readonly most: number;
  readonly from: string;
}

/** A signed-in browser window with an isolated context. */
export async function openSignedIn(
  { harness, browser }: Stage,
  path = '/start',
): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${harness.server.url}/console/start`);
  await page.getByRole('textbox', { name: 'Admin token' }).fill(harness.server.adminToken);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('banner').waitFor();
  if (path !== '/start') await page.goto(`${harness.server.url}/console${path}`);
  return { context, page };
}

/** The middle of several times. */
export async function median(rounds: number, time: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await time());
  return middle(times);
}

/** The middle one of several figures. */
export function middle(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

/** Milliseconds from the request of the page to the first paint. */
export async function firstPaint(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const known = performance.getEntriesByName('first-contentful-paint')[0];
        if (known !== undefined) resolve(known.startTime);
        else
          new PerformanceObserver((list) => {
            for (const { name, startTime } of list.getEntries())
              if (name === 'first-contentful-paint') resolve(startTime);
          }).observe({ type: 'paint', buffered: true });
      }),
  );
}

/** Milliseconds from the request of the page until an element exists. */
export async function untilThere(page: Page, selector: string): Promise<number> {
  const handle = await page.waitForFunction(
    (wanted) => (document.querySelector(wanted) === null ? undefined : performance.now()),
    selector,
  );
  return (await handle.jsonValue())!;
}

/** Events, sent in requests of 500. */
export async function send({ harness }: Stage, count: number, name: string): Promise<void> {
  for (let from = 0; from < count; from += 500) {
    const batch = Array.from({ length: Math.min(500, count - from) }, (_one, at) => ({
      type: 'track',
      event: 'Product Viewed',
      userId: `user-${(from + at) % 5_000}`,
      messageId: `${name}-${from + at}`,
      properties: {
        product_id: `sku-${at % 900}`,
        name: 'Plain white shirt',
        price: 19.9 + at,
        currency: 'EUR',
      },
    }));
    const { status } = await harness.track('batch', { batch });
    if (status !== 200) throw new Error(`The server answered ${status}.`);
  }
}
