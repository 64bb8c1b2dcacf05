import { describe, expect, it } from 'vitest';
import type { HttpCall } from '@waybill/core';

import type { BulkEndpoint } from '../../src/iterable/api/bulk/entry.ts';
import { sendBulk } from '../../src/iterable/api/bulk/send.ts';
import { type Scripted, scripted } from '../harness.ts';

const USERS: BulkEndpoint = { path: '/api/users/bulkUpdate', list: 'users' };
const EVENTS: BulkEndpoint = { path: '/api/events/trackBulk', list: 'events' };

type Body = Readonly<Record<string, unknown>>;

function itemsOf(call: HttpCall): readonly Body[] {
  const { users, events } = call.json as { users?: Body[]; events?: Body[] };
  return users ?? events ?? [];
}

/** Sends bodies to a scripted endpoint; returns short outcomes, and the number of items per call. */
async function run(
  bodies: readonly Body[],
  reply: (items: readonly Body[], index: number) => Scripted | 'unreachable',
  endpoint: BulkEndpoint = USERS,
): Promise<{ outcomes: readonly string[]; sizes: readonly number[]; exchanges: readonly unknown[] }> {
  const { request, calls } = scripted((call, index) => reply(itemsOf(call), index));
  const outcomes = await sendBulk(bodies, endpoint, { settings: { apiKey: 'k' }, request, now: Date.now });
  return {
    outcomes: outcomes.map((one) =>
      one.status === 'delivered' ? 'delivered' : `${one.status} ${one.code.replace('destination_', '')}`,
    ),
    sizes: calls.map((call) => itemsOf(call).length),
    exchanges: outcomes.map((one) => (one.status === 'skipped' ? undefined : one.exchanges)),
  };
}

const users = (...ids: string[]): Body[] =>
  ids.map((id) => (id.includes('@') ? { email: id } : { userId: id }));

const counts = (success: number, fail: number, more: Body = {}): Scripted => [
  200,
  { successCount: success, failCount: fail, ...more },
];

describe('a bulk answer', () => {
  it.each([
    ['failedUpdates.invalidEmails', 'a@x.io', 'rejected invalid_identifier'],
    ['failedUpdates.invalidUserIds', 'a', 'rejected invalid_identifier'],
    ['failedUpdates.invalidDataEmails', 'a@x.io', 'rejected rejected'],
    ['failedUpdates.invalidDataUserIds', 'a', 'rejected rejected'],
    ['failedUpdates.conflictEmails', 'a@x.io', 'rejected identity_conflict'],
    ['failedUpdates.conflictUserIds', 'a', 'rejected identity_conflict'],
    ['failedUpdates.forgottenEmails', 'a@x.io', 'rejected user_forgotten'],
    ['failedUpdates.forgottenUserIds', 'a', 'rejected user_forgotten'],
    ['failedUpdates.notFoundEmails', 'a@x.io', 'rejected user_not_found'],
    ['failedUpdates.notFoundUserIds', 'a', 'rejected user_not_found'],
    ['invalidEmails', 'a@x.io', 'rejected invalid_identifier'],
    ['invalidUserIds', 'a', 'rejected rejected'],
  ])('with an identifier in %s fails that item', async (list, id, expected) => {
    const [outer, inner] = list.split('.') as [string, string | undefined];
    const more = inner === undefined ? { [outer]: [id] } : { [outer]: { [inner]: [id] } };
    const { outcomes, sizes } = await run(users('b', id, 'c'), () => counts(2, 1, more));
    expect(outcomes).toEqual(['delivered', expected, 'delivered']);
    // Only a user ID in a conflict is ambiguous: it can belong to the other profile.
    expect(sizes).toEqual(list.endsWith('conflictUserIds') ? [3, 1] : [3]);
  });

  it('counts an identifier in an old list and a new one once', async () => {
    const more = { invalidEmails: ['a@x.io'], failedUpdates: { invalidEmails: ['a@x.io'] } };
    const { outcomes, sizes } = await run(users('a@x.io', 'b@x.io'), () => counts(1, 1, more));
    expect([outcomes, sizes]).toEqual([['rejected invalid_identifier', 'delivered'], [2]]);
  });

  it('finds an address in any case, and inside the data fields', async () => {
    const more = { failedUpdates: { conflictEmails: ['ada@x.io'], forgottenEmails: [' BOB@x.io '] } };
    const { outcomes } = await run(
      [{ userId: 'u', dataFields: { email: 'Ada@X.io' } }, { email: 'bob@x.io' }, { userId: 'v' }],
      () => counts(1, 2, more),
    );
    expect(outcomes).toEqual(['rejected identity_conflict', 'rejected user_forgotten', 'delivered']);
  });

  it('distinguishes user IDs by case', async () => {
    const { outcomes } = await run(users('A', 'a'), () =>
      counts(1, 1, { failedUpdates: { forgottenUserIds: ['a'] } }),
    );
    expect(outcomes).toEqual(['delivered', 'rejected user_forgotten']);
  });

  it('fails all items of an identifier that is listed as often as it was sent', async () => {
    const { outcomes, sizes } = await run(users('a', 'a', 'b'), () =>
      counts(1, 2, { failedUpdates: { forgottenUserIds: ['a', 'a'] } }),
    );
    expect([outcomes, sizes]).toEqual([
      ['rejected user_forgotten', 'rejected user_forgotten', 'delivered'],
      [3],
    ]);
  });

  it('sends the items of an identifier alone that is listed less often than it was sent', async () => {
    const events = [1, 2, 3].map((seq) => ({
      userId: seq === 3 ? 'b' : 'a',
      eventName: 'E',
      id: `e${seq}`,
      seq,
    }));
    const { outcomes, sizes } = await run(
      events,
      (items) =>
        items.length > 1
          ? counts(2, 1, { failedUpdates: { invalidUserIds: ['a'] } })
          : items[0]!['seq'] === 2
            ? counts(0, 1, { failedUpdates: { invalidUserIds: ['a'] } })
            : counts(1, 0),
      EVENTS,
    );
    expect([outcomes, sizes]).toEqual([
      ['delivered', 'rejected invalid_identifier', 'delivered'],
      [3, 1, 1],
    ]);
  });

  it('searches for failures that no list explains, and reports no item as delivered before', async () => {
    const { outcomes, sizes } = await run(users(...'abcdefgh'), (items) => {
      const bad = items.filter(({ userId }) => userId === 'f').length;
      return counts(items.length - bad, bad);
    });
    expect(outcomes).toEqual(
      [...'abcde'].map(() => 'delivered').concat('retry result_unknown', 'delivered', 'delivered'),
    );
    expect(sizes).toEqual([8, 4, 4, 2, 1, 1, 2]);
  });

  it('searches for items that are in neither count', async () => {
    const { outcomes } = await run(users('a', 'b'), (items) =>
      counts(items.some(({ userId }) => userId === 'a') ? 1 : 0, 0),
    );
    expect(outcomes).toEqual(['delivered', 'retry result_unknown']);
  });

  it('searches for a failure that it counts beside a success of everything', async () => {
    const { outcomes } = await run(users('a', 'b'), (items) =>
      counts(items.length, items.some(({ userId }) => userId === 'b') ? 1 : 0),
    );
    expect(outcomes).toEqual(['delivered', 'retry result_unknown']);
  });

  it('does not search for items when it has no counts', async () => {
    const { outcomes, sizes } = await run(users('a', 'b', 'c'), () => counts(0, 0));
    expect([outcomes, sizes]).toEqual([
      ['retry result_unknown', 'retry result_unknown', 'retry result_unknown'],
      [3],
    ]);
  });

  it('treats unchanged users as delivered', async () => {
    const { outcomes, sizes } = await run(users('a', 'b'), () => counts(1, 0, { noOpUserIds: ['b'] }));
    expect([outcomes, sizes]).toEqual([['delivered', 'delivered'], [2]]);
  });

  it('does not blame the item whose profile conflicts with another', async () => {
    const owner = { userId: 'owner', dataFields: { plan: 'pro' } };
    const taker = { userId: 'taker', dataFields: { email: 'owner@x.io' } };
    const lists = [
      { conflictUserIds: ['owner'] },
      { conflictUserIds: ['taker'] },
      { conflictEmails: ['owner@x.io'] },
    ];
    for (const failedUpdates of lists) {
      const { outcomes } = await run([owner, { userId: 'other' }, taker], (items) => {
        const taken = items.filter(({ userId }) => userId !== 'taker').length;
        return taken === items.length ? counts(taken, 0) : counts(taken, 1, { failedUpdates });
      });
      expect(outcomes).toEqual(['delivered', 'delivered', 'rejected identity_conflict']);
    }
  });

  it('reports nothing as delivered when an item in doubt could not be sent alone', async () => {
    const { outcomes } = await run(users('a', 'b', 'c'), (_items, index) =>
      index === 0 ? counts(2, 1, { failedUpdates: { conflictUserIds: ['a'] } }) : 'unreachable',
    );
    expect(outcomes).toEqual(Array(3).fill('retry unreachable'));
  });

  it('parses a conflict that names the other profile', async () => {
    const { outcomes } = await run(users('a', 'b'), (items) =>
      items.some(({ userId }) => userId === 'b')
        ? counts(items.length - 1, 1, { failedUpdates: { conflictEmails: ['somebody@x.io'] } })
        : counts(items.length, 0),
    );
    expect(outcomes).toEqual(['delivered', 'rejected identity_conflict']);
  });

  it.each([
    ['no counts', { msg: '', code: 'Success', params: null }],
    ['counts that are text', { successCount: '1', failCount: '0' }],
    ['nothing', {}],
  ])('with %s is not understood', async (_what, body) => {
    const { outcomes } = await run(users('a'), () => [200, body]);
    expect(outcomes).toEqual(['retry unreadable_answer']);
  });

  it('ignores lists of another kind', async () => {
    const more = {
      failedUpdates: null,
      invalidEmails: 'a',
      disallowedEventNames: [1, null],
      invalidUserIds: [{}],
    };
    const { outcomes } = await run(users('a'), () => counts(1, 0, more));
    expect(outcomes).toEqual(['delivered']);
  });

  it('refuses every event of a name, counted or not', async () => {
    for (const fail of [0, 2]) {
      const events = ['Bad', 'Good', 'Bad'].map((eventName, seq) => ({
        userId: 'a',
        eventName,
        id: `e${seq}`,
      }));
      const { outcomes, sizes } = await run(
        events,
        () => counts(1, fail, { disallowedEventNames: ['Bad'] }),
        EVENTS,
      );
      expect(outcomes).toEqual(['rejected event_disallowed', 'delivered', 'rejected event_disallowed']);
      expect(sizes).toEqual([3]);
    }
  });
});

describe('a refused bulk call', () => {
  const taken = (items: readonly Body[]): Scripted => counts(items.length, 0);

  it('is retried without the items that the answer names', async () => {
    const events = [0, 1, 2, 3].map((seq) => ({
      userId: `u${seq}`,
      eventName: 'E',
      id: `e${seq}`,
      bad: seq % 2 === 1,
    }));
    const { outcomes, sizes } = await run(
      events,
      (items) => {
        const params = Object.fromEntries(
          items.flatMap(({ bad }, index) =>
            bad === true ? [[`obj.events[${index}].createdAt`, 'Number value expected']] : [],
          ),
        );
        return Object.keys(params).length === 0
          ? taken(items)
          : [400, { msg: 'Invalid JSON body', code: 'BadJsonBody', params }];
      },
      EVENTS,
    );
    expect(outcomes).toEqual(['delivered', 'rejected rejected', 'delivered', 'rejected rejected']);
    expect(sizes).toEqual([4, 2]);
  });

  it('is split until the guilty item is alone when the answer names none', async () => {
    const ids = Array.from({ length: 64 }, (_none, index) => `u${index}`);
    const { outcomes, sizes } = await run(users(...ids), (items) =>
      items.some(({ userId }) => userId === 'u42') ? [400, '<html>Bad Request</html>'] : taken(items),
    );
    expect(outcomes.indexOf('rejected rejected')).toBe(42);
    expect(outcomes.filter((one) => one === 'delivered')).toHaveLength(63);
    expect(sizes).toHaveLength(13);
  });

  it('names the guilty field, and needs no call for items with the same value', async () => {
    const bodies = Array.from({ length: 20 }, (_none, index) => ({
      userId: `u${index}`,
      dataFields: { deep: { age: index < 10 ? 'unknown' : index } },
    }));
    const { outcomes, sizes } = await run(bodies, (items) => {
      const bad = items.find(
        ({ dataFields }) => typeof (dataFields as { deep: { age: unknown } }).deep.age === 'string',
      );
      if (bad === undefined) return taken(items);
      const detail = { expectedType: 'long', offendingValue: 'unknown', _type: 'UnexpectedType' };
      return [
        400,
        {
          msg: '',
          code: 'RequestFieldsTypesMismatched',
          params: { validationErrors: { 'deep.age': detail } },
        },
      ];
    });
    expect(outcomes.map((one) => one === 'delivered')).toEqual(bodies.map((_body, index) => index >= 10));
    expect(sizes).toEqual([20, 10, 1]);
  });

  it('does not blame an event of another name for the same value', async () => {
    const events = ['A', 'B', 'A'].map((eventName, seq) => ({
      userId: 'u',
      eventName,
      id: `e${seq}`,
      dataFields: { price: 'dear' },
    }));
    const { outcomes, sizes } = await run(
      events,
      (items) => {
        if (!items.some(({ eventName }) => eventName === 'A')) return taken(items);
        const validationErrors = { 'A:::price': { expectedType: 'double', offendingValue: 'dear' } };
        return [400, { msg: '', code: 'RequestFieldsTypesMismatched', params: { validationErrors } }];
      },
      EVENTS,
    );
    const refused = 'rejected field_type_conflict';
    expect([outcomes, sizes]).toEqual([
      [refused, 'delivered', refused],
      [3, 1, 1],
    ]);
  });

  it('does not store a conflict for an event of another name', async () => {
    const events = ['A', 'B'].map((eventName) => ({
      userId: 'u',
      eventName,
      id: eventName,
      dataFields: { price: 'dear' },
    }));
    const { outcomes } = await run(
      events,
      (items) => {
        if (!items.some(({ eventName }) => eventName === 'A')) return taken(items);
        // A key without the name of the event fits both.
        const validationErrors = { price: { expectedType: 'double', offendingValue: 'dear' } };
        return [400, { msg: '', code: 'RequestFieldsTypesMismatched', params: { validationErrors } }];
      },
      EVENTS,
    );
    expect(outcomes).toEqual(['rejected field_type_conflict', 'delivered']);
  });

  it('ends the search for values and splits when every guilty item has its own', async () => {
    const bodies = Array.from({ length: 100 }, (_none, index) => ({
      userId: `u${index}`,
      dataFields: { age: `${index} years` },
    }));
    const { outcomes, sizes } = await run(bodies, (items) => {
      const offendingValue = (items.at(-1)!['dataFields'] as { age: string }).age;
      return [
        400,
        { code: 'RequestFieldsTypesMismatched', params: { validationErrors: { age: { offendingValue } } } },
      ];
    });
    expect(new Set(outcomes)).toEqual(new Set(['rejected field_type_conflict']));
    expect(sizes.length).toBeLessThan(250);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2_500);
  });

  it('stops at the first answer that is not caused by an item', async () => {
    const answers: (Scripted | 'unreachable')[] = [
      [400, 'Bad Request'],
      counts(2, 0),
      [503, ''],
      counts(9, 0),
    ];
    const { outcomes, sizes, exchanges } = await run(
      users('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      (items, index) => (index === 1 ? counts(items.length, 0) : answers[index]!),
    );
    expect(outcomes).toEqual([
      ...Array<string>(4).fill('delivered'),
      ...Array<string>(4).fill('retry unavailable'),
    ]);
    expect(sizes).toEqual([8, 4, 4]);
    expect(exchanges[0]).toEqual([0, 1]);
    expect(exchanges[7]).toEqual([0, 2]);
  });

  it('makes no call for the items after a refused key', async () => {
    const { outcomes, sizes } = await run(users('a', 'b', 'c', 'd'), (_items, index) =>
      index === 0 ? [413, 'too large'] : [401, { msg: 'Invalid API key', code: 'BadApiKey', params: {} }],
    );
    expect([outcomes, sizes]).toEqual([Array(4).fill('rejected unauthorized'), [4, 2]]);
  });
});
