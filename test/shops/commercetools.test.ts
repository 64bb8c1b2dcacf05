import { afterEach, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox, type ShopSandboxOptions } from '@waybill/shop-sandboxes';
import { type Harness, openHarness } from '../e2e/harness.ts';
import { freePort } from '../e2e/port.ts';
import { EVERYBODY } from './by-hand.ts';
import { type Held, heldBy } from './outcome.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** A project, and a server that its queue pushes to. */
async function connected(
  options: Partial<ShopSandboxOptions> = {},
  settings: object = {},
): Promise<{ project: ShopSandbox; harness: Harness }> {
  const port = await freePort();
  const webhookUrl = `http://127.0.0.1:${port}/sources/shop/webhook`;
  const project = await createShopSandbox({ platform: 'commercetools', webhookUrl, ...options });
  const harness = await openHarness({
    sandbox: { switches: { doubleIntoLong: 'accepted' } },
    server: { port, publicUrl: `http://127.0.0.1:${port}`, allowedHosts: ['127.0.0.1'] },
    workspace: (apiUrl) => ({
      sources: [{ id: 'shop', type: 'commercetools', settings: { ...project.settings, ...settings } }],
      destinations: [
        { id: 'iterable', type: 'iterable', settings: { apiKey: 'demo', projectType: 'hybrid', apiUrl } },
      ],
    }),
  });
  open.push(harness, project);
  await harness.server.idle();
  return { project, harness };
}

/** The whole day: pushes are processed after each step, data without messages is polled three times. */
async function lived({ project, harness }: Awaited<ReturnType<typeof connected>>): Promise<readonly Held[]> {
  const pushed = async (): Promise<void> => {
    await project.settled();
    await harness.server.idle();
  };
  for (const step of ['guest-buys', 'cart-abandoned', 'all']) {
    await project.play(step, pushed);
    await pushed();
    await harness.admin('sources/shop/read', { method: 'POST', body: {} });
    await harness.server.idle();
  }
  expect((await harness.admin('refusals')).body).toEqual([]);
  expect((await harness.admin('sources/shop/set-aside')).body).toEqual([]);
  return heldBy(await harness.iterable());
}

/*
 * Data that commercetools lacks: the share of taxes and shipping in a refund, the arrival of one parcel of two, abandoned carts, the
 * reason of a cancellation. A pause that ends before the next poll is not seen.
 */
const told = (held: Held): Held => ({
  ...held,
  events: held.events
    .filter((one) => !/^(Order Delivered|Cart Abandoned|Subscription (Paused|Resumed))/.test(one))
    .map((one) =>
      one
        .replace(/tax [\d.]+, shipping [\d.]+/, 'tax undefined, shipping undefined')
        .replace(/reason .*/, 'reason undefined'),
    ),
});

describe('the day in a project at commercetools', () => {
  const expected = EVERYBODY.map(told);

  it('matches the results worked out by hand, with pushes, and polls for carts', async () => {
    const under = await connected();
    expect(await lived(under)).toEqual(expected);
    expect(under.project.stats().webhooks).toMatchObject({ failed: 0, waiting: 0 });
  });

  it('matches when pushes are lost, duplicated and reordered, and tokens expire early', async () => {
    const under = await connected();
    under.project.fail({ webhooks: { lost: 0.3, duplicated: 0.3, reordered: 0.3 }, tokenCalls: 40 });
    expect(await lived(under)).toEqual(expected);
    expect(under.project.stats().webhooks.lost).toBeGreaterThan(0);
  });
});

it('reports a remedy for a client that is refused', async () => {
  const { harness } = await connected({}, { clientSecret: 'guessed' });
  const { body } = await harness.admin('sources/shop/test', { method: 'POST' });
  const message = expect.stringContaining('clientSecret') as string;
  expect(body).toMatchObject({ ok: false, issue: { code: 'source_unauthorized', message } });
});
