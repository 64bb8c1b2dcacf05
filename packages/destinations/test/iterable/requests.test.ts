import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { iterable } from '@waybill/destinations';

import { commerceItem } from '../../src/iterable/actions/items.ts';
import { event, play, type Scripted, scripted, type Stage } from '../harness.ts';

const TAKEN: Scripted = [200, { msg: '', code: 'Success', params: null, successCount: 1, failCount: 0 }];

type Body = Readonly<Record<string, unknown>>;

async function sent(stage: Partial<Stage>, ...events: readonly Event[]): Promise<readonly Body[]> {
  const { request, calls } = scripted((call) => {
    const { users, events: list } = call.json as { users?: unknown[]; events?: unknown[] };
    const count = (users ?? list ?? [1]).length;
    return [200, { ...(TAKEN[1] as Body), successCount: count }];
  });
  await play({ destination: iterable, settings: { apiKey: 'k' }, request, ...stage }, events);
  return calls.map(({ json }) => json as Body);
}

const track = (name: string, properties: Body): Event =>
  event({ type: 'track', event: name, userId: 'u-1', properties });

describe('a line of a cart or order', () => {
  it('has its own members, and all others once, as data fields', () => {
    const line = {
      id: 'p',
      name: 'Tea',
      price: 4.5,
      quantity: 2,
      sku: 'S',
      categories: 'Drinks',
      url: 'u',
      color: 'green',
      since: '2026-03-01T10:00:00Z',
    };
    expect(commerceItem(line)).toStrictEqual({
      id: 'p',
      name: 'Tea',
      price: 4.5,
      quantity: 2,
      sku: 'S',
      url: 'u',
      categories: ['Drinks'],
      dataFields: { color: 'green', since: '2026-03-01 10:00:00 +00:00' },
    });
  });

  it('keeps a list of categories and the data fields it has', () => {
    const line = { id: 'p', name: 'Tea', price: 0, quantity: 0, dataFields: { a: 1 }, b: null };
    expect(commerceItem({ ...line, categories: ['A', 'B'] as unknown as string })).toStrictEqual({
      id: 'p',
      name: 'Tea',
      price: 0,
      quantity: 0,
      categories: ['A', 'B'],
      dataFields: { a: 1, b: null },
    });
  });
});

describe('requests', () => {
  it('do not contain settings of the mapping', async () => {
    const bodies = await sent(
      {},
      track('Seen', {}),
      event({ type: 'identify', userId: 'u-1', traits: { a: 1 } }),
    );
    expect(JSON.stringify(bodies)).not.toMatch(/batch|updateOnly|undefined|null/);
  });

  it('omit the products of an order, which are its items', async () => {
    const [body] = await sent(
      {},
      track('Order Completed', { order_id: 'o', total: 1, products: [], coupon: 'MAY' }),
    );
    expect(body).toMatchObject({ items: [], dataFields: { order_id: 'o', total: 1, coupon: 'MAY' } });
    expect(body!['dataFields']).not.toHaveProperty('products');
  });

  it('group users by whether only known ones are updated', async () => {
    const mappings = ['all', 'known'].map((id) => ({
      id,
      preset: 'identify-calls',
      trigger: `type = "identify" and traits.group = "${id}"`,
      mapping: id === 'known' ? { updateOnly: true } : {},
    }));
    const users = ['all', 'known', 'all', 'known'].map((group, index) =>
      event({ type: 'identify', userId: `u-${index}`, traits: { group } }),
    );
    const bodies = await sent({ mappings }, ...users);
    expect(
      bodies.map(({ updateOnly, users: list }) => [updateOnly, (list as Body[]).map(({ userId }) => userId)]),
    ).toEqual([
      [undefined, ['u-0', 'u-2']],
      [true, ['u-1', 'u-3']],
    ]);
  });

  it('have at most 1,000 items, and one per user where users are written', async () => {
    const events = Array.from({ length: 2_500 }, (_none, index) =>
      event({ type: 'track', event: 'Seen', userId: `u-${index}`, properties: {} }),
    );
    const sizes = (bodies: readonly Body[]): number[] =>
      bodies.map((body) => (Object.values(body)[0] as unknown[]).length);
    expect(sizes(await sent({}, ...events))).toEqual([1_000, 1_000, 500]);
    const same = [1, 2, 3].map((visit) => event({ type: 'identify', userId: 'u-1', traits: { visit } }));
    expect(sizes(await sent({}, ...same))).toEqual([1, 1, 1]);
  });

  it('have campaign and template at the right place', async () => {
    const properties = { campaignId: 7, templateId: '8', order_id: 'o', total: 1, products: [] };
    for (const name of ['Seen', 'Order Completed']) {
      const [body] = await sent({}, track(name, properties));
      const carried = (body!['events'] as Body[] | undefined)?.[0] ?? body;
      expect(carried).toMatchObject({ campaignId: 7, templateId: 8 });
    }
  });

  it('give an event or order without an ID a stable one of letters, digits and hyphens', async () => {
    const mappings = [
      { id: 'events', preset: 'track-calls', mapping: { id: { '@path': '$.nothing' } } },
      { id: 'orders', preset: 'order-completed-calls' },
    ];
    const made = track('Order Completed', { total: 1, products: [] });
    const once = await sent({ mappings }, track('Seen', {}), made);
    const again = await sent({ mappings }, made);
    expect((once[0]!['events'] as Body[])[0]!['id']).toMatch(/^[A-Za-z0-9-]{1,512}$/);
    expect(once[1]!['id']).toMatch(/^[A-Za-z0-9-]{1,512}$/);
    expect(again[0]!['id']).toBe(once[1]!['id']);
  });

  it('use the time of the event when the mapping has none', async () => {
    const mappings = ['track-calls', 'order-completed-calls'].map((preset) => ({
      id: preset,
      preset,
      mapping: { createdAt: { '@path': '$.nothing' } },
    }));
    const [seen, order] = await sent(
      { mappings },
      track('Seen', {}),
      track('Order Completed', { total: 1, products: [] }),
    );
    expect((seen!['events'] as Body[])[0]).toMatchObject({ createdAt: 1_772_359_200 });
    expect(order).toMatchObject({ createdAt: 1_772_359_200 });
  });

  it('are not made for an invalid time', async () => {
    const mappings = [{ id: 'm', preset: 'track-calls', mapping: { createdAt: 'yesterday' } }];
    const { request, calls } = scripted(() => TAKEN);
    const played = await play({ destination: iterable, settings: { apiKey: 'k' }, mappings, request }, [
      track('Seen', {}),
    ]);
    expect(played[0]!.outcome).toMatchObject({
      status: 'rejected',
      code: 'payload_invalid_format',
      field: 'createdAt',
    });
    expect(calls).toEqual([]);
  });

  it('go to the custom address of the settings', async () => {
    const { request, calls } = scripted(() => TAKEN);
    const settings = { apiKey: 'k', dataCenterLocation: 'europe', apiUrl: 'http://127.0.0.1:9/' };
    await play({ destination: iterable, settings, request }, [track('Seen', {})]);
    await play({ destination: iterable, settings: { apiKey: 'k', dataCenterLocation: 'europe' }, request }, [
      track('Seen', {}),
    ]);
    expect(calls.map(({ url }) => url)).toEqual([
      'http://127.0.0.1:9/api/events/trackBulk',
      'https://api.eu.iterable.com/api/events/trackBulk',
    ]);
  });
});

describe('an order with conflicting identifiers', () => {
  const order = event({
    type: 'track',
    event: 'Order Completed',
    userId: 'u-1',
    properties: { order_id: 'o', total: 1, products: [], email: 'guest@example.com' },
  });

  async function answer(...replies: readonly (Scripted | 'unreachable')[]): Promise<readonly unknown[]> {
    const { request, calls } = scripted((_call, index) => replies[index]!);
    const [played] = await play({ destination: iterable, settings: { apiKey: 'k' }, request }, [order]);
    const users = calls.map(({ json }) => (json as { user?: Body } | undefined)?.user);
    return [played!.outcome, users];
  }

  const CONFLICT: Scripted = [409, { msg: '', code: 'ExternalKeyConflict', params: null }];

  it('is sent with the user ID when the guest cannot be linked either', async () => {
    const [outcome, users] = await answer(
      CONFLICT,
      [200, { user: { email: 'guest@example.com', dataFields: {} } }],
      CONFLICT,
      TAKEN,
    );
    expect(outcome).toMatchObject({
      status: 'delivered',
      note: expect.stringContaining('left out'),
      exchanges: [0, 1, 2, 3],
    });
    expect(users).toEqual([
      { userId: 'u-1', dataFields: { email: 'guest@example.com' }, mergeNestedObjects: false },
      undefined,
      { email: 'guest@example.com', dataFields: { userId: 'u-1' }, mergeNestedObjects: false },
      { userId: 'u-1', mergeNestedObjects: false },
    ]);
  });

  it('is sent with the user ID when the key may not read profiles', async () => {
    const [outcome] = await answer(CONFLICT, [401, { msg: '', code: 'BadApiKey', params: {} }], TAKEN);
    expect(outcome).toMatchObject({ status: 'delivered', note: expect.stringContaining('left out') });
  });

  it('waits when the profile cannot be read now', async () => {
    const [outcome] = await answer(CONFLICT, 'unreachable');
    expect(outcome).toMatchObject({ status: 'retry', code: 'destination_unreachable', exchanges: [0, 1] });
  });

  it('is not delivered when the last call fails', async () => {
    const [outcome] = await answer(CONFLICT, [200, {}], [500, '']);
    expect(outcome).toMatchObject({ status: 'retry', code: 'destination_unavailable' });
    expect(outcome).not.toHaveProperty('note');
  });
});
