import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MappingConfig } from '@waybill/core';
import { type Answer, type Answered, type Harness, openHarness } from './harness.ts';

const KEY = 'itbl-key-4711-very-secret';

/** Custom events with a name, a total, and an address that may be malformed. */
const ORDERS: MappingConfig = {
  id: 'orders',
  action: 'trackEvent',
  trigger: 'event = "Order Completed"',
  mapping: {
    email: { '@path': '$.properties.email' },
    userId: { '@path': '$.userId' },
    eventName: { '@path': '$.properties.name' },
    dataFields: { total: { '@path': '$.properties.total' } },
    id: { '@path': '$.messageId' },
  },
};

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness({
    sandbox: { apiKeys: [KEY] },
    workspace: (apiUrl) => {
      const settings = { apiKey: KEY, projectType: 'hybrid' };
      return {
        sources: [
          { id: 'shop', writeKey: 'demo' },
          { id: 'app', writeKey: 'app' },
        ],
        destinations: [
          { id: 'iterable', type: 'iterable', settings: { ...settings, apiUrl }, mappings: [ORDERS] },
          {
            id: 'inside',
            type: 'iterable',
            settings: { ...settings, apiUrl: 'http://10.0.0.1' },
            mappings: [],
          },
          { id: 'apps', type: 'iterable', sources: ['app'], settings: { ...settings, apiUrl }, mappings: [] },
        ],
      };
    },
  });
  for (let at = 0; at < 30; at += 1) {
    const properties = {
      name: at % 5 === 0 ? undefined : `Order ${at}`,
      total: String(at),
      email: at % 3 === 0 ? 'not an address' : `u${at}@example.com`,
    };
    const event = at % 2 === 0 ? 'Order Completed' : 'Seen';
    await harness.track('track', { messageId: `m${at}`, userId: `u${at}`, event, properties });
  }
  await harness.server.idle();
});
afterAll(() => harness.close());

const attempt = (body: object, owner = 'iterable'): Promise<Answered> =>
  harness.admin(`destinations/${owner}/try`, { method: 'POST', body });
const send = (mapping: object, event: object, owner = 'iterable'): Promise<Answered> =>
  harness.admin(`destinations/${owner}/send-test`, { method: 'POST', body: { mapping, event } });
const count = (answer: Answer, outcome: string, code?: string): number =>
  answer.totals.outcomes.find((one: Answer) => one.outcome === outcome && one.code === code)?.count ?? 0;

describe('a test run', () => {
  it('shows for every event the result of the mapping, sums up, and sends nothing', async () => {
    const before = await harness.iterable();
    const { status, body } = await attempt({ mapping: ORDERS, sample: { last: 30 }, brief: true });
    expect([status, body.complete, body.events.length]).toEqual([200, true, 30]);
    // Twelve users, whose events share one bulk call.
    expect(body.totals).toMatchObject({ events: 30, matched: 15, calls: 1 });
    expect(count(body, 'sent')).toBe(12);
    expect(count(body, 'rejected', 'payload_required')).toBe(3);
    expect(count(body, 'skipped', 'no_matching_mapping')).toBe(15);
    expect(body.events[1]).toEqual({
      messageId: 'm28',
      type: 'track',
      event: 'Order Completed',
      user: 'u28',
      matched: true,
      call: 1,
    });
    expect(await harness.iterable()).toEqual(before);
  });

  it('compares with the active mapping: as many changes as a count of the payloads', async () => {
    const mapping = { ...ORDERS, trigger: 'event = "Order Completed" and properties.total != "4"' };
    const { body } = await attempt({ mapping, sample: { last: 30 }, against: 'live' });
    const recount = body.events.filter(
      (one: Answer) =>
        JSON.stringify([one.payload, one.outcome?.code]) !==
        JSON.stringify([one.before.payload, one.before.outcome?.code]),
    );
    expect([body.totals.changed, recount.map((one: Answer) => one.messageId)]).toEqual([1, ['m4']]);
    const counts = (outcomes: readonly Answer[]) =>
      Object.fromEntries(outcomes.map(({ outcome, code = '', count }) => [`${outcome} ${code}`, count]));
    const rest = { 'rejected payload_required': 3 };
    expect(counts(body.totals.before)).toEqual({ 'sent ': 12, 'skipped no_matching_mapping': 15, ...rest });
    expect(counts(body.totals.outcomes)).toEqual({ 'sent ': 11, 'skipped no_matching_mapping': 16, ...rest });
    const other = { ...ORDERS, mapping: { ...ORDERS.mapping, eventName: 'Order' } };
    const again = await attempt({ mapping: other, sample: { last: 30 }, against: ORDERS, brief: true });
    expect(again.body.totals.changed).toBe(15);
    const fresh = await attempt({ mapping: { ...ORDERS, id: 'new' }, sample: { last: 30 }, against: 'live' });
    expect(fresh.body.totals.changed).toBe(15);
    expect(fresh.body.totals.before).toMatchObject([{ outcome: 'skipped', count: 30 }]);
  });

  it('accepts an incomplete mapping, and lists its gaps at each event', async () => {
    const { eventName: _none, ...mapping } = ORDERS.mapping ?? {};
    const { status, body } = await attempt({ mapping: { ...ORDERS, mapping }, sample: { last: 2 } });
    expect([status, body.events[1].issues]).toEqual([
      200,
      [expect.objectContaining({ code: 'payload_required', path: 'eventName' })],
    ]);
  });

  it('shows one event in full: conditions, cleaning, identifiers, and the exact request without the key', async () => {
    const sample = { messageIds: ['m6', 'm10', 'm7'] };
    const { body } = await attempt({ mapping: ORDERS, sample, requests: true });
    const [sent, refused, other] = body.events;
    expect(sent).toMatchObject({
      messageId: 'm6',
      matched: true,
      payload: { userId: 'u6', eventName: 'Order 6', dataFields: { total: '6' } },
      explanation: { trigger: { holds: true }, mapping: { fields: expect.any(Array) } },
      identity: { by: 'userId', userId: 'u6', notes: [expect.stringContaining('left out')] },
      requests: [
        {
          method: 'POST',
          url: `${harness.sandbox.url}/api/events/trackBulk`,
          headers: { 'api-key': '[secret]', 'content-type': 'application/json' },
        },
      ],
    });
    expect(JSON.parse(sent.requests[0].body)).toMatchObject({
      events: [{ eventName: 'Order 6', userId: 'u6', id: 'm6' }],
    });
    expect(refused).toMatchObject({
      outcome: { status: 'rejected', code: 'payload_required', field: 'eventName' },
      issues: [{ code: 'payload_required', path: 'eventName' }],
    });
    expect(other).toMatchObject({ matched: false, outcome: { code: 'no_matching_mapping' } });
    expect([refused.requests, other.requests]).toEqual([undefined, undefined]);
    expect(JSON.stringify(body)).not.toContain(KEY);
  });

  it('uses given events, those that a trigger finds, and only those of its sources', async () => {
    const event = {
      type: 'track',
      event: 'Order Completed',
      userId: 'x',
      properties: { name: 'Given', total: 5 },
    };
    const given = await attempt({ mapping: ORDERS, sample: { events: [event] } });
    expect(given.body.events[0]).toMatchObject({ matched: true, payload: { eventName: 'Given' } });
    const found = await attempt({ mapping: ORDERS, sample: { last: 5, where: 'event = "Seen"' } });
    expect(found.body.totals).toMatchObject({ events: 5, matched: 0 });
    const none = await attempt({ mapping: ORDERS, sample: { last: 100 } }, 'apps');
    expect(none.body).toMatchObject({ events: [], complete: true });
  });

  it('uses earlier deliveries, where only changes are sent', async () => {
    const mapping = {
      id: 'people',
      action: 'updateUser',
      trigger: 'type = "identify"',
      mapping: { userId: { '@path': '$.userId' }, dataFields: { '@path': '$.traits' } },
      delivery: { only: 'changed' },
    };
    const call = { type: 'identify', userId: 'ada', traits: { city: 'Ulm', size: 1 } };
    expect(
      (await harness.admin('destinations/iterable/mappings', { method: 'POST', body: mapping })).status,
    ).toBe(201);
    await harness.track('identify', { ...call, messageId: 'first' });
    await harness.server.idle();
    const requests = true;
    const same = await attempt({ mapping, requests, sample: { events: [call] } });
    expect(same.body.events[0]).toMatchObject({
      outcome: { status: 'skipped', code: 'unchanged' },
      requests: [],
    });
    const moved = { ...call, traits: { city: 'Bonn', size: 1 } };
    const { body } = await attempt({ mapping, requests, sample: { events: [moved] } });
    const sent = JSON.parse(body.events[0].requests[0].body);
    expect(sent.users[0].dataFields).toEqual({ city: 'Bonn' });
  });

  it('refuses what cannot be tested, with a reason', async () => {
    const sample = { last: 1 };
    const broken = { ...ORDERS, trigger: 'type = "track" and evnt = "A"' };
    const unknown = { ...ORDERS, mapping: { eventName: { '@nothing': 1 } } };
    const cases: readonly [object, number, string, string?][] = [
      [{ mapping: broken, sample }, 400, 'trigger_unknown_word'],
      [{ mapping: unknown, sample }, 400, 'mapping_unknown_directive'],
      [{ mapping: { ...ORDERS, action: 'fly' }, sample }, 400, 'workspace_unknown_action'],
      [{ mapping: ORDERS, sample: { messageIds: ['never'] } }, 404, 'request_not_found'],
      [
        { mapping: ORDERS, sample, against: { id: 'orders', action: 'fly' } },
        400,
        'workspace_unknown_action',
      ],
      [{ mapping: ORDERS, sample: { last: 1, where: 'nonsense' } }, 400, 'trigger_unknown_word'],
      [{ mapping: ORDERS, sample: { last: 5_000 } }, 400, 'request_invalid'],
      [{ mapping: ORDERS, sample: { events: [{ type: 'dance' }] } }, 400, 'event_invalid'],
      [{ mapping: ORDERS, sample, send: true }, 400, 'request_invalid'],
      [{ mapping: ORDERS }, 400, 'request_invalid'],
      [{ mapping: ORDERS, sample }, 404, 'request_not_found', 'nowhere'],
    ];
    for (const [asked, status, code, owner] of cases) {
      const answer = await attempt(asked, owner);
      expect([asked, answer.status, answer.body.error?.code]).toEqual([asked, status, code]);
    }
    const { body } = await attempt({ mapping: broken, sample });
    expect(body.error.issues[0]).toMatchObject({ code: 'trigger_unknown_word', offset: 19 });
  });
});

describe('a test event that is sent', () => {
  const event = {
    type: 'track',
    messageId: 'tested',
    userId: 'tess',
    event: 'Order Completed',
    properties: { name: 'Tested', total: 1 },
  };

  it('reaches the destination, returns request and answer, and leaves no trace in log and outcomes', async () => {
    const stats = (await harness.admin('stats')).body;
    const { status, body } = await send(ORDERS, event);
    expect([status, body.outcome.status]).toEqual([200, 'delivered']);
    expect(body.exchanges).toMatchObject([
      { request: { headers: { 'api-key': '[secret]' } }, response: { status: 200 } },
    ]);
    expect(JSON.stringify(await harness.iterable())).toContain('"Tested"');
    expect((await harness.admin('events/tested')).status).toBe(404);
    expect((await harness.admin('stats')).body).toEqual(stats);
    const { body: audit } = await harness.admin('audit?limit=1');
    expect(audit[0]).toMatchObject({ by: 'admin', note: 'POST /api/destinations/iterable/send-test' });
  });

  it('reports a refusal of the destination, a failed call, and an event that the mapping does not match', async () => {
    const off = { ...event, event: 'Seen' };
    expect((await send(ORDERS, off)).body).toMatchObject({
      outcome: { status: 'skipped', code: 'no_matching_mapping' },
      exchanges: [],
    });
    const bare = { ...event, properties: {} };
    expect((await send(ORDERS, bare)).body).toMatchObject({
      outcome: { status: 'rejected', code: 'payload_required' },
      exchanges: [],
    });
    const inside = await send(ORDERS, event, 'inside');
    expect(inside.body.outcome).toMatchObject({ code: 'destination_address_forbidden' });
    expect(inside.body.exchanges[0].response).toBeUndefined();
  });

  it('needs the role send, and a valid mapping', async () => {
    const { body: made } = await harness.admin('tokens', {
      method: 'POST',
      body: { name: 'eve', role: 'edit' },
    });
    const answer = await fetch(`${harness.server.url}/api/destinations/iterable/send-test`, {
      method: 'POST',
      headers: { authorization: `Bearer ${made.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ mapping: ORDERS, event }),
    });
    expect([answer.status, ((await answer.json()) as Answer).error.code]).toEqual([403, 'request_forbidden']);
    const { status, body } = await send({ ...ORDERS, trigger: 'type =' }, event);
    expect([status, body.error.code]).toEqual([400, 'trigger_syntax']);
    expect((await send(ORDERS, { type: 'track' })).body.error.code).toBe('event_invalid');
  });
});
