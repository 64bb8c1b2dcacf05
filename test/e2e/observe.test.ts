import { createClient } from '@waybill/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Harness, openHarness } from './harness.ts';
import { follow, type Followed } from './follow.ts';

const CLICKED = {
  type: 'track',
  event: 'Clicked',
  userId: 'ada',
  properties: { place: { x: 7 }, tags: ['a'] },
};

async function send(harness: Harness, ...events: readonly object[]): Promise<void> {
  const { status } = await harness.track('batch', { batch: events });
  expect(status).toBe(200);
}

const ids = (body: Answer): readonly string[] =>
  body.events.map((one: { event: { messageId: string } }) => one.event.messageId);

describe('searching events', () => {
  let harness: Harness;
  let between: number;
  beforeAll(async () => {
    harness = await openHarness();
    await send(
      harness,
      { ...CLICKED, messageId: 'm1', properties: { total: 5 } },
      { ...CLICKED, messageId: 'm2', userId: 'bob', properties: { total: 50 } },
      { type: 'page', name: 'Home', messageId: 'm3', anonymousId: 'a1' },
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    between = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await send(harness, { ...CLICKED, messageId: 'm4', properties: { total: 70 } });
    await send(harness, { type: 'track', event: 'Order Completed', messageId: 'm5', userId: 'ada' });
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  const found = async (query: Readonly<Record<string, string | number>>): Promise<Answer> => {
    const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return (await harness.admin(`events?${text}`)).body;
  };

  it('returns the newest first, page by page', async () => {
    const first = await found({ limit: 2 });
    expect([ids(first), first.complete, first.scanned]).toEqual([['m5', 'm4'], false, 2]);
    const second = await found({ limit: 2, before: first.next });
    const third = await found({ limit: 2, before: second.next });
    expect([ids(second), ids(third), third.complete]).toEqual([['m3', 'm2'], ['m1'], true]);
    expect(third).not.toHaveProperty('next');
  });

  it('returns those after a position in order, with the cursor to follow', async () => {
    const [last] = (await found({ limit: 1 })).events;
    const all = await found({ after: 0 });
    expect([ids(all), all.next, all.complete]).toEqual([['m1', 'm2', 'm3', 'm4', 'm5'], last.seq, true]);
    expect(await found({ after: last.seq })).toEqual({
      events: [],
      next: last.seq,
      scanned: 0,
      complete: true,
    });
  });

  it.each<readonly [Readonly<Record<string, string>>, readonly string[]]>([
    [{ where: 'properties.total > 10' }, ['m4', 'm2']],
    [{ where: 'type = "page" or event = "Order Completed"' }, ['m5', 'm3']],
    [{ where: 'properties.total > 10', user: 'ada' }, ['m4']],
    [{ event: 'Clicked', type: 'track' }, ['m4', 'm2', 'm1']],
    [{ event: 'Home' }, ['m3']],
    [{ user: 'a:a1' }, ['m3']],
    [{ sourceId: 'shop', event: 'Home' }, ['m3']],
    [{ sourceId: 'nobody' }, []],
    [{ outcome: 'rejected' }, ['m5']],
    [{ outcome: 'delivered', event: 'Clicked', user: 'bob' }, ['m2']],
    [{ code: 'payload_required', destination: 'iterable' }, ['m5']],
    [{ mappingId: 'nothing' }, []],
  ])('finds what %j matches', async (query, expected) => {
    const answer = await found(query);
    expect([ids(answer), answer.complete]).toEqual([expected, true]);
    expect(answer.scanned).toBe(5);
  });

  it('respects a period', async () => {
    expect(ids(await found({ to: between }))).toEqual(['m3', 'm2', 'm1']);
    expect(ids(await found({ from: between }))).toEqual(['m5', 'm4']);
    expect(ids(await found({ from: between, after: 0 }))).toEqual(['m4', 'm5']);
    expect(await found({ to: '2001-01-01' })).toEqual({ events: [], scanned: 0, complete: true });
  });

  it('returns the outcomes of each on request', async () => {
    const { events } = await found({ outcomes: 'true', event: 'Order Completed' });
    expect(events[0].outcomes).toContainEqual(
      expect.objectContaining({ destination: 'iterable', status: 'rejected', code: 'payload_required' }),
    );
    expect((await found({ limit: 1 })).events[0]).not.toHaveProperty('outcomes');
  });

  it('refuses an invalid trigger with its position, and unknown parameters', async () => {
    const { status, body } = await harness.admin(`events?where=${encodeURIComponent('type == ')}`);
    expect([status, body.error.code]).toEqual([400, 'trigger_syntax']);
    expect(body.error.issues).toEqual([
      expect.objectContaining({ code: 'trigger_syntax', path: 'where', offset: expect.any(Number) }),
    ]);
    for (const query of [
      'before=5&after=1',
      'wher=1',
      'type=order',
      'from=yesterday',
      'limit=0',
      'outcome=lost',
    ])
      expect([query, (await harness.admin(`events?${query}`)).body.error?.code]).toEqual([
        query,
        'request_invalid',
      ]);
  });
});

describe('following events', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  it('returns events that a trigger matches, with the position to continue from', async () => {
    const where = encodeURIComponent('properties.total > 10');
    const stream = await follow(harness, `topics=events&where=${where}`);
    await send(harness, { ...CLICKED, messageId: 'f1', properties: { total: 5 } });
    await send(harness, { ...CLICKED, messageId: 'f2', properties: { total: 50 } });
    const row = await stream.next('events');
    expect(row).toMatchObject({ data: { sourceId: 'shop', event: { messageId: 'f2' } } });
    expect(row.id).toBe(String(row.data.seq));
    stream.close();
    await send(harness, { ...CLICKED, messageId: 'f3', properties: { total: 60 } });
    const resumed = await follow(harness, `topics=events&where=${where}`, { 'last-event-id': row.id! });
    expect(await resumed.next('events')).toMatchObject({ data: { event: { messageId: 'f3' } } });
    resumed.close();
  });

  it('works with the client', async () => {
    const client = createClient(harness.server.url, harness.server.adminToken);
    const stopping = new AbortController();
    const [last] = (await client.get('/api/events', { query: { limit: 1 } })).events;
    await send(harness, { ...CLICKED, messageId: 'c1' });
    for await (const { kind, data, id } of client.follow(
      { topics: 'events', after: last?.seq ?? 0 },
      stopping.signal,
    )) {
      expect(kind === 'events' && [data.event.messageId, data.seq === id]).toEqual(['c1', true]);
      break;
    }
    const broken = client.follow({ where: 'type ==' })[Symbol.asyncIterator]().next();
    await expect(broken).rejects.toMatchObject({ code: 'trigger_syntax', status: 400 });
  });

  it('returns outcomes, refusals and lanes', async () => {
    await harness.server.idle();
    const stream = await follow(harness, 'topics=outcomes,refusals,lanes');
    expect(await stream.next('lanes')).toMatchObject({ data: { destination: 'iterable', lag: 0 } });
    await send(harness, { ...CLICKED, messageId: 'f4' });
    expect(await stream.next('outcomes')).toMatchObject({
      data: {
        destination: 'iterable',
        outcomes: expect.arrayContaining([expect.objectContaining({ status: 'delivered', count: 1 })]),
      },
    });
    await harness.track('track', { messageId: 'f5', userId: 'ada' });
    expect(await stream.next('refusals')).toMatchObject({
      data: { messageId: 'f5', issues: expect.anything(), remedy: expect.any(String) },
    });
    stream.close();
  });

  it('can be limited to one source, whose refusals are also listed separately', async () => {
    const source = { id: 'blog', writeKey: 'blog-key' };
    expect((await harness.admin('sources', { method: 'POST', body: source })).status).toBe(201);
    const headers = { authorization: `Basic ${btoa('blog-key:')}` };
    const stream = await follow(harness, 'topics=events&sourceId=blog');
    await send(harness, { ...CLICKED, messageId: 'g1' });
    await harness.track('track', { ...CLICKED, messageId: 'g2' }, headers);
    expect(await stream.next('events')).toMatchObject({
      data: { sourceId: 'blog', event: { messageId: 'g2' } },
    });
    stream.close();
    await harness.track('track', { messageId: 'g3', userId: 'ada' }, headers);
    await harness.track('track', '{"userId": "ada", ', headers);
    const { body } = await harness.admin('refusals?sourceId=blog');
    expect(
      body.map((one: { sourceId: string; messageId?: string }) => [one.sourceId, one.messageId]),
    ).toEqual([
      ['blog', undefined],
      ['blog', 'g3'],
    ]);
  });

  it('returns a bounded number of rows, and how many were left out', async () => {
    const stream = await follow(harness, 'topics=events');
    await send(harness, ...Array.from({ length: 400 }, (_, n) => ({ ...CLICKED, messageId: `many-${n}` })));
    let [told, skipped] = [0, 0];
    while (told + skipped < 400) {
      const message = await stream.next('events', 'skipped');
      if (message.event === 'events') told += 1;
      else skipped += message.data.skipped;
    }
    expect([told + skipped, told >= 1, skipped > 0]).toEqual([400, true, true]);
    stream.close();
  });

  it('refuses unknown parameters and a missing token', async () => {
    for (const [query, code] of [
      ['topics=events,weather', 'request_invalid'],
      ['where=type%20%3D%3D', 'trigger_syntax'],
      ['topic=events', 'request_invalid'],
    ] as const)
      expect((await harness.admin(`stream?${query}`)).body.error.code).toBe(code);
    expect((await fetch(`${harness.server.url}/api/stream`)).status).toBe(401);
  });

  it('does not block the stop of the server, and limits followers', async () => {
    const streams: Followed[] = [];
    let refused: unknown;
    // Those of the tests before may be about to end.
    while (refused === undefined && streams.length <= 20)
      await follow(harness, 'topics=events').then(
        (one) => streams.push(one),
        (error: unknown) => (refused = error),
      );
    expect(refused).toEqual(new Error('The stream answers 429.'));
    expect((await harness.admin('stream')).body.error.code).toBe('server_overloaded');
    await harness.restart();
    for (const one of streams) await one.ended;
  });
});

describe('shapes of events and their rates', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
    await send(
      harness,
      { ...CLICKED, messageId: 's1' },
      { ...CLICKED, messageId: 's2', properties: { place: null, tags: [1, 'b'], 'odd key': true } },
      { type: 'page', name: 'Home', messageId: 's3', anonymousId: 'a1' },
    );
    await send(harness, { ...CLICKED, messageId: 's1' });
    await harness.track('track', { messageId: 's4', userId: 'ada' });
    await harness.server.idle();
  });
  afterAll(() => harness.close());

  const shapes = async (query: string): Promise<Answer> => (await harness.admin(`shapes?${query}`)).body;

  it('include names, paths, types, shares and a few values', async () => {
    expect((await shapes('')).map((one: Answer) => [one.sourceId, one.type, one.event, one.count])).toEqual(
      expect.arrayContaining([
        ['shop', 'track', 'Clicked', 3],
        ['shop', 'page', 'Home', 1],
      ]),
    );
    const [clicked] = await shapes('event=Clicked&type=track&sourceId=shop');
    const paths = new Map<string, Answer>(clicked.paths.map((one: Answer) => [one.path, one]));
    expect(paths.get('userId')).toMatchObject({ types: ['string'], share: 1, examples: ['ada'] });
    expect(paths.get('properties.place')).toMatchObject({ types: ['object', 'null'] });
    expect(paths.get('properties.place.x')).toMatchObject({ types: ['number'], examples: [7] });
    expect(paths.get('properties.place.x').share).toBeCloseTo(2 / 3);
    expect(paths.get('properties.tags[]').types.toSorted()).toEqual(['number', 'string']);
    expect(paths.get('properties["odd key"]')).toMatchObject({ types: ['boolean'] });
    expect(await shapes('sourceId=nobody')).toEqual([]);
    expect((await harness.admin('shapes?type=order')).body.error.code).toBe('request_invalid');
  });

  it('survive a restart for the newest events of the log, with their counts', async () => {
    const before = (await harness.admin('overview?step=minute')).body.totals;
    await harness.restart();
    expect((await shapes('event=Clicked'))[0]).toMatchObject({ count: 2 });
    const { p50: _p50, p95: _p95, ...after } = (await harness.admin('overview')).body.totals;
    expect(before).toMatchObject(after);
  });

  it('count events and outcomes, step by step', async () => {
    const { steps, totals, before, from, to, step } = (await harness.admin('overview')).body;
    expect([totals.accepted, totals.duplicate, totals.refused]).toEqual([3, 1, 1]);
    expect(totals.sources).toEqual([{ sourceId: 'shop', accepted: 3 }]);
    expect(totals.refusals).toEqual([{ code: expect.any(String), count: 1 }]);
    expect(totals.outcomes).toContainEqual(
      expect.objectContaining({ destination: 'iterable', status: 'delivered', code: '' }),
    );
    expect(totals.reasons).toContainEqual({
      ...totals.refusals[0],
      status: 'refused',
      message: expect.stringMatching(/\S/),
      remedy: expect.stringMatching(/\S/),
    });
    expect(totals.delays).toEqual([{ destination: 'iterable', p50: totals.p50, p95: totals.p95 }]);
    expect(steps.reduce((sum: number, one: Answer) => sum + one.accepted, 0)).toBe(3);
    expect([step, before.accepted, (to - from) / 3_600_000]).toEqual(['hour', 0, 25]);
  });

  it('refuse periods that end before they begin, or have too many steps', async () => {
    for (const query of [
      'from=2026-02-01&to=2026-01-01',
      'from=2026-01-01&to=2026-02-01&step=minute',
      'step=second',
      'from=never',
    ])
      expect((await harness.admin(`overview?${query}`)).body.error.code).toBe('request_invalid');
  });
});
