import { describe, expect, it } from 'vitest';
import type { Event, Outcome } from '@waybill/core';
import { iterable } from '@waybill/destinations';

import {
  ADA,
  type Body,
  DELIVERED,
  identify,
  PROJECT_TYPES,
  refused,
  shop,
  type Shop,
  tea,
  track,
} from './support.ts';

/** The last answer of the sandbox to a write, as sent over the network. */
async function lastAnswer(
  { get }: Shop,
  path: string,
): Promise<{ readonly status: number; readonly body: Body }> {
  const { calls } = (await get('/_sandbox/calls')) as {
    calls: { path: string; status: number; response: string | Body }[];
  };
  const found = calls.find((call) => call.path.startsWith(path))!;
  const body = typeof found.response === 'string' ? (JSON.parse(found.response) as Body) : found.response;
  return { status: found.status, body };
}

const about = (name: string, properties: Body = {}): Event =>
  track(name, ADA.userId, properties, { traits: { email: ADA.email } });

const me = (traits: Body = {}): Event => identify(ADA.userId, { email: ADA.email, ...traits });

const retried = (code: string, more: Body = {}): unknown =>
  expect.objectContaining({ status: 'retry', code, ...more });

/** Simulates an answer that the sandbox never gives, because the destination never causes it. */
async function answered(
  { send, post }: Shop,
  path: string,
  fault: { readonly status: number; readonly body: unknown },
  ...events: readonly Event[]
): Promise<readonly Outcome[]> {
  await post('/_sandbox/faults', [{ match: { path }, kind: 'status', times: 1, ...fault }]);
  return send(...events);
}

describe.each(PROJECT_TYPES)('error bodies in a project of the type %s', (projectType) => {
  it('wrong key', async () => {
    const place = await shop({ projectType });
    const played = await place.sendWith({ settings: { apiKey: 'wrong' } }, me(), about('Seen'));
    expect(played.map(({ outcome }) => outcome)).toEqual(
      [1, 2].map(() =>
        refused('destination_unauthorized', { message: expect.stringContaining('Invalid API key') }),
      ),
    );
    expect(await lastAnswer(place, '/api/')).toMatchObject({
      status: 401,
      body: { code: 'BadApiKey', params: { endpoint: expect.any(String) } },
    });
  });

  it('key without the right', async () => {
    const place = await shop({ projectType, apiKeys: ['demo', { key: 'reader', type: 'readOnly' }] });
    const played = await place.sendWith({ settings: { apiKey: 'reader' } }, me());
    expect(played[0]!.outcome).toEqual(
      refused('destination_unauthorized', { message: expect.stringContaining('insufficient privileges') }),
    );
  });

  it('wrong type of a JSON member', async () => {
    const place = await shop({ projectType });
    const body = {
      msg: '[/api/users/bulkUpdate] Invalid JSON body',
      code: 'BadJsonBody',
      params: { 'obj.users[1].preferUserId': 'Boolean value expected' },
    };
    const people = [1, 2, 3].map((index) => identify(`u-${index}`, { email: `u-${index}@example.com` }));
    expect(await answered(place, '/api/users/bulkUpdate', { status: 400, body }, ...people)).toEqual([
      DELIVERED,
      refused('destination_rejected', {
        field: 'preferUserId',
        message: expect.stringContaining('Boolean value expected'),
      }),
      DELIVERED,
    ]);
  });

  it('the same in its old form', async () => {
    const place = await shop({ projectType });
    const body = {
      msg: 'Invalid JSON body: {"total":"9"} with headers of the request',
      code: 'BadJsonBody',
      params: { 'obj.total': [{ msg: 'error.expected.jsnumber', args: [] }] },
    };
    const order = about('Order Completed', { order_id: 'o', total: 9, products: [tea()] });
    expect(await answered(place, '/api/commerce/trackPurchase', { status: 400, body }, order)).toEqual([
      refused('destination_rejected', {
        field: 'total',
        message: expect.stringContaining('error.expected.jsnumber'),
      }),
    ]);
  });

  it('bad e-mail', async () => {
    const place = await shop({ projectType });
    const email = 'zoë@example.com';
    const order = track('Order Completed', projectType === 'userId' ? 'u-1' : undefined, {
      order_id: 'o',
      total: 9,
      products: [tea()],
      email,
    });
    const [outcome] = await place.send(order);
    expect(outcome).toEqual(
      projectType === 'userId'
        ? expect.objectContaining({ status: 'delivered', note: expect.stringContaining(email) })
        : refused('destination_invalid_identifier', {
            message: expect.stringContaining(`Invalid email: ${email}`),
          }),
    );
  });

  it('type conflict', async () => {
    const place = await shop({ projectType, switches: { typeConflictInBulk: 'request' } });
    await place.send(me({ since: '2026-03-01' }), about('Seen', { price: 4.5 }));
    await place.send(me(), about('Seen', { price: 4.5 }));
    expect(await place.send(me({ since: 'spring' }))).toEqual([
      refused('destination_field_type_conflict', {
        field: 'dataFields.since',
        message: expect.stringMatching(/Field 'since' already exists for type 'user' .* 'date'/),
      }),
    ]);
    expect(await lastAnswer(place, '/api/users/bulkUpdate')).toMatchObject({
      status: 400,
      body: {
        code: 'RequestFieldsTypesMismatched',
        params: { validationErrors: { since: { expectedType: 'date', _type: 'UnexpectedType' } } },
      },
    });
    expect(await place.send(about('Seen', { price: 'dear' }))).toEqual([
      refused('destination_field_type_conflict', { field: 'dataFields.price' }),
    ]);
  });

  it('field limit', async () => {
    const place = await shop({ projectType });
    await place.send(me(), about('Seen', { a: 1 }));
    const { settings, fields } = place.sandbox.project;
    settings.userFieldLimit = fields.userLeaves;
    settings.eventFieldLimit = fields.eventLeaves;
    expect(await place.send(me({ b: 1 }), about('Seen', { b: 1 }))).toEqual([
      refused('destination_field_limit', { message: expect.stringContaining('exceeds the limit') }),
      refused('destination_field_limit'),
    ]);
    expect(await lastAnswer(place, '/api/events/trackBulk')).toMatchObject({
      status: 400,
      body: { code: 'UniqueFieldsLimitExceeded', params: { newFields: ['Seen.b'] } },
    });
  });

  it('invalid list', async () => {
    const place = await shop({ projectType });
    const act = place.action('unsubscribeFromList');
    expect(await act.attempt(5, about('Audience Exited', { list_id: 999_999_999 }))).toEqual([
      refused('destination_not_found', { field: 'listId', message: expect.stringContaining('999999999') }),
    ]);
    expect(await lastAnswer(place, '/api/lists/unsubscribe')).toMatchObject({
      status: 400,
      body: { code: 'Success', msg: 'error.lists.invalidListId(999999999)' },
    });
  });

  it('unknown catalog', async () => {
    const place = await shop({ projectType });
    const item = about('Catalog Item Updated', { catalog: 'nowhere', product_id: 'tea' });
    expect(await place.action('upsertCatalogItems')(item)).toEqual([
      refused('destination_not_found', {
        field: 'catalogName',
        message: expect.stringContaining('Catalog not found: nowhere'),
      }),
    ]);
    expect(await lastAnswer(place, '/api/catalogs/')).toMatchObject({
      status: 404,
      body: { code: 'error.catalogs.notFound', data: { args: ['nowhere'] } },
    });
  });

  it('deletion of an unknown user ID', async () => {
    const place = await shop({ projectType });
    const act = place.action('deleteUser');
    const unknown = track('Delete', 'nobody', {});
    expect(await act(unknown)).toEqual([retried('destination_user_not_found', { afterMs: 60_000 })]);
    expect(await lastAnswer(place, '/api/users/byUserId')).toMatchObject({
      status: 400,
      body: { code: 'BadParams', msg: 'User does not exist. Email:  UserId: nobody' },
    });
    const old = {
      status: 400,
      body: { msg: 'No users with userId nobody exist', code: 'BadParams', params: null },
    };
    await place.post('/_sandbox/faults', [{ match: { method: 'DELETE' }, kind: 'status', ...old }]);
    expect(await act.attempt(2, unknown)).toEqual([expect.objectContaining({ status: 'skipped' })]);
  });

  it('event taken', async () => {
    const place = await shop({ projectType });
    await place.send(me());
    const body = { msg: 'Event with id: 1234 tracked.', code: 'Success', params: { id: '1234' } };
    // The single form is never requested; if a bulk call is answered with it, the number of accepted items is unknown.
    expect(await place.send(about('Seen'))).toEqual([DELIVERED]);
    expect(await answered(place, '/api/events/trackBulk', { status: 200, body }, about('Seen'))).toEqual([
      retried('destination_unreadable_answer'),
    ]);
  });

  it('event that is not allowed', async () => {
    const place = await shop({ projectType });
    await place.send(me());
    place.sandbox.project.settings.disallowedEventNames = ['Internal'];
    expect(await place.send(about('Internal'))).toEqual([refused('destination_event_disallowed')]);
    const body = { msg: 'Event name Internal is disallowed from tracking.', code: 'Success', params: null };
    expect(await answered(place, '/api/events/trackBulk', { status: 200, body }, about('Internal'))).toEqual([
      refused('destination_event_disallowed', { field: 'eventName' }),
    ]);
  });

  it.each([
    ['figures', 1_000],
    ['empty', undefined],
    ['text', undefined],
  ] as const)('too many calls (%s)', async (rateLimitBody, afterMs) => {
    const place = await shop({
      projectType,
      limits: true,
      now: () => 1_000,
      switches: { rateLimitBody, retryAfter: 'absent' },
    });
    for (let call = 0; call < 5; call += 1) await place.send(me({ call }));
    const [outcome] = await place.send(me({ call: 6 }));
    expect(outcome).toEqual(retried('destination_rate_limited', afterMs === undefined ? {} : { afterMs }));
    if (afterMs === undefined) expect(outcome).not.toHaveProperty('afterMs');
  });
});

describe('error bodies of e-mail projects', () => {
  it('bad present address', async () => {
    const place = await shop({ projectType: 'email' });
    const change = track('Email Changed', undefined, {
      previous_email: 'zoë@example.com',
      email: 'new@example.com',
    });
    expect(await place.action('updateEmail')(change)).toEqual([
      refused('destination_invalid_identifier', {
        message: expect.stringContaining('Invalid currentEmail zoë@example.com'),
      }),
    ]);
  });

  it('updateEmail of an unknown user', async () => {
    const place = await shop({ projectType: 'email' });
    const change = track('Email Changed', undefined, {
      previous_email: 'a@example.com',
      email: 'b@example.com',
    });
    expect(await place.action('updateEmail').attempt(5, change)).toEqual([
      refused('destination_user_not_found'),
    ]);
    expect(await lastAnswer(place, '/api/users/updateEmail')).toMatchObject({
      status: 400,
      body: {
        code: 'BadParams',
        msg: 'Cannot change user Some(a@example.com) to b@example.com. User does not exist',
      },
    });
  });
});

describe('error bodies that only the address tells', () => {
  it('are pages where something else than Iterable answers', async () => {
    const place = await shop();
    const context = place.context();
    const settings = { ...(context.settings as Body), apiUrl: `${place.sandbox.url}/nowhere` };
    expect(await iterable.testConnection!({ ...context, settings })).toMatchObject({
      ok: false,
      issue: { code: 'destination_not_found', message: expect.stringContaining('Action not found') },
    });
  });
});
