import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from './harness.ts';

describe('a thousand events, three of them invalid', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
    await harness.track('identify', {
      messageId: 'gone',
      userId: 'forgotten-1',
      traits: { email: 'f@example.com' },
    });
    await harness.track('track', {
      messageId: 'first',
      userId: 'u0',
      event: 'Seen',
      properties: { price: 1.5 },
    });
    await harness.server.idle();
    const forget = await fetch(`${harness.sandbox.url}/api/users/forget`, {
      method: 'POST',
      headers: { 'Api-Key': 'demo', 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'forgotten-1' }),
    });
    expect(forget.status).toBe(200);
    await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ disallowedEventNames: ['Not Allowed'] }),
    });
    const batch = Array.from({ length: 1000 }, (_one, index) => ({
      type: 'track',
      messageId: `m${index}`,
      userId: index === 500 ? 'forgotten-1' : `u${index % 400}`,
      event: index === 700 ? 'Not Allowed' : 'Seen',
      properties: { price: index === 300 ? 'free' : 1.5 + index },
    }));
    const answer = await harness.track('batch', { batch });
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  it('delivers 997', async () => {
    const { body } = await harness.admin('stats');
    expect(body.destinations[0]).toMatchObject({
      delivered: 997 + 2,
      rejected: 3,
      deadLetters: 3,
      retrying: 0,
    });
  });

  it('keeps three dead letters, each with its own reason', async () => {
    const { body } = await harness.admin('dead-letters');
    expect(
      body.map((letter: { messageId: string; code: string }) => [letter.messageId, letter.code]),
    ).toEqual(
      expect.arrayContaining([
        ['m300', 'destination_field_type_conflict'],
        ['m500', 'destination_user_forgotten'],
        ['m700', 'destination_event_disallowed'],
      ]),
    );
    expect(body).toHaveLength(3);
  });

  it('shows requests and answers', async () => {
    const [step] = await harness.steps('m300');
    expect(step).toMatchObject({
      status: 'rejected',
      field: expect.stringContaining('price'),
      payload: { eventName: 'Seen' },
    });
    expect(step!.exchanges.length).toBeGreaterThan(0);
  });

  it('delivers a replayed dead letter after its cause is fixed', async () => {
    await fetch(`${harness.sandbox.url}/_sandbox/settings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ disallowedEventNames: [] }),
    });
    const answer = await harness.admin('dead-letters/replay', {
      method: 'POST',
      body: { code: 'destination_event_disallowed' },
    });
    expect(answer.body).toEqual({ requeued: 1, replayedAt: expect.any(Number) });
    await harness.server.idle();
    expect(await harness.steps('m700')).toMatchObject([{ status: 'delivered' }]);
  });

  it('delivers a dead letter after its mapping was edited', async () => {
    const path = 'destinations/iterable/mappings/track-calls';
    const { body: before } = await harness.admin(path);
    const { dataFields: _left, ...mapping } = before.mapping;
    const edited = {
      action: 'trackEvent',
      trigger: before.trigger,
      mapping: { ...mapping, dataFields: { note: 'price left out' } },
    };
    expect((await harness.admin(path, { method: 'PUT', body: edited })).status).toBe(200);
    await harness.admin('dead-letters/replay', { method: 'POST', body: { messageId: 'm300' } });
    await harness.server.idle();
    expect(await harness.steps('m300')).toMatchObject([{ status: 'delivered' }]);
  });
});
