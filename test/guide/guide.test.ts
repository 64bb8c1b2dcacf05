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

/** A guide that is followed, step by step, in an empty folder. */
interface Guide {
  readonly page: string;
  /** What is there at the end. */
  readonly leaves: (folder: string) => void;
}

const guides: readonly Guide[] = [
  {
    page: 'first-destination',
    leaves(folder) {
      expect(existsSync(join(folder, 'dist/index.js'))).toBe(true);
      expect(existsSync(join(folder, 'dist/index.d.ts'))).toBe(true);
      expect(readFileSync(join(folder, 'BOOKSHOP.md'), 'utf8')).toContain('### Add To Wishlist');
    },
  },
  {
    page: 'first-source',
    leaves(folder) {
      expect(readFileSync(join(folder, 'src/index.ts'), 'utf8')).toContain('      readers,');
    },
  },
];

let shared: string;
let registry: Registry;
beforeAll(async () => {
  shared = mkdtempSync(join(tmpdir(), 'waybill-guide-'));
  registry = await openRegistry(root, shared);
}, 60_000);
afterAll(async () => {
  await registry?.close();
  rmSync(shared, { recursive: true, force: true, maxRetries: 5 });
});

describe.each(guides)('the guide $page', ({ page: name, leaves }) => {
  let shell: Shell;
  let browser: Browser | undefined;
  let printed = '';
  let url = '';
  let ports: ReadonlyMap<string, string> = new Map();
  /** The text of a step with free ports: those of the page may be in use. */
  const here = (text: string): string => text.replaceAll(/\b(?:4400|4409)\b/g, (port) => ports.get(port)!);

  beforeAll(async () => {
    const empty = join(shared, name);
    mkdirSync(empty);
    // Another port than that of the page, which may be in use.
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
  });

  afterAll(async () => {
    await browser?.close();
    shell?.stop();
  });

  async function take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'run': {
        const commands = step.commands.map(here);
        if (step.fails) commands.push(`! ${commands.pop()}`);
        printed = step.background
          ? await shell.start(commands.join('\n'), /Open http|listens/, 60_000)
          : await shell.run(commands, 100_000);
        url = /Open (http\S+)/.exec(printed)?.[1] ?? url;
        return;
      }
      case 'file': {
        const file = join(shell.folder, step.path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, here(step.text));
        return;
      }
      case 'edit': {
        const file = join(shell.folder, step.path);
        const text = readFileSync(file, 'utf8');
        const before = here(step.before);
        expect(text.split(before)).toHaveLength(2);
        writeFileSync(file, text.replace(before, here(step.after)));
        return;
      }
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

  const steps = readSteps(readFileSync(join(root, `docs/guide/${name}.md`), 'utf8'));
  for (const step of steps) {
    const what =
      step.kind === 'run' ? step.commands.join('; ') : step.kind === 'file' ? step.path : step.kind;
    it(`line ${step.line}: ${step.kind} ${what}`, () => take(step), 120_000);
  }

  it('has the documented result', () => {
    expect(steps.filter(({ kind }) => kind === 'run').length).toBeGreaterThan(6);
    leaves(shell.folder);
  });
});
