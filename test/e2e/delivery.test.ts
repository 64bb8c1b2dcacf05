import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';

const bought = (messageId: string, userId: string, properties: object): object => ({
  type: 'track',
  messageId,
  userId,
  event: 'Bought',
  properties,
});

describe('groups of dead letters', () => {
  let harness: Harness;
  const path = 'destinations/iterable/mappings/track-calls';
  const map = async (fields: object): Promise<void> => {
    const { body: before } = await harness.admin(path);
    const body = {
      action: 'trackEvent',
      trigger: 'type = "track"',
      mapping: { ...before.mapping, ...fields },
    };
    expect((await harness.admin(path, { method: 'PUT', body })).status).toBe(200);
  };
  const groups = async (query = ''): Promise<Answer> =>
    (await harness.admin(`dead-letters/groups${query}`)).body;

  beforeAll(async () => {
    harness = await openHarness();
    await map({
      eventName: { '@path': '$.properties.name' },
      createdAt: { '@path': '$.properties.at' },
    });
    await harness.track('batch', {
      batch: [
        bought('a', 'ada', {}),
        bought('b', 'bob', {}),
        bought('c', 'ada', {}),
        bought('d', 'cid', { name: 'x', at: { no: 'time' } }),
      ],
    });
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  it('counts them by mapping, code and field, and how many would succeed now', async () => {
    const before = await groups();
    expect(before).toMatchObject({
      complete: true,
      groups: [
        {
          destination: 'iterable',
          mappingId: 'track-calls',
          code: 'payload_required',
          field: 'eventName',
          count: 3,
          users: 2,
          checked: 3,
          passNow: 0,
          sample: { messageId: 'c' },
        },
        { field: 'createdAt', count: 1, passNow: 0 },
      ],
    });
    await map({ eventName: { '@path': '$.event' } });
    expect((await groups()).groups.map((one: Answer) => one.passNow)).toEqual([3, 0]);
    expect((await groups('?user=bob')).groups).toMatchObject([{ count: 1, users: 1 }]);
  });

  it('replays one group and keeps the others', async () => {
    const { body } = await harness.admin('dead-letters/replay', {
      method: 'POST',
      body: { mappingId: 'track-calls', code: 'payload_required', field: 'eventName' },
    });
    expect(body).toEqual({ requeued: 3, replayedAt: expect.any(Number) });
    await harness.server.idle();
    expect((await groups()).groups).toMatchObject([{ field: 'createdAt', count: 1 }]);
    for (const id of ['a', 'b', 'c'])
      expect(await harness.steps(id)).toMatchObject([{ status: 'delivered' }]);
    expect((await harness.admin(`dead-letters/replays/${body.replayedAt}`)).body).toEqual({
      replayedAt: body.replayedAt,
      deadLetters: 3,
      outcomes: [{ destination: 'iterable', mappingId: 'track-calls', status: 'delivered', count: 3 }],
      complete: true,
    });
    const { body: put } = await harness.admin(`dead-letters?replayedAt=${body.replayedAt}`);
    expect(put.map((one: Answer) => one.messageId)).toEqual(['a', 'b', 'c']);
    expect((await harness.admin('dead-letters/replays/1')).status).toBe(404);
  });

  it('refuses an unknown filter', async () => {
    expect(await harness.admin('dead-letters/groups?feild=x')).toMatchObject({
      status: 400,
      body: { error: { code: 'request_invalid' } },
    });
  });
});

describe('a dead letter of an incorrect event', () => {
  let harness: Harness;
  const replay = (id: number, body: object): Promise<Answer> =>
    harness.admin(`dead-letters/${id}/replay`, { method: 'POST', body });
  beforeAll(async () => {
    harness = await openHarness();
    await harness.track('track', bought('wrong', 'ada', { at: 1 }));
    await harness.server.idle();
    const path = 'destinations/iterable/mappings/track-calls';
    const { body: before } = await harness.admin(path);
    const mapping = { ...before.mapping, eventName: { '@path': '$.properties.name' } };
    const body = { action: 'trackEvent', trigger: 'type = "track"', mapping };
    await harness.admin(path, { method: 'PUT', body });
    await harness.track('track', bought('wrong-too', 'ada', { at: 2 }));
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  it('is replayed as a corrected copy, shown beside the event in its history', async () => {
    const [letter] = (await harness.admin('dead-letters')).body as Answer[];
    const { body: whole } = await harness.admin(`dead-letters/${letter.id}`);
    expect(whole).toMatchObject({ messageId: 'wrong-too', event: { properties: { at: 2 } } });
    expect(whole.correctedAt).toBeUndefined();

    const copy = { ...whole.event, properties: { name: 'Mended', at: 2 } };
    expect(await replay(letter.id, { event: { ...copy, messageId: 'other' } })).toMatchObject({
      status: 400,
      body: { error: { code: 'event_invalid', issues: [{ path: 'messageId' }] } },
    });
    expect(await replay(letter.id, { event: { ...copy, type: 'tarck' } })).toMatchObject({
      status: 400,
      body: { error: { code: 'event_invalid', issues: [{ path: 'type' }] } },
    });
    const large = { ...copy, properties: { name: 'x'.repeat(40_000) } };
    expect(await replay(letter.id, { event: large })).toMatchObject({
      body: { error: { code: 'event_too_large' } },
    });
    expect(await replay(letter.id, { evnt: copy })).toMatchObject({ status: 400 });
    const { body: reader } = await harness.admin('tokens', {
      method: 'POST',
      body: { name: 'edits', role: 'edit' },
    });
    const refused = await fetch(`${harness.server.url}/api/dead-letters/${letter.id}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${reader.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ event: copy }),
    });
    expect(refused.status).toBe(403);
    expect((await harness.admin('dead-letters')).body).toHaveLength(1);

    const { body: answer } = await replay(letter.id, { event: copy });
    expect(answer).toEqual({ requeued: 1, replayedAt: expect.any(Number) });
    await harness.server.idle();
    const { body: story } = await harness.admin('events/wrong-too');
    expect(story.event).toEqual(whole.event);
    expect(story.steps).toMatchObject([
      { status: 'delivered', correction: { event: copy, at: answer.replayedAt } },
    ]);
    expect(JSON.stringify(await harness.iterable())).toContain('Mended');
    expect((await replay(letter.id, { event: whole.event })).body).toMatchObject({ requeued: 0 });
  });

  it('is made of its copy again on every replay, without affecting other items', async () => {
    await harness.admin('replays', {
      method: 'POST',
      body: { destination: 'iterable', from: Date.now() - 3_600_000 },
    });
    const settled = async (): Promise<boolean> =>
      (await harness.admin('replays')).body.every((one: Answer) => one.status === 'done');
    while (!(await settled())) await pause();
    await harness.server.idle();
    expect(await harness.steps('wrong-too')).toMatchObject([{ status: 'delivered' }]);
    expect(await harness.steps('wrong')).toMatchObject([{ status: 'rejected', field: 'eventName' }]);
    const { body: groups } = await harness.admin('dead-letters/groups');
    expect(groups.groups).toMatchObject([{ count: 1, passNow: 0 }]);

    const [letter] = (await harness.admin('dead-letters')).body as Answer[];
    await harness.admin(`dead-letters/${letter.id}`, { method: 'DELETE', body: { note: 'A test.' } });
    const { body: audit } = await harness.admin('audit');
    expect(audit[0]).toMatchObject({ note: `DELETE /api/dead-letters/${letter.id}: A test.` });
  });
});

describe('lanes and their waiting items', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness({ server: { retry: { firstDelay: 600_000, maxDelay: 600_000 } } });
  });
  afterAll(() => harness.close());

  it('report position, limits and use of every endpoint', async () => {
    await harness.track('track', bought('well', 'ada', {}));
    await harness.server.idle();
    const { body } = await harness.admin('lanes');
    expect(body).toMatchObject([{ destination: 'iterable', enabled: true, cursor: 1, lag: 0, waiting: 0 }]);
    const { endpoints } = body[0];
    const called = endpoints.filter((one: Answer) => one.origin !== undefined);
    expect(called).toMatchObject([{ origin: harness.sandbox.url, waiting: 0, refused: 0 }]);
    expect(called[0].published).toMatchObject([{ seconds: expect.any(Number) }]);
    expect(called[0].used).toBeGreaterThan(0);
    expect(endpoints.length).toBeGreaterThan(called.length);
  });

  it('list waiting items, and retry them on request', async () => {
    const faults = (body: unknown): Promise<Response> =>
      fetch(`${harness.sandbox.url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(body) });
    await faults([{ match: {}, kind: 'status', status: 500 }]);
    await harness.track('batch', {
      batch: [bought('w1', 'ada', {}), bought('w2', 'ada', {}), bought('w3', 'bob', {})],
    });
    const waiting = async (query = ''): Promise<readonly Answer[]> =>
      (await harness.admin(`waiting${query}`)).body;
    while (!(await waiting()).some((one) => one.attempts > 0)) await pause();
    while ((await waiting('?user=ada')).length + (await waiting('?user=bob')).length < 3) await pause();
    expect((await waiting('?user=ada')).map((one) => one.messageId)).toEqual(['w1', 'w2']);
    expect((await waiting()).map((one) => one.messageId).sort()).toEqual(['w1', 'w3']);
    expect((await waiting('?limit=1')).length).toBe(1);
    expect((await harness.admin('waiting?destination=nobody')).status).toBe(404);
    const now = (body: object): Promise<Answer> => harness.admin('waiting/now', { method: 'POST', body });
    expect(await now({ user: 'nobody' })).toMatchObject({ status: 200, body: { users: 0 } });
    expect(await now({ destination: 'nobody' })).toMatchObject({ status: 404 });
    expect(await now({ usr: 'ada' })).toMatchObject({ status: 400 });

    const { body: reader } = await harness.admin('tokens', {
      method: 'POST',
      body: { name: 'reader', role: 'read' },
    });
    const asReader = (method: string, address: string): Promise<Response> =>
      fetch(`${harness.server.url}/api/${address}`, {
        method,
        headers: { authorization: `Bearer ${reader.token}` },
      });
    expect((await asReader('POST', 'waiting/now')).status).toBe(403);
    for (const address of ['lanes', 'waiting', 'dead-letters/groups'])
      expect((await asReader('GET', address)).status).toBe(200);

    await faults([]);
    expect(await now({ destination: 'iterable' })).toMatchObject({ status: 200, body: { users: 2 } });
    await harness.server.idle();
    expect(await waiting()).toEqual([]);
    for (const id of ['w1', 'w2', 'w3'])
      expect(await harness.steps(id)).toMatchObject([{ status: 'delivered' }]);
  });
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
