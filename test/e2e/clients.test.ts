import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { type House, openHouse } from './house.ts';

describe('clients in a server, by the host alone', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  const names = async (): Promise<readonly string[]> =>
    (
      (await house.admin('events?limit=100')).body as readonly {
        readonly event: { readonly event: string };
      }[]
    ).map(({ event }) => event.event);

  it("RudderStack's, with its defaults: JSON that is packed and labelled as a form", async () => {
    const client = new RudderAnalytics('demo', { dataPlaneUrl: house.server.url });
    client.track({ userId: 'u-1', event: 'RudderStack', properties: { price: 5 } });
    await client.flush();
    expect(await names()).toContain('RudderStack');
  }, 60_000);

  it("Segment's, with its defaults", async () => {
    const client = new Analytics({ writeKey: 'demo', host: house.server.url });
    client.track({ userId: 'u-1', event: 'Segment', properties: { price: 5 } });
    await client.closeAndFlush();
    expect(await names()).toContain('Segment');
  }, 60_000);
});
