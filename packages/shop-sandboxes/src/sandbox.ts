import type { AddressInfo } from 'node:net';
import type { ShopSandbox, ShopSandboxOptions } from './contract.ts';
import { control } from './control.ts';
import { addBacklog, backlogMs, Day } from './day/index.ts';
import { Calls, Faults, Sender, serve, type PlatformView, type ShopPlatform } from './frame/index.ts';
import { createClock, randomOf, ShopModel } from './model/index.ts';
import type { Platform } from './platform.ts';
import { platforms } from './platforms.ts';

/** Starts a local shop. */
export async function createShopSandbox(options: ShopSandboxOptions): Promise<ShopSandbox> {
  const { host = '127.0.0.1', port = 0, seed = 1 } = options;
  const platform = platformOf(options.platform);
  const faults = new Faults(randomOf(seed + 1));
  faults.set(options.faults ?? {});
  const calls = new Calls();
  const address = { url: '', port: 0 };
  let shop = open(options, platform, faults, calls, address);
  const sandbox: ShopSandbox = {
    platform: platform.slug,
    get url() {
      return address.url;
    },
    get port() {
      return address.port;
    },
    get settings() {
      return shop.view.settings;
    },
    get model() {
      return shop.model;
    },
    get day() {
      return shop.day;
    },
    play: (step = 'next', between) => play(shop, step, between),
    stepsLeft: () => shop.day.rest.map(({ name }) => name),
    fail: (next) => faults.set(next),
    stats: () => ({
      calls: calls.counts(),
      webhooks: shop.sender.stats,
      things: Object.fromEntries(Object.entries(shop.model.tables).map(([kind, { size }]) => [kind, size])),
    }),
    calls: (limit) => calls.last(limit),
    settled: () => shop.sender.settled(),
    retryWebhooks: () => shop.sender.retryNow(),
    reset: () => {
      shop.sender.close();
      shop = open(options, platform, faults, calls, address);
    },
    close: async () => {
      shop.sender.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  const server = serve({
    view: () => shop.view,
    faults,
    calls,
    control: (request) => control(sandbox, faults, request),
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server listening on a host and port has an AddressInfo, not a pipe name.
  address.port = (server.address() as AddressInfo).port;
  address.url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  return sandbox;
}

interface Shop {
  readonly model: ShopModel;
  readonly view: PlatformView;
  readonly sender: Sender;
  readonly day: Day;
}

function open(
  options: ShopSandboxOptions,
  platform: ShopPlatform,
  faults: Faults,
  calls: Calls,
  address: { readonly url: string },
): Shop {
  const { now = Date.now, seed = 1, limits = true, backlog = 0, webhookUrl } = options;
  const clock = createClock({
    real: () => now() + (faults.now.skewMs ?? 0),
    start: options.start,
    behind: backlogMs(backlog),
  });
  const model = new ShopModel({ clock, seed, traits: platform.traits });
  const view = platform.open({
    model,
    url: () => address.url,
    now,
    random: randomOf(seed + 2),
    limits,
    spoil: (kind, rows) => faults.spoil(kind, rows),
    tokenCalls: () => faults.now.tokenCalls,
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
  });
  const sender = new Sender({ view, faults, calls, now });
  // The initial objects exist before listeners are added.
  const day = new Day(model);
  addBacklog(model, day.things, backlog);
  model.onChange((change) => sender.add(view.deliveriesOf(change)));
  return { model, view, sender, day };
}

async function play(
  shop: Shop,
  wanted: string,
  between: ((name: string) => Promise<void>) | undefined,
): Promise<readonly string[]> {
  const left = shop.day.rest.map(({ name }) => name);
  if (wanted !== 'next' && wanted !== 'all' && !left.includes(wanted))
    throw new Error(`There is no step "${wanted}" left. Left are: ${left.join(', ') || 'none'}.`);
  const played: string[] = [];
  for (const name of left) {
    shop.day.step();
    played.push(name);
    await shop.sender.settled();
    await between?.(name);
    if (wanted === 'next' || wanted === name) break;
  }
  return played;
}

function platformOf(wanted: Platform | ShopPlatform): ShopPlatform {
  if (typeof wanted !== 'string') return wanted;
  const found = platforms[wanted];
  if (found === undefined) throw new Error(`There is no local shop of ${wanted} yet.`);
  return found;
}
