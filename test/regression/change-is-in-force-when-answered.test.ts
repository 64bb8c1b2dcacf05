import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from '../e2e/harness.ts';

/*
 * The admin API answered a change before the delivery thread had taken it: an event sent right after the answer could
 * still meet the mappings of before, when that thread was busy compiling.
 */
describe('a change of mappings', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  it('is active when it is answered, however long the delivery thread takes', async () => {
    const mapping = (id: string) => ({
      id,
      action: 'trackEvent',
      trigger: 'type = "track"',
      mapping: { eventName: 'A', userId: { '@path': '$.userId' } },
    });
    const many = Array.from({ length: 600 }, (_one, index) => mapping(`old-${index}`));
    const change = (mappings: unknown) =>
      harness.admin('destinations/iterable', { method: 'PATCH', body: { mappings, maxMappings: 1000 } });
    expect((await change(many)).status).toBe(200);
    expect((await change([mapping('new')])).status).toBe(200);
    await harness.track('track', { type: 'track', messageId: 'm', userId: 'u', event: 'Seen' });
    await harness.server.idle();
    expect((await harness.steps('m')).map(({ mappingId }) => mappingId)).toEqual(['new']);
  });
});
