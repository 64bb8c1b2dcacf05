import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectNoFaults, findings, openConsole, type OpenConsole, skipped } from './console.ts';

/** Paths of all pages that need no id. */
const PATHS = [
  ...readFileSync(join(import.meta.dirname, '../../packages/console/src/pages/index.ts'), 'utf8').matchAll(
    /path: '([^'$]+)'/g,
  ),
].map(([, path]) => path!);

(skipped ? describe.skip : describe)('the console', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole({ signedOut: true });
  }, 60_000);
  afterAll(() => open?.close());

  it('is where a browser ends that asks for the root, and nothing for other clients', async () => {
    const { url } = open.harness.server;
    const browser = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html,*/*' } });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/console']);
    expect((await fetch(url, { headers: { accept: 'application/json' } })).status).toBe(404);
  });

  it('keeps its page to itself, and lets what never changes be kept', async () => {
    const { url } = open.harness.server;
    const page = await fetch(`${url}/console/events?where=x`);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe|data:|https?:/);
    const text = await page.text();
    const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1];
    expect(text).toContain(nonce);
    expect(await (await fetch(`${url}/console`)).text()).not.toContain(nonce);
    const script = /src="(\/console\/assets\/[^"]+\.js)"/.exec(text)![1]!;
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

  it('is not served under a name that is not its own', async () => {
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

  it('says why a wrong token is refused, and takes the right one without keeping it anywhere', async () => {
    const { page, harness } = open;
    const token = page.getByRole('textbox', { name: 'Admin token' });
    await token.fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('request_unauthorized').first().waitFor();
    await token.fill(harness.server.adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    const kept = await page.evaluate(
      () => JSON.stringify({ ...localStorage, ...sessionStorage }) + location.href,
    );
    expect(kept).not.toContain(harness.server.adminToken);
    expectNoFaults(open);
  });

  it('loads no more than 250 kB, packed by gzip, before the first page is there', async () => {
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

  it('keeps who is signed in when the server does not answer, and signs nobody out by word alone', async () => {
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

  it('stays signed in over a reload, and asks for the token again when the session has ended', async () => {
    const { page, context } = open;
    await page.reload();
    await page.getByRole('heading', { name: 'First run' }).waitFor();
    await context.clearCookies();
    await page.getByRole('textbox', { name: 'Admin token' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/start');
    expectNoFaults(open);
  });
});

(skipped ? describe.skip : describe)('a page that cannot be loaded', () => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole();
  }, 60_000);
  afterAll(() => open?.close());

  it('says so in its place, and leaves the other pages alone', async () => {
    const { page, harness } = open;
    await page.route('**/assets/Settings-*.js', (route) => route.abort());
    await page.goto(`${harness.server.url}/console/settings`);
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

(skipped ? describe.skip : describe).each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  let open: OpenConsole;
  beforeAll(async () => {
    open = await openConsole({ theme });
  }, 60_000);
  afterAll(() => open?.close());
  const what = theme === 'light' ? 'all' : 'colours';

  it.each(PATHS)('%s has no finding of axe, no error, and asks no other origin', async (path) => {
    await open.go(path);
    await open.page.locator('h1').first().waitFor();
    // A page that follows what happens is never idle.
    await open.page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
    expect(await findings(open, what)).toEqual([]);
    expectNoFaults(open);
  });

  it('the menu of preferences has no finding of axe, and switches the language at once', async () => {
    await open.page.getByRole('button', { name: 'Preferences' }).click();
    await open.page.getByRole('menuitemradio', { name: 'Deutsch' }).waitFor();
    expect(await findings(open, what)).toEqual([]);
    await open.page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
    await open.page.getByRole('button', { name: 'Einstellungen der Ansicht' }).waitFor();
    expectNoFaults(open);
  });
});
