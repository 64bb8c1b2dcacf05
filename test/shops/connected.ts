import { createShopSandbox, type Platform, type ShopFaults, type ShopSandbox } from '@waybill/shop-sandboxes';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';

/** A local shop, a server that reads it, and the local Iterable that it delivers to. */
export interface Connected {
  readonly shop: ShopSandbox;
  readonly harness: Harness;
  /** Polls and sweeps at once, and waits until all events have arrived. */
  read(): Promise<void>;
  close(): Promise<void>;
}

/** Connects a shop: its webhooks are registered, unless they are off. */
export async function connect(of: {
  readonly platform: Platform;
  readonly webhooks?: boolean;
  readonly faults?: ShopFaults;
  readonly seed?: number;
  /** In place of those that the shop says. */
  readonly settings?: object;
}): Promise<Connected> {
  const { platform, webhooks = true, faults = {}, seed = 1 } = of;
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const shop = await createShopSandbox({
    platform,
    faults,
    seed,
    limits: false,
    ...(webhooks ? { webhookUrl: `${publicUrl}/sources/shop/webhook` } : {}),
  });
  const allowedHosts = [new URL(shop.url).host];
  const harness = await openHarness({
    // It is not known whether Iterable accepts 4.12 where it first saw 0: here it does.
    sandbox: { switches: { doubleIntoLong: 'accepted' } },
    server: { port, allowedHosts, ...(webhooks ? { publicUrl } : {}) },
    workspace: (url) => {
      allowedHosts.push(new URL(url).host);
      const settings = { apiKey: 'demo', projectType: 'hybrid', apiUrl: url };
      return {
        sources: [{ id: 'shop', type: platform, settings: { ...shop.settings, ...of.settings } }],
        destinations: [{ id: 'iterable', type: 'iterable', settings }],
      };
    },
  });
  await harness.server.idle();
  return {
    shop,
    harness,
    async read() {
      await harness.admin('sources/shop/read', { method: 'POST', body: { sweeps: true } });
      await harness.server.idle();
    },
    async close() {
      await harness.close();
      await shop.close();
    },
  };
}
