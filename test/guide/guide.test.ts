import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePort } from '../e2e/port.ts';
import { openRegistry, type Registry } from './registry.ts';
import { openShell, type Shell } from './shell.ts';
import { readSteps, type Step } from './steps.ts';

const root = join(import.meta.dirname, '../..');
const markdown = readFileSync(join(root, 'docs/guide/first-destination.md'), 'utf8');

interface Found {
  readonly path?: string;
  readonly reason?: string;
}

/** What a person does at the step with the page. */
async function usePage(page: Page, url: string): Promise<void> {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(url);
  await page.getByLabel('Action').selectOption({ label: 'Add To Wishlist' });
  await page.getByLabel('Event', { exact: true }).selectOption('Product Added to Wishlist');
  const tab = (name: string) => page.getByRole('tab', { name }).click();
  const result = page.getByRole('region', { name: 'Result' });
  const press = () => result.getByRole('button', { name: 'Try', exact: true }).click();
  await page.getByLabel('Event as JSON').getByText('Wishlist').waitFor();
  await press();
  await result.getByText('Would send 1 request').waitFor();
  await result.getByText('/wishlists/user-1').waitFor();
  const payload = result.getByRole('region', { name: 'Payload' });
  expect(await payload.innerText()).toContain('book: "p-1"');

  await tab('JSON');
  const mapping = page.getByRole('textbox', { name: 'JSON', exact: true });
  await mapping.fill((await mapping.inputValue()).replace('$.properties.product_id', '$.properties.sku'));
  await press();
  await payload.getByText('TEA-1').waitFor();
  expect(await result.getByRole('region', { name: 'Requests' }).innerText()).toContain('TEA-1');

  await tab('Trigger');
  await page.getByRole('textbox', { name: 'Trigger' }).fill('type = "identify"');
  await press();
  await result.getByText('The trigger does not match').waitFor();
  expect(problems).toEqual([]);
}

describe('the guide to a first destination', () => {
  let folder: string;
  let registry: Registry;
  let shell: Shell;
  let browser: Browser | undefined;
  let printed = '';
  let url = '';
  let ports: ReadonlyMap<string, string> = new Map();
  /** The text of a step with free ports: somebody may be using those of the page. */
  const here = (text: string): string => text.replaceAll(/\b(?:4400|4409)\b/g, (port) => ports.get(port)!);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-guide-'));
    registry = await openRegistry(root, folder);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    // Another port than the page's own: somebody may be using that one.
    ports = new Map([
      ['4400', String(await freePort())],
      ['4409', String(await freePort())],
    ]);
    const server = ports.get('4400')!;
    shell = openShell(empty, {
      ...registry.env,
      WAYBILL_PAGE_PORT: '0',
      WAYBILL_PORT: server,
      WAYBILL_URL: `http://127.0.0.1:${server}`,
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    shell?.stop();
    await registry?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'run':
        printed = step.background
          ? await shell.start(here(step.commands.join('\n')), /Open http|listens/, 60_000)
          : await shell.run(step.commands.map(here), 100_000);
        url = /Open (http\S+)/.exec(printed)?.[1] ?? url;
        return;
      case 'file': {
        const file = join(shell.folder, step.path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, here(step.text));
        return;
      }
      case 'edit':
        throw new Error(`Line ${step.line}: the guide edits no file.`);
      case 'output':
        for (const line of step.lines) expect(printed).toContain(line);
        return;
      case 'page': {
        const { findBrowser, BROWSER_FLAGS } = (await import(
          pathToFileURL(join(root, 'packages/cli/browser.mjs')).href
        )) as { findBrowser: () => Found; BROWSER_FLAGS: string[] };
        const { path, reason } = findBrowser();
        if (path === undefined) {
          console.log(`The page was not opened. ${reason}`);
          return;
        }
        browser = await chromium.launch({ executablePath: path, args: BROWSER_FLAGS });
        await usePage(await browser.newPage(), url);
        return;
      }
    }
  }

  const steps = readSteps(markdown);
  for (const step of steps) {
    const what =
      step.kind === 'run' ? step.commands.join('; ') : step.kind === 'file' ? step.path : step.kind;
    it(`line ${step.line}: ${step.kind} ${what}`, () => take(step), 120_000);
  }

  it('leaves a destination with three actions, built and documented', () => {
    expect(steps.filter(({ kind }) => kind === 'run').length).toBeGreaterThan(6);
    expect(existsSync(join(shell.folder, 'dist/index.js'))).toBe(true);
    expect(existsSync(join(shell.folder, 'dist/index.d.ts'))).toBe(true);
    expect(readFileSync(join(shell.folder, 'BOOKSHOP.md'), 'utf8')).toContain('### Add To Wishlist');
  });
});
