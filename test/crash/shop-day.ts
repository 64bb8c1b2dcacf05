import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox } from '@waybill/iterable-sandbox';
import { createShopSandbox, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import type { Answer } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';
import { type Held, heldBy } from '../shops/outcome.ts';
import { type Child, idle, killHard, start } from './children.ts';
import { between, createDice } from './dice.ts';

/** How a shop is followed: `mixed` is by both, and of the webhooks a third is lost, others come twice or out of order. */
export type DayWays = 'webhooks' | 'polls' | 'both' | 'mixed';

/** A day to be lived. */
export interface DayInput {
  readonly platform: Platform;
  readonly ways: DayWays;
  /** How often the server is killed. */
  readonly kills: number;
  readonly seed: number;
  /** Whether the limits of the platform hold. */
  readonly limits?: boolean;
}

/** The result of a day. */
export interface DayReport {
  readonly held: readonly Held[];
  readonly kills: number;
  /** Webhooks that no server answered at first. */
  readonly failed: number;
  readonly lost: number;
  /** Rows that were set aside: none. */
  readonly setAside: number;
}

/** The maximum lifetime of a server after an event in the shop, in milliseconds. */
const LIFE = 120;

/** Lives the day of a shop while the server that reads it is killed again and again. */
export async function liveDay({ platform, ways, kills, seed, limits = false }: DayInput): Promise<DayReport> {
  const dice = createDice(seed);
  const port = await freePort();
  const publicUrl = ways === 'polls' ? undefined : `http://127.0.0.1:${port}`;
  const dataDir = mkdtempSync(join(tmpdir(), 'waybill-day-'));
  const shop = await createShopSandbox({
    platform,
    limits,
    seed,
    faults: ways === 'mixed' ? { webhooks: { lost: 0.3, duplicated: 0.2, reordered: 0.3 } } : {},
    ...(publicUrl === undefined ? {} : { webhookUrl: `${publicUrl}/sources/shop/webhook` }),
  });
  const iterable = await createSandbox({
    projectType: 'hybrid',
    limits: false,
    switches: { doubleIntoLong: 'accepted' },
  });
  const workspace = {
    sources: [{ id: 'shop', type: platform, settings: shop.settings }],
    destinations: [
      {
        id: 'iterable',
        type: 'iterable',
        settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl: iterable.url },
      },
    ],
  };
  const hosts = [shop.url, iterable.url].map((url) => new URL(url).host).join(',');
  const args = [dataDir, String(port), hosts, JSON.stringify(workspace)];
  const serve = (): Child => start('shop-server.ts', publicUrl === undefined ? args : [...args, publicUrl]);
  let server = serve();
  const read = ways === 'webhooks' ? () => Promise.resolve() : () => readNow(server);
  try {
    await server.url;
    await idle(server);
    const when = killedSteps(shop.stepsLeft(), kills, dice);
    let killed = 0;
    for (const step of shop.stepsLeft()) {
      const living = shop.play(step).then(() => read().catch(() => undefined));
      for (let left = when.get(step) ?? 0; left > 0; left -= 1) {
        await sleep(between(dice, 0, LIFE));
        await killHard(server);
        killed += 1;
        server = serve();
        await server.url;
        // What was not answered is said again, while this one reads what the one before has left.
        void shop.retryWebhooks();
      }
      await living;
      await settled(shop, server, read);
    }
    const { failed, lost } = shop.stats().webhooks;
    const aside = (await ask(server, 'sources/shop/set-aside')) as readonly unknown[];
    const state = (await (await fetch(`${iterable.url}/_sandbox/state`)).json()) as Answer;
    return { held: heldBy(state), kills: killed, failed, lost, setAside: aside.length };
  } finally {
    await killHard(server);
    await shop.close();
    await iterable.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** In which steps the server is killed, and how often. */
function killedSteps(
  steps: readonly string[],
  kills: number,
  dice: () => number,
): ReadonlyMap<string, number> {
  const when = new Map<string, number>();
  for (let kill = 0; kill < kills; kill += 1) {
    const step = steps[between(dice, 0, steps.length - 1)]!;
    when.set(step, (when.get(step) ?? 0) + 1);
  }
  return when;
}

/** Resolves when all messages of a step were received and have arrived. */
async function settled(shop: ShopSandbox, server: Child, read: () => Promise<void>): Promise<void> {
  await shop.settled();
  for (let turn = 0; turn < 10 && shop.stats().webhooks.waiting > 0; turn += 1) {
    await shop.retryWebhooks();
    await shop.settled();
  }
  await idle(server);
  await read();
  await idle(server);
}

async function readNow(server: Child): Promise<void> {
  await ask(server, 'sources/shop/read', { sweeps: true });
  await idle(server);
}

async function ask(server: Child, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${await server.url}/api/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return answer.json();
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
