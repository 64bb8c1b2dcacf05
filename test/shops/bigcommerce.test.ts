import { afterEach, describe, expect, it } from 'vitest';
import { createServer, type AddressInfo } from 'node:net';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { ADA, BEN, CHIYO } from './by-hand.ts';
import { type Held, heldBy } from './outcome.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A store, and a server that it calls where it is told to. */
async function connected(settings: object = {}): Promise<{ store: ShopSandbox; harness: Harness }> {
  const store = await createShopSandbox({ platform: 'bigcommerce' });
  const port = await freePort();
  const allowedHosts = [new URL(store.url).host];
  const harness = await openHarness({
    sandbox: { switches: { doubleIntoLong: 'accepted' } },
    server: { port, publicUrl: `http://127.0.0.1:${port}`, allowedHosts },
    workspace: (url) => {
      allowedHosts.push(new URL(url).host);
      return {
        sources: [{ id: 'shop', type: 'bigcommerce', settings: { ...store.settings, ...settings } }],
        destinations: [
          {
            id: 'iterable',
            type: 'iterable',
            settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: url },
          },
        ],
      };
    },
  });
  open.push(harness, store);
  await harness.server.idle();
  return { store, harness };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Carriers have names that people know them by. */
function lowerCarriers(held: Held): Held {
  const events = held.events.map((one) => one.replace(/carrier (\w+)/, (words) => words.toLowerCase()));
  return { ...held, events };
}

/** What BigCommerce cannot tell: deliveries, text messages, why an order was cancelled; reviews are read once a day. */
function told(held: Held): Held {
  const cannot = /^(Order Delivered|SMS |Product Reviewed|Subscription )/;
  const events = held.events
    .filter((one) => !cannot.test(one))
    .map((one) => one.replace(/, reason .*/, ', reason undefined'));
  return { ...held, events };
}

describe('the day in a store at BigCommerce', () => {
  it('comes to what was worked out by hand, by hooks that the source has made', async () => {
    const { store, harness } = await connected();
    expect(store.stats().calls).toMatchObject({ 'in 200': expect.any(Number) as number });
    for (const step of ['guest-buys', 'cart-abandoned', 'all']) {
      await store.play(step);
      await harness.server.idle();
    }
    const held = heldBy(await harness.iterable());
    expect(held.slice(0, 3).map(lowerCarriers)).toEqual([ADA, BEN, CHIYO].map(told));
    expect((await harness.admin('refusals')).body).toEqual([]);
    expect((await harness.admin('sources/shop/set-aside')).body).toEqual([]);
    expect(store.stats().webhooks).toMatchObject({ failed: 0, waiting: 0 });
  });
});

describe('a store that cannot be read', () => {
  it.each([
    [{ accessToken: 'guessed' }, 'source_unauthorized', 'Store-level API accounts'],
    [{ storeHash: 'other' }, 'source_not_found', '"other"'],
  ])('with %j says what to do', async (settings, code, words) => {
    const { harness } = await connected(settings);
    const { body } = await harness.admin('sources/shop/test', { method: 'POST' });
    expect(body).toMatchObject({
      ok: false,
      issue: { code, message: expect.stringContaining(words) as string },
    });
  });
});
