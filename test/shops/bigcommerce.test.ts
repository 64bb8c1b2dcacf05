import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';
import { ADA, BEN, CHIYO } from './by-hand.ts';
import { type Held, heldBy } from './outcome.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Connection {
  readonly settings?: object;
  /** Whether the server can be called by the store. */
  readonly isReached?: boolean;
  /** Whether the limits of the store hold: then one waits for them. */
  readonly limits?: boolean;
}

/** A store, and a server that receives its webhooks. */
async function connected({ settings = {}, isReached = true, limits = true }: Connection = {}) {
  const store = await createShopSandbox({ platform: 'bigcommerce', limits });
  const port = await freePort();
  const allowedHosts = [new URL(store.url).host];
  const harness = await openHarness({
    sandbox: { switches: { doubleIntoLong: 'accepted' } },
    server: { port, allowedHosts, ...(isReached ? { publicUrl: `http://127.0.0.1:${port}` } : {}) },
    workspace: (url) => {
      allowedHosts.push(new URL(url).host);
      const iterable = { apiKey: 'demo', projectType: 'hybrid', apiUrl: url };
      return {
        sources: [{ id: 'shop', type: 'bigcommerce', settings: { ...store.settings, ...settings } }],
        destinations: [{ id: 'iterable', type: 'iterable', settings: iterable }],
      };
    },
  });
  open.push(harness, store);
  await harness.server.idle();
  return { store, harness };
}

/** Runs the day with polls from time to time, and returns the data of three customers in Iterable. */
async function lived(store: ShopSandbox, harness: Harness, isPolled: boolean): Promise<readonly Held[]> {
  for (const step of ['guest-buys', 'cart-abandoned', 'all']) {
    await store.play(step);
    await store.retryWebhooks();
    await harness.server.idle();
    const read = { method: 'POST', body: { sweeps: true } };
    if (isPolled) expect((await harness.admin('sources/shop/read', read)).status).toBe(200);
    await harness.server.idle();
  }
  expect((await harness.admin('refusals')).body).toEqual([]);
  expect((await harness.admin('sources/shop/set-aside')).body).toEqual([]);
  return heldBy(await harness.iterable())
    .slice(0, 3)
    .map(lowerCarriers);
}

/** Carriers have display names. */
function lowerCarriers(held: Held): Held {
  const events = held.events.map((one) => one.replace(/carrier (\w+)/, (words) => words.toLowerCase()));
  return { ...held, events };
}

/** Data that BigCommerce lacks: deliveries, text messages, the reason of a cancellation. */
function told(held: Held): Held {
  const events = held.events
    .filter((one) => !/^(Order Delivered|SMS )/.test(one))
    .map((one) => one.replace(/, reason .*/, ', reason undefined'));
  return { ...held, events };
}

/** Carts cannot be polled. */
function withoutCarts(held: Held): Held {
  return { ...held, cart: [], events: held.events.filter((one) => !one.startsWith('Cart ')) };
}

/** Reviews come by the sweep alone. */
function withoutReviews(held: Held): Held {
  return { ...held, events: held.events.filter((one) => !one.startsWith('Product Reviewed')) };
}

describe('the day in a store at BigCommerce', () => {
  const expected = [ADA, BEN, CHIYO].map(told);

  it('matches the results worked out by hand, with hooks of the source', async () => {
    const { store, harness } = await connected();
    expect(await lived(store, harness, false)).toEqual(expected.map(withoutReviews));
    expect(store.stats().webhooks).toMatchObject({ failed: 0, waiting: 0 });
  });

  it('matches with polls and sweeps alone, except for carts', async () => {
    const { store, harness } = await connected({ isReached: false });
    expect(await lived(store, harness, true)).toEqual(expected.map(withoutCarts));
    expect(store.stats().webhooks).toMatchObject({ delivered: 0 });
  });

  it('matches when hooks are lost, duplicated and reordered', async () => {
    const { store, harness } = await connected({ limits: false });
    store.fail({ webhooks: { lost: 0.3, duplicated: 0.3, reordered: 0.3 } });
    const held = await lived(store, harness, true);
    expect(held.map(withoutCarts)).toEqual(expected.map(withoutCarts));
    expect(store.stats().webhooks.lost).toBeGreaterThan(0);
  });
});

it('reports a remedy for a token that the store refuses', async () => {
  const { harness } = await connected({ settings: { accessToken: 'guessed' } });
  const { body } = await harness.admin('sources/shop/test', { method: 'POST' });
  const message = expect.stringContaining('Store-level API accounts') as string;
  expect(body).toMatchObject({ ok: false, issue: { code: 'source_unauthorized', message } });
});
