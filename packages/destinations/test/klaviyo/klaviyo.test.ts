import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultMapping, type Event, type Outcome, type SendContext } from '@waybill/core';
import { klaviyo } from '@waybill/destinations';
import { createTestDestination, propertyTests } from '@waybill/testing';
import { createPlayer, event, overHttp, scripted, type Stage } from '../harness.ts';
import { errorBody } from './handlers.ts';
import { type Klaviyo, openKlaviyo } from './klaviyo.ts';
import { official } from './official.ts';

propertyTests(klaviyo, { describe, it }, { settings: { apiKey: 'pk_secret' }, runs: 25 });

let stand: Klaviyo;
beforeAll(async () => {
  stand = await openKlaviyo();
});
beforeEach(() => stand.set({}));
afterEach(() => {
  // All requests and answers of the tests conform to Klaviyo's description.
  expect(stand.strange.splice(0)).toEqual([]);
});
afterAll(() => stand.close());

type Members = Readonly<Record<string, unknown>>;

/** An action with its default mapping, with optional changes. */
function act(action: string, own: Members = {}, change: Partial<Stage> = {}) {
  const { fields } = klaviyo.actions[action]!;
  const mapping = { ...defaultMapping(fields), ...own };
  const mappings = [{ id: action, action, trigger: 'type = "track" or type = "identify"', mapping }];
  const settings = { apiKey: stand.key, apiUrl: stand.url };
  const player = createPlayer({ destination: klaviyo, settings, mappings, request: overHttp(), ...change });
  return async (events: readonly Event[], attempt = 1): Promise<readonly Outcome[]> =>
    (await player(events, attempt)).map(({ outcome }) => outcome);
}

const track = (
  name: string,
  email: string | undefined,
  properties: Members = {},
  more: Partial<Event> = {},
): Event =>
  event({
    type: 'track',
    event: name,
    anonymousId: email ?? 'v',
    properties,
    context: { traits: { email } },
    ...more,
  });
const identify = (userId: string, traits: Members): Event => event({ type: 'identify', userId, traits });
const emails = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_none, index) => `${prefix}${index}@example.com`);
const profile = (email: string) => stand.account.find({ email })[0]!;
const made = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  const before = stand.calls.length;
  await work();
  return stand.calls.slice(before);
};
const DELIVERED = expect.objectContaining({ status: 'delivered' }) as Outcome;
const context = (): SendContext => ({
  settings: { apiKey: stand.key, apiUrl: stand.url },
  request: overHttp(),
  now: Date.now,
});

describe('profiles', () => {
  it('are created and changed, one at a time with the answer of Klaviyo', async () => {
    const ada = {
      email: 'ada@example.com',
      phone: '+49 30 901820',
      firstName: 'Ada',
      address: { street: 'A 1', city: 'Berlin' },
    };
    expect(await act('upsertProfile')([identify('u1', ada)])).toEqual([DELIVERED]);
    const properties = { tier: 'gold', old: null };
    expect(await act('upsertProfile', { properties })([identify('u1', { email: ada.email })])).toEqual([
      DELIVERED,
    ]);
    expect(profile(ada.email).attributes).toEqual({
      email: 'ada@example.com',
      phone_number: '+4930901820',
      external_id: 'u1',
      first_name: 'Ada',
      location: { address1: 'A 1', city: 'Berlin' },
      properties: { tier: 'gold' },
    });
  });

  it('are sent by a job when they are many, with the reason of each failure', async () => {
    stand.set({ jobLooks: 1 });
    const people = [...emails(12, 'bulk'), 'odd@domain.-'];
    const calls = await made(async () => {
      const events = people.map((email, index) => identify(`b${index}`, { email }));
      expect(await act('upsertProfile')(events)).toMatchObject([
        ...new Array<object>(12).fill({ status: 'delivered' }),
        { status: 'rejected', code: 'destination_invalid_identifier', field: 'email' },
      ]);
    });
    const jobs = '/api/profile-bulk-import-jobs';
    expect(calls.map((one) => one.replace(/J\d+/, 'J'))).toEqual([
      `POST ${jobs}`,
      `GET ${jobs}/J`,
      `GET ${jobs}/J`,
      `GET ${jobs}/J/import-errors`,
      'POST /api/profile-import',
    ]);
  });

  it('with identifiers of two profiles are a conflict, in a job too', async () => {
    await act('upsertProfile')([
      identify('c1', { email: 'c1@example.com' }),
      identify('c2', { email: 'c2@example.com' }),
    ]);
    const events = [
      identify('c1', { email: 'c2@example.com' }),
      ...emails(11, 'with').map((email) => identify(email, { email })),
    ];
    const outcomes = await act('upsertProfile')(events);
    expect(outcomes[0]).toMatchObject({ status: 'rejected', code: 'destination_identity_conflict' });
    expect(outcomes.slice(1)).toEqual(new Array(11).fill(DELIVERED));
    expect(profile('with9@example.com')).toBeDefined();
  });

  it('omit identifiers that Klaviyo would refuse, and need one', async () => {
    const outcomes = await act('upsertProfile')([
      identify('left', { email: 'no address', phone: '030 901820' }),
      event({ type: 'identify', anonymousId: 'v', traits: { email: 'no address' } }),
      event({ type: 'identify', anonymousId: 'v', traits: {} }),
    ]);
    expect(outcomes).toMatchObject([
      { status: 'delivered', note: expect.stringContaining('malformed') as string },
      { status: 'rejected', code: 'identity_invalid_email', field: 'email' },
      { status: 'rejected', code: 'identity_missing' },
    ]);
  });

  it('of a job that does not end are sent again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { request, calls } = scripted(({ method }) =>
      method === 'POST'
        ? [202, { data: { id: 'J1' } }]
        : [200, { data: { id: 'J1', attributes: { status: 'processing' } } }],
    );
    const sent = act(
      'upsertProfile',
      {},
      { request },
    )(emails(11, 'late').map((email) => identify(email, { email })));
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(await sent).toEqual(
      new Array(11).fill(expect.objectContaining({ status: 'retry', code: 'destination_result_unknown' })),
    );
    expect(calls).toHaveLength(7);
  });
});

describe('events', () => {
  it('are recorded once, with time, value and back-fill', async () => {
    const properties = { value: 12.5, currency: 'EUR', colour: 'red' };
    const once = track('Looked', 'eve@example.com', properties, {
      messageId: 'look-1',
      context: { traits: { email: 'eve@example.com' }, historical: true },
    });
    expect(await act('trackEvent')([once])).toEqual([DELIVERED]);
    expect(await act('trackEvent')([once])).toEqual([DELIVERED]);
    const of = stand.account.events.filter((one) => one.profile === profile('eve@example.com').id);
    expect(of).toMatchObject([
      {
        metric: 'Looked',
        unique_id: 'look-1',
        time: '2026-03-01T10:00:00.000Z',
        value: 12.5,
        value_currency: 'EUR',
        backfill: true,
        properties,
      },
    ]);
  });

  it('are sent in one call when they are many; only invalid ones are refused, and duplicates change nothing', async () => {
    const events = [...emails(20, 'many'), 'odd@domain.-', 'odder@domain.-'].map((email) =>
      track('Seen', email),
    );
    const calls = await made(async () => {
      expect(await act('trackEvent')([...events, events[3]!])).toMatchObject([
        ...new Array<object>(19).fill({ status: 'delivered' }),
        ...new Array<object>(2).fill({ status: 'rejected', field: 'email' }),
        // The fourth, twice.
        ...new Array<object>(2).fill({ status: 'delivered' }),
      ]);
    });
    expect(stand.account.events.filter(({ metric }) => metric === 'Seen')).toHaveLength(20);
    expect(calls).toEqual([
      ...new Array<string>(3).fill('POST /api/event-bulk-create-jobs'),
      ...new Array<string>(3).fill('POST /api/events'),
    ]);
  });

  it('of an order are one per line, with the properties for segments', async () => {
    const products = [
      { product_id: 'p1', name: 'Mug', price: 12.61, quantity: 3, category: 'Kitchen', brand: 'Kontor' },
      { product_id: 'p2', name: 'Shirt', price: 16.76, quantity: 1, category: 'Clothes' },
    ];
    const order = track('Order Completed', 'orders@example.com', {
      order_id: '17',
      currency: 'EUR',
      products,
    });
    expect(await act('orderedProducts')([order, order])).toEqual([DELIVERED, DELIVERED]);
    const of = stand.account.events.filter(({ metric }) => metric === 'Ordered Product');
    expect(
      of.map(({ unique_id, value, properties }) => [unique_id, value, properties['ProductName']]),
    ).toEqual([
      ['17/1', 37.83, 'Mug'],
      ['17/2', 16.76, 'Shirt'],
    ]);
  });

  it('with an invalid time, or without a user, are refused', async () => {
    const outcomes = await act('trackEvent', { time: 'soon' })([track('Seen', 'time@example.com')]);
    expect(outcomes).toMatchObject([{ status: 'rejected', field: 'time' }]);
    expect(await act('trackEvent')([track('Seen', undefined)])).toMatchObject([
      { status: 'rejected', code: 'identity_missing' },
    ]);
  });
});

describe('answers', () => {
  const seen = () => track('Seen', 'answers@example.com');
  it.each([
    [429, { 'retry-after': '7' }, { status: 'retry', code: 'destination_rate_limited', afterMs: 7_000 }],
    [503, {}, { status: 'retry', code: 'destination_unavailable' }],
    [0, {}, { status: 'retry', code: 'destination_unreachable' }],
    [200, {}, { status: 'retry', code: 'destination_unreadable_answer' }],
    [401, {}, { status: 'rejected', code: 'destination_unauthorized' }],
    [403, {}, { status: 'rejected', code: 'destination_forbidden' }],
    [413, {}, { status: 'rejected', code: 'destination_too_large' }],
  ])('%i', async (status, headers, expected) => {
    stand.set({ faults: [{ status, headers }] });
    expect(await act('trackEvent')([seen()])).toMatchObject([expected]);
    const many = emails(12, 'answer').map((email) => track('Seen', email));
    if (status !== 413) expect(await act('trackEvent')(many)).toMatchObject(many.map(() => expected));
  });

  it('a refused call without a culprit is split until it is found', async () => {
    const body = errorBody(400, 'invalid', 'Something is wrong.', '/data');
    stand.set({ faults: [{ path: '/api/event-bulk', status: 400, body, times: 1 }] });
    const calls = await made(async () => {
      const many = emails(24, 'half').map((email) => track('Seen', email));
      expect(await act('trackEvent')(many)).toEqual(many.map(() => DELIVERED));
    });
    expect(calls).toEqual(new Array(3).fill('POST /api/event-bulk-create-jobs'));
  });

  it('limits of the account are paced by the sender, and a 429 has the time of the retry', async () => {
    stand.set({ limits: true });
    const some = emails(12, 'limit').map((email) => track('User Deleted', email));
    const outcomes = await act('deleteProfile')(some);
    expect(outcomes.filter(({ status }) => status === 'delivered').length).toBeGreaterThanOrEqual(3);
    expect(outcomes).toContainEqual(
      expect.objectContaining({ code: 'destination_rate_limited', afterMs: 1_000 }),
    );
  });

  it('the published limits are those of the description', () => {
    const limits = klaviyo.rateLimits!({ apiKey: 'k' });
    for (const { method, path, limits: said } of official.operations) {
      const of = limits.filter(
        (one) => one.method === method && one.path === path.replace('{job_id}', '{id}'),
      );
      const written = of.map(
        ({ amount, seconds }) => `${amount}/${seconds === 1 ? 's' : seconds === 60 ? 'm' : 'd'}`,
      );
      expect([method, path, ...written]).toEqual([method, path, ...Object.values(said)]);
    }
  });
});

describe('lists', () => {
  const on = (id: string): readonly unknown[] =>
    [...stand.account.members.get(id)!].map((one) => stand.account.profiles.get(one)!.attributes['email']);

  it.each([2, 13])('%i people are added to one and removed from it', async (count) => {
    const listId = stand.account.addList(`Of ${count}`);
    const people = emails(count, `list${count}-`);
    const events = people.map((email) => track('Audience Entered', email));
    expect(await act('addToList', { listId })(events)).toEqual(events.map(() => DELIVERED));
    expect(on(listId)).toEqual(people);
    const gone = [...events.slice(1), track('Audience Exited', 'nobody@example.com')];
    const outcomes = await act('removeFromList', { listId })(gone);
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...events.slice(1).map(() => 'delivered'),
      'retry',
    ]);
    expect(await act('removeFromList', { listId })(gone.slice(-1), 2)).toMatchObject([{ status: 'skipped' }]);
    expect(on(listId)).toEqual(people.slice(0, 1));
  });

  it('unknown to the account, or not in the mapping, are reported', async () => {
    const entered = [track('Audience Entered', 'lost@example.com')];
    expect(await act('addToList', { listId: 'L0' })(entered)).toMatchObject([
      { code: 'destination_not_found' },
    ]);
    expect(await act('addToList')(entered)).toMatchObject([{ code: 'payload_required', field: 'listId' }]);
  });

  it('are choices, in pages and by name', async () => {
    for (let index = 0; index < 115; index += 1) stand.account.addList(`Choice ${index}`);
    const read = klaviyo.actions['addToList']!.dynamicFields!['listId']!;
    const first = await read(context(), { payload: {} });
    if (first.error !== undefined) throw new Error(first.error.message);
    expect(first.choices).toHaveLength(100);
    const rest = await read(context(), { payload: {}, page: first.nextPage! });
    expect(rest).toMatchObject({
      choices: expect.arrayContaining([expect.objectContaining({ label: 'Choice 114' })]) as unknown,
    });
    expect(rest).not.toHaveProperty('nextPage');
    expect(await read(context(), { payload: {}, query: 'CHOICE 114' })).toMatchObject({
      choices: [{ label: 'Choice 114' }],
    });
    stand.set({ faults: [{ status: 401 }] });
    expect(await read(context(), { payload: {} })).toMatchObject({
      error: { code: 'destination_unauthorized' },
    });
  });

  it('are selected or created by the hook of a mapping', async () => {
    const hook = klaviyo.actions['addToList']!.hooks!.onMappingSave!;
    const run = (inputs: Members) => hook.run(context(), { inputs, payload: {} });
    const first = await run({ name: 'Friends', optIn: 'single_opt_in' });
    const listId = stand.account.lists.at(-1)!.id;
    expect(first).toEqual({
      outputs: { listId, listName: 'Friends' },
      message: 'The list "Friends" was created.',
    });
    expect(await run({ name: 'Friends' })).toMatchObject({
      outputs: { listId },
      message: 'The list "Friends" is used.',
    });
    expect(await run({ list: listId })).toMatchObject({ outputs: { listId, listName: 'Friends' } });
    expect(stand.account.lists.filter(({ name }) => name === 'Friends')).toMatchObject([
      { optIn: 'single_opt_in' },
    ]);
    expect(await run({ list: 'L0' })).toMatchObject({
      error: { code: 'destination_not_found', path: 'list' },
    });
    expect(await run({})).toMatchObject({ error: { path: 'list' } });
    expect(await run({ list: listId, name: 'Friends' })).toMatchObject({ error: { path: 'name' } });
    expect(await run({ name: 'x'.repeat(101) })).toMatchObject({ error: { path: 'name' } });
    const kept = { onMappingSave: { inputs: { name: 'Friends' }, outputs: { listId } } };
    expect(await act('addToList', kept)([track('Audience Entered', 'friend@example.com')])).toEqual([
      DELIVERED,
    ]);
    expect(on(listId)).toEqual(['friend@example.com']);
  });
});

describe('consent', () => {
  it('is given and withdrawn by channel, many at once', async () => {
    const listId = stand.account.addList('Newsletter');
    const people = emails(120, 'says');
    const yes = people.map((email) => track('Email Subscribed', email, { origin: 'footer' }));
    const calls = await made(async () => {
      expect(await act('subscribe', { listId })(yes)).toEqual(yes.map(() => DELIVERED));
      expect(await act('unsubscribe')(yes.slice(1))).toEqual(yes.slice(1).map(() => DELIVERED));
    });
    expect(calls).toEqual([
      'POST /api/profile-subscription-bulk-create-jobs',
      ...new Array<string>(2).fill('POST /api/profile-subscription-bulk-delete-jobs'),
    ]);
    expect(people.slice(0, 2).map((email) => profile(email).consent)).toEqual([
      { email: 'SUBSCRIBED' },
      { email: 'UNSUBSCRIBED' },
    ]);
  });

  it('to SMS needs a number; earlier consent has its time', async () => {
    const traits = { email: 'sms@example.com', phone: '+4930901821' };
    const said = (historical: boolean, phone?: string) =>
      event({
        type: 'track',
        event: 'SMS Subscribed',
        anonymousId: 's',
        context: { traits: { ...traits, phone }, historical },
      });
    const sms = act('subscribe', { channels: ['sms'] });
    expect(await sms([said(false)])).toMatchObject([{ code: 'payload_required', field: 'phoneNumber' }]);
    expect(await sms([said(true, traits.phone)])).toEqual([DELIVERED]);
    expect(profile(traits.email).consent).toEqual({ sms: 'SUBSCRIBED' });
  });

  it('of a refused user is refused alone', async () => {
    const some = [track('Email Subscribed', 'fine@example.com'), track('Email Subscribed', 'odd@domain.-')];
    const outcomes = await act('subscribe')(some);
    expect(outcomes).toMatchObject([
      { status: 'delivered' },
      { code: 'destination_invalid_identifier', field: 'email' },
    ]);
  });
});

describe('deletion', () => {
  it('erases users, by their Klaviyo id where a user ID names them', async () => {
    await act('upsertProfile')([
      identify('gone', { email: 'gone@example.com' }),
      identify('too', { email: 'too@example.com' }),
    ]);
    const remove = klaviyo.deleteUser!;
    expect(await remove(context(), { email: 'gone@example.com', userId: 'gone' })).toEqual(DELIVERED);
    expect(await remove(context(), { userId: 'too' })).toEqual(DELIVERED);
    expect(stand.account.erased.slice(-2)).toEqual(['gone@example.com', 'too@example.com']);
    expect(await remove(context(), { userId: 'too' })).toMatchObject({ status: 'retry' });
    expect(await remove(context(), { userId: 'too', attempt: 2 })).toMatchObject({ status: 'skipped' });
    expect(await remove(context(), { anonymousId: 'v' })).toMatchObject({ code: 'identity_missing' });
  });
});

describe('the connection', () => {
  it('is tested with the account, and reports a remedy', async () => {
    const test = (own: Members = {}) =>
      klaviyo.testConnection!({ ...context(), settings: { ...(context().settings as object), ...own } });
    expect(await test()).toEqual({ ok: true, message: 'Klaviyo accepts the key of the account "Kontor".' });
    expect(await test({ apiKey: 'pk_other' })).toMatchObject({
      ok: false,
      issue: { path: 'apiKey', code: 'destination_unauthorized' },
    });
    stand.set({ faults: [{ path: '/api/accounts', status: 403 }] });
    expect(await test()).toMatchObject({ ok: true });
    stand.set({ faults: [{ status: 403 }] });
    expect(await test()).toMatchObject({ ok: false, issue: { path: 'apiKey' } });
    stand.set({ faults: [{ status: 404 }] });
    expect(await test()).toMatchObject({ ok: false, issue: { path: 'apiUrl' } });
  });
});

it('no record of a run contains the key', async () => {
  const settings = { apiKey: 'pk_of_nobody', apiUrl: 'https://klaviyo.example' };
  const under = createTestDestination(klaviyo, { settings, answers: [{ status: 202 }] });
  const { requests } = await under.run(
    track('Product Viewed', 'key@example.com', { price: 3, category: 'Tea' }),
  );
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ headers: { revision: official.revision } });
  expect(JSON.stringify(requests)).not.toContain('pk_of_nobody');
});
