import { isDeepStrictEqual } from 'node:util';
import { createShopSandbox } from '@waybill/shop-sandboxes';
import { parsed } from '../clients.ts';
import { type Ask, ownAsk, readAll, type Shop } from '../reading.ts';
import type { Rung } from './rung.ts';
import { ultracartPayloads } from './samples.ts';
import { servePayloads } from '../payloads.ts';

type Query = Readonly<Record<string, unknown>>;
type Done = (error: { readonly status?: number } | null, data: unknown, response: Answered) => void;
type Answered = { readonly status?: number; readonly body?: unknown } | undefined;
type Operation = (...parameters: unknown[]) => void;
type Api = Readonly<Record<string, Operation>>;

/** As much of the client of UltraCart as is used. */
interface Sdk {
  readonly ApiClient: new (base: string) => { usingApiKey(key: string): void };
  readonly OrderApi: new (client: object) => Api;
  readonly CustomerApi: new (client: object) => Api;
  readonly AutoOrderApi: new (client: object) => Api;
  readonly ItemApi: new (client: object) => Api;
  readonly CheckoutApi: new (client: object) => Api;
  readonly WebhookApi: new (client: object) => Api;
}

/** Has the client of UltraCart read the local merchant and the samples: its models keep what they know, and nothing else. */
export const ultracart: Rung = {
  name: 'ultracart: what the models of the official client keep tells the same states',
  needs: 'ultracart-sdk',
  packages: (named) => [String(named['ultracart-sdk'])],
  async run({ load, named }) {
    const found = (await load('ultra_cart_rest_api_v2')) as { readonly default: Sdk };
    const sdk = found.default;
    const said: string[] = [];
    const shop = await createShopSandbox({
      platform: 'ultracart',
      start: Date.UTC(2026, 0, 5),
      limits: false,
    });
    try {
      await shop.play('all');
      const { settings, url } = shop;
      said.push(...(await compared('the day', { slug: 'ultracart', settings, now: Date.now() }, url, sdk)));
      said.push(await written(settings, sdk));
    } finally {
      await shop.close();
    }
    if (named['samples'] === undefined) return [...said, 'samples left out: name --samples'];
    const served = await servePayloads('ultracart', await ultracartPayloads(named['samples']), Date.now());
    try {
      return [...said, ...(await compared('samples', served, served.url, sdk))];
    } finally {
      await served.close();
    }
  },
};

async function compared(what: string, shop: Shop, url: string, sdk: Sdk): Promise<readonly string[]> {
  const own = await readAll(shop, ownAsk(url));
  const theirs = await readAll(shop, ultracartAsk(shop.settings, sdk));
  return Object.entries(own).map(([stream, states]) => {
    const others = theirs[stream]!;
    const at = states.findIndex((one, index) => !isDeepStrictEqual(one, others[index]));
    if (at !== -1 || states.length !== others.length)
      throw new Error(`${stream} differ:\n${JSON.stringify(states[at])}\n${JSON.stringify(others[at])}`);
    return `${what}, ${stream}: ${states.length} states agree`;
  });
}

/** Makes a webhook, and finds it again. */
async function written(settings: Shop['settings'], sdk: Sdk): Promise<string> {
  const { webhook } = apisOf(settings, sdk);
  const made = { webhook_url: 'https://waybill.example/hook', authentication_type: 'none' };
  const posted = await answerOf((done) => webhook['insertWebhook']!(made, {}, done));
  const listed = await answerOf((done) => webhook['getWebhooks']!({}, done));
  if (!posted.ok || !listed.text.includes(made.webhook_url)) throw new Error(listed.text);
  return 'a webhook is made and found again';
}

function apisOf({ apiUrl, apiKey }: Shop['settings'], sdk: Sdk) {
  const client = new sdk.ApiClient(String(apiUrl));
  client.usingApiKey(String(apiKey));
  return {
    order: new sdk.OrderApi(client),
    customer: new sdk.CustomerApi(client),
    autoOrder: new sdk.AutoOrderApi(client),
    item: new sdk.ItemApi(client),
    checkout: new sdk.CheckoutApi(client),
    webhook: new sdk.WebhookApi(client),
  };
}

/** Calls by the client of UltraCart. */
function ultracartAsk(settings: Shop['settings'], sdk: Sdk): Ask {
  const { order, customer, autoOrder, item, checkout } = apisOf(settings, sdk);
  const operations: readonly (readonly [
    RegExp,
    (id: string, query: Query, json: unknown, done: Done) => void,
  ])[] = [
    [/^order\/orders\/query$/, (_id, query, json, done) => order['getOrdersByQuery']!(json, query, done)],
    [/^order\/orders\/batch$/, (_id, query, json, done) => order['getOrdersBatch']!(json, query, done)],
    [/^customer\/customers$/, (_id, query, _json, done) => customer['getCustomers']!(query, done)],
    [/^customer\/customers\/(.+)$/, (id, query, _json, done) => customer['getCustomer']!(id, query, done)],
    [/^auto_order\/auto_orders$/, (_id, query, _json, done) => autoOrder['getAutoOrders']!(query, done)],
    [
      /^auto_order\/auto_orders\/(.+)$/,
      (id, query, _json, done) => autoOrder['getAutoOrder']!(id, query, done),
    ],
    [/^item\/items$/, (_id, query, _json, done) => item['getItems']!(query, done)],
    [
      /^item\/items\/merchant_item_id\/(.+)$/,
      (id, query, _json, done) => item['getItemByMerchantItemId']!(id, query, done),
    ],
    [/^item\/items\/([^/]+)\/reviews$/, (id, _query, _json, done) => item['getReviews']!(id, done)],
    [/^checkout\/cart\/(.+)$/, (id, query, _json, done) => checkout['getCartByCartId']!(id, query, done)],
  ];
  return ({ url, query = {}, json }) => {
    const path = new URL(url).pathname.replace('/rest/v2/', '');
    for (const [pattern, operation] of operations) {
      const found = pattern.exec(path);
      if (found === null) continue;
      const id = decodeURIComponent(found[1] ?? '');
      return answerOf((done) => operation(id, query, json, done));
    }
    throw new Error(`The client of UltraCart has no operation for ${path}.`);
  };
}

function answerOf(call: (done: Done) => void) {
  return new Promise<ReturnType<typeof parsed>>((resolve) => {
    call((error, data, response) => {
      resolve(error === null ? parsed(200, data) : parsed(error.status ?? 500, response?.body ?? {}));
    });
  });
}
