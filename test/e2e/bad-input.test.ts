import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { type Harness, openHarness } from './harness.ts';

const good = (messageId: string) => ({ type: 'track', messageId, userId: 'u1', event: 'Seen' });

describe('bad input', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  it('answers malformed JSON with the position of the error', async () => {
    const { status, body } = await harness.track('track', '{"userId": "u1", "event": }');
    expect(status).toBe(400);
    expect(body).toMatchObject({
      success: false,
      error: { code: 'event_invalid_json', remedy: expect.any(String) },
    });
    expect(body.error.message).toMatch(/position 26|column 27/);
  });

  it.each([
    ['none', {}],
    ['a wrong key', { authorization: `Basic ${btoa('wrong:')}` }],
    ['a bearer token', { authorization: 'Bearer demo' }],
    ['nonsense', { authorization: 'Basic ???' }],
  ])('answers %s with 401', async (_name, headers) => {
    const { status, body } = await harness.track('track', good('k'), { authorization: '', ...headers });
    expect([status, body.error.code]).toEqual([401, 'request_unauthorized']);
  });

  it('accepts the write key in the body too', async () => {
    const { status } = await harness.track(
      'track',
      { ...good('in-body'), writeKey: 'demo' },
      { authorization: '' },
    );
    expect(status).toBe(200);
  });

  it('refuses an event over 32 KB', async () => {
    const { status, body } = await harness.track('track', {
      ...good('big'),
      properties: { text: 'x'.repeat(33_000) },
    });
    expect([status, body.error.code]).toEqual([400, 'event_too_large']);
  });

  it('refuses a batch over 500 KB', async () => {
    const batch = Array.from({ length: 20 }, (_one, index) => ({
      ...good(`b${index}`),
      properties: { text: 'x'.repeat(30_000) },
    }));
    const { status, body } = await harness.track('batch', { batch });
    expect([status, body.error.code]).toEqual([400, 'event_batch_too_large']);
  });

  it('accepts the valid events of a batch, and names each invalid one with its position', async () => {
    const batch = [
      good('ok-1'),
      { type: 'track', messageId: 'bad-1', userId: 'u1' },
      { ...good('bad-2'), properties: { text: 'x'.repeat(33_000) } },
      good('ok-2'),
    ];
    const { status, body } = await harness.track('batch', { batch });
    expect([status, body.accepted]).toEqual([200, 2]);
    expect(body.rejected).toMatchObject([
      { index: 1, issues: [{ code: 'event_invalid', path: 'batch[1].event' }] },
      { index: 2, issues: [{ code: 'event_too_large', path: 'batch[2]' }] },
    ]);
    await harness.server.idle();
    expect(await harness.steps('ok-1')).toMatchObject([{ status: 'delivered' }]);
    const { body: refusals } = await harness.admin('refusals');
    expect(refusals.map((one: { messageId?: string }) => one.messageId)).toEqual(
      expect.arrayContaining(['bad-1', 'bad-2']),
    );
  });

  it.each([
    ['a batch that is no list', 'batch', { batch: {} }, 'event_invalid'],
    ['a batch of bad events only', 'batch', { batch: [{ type: 'nope', userId: 'u' }] }, 'event_invalid'],
    ['an event without a user', 'page', { name: 'Home' }, 'event_invalid'],
    ['an event that is a list', 'page', [], 'event_invalid'],
    ['no body at all', 'page', undefined, 'event_invalid'],
  ])('refuses %s', async (_name, path, sent, code) => {
    const { status, body } = await harness.track(path, sent);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it('reads a compressed body, and refuses one that decompresses to too much', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const small = await harness.track('batch', gzipSync(JSON.stringify({ batch: [good('zip')] })), headers);
    expect(small.status).toBe(200);
    const bomb = await harness.track(
      'batch',
      gzipSync(JSON.stringify({ batch: ['x'.repeat(5_000_000)] })),
      headers,
    );
    expect([bomb.status, bomb.body.error.code]).toEqual([400, 'event_batch_too_large']);
  });

  it('answers an unknown address with 404', async () => {
    const { status, body } = await harness.track('nothing', {});
    expect([status, body.error.code]).toEqual([404, 'request_not_found']);
  });

  it('drops a known messageId', async () => {
    await harness.track('track', good('twice'));
    expect((await harness.track('track', good('twice'))).status).toBe(200);
    const metrics = await (await fetch(`${harness.server.url}/metrics`)).text();
    expect(metrics).toMatch(/waybill_events_duplicate_total\{source="shop"\} 1/);
  });
});

describe('an invalid workspace', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await openHarness();
  });
  afterAll(() => harness.close());

  const mapping = {
    id: 'm',
    action: 'trackEvent',
    trigger: 'type = "track"',
    mapping: { eventName: 'A', userId: { '@path': '$.userId' } },
  };
  it.each([
    ['an unknown action', { ...mapping, action: 'trackEvnt' }, 'workspace_unknown_action', 'action'],
    [
      'a misspelt trigger word',
      { ...mapping, trigger: 'type = "track" and evnt = "A"' },
      'trigger_unknown_word',
      'trigger',
    ],
    [
      'a misspelt directive',
      { ...mapping, mapping: { ...mapping.mapping, eventName: { '@pth': '$.event' } } },
      'mapping_unknown_directive',
      'mapping.eventName',
    ],
    [
      'a field that is not there',
      { ...mapping, mapping: { ...mapping.mapping, evntName: 'A' } },
      'mapping_unknown_field',
      'mapping.evntName',
    ],
    ['an unknown preset', { id: 'm', preset: 'identify' }, 'workspace_unknown_preset', 'preset'],
    ['an unknown member', { ...mapping, triger: 'x' }, 'workspace_invalid', 'triger'],
  ])('with %s is refused with the place, and changes nothing', async (_name, added, code, place) => {
    const before = await harness.admin('workspace');
    const { status, body } = await harness.admin('destinations/iterable/mappings', {
      method: 'POST',
      body: added,
    });
    expect([status, body.error.code]).toEqual([400, code]);
    expect(body.error.issues[0].path).toContain(`destinations[0].mappings[4].${place}`);
    expect(await harness.admin('workspace')).toEqual(before);
  });

  it('shows where a trigger is invalid', async () => {
    const added = { ...mapping, trigger: 'type = "track" and evnt = "A"' };
    const { body } = await harness.admin('destinations/iterable/mappings', { method: 'POST', body: added });
    expect(body.error.message).toMatch(/evnt = "A"\n\s+\^/);
  });

  it('with a 51st mapping is refused, unless the limit is raised', async () => {
    const mappings = Array.from({ length: 51 }, (_one, index) => ({ ...mapping, id: `m${index}` }));
    const refused = await harness.admin('destinations/iterable', { method: 'PATCH', body: { mappings } });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'workspace_mapping_limit']);
    const taken = await harness.admin('destinations/iterable', {
      method: 'PATCH',
      body: { mappings, maxMappings: 60 },
    });
    expect(taken.status).toBe(200);
    await harness.admin('destinations/iterable', { method: 'PATCH', body: { mappings: [] } });
  });

  it('keeps the process running and delivering', async () => {
    await harness.admin('destinations/iterable/mappings', { method: 'POST', body: mapping });
    await harness.track('track', good('still-here'));
    await harness.server.idle();
    expect(await harness.steps('still-here')).toMatchObject([{ mappingId: 'm', status: 'delivered' }]);
    expect((await fetch(`${harness.server.url}/readyz`)).status).toBe(200);
  });
});
