import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer } from '@waybill/server';
import { createShopSandbox, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import { run } from '../output/run.ts';

/** A misconfiguration, and the setting, the code and the words of its report. */
interface Wrong {
  readonly settings: object;
  readonly path: string;
  readonly code: string;
  readonly says: RegExp;
}

interface Row {
  readonly platform: Platform;
  readonly credentials: Wrong;
  readonly store: Wrong;
  /** What is refused without a permission. */
  readonly right: { readonly call: string; readonly path: string; readonly says: RegExp };
  readonly signature: { readonly settings: object; readonly says: RegExp };
}

const unauthorized = { code: 'source_unauthorized' };
const unknown = { code: 'source_not_found' };
const rows: readonly Row[] = [
  {
    platform: 'bigcommerce',
    credentials: {
      settings: { accessToken: 'guessed' },
      ...unauthorized,
      path: 'accessToken',
      says: /refuses the access token for the store "sandbox".*Store-level API accounts.*creates a new token/,
    },
    store: {
      settings: { storeHash: 'nowhere' },
      ...unknown,
      path: 'storeHash',
      says: /has no store "nowhere"\. Check storeHash/,
    },
    right: {
      call: '/stores/sandbox/v3/customers',
      path: 'accessToken',
      says: /lacks the permission "Customers: read-only"/,
    },
    signature: { settings: { clientSecret: 'guessed' }, says: /Set clientSecret to that of the API account/ },
  },
  {
    platform: 'magento2',
    credentials: {
      settings: { accessTokenSecret: 'guessed' },
      ...unauthorized,
      path: 'accessToken',
      says: /The signature is invalid.*Check the two secrets/,
    },
    store: {
      settings: { storeViews: ['nowhere'] },
      ...unknown,
      path: 'storeViews',
      says: /no store view "nowhere"; existing ones: de, jp/,
    },
    right: {
      call: '/rest/all/V1/creditmemos',
      path: 'accessToken',
      says: /lacks these permissions: Sales > Operations > Credit Memos\. Grant them/,
    },
    signature: { settings: { adobeClientId: 'another' }, says: /a client ID other than adobeClientId/ },
  },
  {
    platform: 'commercetools',
    credentials: {
      settings: { clientSecret: 'guessed' },
      ...unauthorized,
      path: 'clientSecret',
      says: /no token for the client "sandbox-client".*Check clientId and clientSecret/,
    },
    store: {
      settings: { projectKey: 'nowhere' },
      ...unknown,
      path: 'projectKey',
      says: /has no project "nowhere".*Check projectKey/,
    },
    right: {
      call: '/sandbox/reviews',
      path: 'clientId',
      says: /lacks the scope view_products:sandbox.*create a new client with it/,
    },
    signature: { settings: { pushAudience: 'another' }, says: /an audience other than pushAudience/ },
  },
  {
    platform: 'ultracart',
    credentials: {
      settings: { apiKey: 'guessed' },
      ...unauthorized,
      path: 'apiKey',
      says: /refuses the API key.*simple key of an API user that is active/,
    },
    // The key identifies the store: only the address can be wrong.
    store: {
      settings: { apiUrl: '/rest/v9' },
      ...unknown,
      path: 'apiUrl',
      says: /no order\/orders\/query at .*\/rest\/v9\. Check apiUrl/,
    },
    right: {
      call: '/rest/v2/auto_order/auto_orders',
      path: 'apiKey',
      says: /lacks auto_order_read/,
    },
    signature: { settings: {}, says: /webhookUser and webhookPassword/ },
  },
];

let folder: string;
let server: Server;
let shops: readonly ShopSandbox[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-remote-'));
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const opened = rows.map(({ platform }) => {
    const webhookUrl = `${publicUrl}/sources/${platform}/webhook`;
    return createShopSandbox({ platform, limits: false, webhookUrl });
  });
  shops = await Promise.all(opened);
  const sources = rows.flatMap(({ platform, credentials, store, signature }, at) => {
    const { url, settings } = shops[at]!;
    const { apiUrl } = store.settings as { readonly apiUrl?: string };
    const wrong = apiUrl === undefined ? store.settings : { apiUrl: `${url}${apiUrl}` };
    return [
      { id: platform, type: platform, settings: { ...settings, ...signature.settings } },
      { id: `${platform}-credentials`, type: platform, settings: { ...settings, ...credentials.settings } },
      { id: `${platform}-store`, type: platform, settings: { ...settings, ...wrong } },
    ];
  });
  const allowedHosts = shops.map(({ url }) => new URL(url).host);
  const config = { dataDir: folder, port, publicUrl, allowedHosts, logLevel: 'silent' } as const;
  server = await startServer(config, JSON.stringify({ sources, destinations: [] }));
  await server.idle();
}, 60_000);

afterAll(async () => {
  await server.stop();
  for (const shop of shops) await shop.close();
  rmSync(folder, { recursive: true });
});

const check = (id: string) => run('sources', 'check', id, '--url', server.url, '--data', folder);

async function ask(path: string, method = 'GET'): Promise<unknown> {
  const headers = { authorization: `Bearer ${server.adminToken}` };
  return (await fetch(`${server.url}/api/${path}`, { method, headers })).json();
}

/** The API and the command report the same, with the setting and the remedy, and the command reports it once. */
async function told(id: string, { code, path, says }: Omit<Wrong, 'settings'>): Promise<void> {
  const message = expect.stringMatching(says) as string;
  const remedy = expect.stringMatching(/^(Check|Give) /) as string;
  const answer = await ask(`sources/${id}/test`, 'POST');
  expect(answer).toEqual({ ok: false, issue: { code, path, message }, remedy });
  const { code: exit, out } = await check(id);
  expect(exit).toBe(1);
  expect(out).toMatch(new RegExp(`^${id} does not work: ${path}: .*\\(${code}\\)\n {2}(Check|Give) `));
  expect(out.match(new RegExp(says, 'g'))).toHaveLength(1);
}

describe.each(rows)('a misconfigured source of $platform', (row) => {
  const { platform, credentials, store, right, signature } = row;
  const shop = () => shops.find((one) => one.platform === platform)!;

  it('reports which credentials are wrong', () => told(`${platform}-credentials`, credentials));

  it('reports a missing store', () => told(`${platform}-store`, store));

  it('reports the missing permission', async () => {
    shop().fail({ calls: [{ match: { path: right.call }, kind: 'status', status: 403 }] });
    await told(platform, { code: 'source_forbidden', path: right.path, says: right.says });
    shop().fail({});
  });

  it('reports why webhooks are refused', async () => {
    if (platform === 'ultracart') {
      // The source has renewed the login of the webhook: this call has an old one.
      const headers = { authorization: `Basic ${btoa('waybill:guessed')}` };
      const body = JSON.stringify({ events: [] });
      await fetch(`${server.url}/sources/ultracart/webhook`, { method: 'POST', headers, body });
    } else await shop().play('guest-buys');
    expect(await ask(`refusals?sourceId=${platform}&limit=1`)).toMatchObject([
      {
        path: 'webhook',
        issues: [
          {
            code: 'source_signature_invalid',
            message: expect.stringMatching(signature.says) as string,
          },
        ],
        remedy: expect.stringContaining('Check the secret of the webhook') as string,
      },
    ]);
    const { code, out } = await check(platform);
    expect(code).toBe(1);
    expect(out).toContain(`${platform} works`);
    expect(out).toMatch(/The webhook refused \d+ requests? in the last hour/);
    expect(out).toMatch(signature.says);
    expect(out).toContain('  Check the secret of the webhook');
  });
});

async function freePort(): Promise<number> {
  const listening = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as { readonly port: number };
  await new Promise((resolve) => listening.close(resolve));
  return port;
}
