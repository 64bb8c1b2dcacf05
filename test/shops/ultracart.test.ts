import { afterEach, expect, it } from 'vitest';
import { ADA, BEN, CHIYO } from './by-hand.ts';
import { type Connected, connect } from './connected.ts';
import { type Held, heldBy } from './outcome.ts';

let connected: Connected | undefined;
afterEach(async () => {
  await connected?.close();
  connected = undefined;
});

/** The reliable data of UltraCart: it has no carriers, and no language of a profile. */
function told({ email, purchases, events }: Held) {
  const kept = events.filter((one) => /^(?:Order (?:Refunded|Cancelled)|Email (?:Changed|Unsub))/.test(one));
  return { email, purchases, events: kept };
}

it.each(['webhooks', 'polls'])(
  'the day at an UltraCart merchant matches the results worked out by hand, by %s',
  async (ways) => {
    connected = await connect({ platform: 'ultracart', webhooks: ways === 'webhooks' });
    const { shop, harness, read } = connected;
    await shop.play('all', ways === 'webhooks' ? () => harness.server.idle() : read);
    expect((await harness.admin('refusals')).body).toEqual([]);
    expect((await harness.admin('sources/shop/set-aside')).body).toEqual([]);
    const held = heldBy(await harness.iterable()).slice(0, 3);
    expect(held.map(told)).toEqual([ADA, BEN, CHIYO].map(told));
  },
);
