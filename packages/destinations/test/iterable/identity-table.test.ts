import { describe, expect, it } from 'vitest';
import { iterable } from '@waybill/destinations';

import { play, scripted } from '../harness.ts';
import { ACTIONS, type Cell, EVENTS, IDENTIFIERS, TABLE } from './identity-table.ts';

/** Both forms of successful answers in one. */
const TAKEN = [200, { msg: '', code: 'Success', params: null, successCount: 1, failCount: 0 }] as const;

const ITEMS = [{ id: 'p-1', name: 'Tea', price: 4.5, quantity: 2 }];
const CREATED_AT = 1_772_359_200;

/** The complete request of an action for a user; everything but the user is the same in every row. */
const REQUESTS: Readonly<
  Record<string, (user: Readonly<Record<string, unknown>>, id: string) => { path: string; json: unknown }>
> = {
  updateUser: ({ dataFields, ...top }) => ({
    path: '/api/users/bulkUpdate',
    json: {
      users: [{ ...top, dataFields: { plan: 'pro', ...(dataFields as object) }, mergeNestedObjects: false }],
    },
  }),
  trackEvent: (user, id) => ({
    path: '/api/events/trackBulk',
    json: {
      events: [
        { ...user, eventName: 'Product Viewed', id, createdAt: CREATED_AT, dataFields: { sku: 'tea' } },
      ],
    },
  }),
  updateCart: (user) => ({
    path: '/api/commerce/updateCart',
    json: { user: { ...user, mergeNestedObjects: false }, items: ITEMS },
  }),
  trackPurchase: (user) => ({
    path: '/api/commerce/trackPurchase',
    json: {
      user: { ...user, mergeNestedObjects: false },
      id: 'o-1',
      items: ITEMS,
      total: 9,
      createdAt: CREATED_AT,
      dataFields: { order_id: 'o-1', total: 9, currency: 'EUR' },
    },
  }),
};

const cases = TABLE.flatMap(({ project, identifiers, cells }) =>
  Object.keys(EVENTS).map((action) => {
    const cell: Cell = cells[ACTIONS.findIndex(({ keys }) => keys.includes(action))]!;
    const told =
      cell.rejected ??
      `${Object.keys(cell.sent).join(' + ')}${cell.note === undefined ? '' : ', with a note'}`;
    return { project, identifiers, action, cell, told };
  }),
);

describe('the sent identifiers, by project type, identifiers and action', () => {
  it.each(cases)(
    '$project project, $identifiers, $action: $told',
    async ({ project, identifiers, action, cell }) => {
      const { request, calls } = scripted(() => TAKEN);
      const settings = { apiKey: 'key', projectType: project };
      const made = EVENTS[action]!(IDENTIFIERS[identifiers]);
      const [played, ...others] = await play({ destination: iterable, settings, request }, [made]);

      expect(others).toEqual([]);
      if (cell.rejected !== undefined) {
        expect(played!.outcome).toMatchObject({ status: 'rejected', code: cell.rejected });
        expect(calls).toEqual([]);
        return;
      }
      expect(played!.outcome).toMatchObject({ status: 'delivered' });
      const note = played!.outcome.status === 'delivered' ? played!.outcome.note : undefined;
      expect(note).toBe(cell.note);
      const { path, json } = REQUESTS[action]!(cell.sent, made.messageId);
      const post = (to: string, body: unknown): unknown => ({
        method: 'POST',
        url: `https://api.iterable.com${to}`,
        headers: { 'Api-Key': 'key' },
        json: body,
      });
      // Iterable may drop an event of an unknown user, so the profile comes first.
      const mayVanish = project === 'email' || (project === 'hybrid' && 'email' in cell.sent);
      const profile = { users: [expect.objectContaining(cell.sent)] };
      const first = action === 'trackEvent' && mayVanish ? [post('/api/users/bulkUpdate', profile)] : [];
      expect(calls).toEqual([...first, post(path, json)]);
    },
  );

  it('has every project type with every set of identifiers', () => {
    const rows = TABLE.map(({ project, identifiers }) => `${project}: ${identifiers}`);
    const all = ['email', 'userId', 'hybrid'].flatMap((project) =>
      Object.keys(IDENTIFIERS).map((identifiers) => `${project}: ${identifiers}`),
    );
    expect(rows).toEqual(all);
  });
});
