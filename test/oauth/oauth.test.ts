import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { findings, openConsole, type OpenConsole, skipped } from '../console/console.ts';
import { keyboardOf } from '../console/keyboard.ts';
import { freePort } from '../e2e/port.ts';
import { until } from '../faults/support.ts';
import { createOAuthWorld, type OAuthWorld } from './provider.ts';

const MAPPING = {
  id: 'all',
  action: 'send',
  trigger: 'type = "track"',
  mapping: { name: { '@path': '$.event' } },
};

(skipped ? describe.skip : describe)('connecting an account by OAuth', () => {
  let world: OAuthWorld;
  let open: OpenConsole;
  let page: Page;
  let port: number;
  beforeAll(async () => {
    world = await createOAuthWorld();
    const { settings } = world;
    open = await openConsole({
      server: {
        destinations: [join(import.meta.dirname, 'module.ts')],
        allowedHosts: [world.host],
      },
      workspace: () => ({
        sources: [{ id: 'shop', writeKey: 'demo' }],
        destinations: [
          { id: 'ours', type: 'names', settings, mappings: [MAPPING] },
          {
            id: 'published',
            type: 'published-names',
            settings: { ...settings, oauth_authorize_url: `${world.url}/auth?prompt=consent` },
            mappings: [MAPPING],
          },
          { id: 'bare', type: 'names', settings: { address: world.url } },
          {
            id: 'inside',
            type: 'names',
            settings: { ...settings, oauth_refresh_token_url: 'http://169.254.169.254/token' },
          },
          { id: 'dummy', type: 'dummy', settings: {} },
        ],
      }),
    });
    ({ page } = open);
    // The pages of the OAuth server request a font.
    await open.context.route('https://fonts.googleapis.com/**', (route) => route.abort());
    port = await freePort();
    const back = `${new URL(open.harness.server.url).origin}/console/connect`;
    world.open([back, `http://127.0.0.1:${port}/callback`]);
  }, 60_000);
  afterAll(async () => {
    await open?.close();
    await world?.close();
  });

  const connect = (): Promise<void> =>
    keyboardOf(page).press(page.getByRole('button', { name: /^Connect( again)?$/ }));
  /** Signs in at the OAuth server where it asks for that, and allows the connection. */
  const allow = async (at: Page): Promise<void> => {
    const keys = keyboardOf(at);
    const login = at.locator('input[name=login]');
    const consent = at.getByRole('button', { name: 'Continue' });
    await login.or(consent).first().waitFor();
    if (await login.isVisible()) {
      await keys.write(login, 'ada');
      await keys.write(at.locator('input[name=password]'), 'any');
      await at.keyboard.press('Enter');
    }
    await keys.press(consent);
  };
  const post = (path: string, body: object) => open.harness.admin(path, { method: 'POST', body });
  const begin = async (id: string, redirectUri: string) =>
    post(`destinations/${id}/account`, { redirectUri });
  const back = (): string => `${open.harness.server.url}/console/connect`;
  const sendAs = async (messageId: string): Promise<readonly string[]> => {
    await open.harness.track('track', { messageId, userId: 'ada', event: 'Seen' });
    await open.harness.server.idle();
    return (await open.harness.steps(messageId)).map(({ destination, status }) => `${destination} ${status}`);
  };

  it('takes a person with a keyboard from the console to the OAuth server and back, and stores the tokens', async () => {
    await open.go('/destinations/ours');
    await page.getByText('Not connected').waitFor();
    expect(await findings(open)).toEqual([]);
    await connect();
    await allow(page);
    await page.waitForURL(/\/console\/destinations\/ours$/);
    await page.getByText('Connected:').waitFor();
    expect(world.asked).toEqual([{ grant: 'authorization_code', status: 200 }]);
    const { body: account } = await open.harness.admin('destinations/ours/account');
    expect(account).toMatchObject({ connected: true, renews: true });
    expect(account.expiresAt).toBeGreaterThan(Date.now() + 3_000_000);
    // The history contains nothing that could be reused.
    await page.goBack();
    expect(page.url()).not.toContain('code=');
    expect(
      open.faults.filter((one) => !/^request: .*(googleapis|:\d+\/(auth|interaction))/.test(one)),
    ).toEqual([]);
  });

  it('shows why the OAuth server refused, with a remedy', async () => {
    await page.goto(`${open.harness.server.url}/console/destinations/published`);
    await connect();
    await keyboardOf(page).press(page.getByRole('link', { name: /Cancel/ }));
    await page.getByRole('alert').getByText('oauth_denied').waitFor();
    await page.getByText('access_denied').first().waitFor();
    expect(await findings(open)).toEqual([]);
  });

  it('connects by the command line, in the browser of that machine', async () => {
    const { server } = open.harness;
    const bin = resolve(import.meta.dirname, '../../packages/cli/bin/waybill.js');
    const given = ['connect', 'published', '--no-browser', '--port', String(port)];
    const child = execFile(process.execPath, [
      bin,
      ...given,
      '--url',
      server.url,
      '--token',
      server.adminToken,
    ]);
    const lines: string[] = [];
    createInterface(child.stdout!).on('line', (line) => lines.push(line));
    const ended = new Promise((done) => child.once('close', done));
    await until(() => lines.some((line) => line.startsWith(world.url)));
    expect((await fetch(`http://127.0.0.1:${port}/callback?code=x&state=y`)).status).toBe(400);
    await page.goto(lines.find((line) => line.startsWith(world.url))!);
    await allow(page);
    await page.getByText('published is connected.').waitFor();
    expect(await ended).toBe(0);
    expect(lines.at(-1)).toMatch(/^published is connected\. .* it is renewed automatically\.$/);
  });

  it('sends with the tokens, renews them once they are refused, and shows them nowhere', async () => {
    world.taken.length = 0;
    world.asked.length = 0;
    const delivered = ['ours delivered', 'published delivered'];
    expect(await sendAs('one')).toEqual(expect.arrayContaining(delivered));
    expect([world.taken, world.asked]).toEqual([[['Seen'], ['Seen']], []]);
    world.revoke();
    expect(await sendAs('two')).toEqual(expect.arrayContaining(delivered));
    expect(world.asked).toEqual(Array(2).fill({ grant: 'refresh_token', status: 200 }));
    await open.harness.restart();
    expect(await sendAs('three')).toEqual(expect.arrayContaining(delivered));
    expect(world.asked).toHaveLength(2);
    const { dataDir } = open.harness;
    const files = readdirSync(dataDir).filter((name) => name.endsWith('.db') || name.endsWith('-wal'));
    const kept = files.map((name) => readFileSync(join(dataDir, name), 'latin1')).join('');
    for (const secret of world.given) expect(kept.includes(secret)).toBe(false);
    const { body: changes } = await open.harness.admin('audit');
    expect(JSON.stringify(changes)).toContain('connected the account of published');
  });

  it('refuses what did not start here, with a reason', async () => {
    const codeOf = async (answer: ReturnType<typeof post>): Promise<string> => {
      const { status, body } = await answer;
      expect([status, body.error.remedy]).toEqual([expect.any(Number), expect.stringMatching(/\w/)]);
      return body.error.code as string;
    };
    expect(await codeOf(begin('dummy', back()))).toBe('oauth_not_offered');
    expect(await codeOf(begin('bare', back()))).toBe('oauth_not_set_up');
    for (const elsewhere of ['https://evil.example/console/connect', 'javascript:alert(1)'])
      expect(await codeOf(begin('ours', elsewhere))).toBe('oauth_redirect_forbidden');

    const { body: begun } = await begin('ours', back());
    const asked = new URL(begun.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: back(),
      state: begun.state,
    });
    const { body: other } = await post('tokens', { name: 'other', role: 'edit' });
    const byOther = await fetch(`${open.harness.server.url}/api/oauth`, {
      method: 'POST',
      headers: { authorization: `Bearer ${other.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: begun.state, code: 'x' }),
    });
    expect(((await byOther.json()) as { error: { code: string } }).error.code).toBe('oauth_state_invalid');
    for (const state of ['', 'x', 'x.y', `${begun.state}x`, begun.state.replace(/^./, 'X')])
      expect(await codeOf(post('oauth', { state, code: 'x' }))).toBe('oauth_state_invalid');
    const refused = await post('oauth', { state: begun.state, code: 'wrong' });
    expect(refused.body.error).toMatchObject({
      code: 'oauth_token_refused',
      message: expect.stringContaining('invalid_grant'),
    });
    expect(await codeOf(post('oauth', { state: begun.state, error: 'invalid_scope' }))).toBe('oauth_denied');
    const { body: inside } = await begin('inside', back());
    expect(await codeOf(post('oauth', { state: inside.state, code: 'x' }))).toBe(
      'destination_address_forbidden',
    );
    expect((await open.harness.admin('destinations/ours/account')).body.connected).toBe(true);
  });
});
