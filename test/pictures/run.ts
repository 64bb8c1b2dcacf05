/**
 * Takes the screenshots of the README and of the guide to the console on a new server with the recorded shopping day.
 *
 *     npm run pictures                 all of them
 *     npm run pictures -- --only overview,story
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openBrowser } from '../e2e/page.ts';
import { openHarness } from '../e2e/harness.ts';
import { playDay } from '../day/player.ts';
import { addReviews, STEPS } from './steps.ts';

const FOLDER = join(import.meta.dirname, '../../docs/guide/pictures');
const SIZE = { width: 1280, height: 800 };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',');

const browser = await openBrowser();
if (browser === undefined) throw new Error('Pictures need a Chromium.');
const harness = await openHarness();
try {
  await addReviews(harness);
  await playDay({ host: harness.server.url, writeKey: 'demo' });
  await harness.server.idle();
  const context = await browser.newContext({
    viewport: SIZE,
    locale: 'en-GB',
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${harness.server.url}/console/`);
  mkdirSync(FOLDER, { recursive: true });
  if (wanted === undefined) rmSync(FOLDER, { recursive: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const { picture, take } of STEPS) {
    await take({ page, harness });
    if (wanted !== undefined && !wanted.includes(picture)) continue;
    const bytes = await pictureOf(page);
    writeFileSync(join(FOLDER, `${picture}.webp`), bytes);
    console.log(`${picture}.webp ${Math.round(bytes.length / 1_000)} kB`);
  }
} finally {
  await browser.close();
  await harness.close();
}

/** What the window shows, small: without a caret, and with every moment as the same one. */
async function pictureOf(page: Page): Promise<Buffer> {
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
  await page.evaluate(() => {
    scrollTo(0, 0);
    for (const time of document.querySelectorAll('time')) time.textContent = '2 minutes ago';
    if (document.activeElement instanceof HTMLInputElement)
      document.activeElement.style.caretColor = 'transparent';
    return new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  });
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
  await devtools.detach();
  return Buffer.from(data, 'base64');
}
