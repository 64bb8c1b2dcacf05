import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';
import { clipped, tooWide } from './layout.ts';
import { fillForOverlays, OVERLAYS, overlaysInSource } from './overlays.ts';

/** Paths of all pages that need no id. */
const PATHS = [
  ...readFileSync(join(import.meta.dirname, '../../packages/console/src/pages/index.ts'), 'utf8').matchAll(
    /path: '([^'$]+)'/g,
  ),
].map(([, path]) => path!);

/** Pages that need an id, with one that there is; and the tabs that are not the first. */
const MORE = [
  '/dead-letters/1',
  '/sources/shop',
  '/sources/shop/plan',
  '/destinations/iterable',
  '/destinations/iterable/mappings/identify-calls',
  '/events/seen',
  ...['audit', 'workspace', 'deletions', 'server', 'view'].map((tab) => `/settings?tab=${tab}`),
];

(skipped ? describe.skip : describe)('the console', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  it('is the target of a browser that requests the root, but not of other clients', async () => {
    const { url } = open.harness.server;
    const browser = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html,*/*' } });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/console']);
    expect((await fetch(url, { headers: { accept: 'application/json' } })).status).toBe(404);
  });

  it('forbids caching of its page, and allows it for immutable files', async () => {
    const { url } = open.harness.server;
    const page = await fetch(`${url}/console/events?where=x`);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|data:|https?:/);
    const text = await page.text();
    const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
    expect(text).toContain(nonce);
    expect(await (await fetch(`${url}/console`)).text()).not.toContain(nonce);
    const script = /type="module"[^>]+src="(\/console\/assets\/[^"]+\.js)"/.exec(text)![1]!;
    for (const encoding of ['br', 'gzip', 'identity']) {
      const asset = await fetch(`${url}${script}`, { headers: { 'accept-encoding': encoding } });
      expect(asset.status).toBe(200);
      expect(asset.headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
      expect(asset.headers.get('cache-control')).toContain('immutable');
      expect((await asset.text()).length).toBeGreaterThan(1_000);
    }
    expect((await fetch(`${url}/console/assets/gone-12345678.js`)).status).toBe(404);
    expect((await fetch(`${url}/console/..%2f..%2fpackage.json`)).headers.get('content-type')).toContain(
      'html',
    );
  });

  it('is not served under a foreign host name', async () => {
    const { hostname, port } = new URL(open.harness.server.url);
    const { request } = await import('node:http');
    const status = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ hostname, port, path: '/console', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        })
          .once('error', reject)
          .end();
      });
    expect(await status('attacker.example')).toBe(421);
    expect(await status(`localhost:${port}`)).toBe(200);
    expect(await status(`[::1]:${port}`)).toBe(200);
  });

  it('loads at most 250 kB, compressed by gzip, before the first page is shown', async () => {
    const { page, harness } = open;
    await page.goto(`${harness.server.url}/console/`);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const names = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    const files = [...new Set(names)].filter((name) => name.includes('/console/assets/'));
    let bytes = 0;
    for (const file of files) {
      const answer = await fetch(file, { headers: { 'accept-encoding': 'gzip' } });
      bytes += Number(answer.headers.get('content-length'));
      await answer.arrayBuffer();
    }
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThanOrEqual(250_000);
    await page.goto(`${harness.server.url}/console/start`);
    expectNoFaults(open);
  });

  it('keeps the session when the server does not answer, and ends none without proof', async () => {
    const { page } = open;
    await page.route('**/api/session', (route) => route.abort());
    await page.reload();
    await page.getByRole('alert').getByText('server_unreachable').first().waitFor();
    await page.unroute('**/api/session');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    await page.route('**/api/session', (route) => route.abort());
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('alert').getByText('server_unreachable').first().waitFor();
    await page.unroute('**/api/session');
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    expectNoFaults(open);
  });

  it('applies the chosen theme before the first paint', async () => {
    const { page } = open;
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.evaluate(() => localStorage.setItem('waybill.preferences', '{"theme":"dark"}'));
    await page.route('**/assets/index-*.js', (route) => route.abort());
    await page.reload();
    expect([light, await background()]).toEqual(['rgb(247, 248, 250)', 'rgb(15, 18, 22)']);
    await page.unroute('**/assets/index-*.js');
    await page.evaluate(() => localStorage.removeItem('waybill.preferences'));
    await page.reload();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    expectNoFaults(open);
  });

  it('is signed in and out in all tabs at once', async () => {
    const { page, context, harness } = open;
    const other = await context.newPage();
    await other.goto(`${harness.server.url}/console/limits`);
    await other.getByRole('heading', { name: 'Limits', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByRole('textbox', { name: 'Admin token' }).fill(harness.server.adminToken);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    await other.close();
    expectNoFaults(open);
  });

  it('stays signed in across a reload, and asks for the token again when the session has ended', async () => {
    const { page, context } = open;
    await page.reload();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    await context.clearCookies();
    await page.getByRole('textbox', { name: 'Admin token' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/start');
    expectNoFaults(open);
  });
});

(skipped ? describe.skip : describe)('a first run', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  it('offers a sample day, all of which can be delivered, and first shows its destination', async () => {
    const { page, harness } = open;
    await page.getByRole('button', { name: 'Send demo data' }).click();
    await page.getByRole('dialog').getByText('They are delivered to iterable').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Send demo data' }).click();
    await page.getByRole('link', { name: 'Sent: see the events' }).waitFor();
    await harness.server.idle();
    const { body } = await harness.admin('stats');
    expect([body.events, body.destinations[0].rejected]).toEqual([36, 0]);
    expectNoFaults(open);
  });

  it('shows in place that a page cannot be loaded, and keeps the other pages', async () => {
    const { page, harness } = open;
    await page.route('**/assets/Settings-*.js', (route) => route.abort());
    await page.goto(`${harness.server.url}/console/settings`);
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

(skipped ? describe.skip : describe)('in the light theme', () => {
  const open = theme('light');

  it.each([...PATHS, '/dead-letters/1'])(
    '%s has no axe violation, no error, and requests no other origin',
    async (path) => {
      await show(open(), path);
      expect(await findings(open())).toEqual([]);
      expectNoFaults(open());
    },
  );

  it('is usable by keyboard alone, and lists the keys', async () => {
    const { page } = open();
    await show(open(), '/');
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: 'Page, source, destination, mapping or event' });
    await box.fill('identify');
    await page.getByRole('option', { name: 'Identify calls Mapping of iterable' }).waitFor();
    await box.fill('sho');
    await page.getByRole('option', { name: 'shop Sources' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' });
    await show(open(), '/sources');
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.activeElement?.closest('main li') !== null);
    await open().go('/settings?tab=view');
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).click();
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Go to' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.press('Escape');
    expectNoFaults(open());
  });

  it('everything that opens over a page is in the table below', () => {
    const opened = new Map<string, number>();
    for (const { file } of OVERLAYS) opened.set(file, (opened.get(file) ?? 0) + 1);
    const sorted = (counts: ReadonlyMap<string, number>): unknown => [...counts].toSorted();
    expect(sorted(opened)).toEqual(sorted(overlaysInSource()));
  });

  it.each(OVERLAYS)('$name ($file) has no axe violation in either theme', async (overlay) => {
    const { page } = open();
    await open().go(overlay.path);
    await page.locator('h1').first().waitFor();
    await overlay.open(page);
    const over = '[role=dialog]:not([hidden]), [role=menu]:not([hidden]), [role=listbox]:not([hidden])';
    await page.locator(over).first().waitFor();
    await page.getByText('Loading', { exact: true }).waitFor({ state: 'detached' });
    expect(await findings(open(), 'all', over)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findings(open(), 'colours', over)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.keyboard.press('Escape');
    await page.locator(over).first().waitFor({ state: 'hidden' });
    expectNoFaults(open());
  });

  it('the preferences menu switches the language at once', async () => {
    const { page } = open();
    await page.getByRole('button', { name: 'Preferences' }).click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).waitFor();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    await page.getByRole('button', { name: 'Einstellungen der Ansicht' }).waitFor();
    expectNoFaults(open());
  });
});

(skipped ? describe.skip : describe)('in the dark theme, in words 40 % longer', () => {
  const open = theme('dark');

  beforeAll(async () => {
    const { page } = open();
    await page.evaluate(() => localStorage.setItem('waybill.preferences', '{"language":"en-XA"}'));
    await page.reload();
    await page.getByRole('banner').waitFor();
  });

  it.each([...PATHS, ...MORE])('%s has no axe violation, no error, and no clipped text', async (path) => {
    const { page } = open();
    await page.setViewportSize({ width: 1440, height: 900 });
    await show(open(), path);
    // The other pages and tabs are checked by the tests of their nouns.
    if (!MORE.includes(path)) expect(await findings(open(), 'colours')).toEqual([]);
    for (const width of [1440, 390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await clipped(page)).toEqual([]);
      // The editor has more side by side than fits.
      if (!path.includes('/mappings/')) expect(await tooWide(page)).toEqual([]);
    }
    expectNoFaults(open());
  });

  it('the preferences menu has no clipped text', async () => {
    const { page } = open();
    await page.getByRole('button', { name: /^⟦Pree/ }).click();
    await page.getByRole('menuitemradio', { name: 'Deutsch' }).waitFor();
    expect(await clipped(page)).toEqual([]);
  });
});

/** A console in a theme, with one event. */
function theme(name: 'light' | 'dark'): () => OpenConsole {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole({ theme: name });
    await open.harness.track('track', { userId: 'ada', event: 'Order Completed', messageId: 'seen' });
    await fillForOverlays(open.harness);
    await open.harness.server.idle();
  }, 60_000);
  afterAll(() => open?.close());
  return () => open;
}

/** Goes to a page and waits until it is there. */
async function show(open: OpenConsole, path: string): Promise<void> {
  const { page } = open;
  // The page before stays until the next one is there. Tabs are of one page.
  await page.evaluate(
    (to) => {
      if (location.pathname !== to) document.querySelector('h1')?.setAttribute('data-before', '');
    },
    `/console${path.replace(/\?.*/, '')}`,
  );
  await open.go(path);
  await page.locator('h1:not([data-before])').first().waitFor();
  // A page that follows what happens is never idle.
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
}
