import type axeCore from 'axe-core';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../e2e/page.ts';
import { type Harness, type HarnessOptions, openHarness } from '../e2e/harness.ts';

/** A server with its console open in a browser. */
export interface OpenConsole {
  readonly harness: Harness;
  readonly context: BrowserContext;
  /** The page that is signed in, unless it was opened without. */
  readonly page: Page;
  /** Goes to a path below `/console` without losing the session. */
  go(path: string): Promise<void>;
  /** What no page may do: errors, refusals of the content policy, requests to another origin. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** How the console is opened. */
export interface ConsoleOptions extends HarnessOptions {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en-GB' | 'de-DE';
  /** Leaves the page at the sign-in. */
  readonly signedOut?: boolean;
}

/** Opens the console of a new server in Chromium. Without Chromium the test fails, unless it is set to skip. */
export async function openConsole(options: ConsoleOptions = {}): Promise<OpenConsole> {
  const { width = 1440, theme = 'light', language = 'en-GB', signedOut = false, ...rest } = options;
  const browser: Browser | undefined = await openBrowser();
  if (browser === undefined)
    throw new Error('There is no Chromium; set WAYBILL_SKIP_BROWSER=1 to go on without.');
  const harness = await openHarness(rest);
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: language,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  watch(page, harness.server.url, faults);
  const close = async (): Promise<void> => {
    await browser.close();
    await harness.close();
  };
  try {
    await page.goto(`${harness.server.url}/console/start`);
    if (!signedOut) {
      await page.locator('input[type=password]').fill(harness.server.adminToken);
      await page.locator('button[type=submit]').click();
      await page.getByRole('banner').waitFor();
    }
  } catch (error) {
    await close();
    throw error;
  }
  return {
    harness,
    context,
    page,
    faults,
    async go(path) {
      await page.evaluate((to) => {
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
      }, `/console${path}`);
    },
    close,
  };
}

/** Notes what no page of an address may do: errors, refusals of the content policy, requests to another origin. */
export function watch(page: Page, url: string, faults: string[]): void {
  const { origin } = new URL(url);
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refusal is shown on the page; the browser also logs each one.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(`console: ${message.text()}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) faults.push(`request: ${request.url()}`);
  });
}

/** Whether tests in a browser are to be left out on this machine. */
export const skipped = process.env['WAYBILL_SKIP_BROWSER'] === '1';

/** Expects that a page has no unexpected errors. */
export function expectNoFaults({ faults }: OpenConsole): void {
  expect(faults).toEqual([]);
}

const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * Returns the violations that axe finds on the current page; only of `colours` where the same page was checked in the other theme,
 * and only `within` an element where only that is new. The page returns violations only: an answer with all passed checks takes four
 * times as long.
 */
export async function findings(
  { page }: Pick<OpenConsole, 'page'>,
  what: 'all' | 'colours' = 'all',
  within?: string,
): Promise<readonly string[]> {
  const only = what === 'all' ? TAGS : COLOURS;
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  return page.evaluate(
    async ({ only, within }) => {
      const { axe } = globalThis as unknown as { readonly axe: typeof axeCore };
      const { violations } = await axe.run(within ?? document, {
        runOnly: [...only],
        resultTypes: ['violations'],
      });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    },
    { only, within },
  );
}

/** Runs a command of curl as a shell reads it; there need be no curl. */
export async function runCurl(command: string): Promise<void> {
  const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
  const script = `curl() { '${process.execPath}' -e '${print}' -- "$@"; }\n${command}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script]);
  const [url = '', ...options] = JSON.parse(stdout) as readonly string[];
  const given = (name: string): string => options[options.indexOf(`--${name}`) + 1]!;
  const [name = '', value = ''] = given('header').split(': ');
  const headers = { authorization: `Basic ${btoa(given('user'))}`, [name]: value };
  expect((await fetch(url, { method: 'POST', headers, body: given('data') })).status).toBe(200);
}
