import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';

const track = (messageId: string, userId: string, event = 'Seen'): object => ({
  type: 'track',
  messageId,
  userId,
  event,
  properties: { n: 1 },
});

describe('a replay of a past period', () => {
  let harness: Harness;
  let from: string;
  let to: string;
  beforeAll(async () => {
    harness = await openHarness();
    await harness.track('track', track('too-early', 'u1'));
    await pause();
    from = new Date().toISOString();
    const batch = Array.from({ length: 450 }, (_one, n) =>
      track(`m${n}`, `u${n % 10}`, n % 3 === 0 ? 'Bought' : 'Seen'),
    );
    await harness.track('batch', { batch });
    to = new Date().toISOString();
    await pause();
    await harness.track('track', track('too-late', 'u1'));
    await harness.server.idle();
    await fetch(`${harness.sandbox.url}/_sandbox/reset`, { method: 'POST', body: '{"limits":false}' });
  });
  afterAll(() => harness.close());

  const replay = async (body: object): Promise<Answer> => {
    const { status, body: started } = await harness.admin('replays', { method: 'POST', body });
    expect(status).toBe(201);
    for (;;) {
      const { body: now } = await harness.admin(`replays/${started.id}`);
      if (now.status !== 'running') return now;
      await pause();
    }
  };
  const inIterable = async (): Promise<readonly string[]> =>
    ((await harness.iterable()) as Answer).events.map((one: Answer) => one.id);

  it('reports in a dry run what would happen, and changes nothing', async () => {
    const done = await replay({ destination: 'iterable', from, to, dryRun: true });
    expect(done).toMatchObject({
      status: 'done',
      progress: 1,
      events: 450,
      items: 450,
      outcomes: [{ destination: 'iterable', mappingId: 'track-calls', outcome: 'sent', count: 450 }],
    });
    expect(await inIterable()).toEqual([]);
  });

  it('sends what the filters match', async () => {
    const filters = { event: 'Bought', user: 'u3', mappingId: 'track-calls', sourceId: 'shop' };
    const done = await replay({ destination: 'iterable', from, to, ...filters });
    expect(done).toMatchObject({ status: 'done', items: 15 });
    await harness.server.idle();
    expect(await inIterable()).toHaveLength(15);
  });

  it('sends the whole period again with the current mapping', async () => {
    const path = 'destinations/iterable/mappings/track-calls';
    const { body: before } = await harness.admin(path);
    const mapping = { ...before.mapping, dataFields: { again: true } };
    await harness.admin(path, {
      method: 'PUT',
      body: { action: 'trackEvent', trigger: before.trigger, mapping },
    });
    await replay({ destination: 'iterable', from, to });
    await harness.server.idle();
    const { events } = (await harness.iterable()) as Answer;
    expect(events).toHaveLength(450);
    expect(events.every((one: Answer) => one.dataFields.again === true)).toBe(true);
    const { body } = await harness.admin('stats');
    expect(body.destinations[0]).toMatchObject({ delivered: 452, retrying: 0, rejected: 0 });
  });

  it('is refused without a period, for an unknown destination, and with an unknown parameter', async () => {
    for (const [body, status] of [
      [{ destination: 'iterable' }, 400],
      [{ destination: 'nobody', from }, 404],
      [{ destination: 'iterable', from, usr: 'u1' }, 400],
    ] as const) {
      expect((await harness.admin('replays', { method: 'POST', body })).status).toBe(status);
    }
    expect((await harness.admin('replays/nothing')).status).toBe(404);
    expect((await harness.admin('replays')).body).toHaveLength(3);
  });
});

describe('a dry run of dead letters', () => {
  it('counts their current outcomes, by mapping and reason, and replays none', async () => {
    const harness = await openHarness();
    try {
      const path = 'destinations/iterable/mappings/track-calls';
      const { body: before } = await harness.admin(path);
      const mapping = { ...before.mapping, eventName: { '@path': '$.properties.nothing' } };
      const put = (body: object) => harness.admin(path, { method: 'PUT', body });
      await put({ action: 'trackEvent', trigger: before.trigger, mapping });
      await harness.track('batch', {
        batch: [track('a', 'u1'), track('b', 'u2', 'Bought'), track('c', 'u1')],
      });
      await harness.server.idle();
      const dry = (filter: object) =>
        harness.admin('dead-letters/replay', { method: 'POST', body: { dryRun: true, ...filter } });
      expect((await dry({})).body).toMatchObject({
        dryRun: true,
        deadLetters: 3,
        outcomes: [{ outcome: 'rejected', code: 'payload_required', count: 3 }],
      });
      await put({
        action: 'trackEvent',
        trigger: `${before.trigger} and event != "Bought"`,
        mapping: before.mapping,
      });
      expect((await dry({ action: 'trackEvent' })).body.outcomes).toEqual([
        { destination: 'iterable', mappingId: 'track-calls', outcome: 'sent', count: 2 },
        {
          destination: 'iterable',
          mappingId: 'track-calls',
          outcome: 'skipped',
          code: 'trigger_no_longer_matches',
          count: 1,
        },
      ]);
      expect((await dry({ user: 'u2' })).body.deadLetters).toBe(1);
      expect((await dry({ action: 'updateUser' })).body.deadLetters).toBe(0);
      expect((await harness.admin('dead-letters?user=u1')).body).toHaveLength(2);
    } finally {
      await harness.close();
    }
  });
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
