import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from '../e2e/harness.ts';
import { KEY } from './world.ts';

const MOST_BYTES = 12 * 1_024;
const SHOPS = {
  bigcommerce: { storeHash: 'hash', accessToken: 'token' },
  commercetools: {
    projectKey: 'p',
    clientId: 'c',
    clientSecret: 's',
    apiUrl: 'https://api.example',
    authUrl: 'https://auth.example',
  },
  magento2: {
    baseUrl: 'https://shop.example',
    consumerKey: 'a',
    consumerSecret: 'b',
    accessToken: 'c',
    accessTokenSecret: 'd',
  },
  ultracart: { apiKey: 'key' },
} as const;
const NAMES = Object.keys(SHOPS);

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    workspace: () => ({
      sources: [
        ...Object.entries(SHOPS).map(([type, settings]) => ({
          id: type,
          type,
          settings: { ...settings, storefrontKey: `${KEY}-${type}` },
        })),
        { id: 'without', type: 'ultracart', settings: SHOPS.ultracart },
        { id: 'web', writeKey: 'demo' },
      ],
      destinations: [],
    }),
  });
});
afterAll(() => harness.close());

const script = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${harness.server.url}/storefront/${path}`, { headers });
const event = (more: object = {}) => ({
  type: 'track',
  event: 'Product Viewed',
  anonymousId: 'somebody',
  messageId: crypto.randomUUID(),
  properties: { product_id: '1' },
  ...more,
});
const send = async (batch: readonly unknown[], path = 'v1/batch', writeKey = `${KEY}-bigcommerce`) => {
  const body = JSON.stringify({ writeKey, batch, ...(batch[0] as object) });
  const answer = await fetch(`${harness.server.url}/${path}`, {
    method: 'POST',
    headers: { origin: 'https://shop.example' },
    body,
  });
  return {
    status: answer.status,
    after: answer.headers.get('retry-after'),
    body: (await answer.json()) as Answer,
  };
};

describe('the script', () => {
  it.each(NAMES)('of %s is small, and compressed', async (name) => {
    const answers = await Promise.all(
      ['identity', 'gzip', 'br'].map((one) => script(`${name}.js`, { 'accept-encoding': one })),
    );
    const [plain] = answers;
    const text = await plain!.text();
    expect(answers.map(({ status, headers }) => [status, headers.get('content-encoding')])).toEqual([
      [200, null],
      [200, 'gzip'],
      [200, 'br'],
    ]);
    expect(Object.fromEntries(plain!.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('max-age=300') as string,
      vary: 'accept-encoding',
    });
    // As sent over the wire: fetch would decompress it.
    const gzip = Number(answers[1]!.headers.get('content-length'));
    expect(gzip).toBeGreaterThan(1_000);
    expect(gzip).toBeLessThanOrEqual(MOST_BYTES);
    expect(await answers[1]!.text()).toBe(text);
    expect(await answers[2]!.text()).toBe(text);
    expect(text).toContain(`"${KEY}-${name}"`);
    const etag = plain!.headers.get('etag')!;
    for (const known of [etag, `W/${etag}`])
      expect((await script(`${name}.js`, { 'if-none-match': known })).status).toBe(304);
  });

  it('exists for shops with a key alone', async () => {
    for (const path of ['without.js', 'web.js', 'nobody.js', 'bigcommerce', '..%2fbigcommerce.js'])
      expect([path, (await script(path)).status]).toEqual([path, 404]);
  });
});

describe('the public key', () => {
  it('sends actions of visitors, rebuilt from allowed members', async () => {
    const given = event({
      event: 'Product Added',
      context: {
        traits: { email: 'a@b.example' },
        historical: true,
        page: { url: 'https://shop.example/', other: 1 },
        ip: '9.9.9.9',
      },
      properties: {
        product_id: '1',
        email: 'a@b.example',
        quantity: 2,
        price: 'free',
        products: [{ sku: 'S', email: 'x' }],
      },
      integrations: { Iterable: false },
    });
    expect(await send([given])).toMatchObject({ status: 200, body: { success: true } });
    const { body } = await harness.admin('events?limit=1');
    const taken = body.events[0].event;
    expect(taken).toMatchObject({
      anonymousId: 'somebody',
      messageId: `storefront ${given.messageId}`,
      event: 'Product Added',
    });
    expect(taken.properties).toEqual({ product_id: '1', quantity: 2, products: [{ sku: 'S' }] });
    expect(taken.context).toEqual({
      page: { url: 'https://shop.example/' },
      library: {},
      source: { platform: 'bigcommerce', id: 'bigcommerce', storefront: true },
      ip: '127.0.0.1',
    });
    expect(taken).not.toHaveProperty('integrations');
  });

  it.each([
    ['an order', { event: 'Order Completed', properties: { order_id: '1' } }],
    ['a whole cart', { event: 'Cart Updated' }],
    ['who somebody is', { type: 'identify', traits: { email: 'a@b.example' } }],
    ['an event of a user', { userId: 'victim' }],
    ['an event of nobody', { anonymousId: undefined }],
    ['an event whose id is no text', { messageId: { bigcommerce: 1 } }],
  ])('does not send %s', async (_what, more) => {
    const { status, body } = await send([event(), event(more)]);
    expect([status, body.accepted, body.rejected]).toMatchObject([
      200,
      1,
      [{ index: 1, issues: [{ code: 'event_invalid' }] }],
    ]);
  });

  it('opens no other address, and no other key opens its own', async () => {
    for (const path of ['v1/track', 'v1/identify', 'v1/t'])
      expect([path, (await send([event()], path)).status]).toEqual([path, 401]);
    const { status } = await fetch(`${harness.server.url}/v1/projects/${KEY}-bigcommerce/settings`);
    expect(status).toBe(401);
    expect((await send([event()], 'beacon/v1/batch')).status).toBe(200);
  });

  it('replaces no event of the shop, and is dropped as a duplicate', async () => {
    const twice = event({ messageId: 'bigcommerce|shop|Order Completed|1' });
    await send([twice]);
    await send([twice]);
    const { body } = await harness.admin('events?limit=1000');
    const ids = body.events.map((one: Answer) => one.event.messageId);
    expect(ids.filter((id: string) => id.includes('Order Completed'))).toEqual([
      'storefront bigcommerce|shop|Order Completed|1',
    ]);
  });

  it('limits the events of an address', async () => {
    const many = Array.from({ length: 200 }, () => event());
    const answers = [];
    for (let times = 0; times < 3; times += 1) answers.push(await send(many, 'v1/batch', `${KEY}-ultracart`));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]!.after)).toBeGreaterThan(0);
  });
});
