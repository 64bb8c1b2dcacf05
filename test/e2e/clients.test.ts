import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { type Harness, openHarness } from './harness.ts';

describe('clients in a server, configured only with the host', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  const names = async (): Promise<readonly string[]> =>
    (
      (await harness.admin('events?limit=100')).body.events as readonly {
        readonly event: { readonly event: string };
      }[]
    ).map(({ event }) => event.event);

  it("RudderStack's, with its defaults: compressed JSON labelled as a form", async () => {
    const client = new RudderAnalytics('demo', { dataPlaneUrl: harness.server.url });
    client.track({ userId: 'u-1', event: 'RudderStack', properties: { price: 5 } });
    await client.flush();
    expect(await names()).toContain('RudderStack');
  }, 60_000);

  it("Segment's, with its defaults", async () => {
    const client = new Analytics({ writeKey: 'demo', host: harness.server.url });
    client.track({ userId: 'u-1', event: 'Segment', properties: { price: 5 } });
    await client.closeAndFlush();
    expect(await names()).toContain('Segment');
  }, 60_000);
});
