import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { changesOf } from '@waybill/commerce';
import { amountOf, type Event, normaliseEvent, type ShopGone, type ShopState } from '@waybill/core';
import mappings from '@waybill/presets/iterable-for-shops.json' with { type: 'json' };
import { type Body, type Change, shop, type Shop } from './support.ts';

/** The events of a shop after these states, in sequence. */
function told(...states: readonly (ShopState | ShopGone)[]): readonly Event[] {
  const kept = new Map<string, ShopState>();
  const context = { platform: 'magento2', source: 'shop', settings: {}, now: Date.UTC(2026, 2, 1) };
  return states.flatMap((state) => {
    const key = `${state.kind} ${state.id}`;
    const events = changesOf(kept.get(key), state, context);
    if (!('gone' in state)) kept.set(key, state);
    return events.map((raw) => {
      const taken = normaliseEvent(raw, { receivedAt: context.now, newMessageId: () => 'none' });
      if (!taken.ok) throw new Error(JSON.stringify(taken.issues));
      return taken.value;
    });
  });
}

const at = (day: number): string => new Date(Date.UTC(2026, 1, day)).toISOString();
const store = { id: 'de', locale: 'de-DE' };
const ada = {
  kind: 'customer',
  id: '7',
  email: 'ada@example.com',
  firstName: 'Ada',
  updatedAt: at(1),
  store,
} as const;
const owner = { id: '7', email: 'ada@example.com' };
const lines = [
  {
    id: 'l1',
    productId: 'p1',
    sku: 'S-1',
    name: 'Shirt',
    quantity: 2,
    price: 2000,
    total: 3600,
    discount: 400,
    categories: ['Clothes', 'Shirts'],
  },
  { id: 'l2', productId: 'p2', name: 'Cloth', quantity: 1.5, price: 1000, total: 1500 },
];
const cart = {
  kind: 'cart',
  id: 'c1',
  status: 'active',
  customer: owner,
  currency: 'EUR',
  subtotal: 5100,
  lines,
  updatedAt: at(2),
  url: 'https://laden.example/cart',
  store,
} as const;
const order = {
  kind: 'order',
  id: '100',
  number: 'R-100',
  status: 'placed',
  placedAt: at(3),
  updatedAt: at(3),
  customer: owner,
  currency: 'EUR',
  subtotal: 5100,
  shipping: 490,
  tax: 1062,
  total: 6652,
  lines,
  cartId: 'c1',
  attribution: { campaignId: '123' },
  store,
} as const;
const product = {
  kind: 'product',
  id: 'p1',
  name: 'Shirt',
  status: 'active',
  currency: 'EUR',
  price: 2000,
  updatedAt: at(1),
  store,
} as const;

async function opened(): Promise<Shop & { tell(...events: readonly Event[]): Promise<readonly string[]> }> {
  const project = await shop({ projectType: 'hybrid' }, { fieldTypes: 'convert' });
  expect(await project.post('/api/lists', { name: 'Newsletter' })).toHaveProperty('listId');
  await project.post('/api/catalogs/Products', {});
  const listId = [...project.sandbox.project.lists.keys()][0]!;
  const own = JSON.parse(
    JSON.stringify(mappings.mappings).replaceAll('"listId":1', `"listId":${listId}`),
  ) as Change['mappings'];
  return {
    ...project,
    tell: async (...events) => {
      const played = await project.sendWith({ mappings: own }, ...events);
      return played
        .filter(({ outcome }) => outcome.status !== 'delivered' && outcome.status !== 'skipped')
        .map(({ mapping, outcome }) => `${mapping}: ${JSON.stringify(outcome)}`);
    },
  };
}

const fieldsOf = (profile: Body | undefined): Body => profile!['dataFields'] as Body;

describe('the mappings for shops', () => {
  it('send the life of a customer to Iterable', async () => {
    const project = await opened();
    const refund = { id: 'r1', at: at(6), amount: 2142, lines: [{ lineId: 'l1', quantity: 1 }] };
    const parcel = { id: 's1', at: at(5), trackingNumbers: ['JJD1'], carrier: 'DHL' };
    const consent = { kind: 'consent', id: '7 email', customer: owner, channel: 'email', store } as const;
    expect(
      await project.tell(...told(ada, product, cart, { ...cart, checkoutAt: at(2), updatedAt: at(2) })),
    ).toEqual([]);
    expect(fieldsOf(await project.profile({ userId: '7' }))).toMatchObject({
      firstName: 'Ada',
      store: 'de',
      shoppingCartItems: [
        { id: 'p1', quantity: 2, price: 20, categories: ['Shirts'] },
        { id: 'p2', quantity: 2, dataFields: { quantity_exact: '1.5' } },
      ],
    });
    const shipped = { ...order, shipments: [parcel], updatedAt: at(5) };
    expect(
      await project.tell(
        ...told(
          order,
          shipped,
          { ...shipped, refunds: [refund], updatedAt: at(6) },
          { ...consent, state: 'subscribed', at: at(4) },
        ),
      ),
    ).toEqual([]);
    const { project: held } = project.sandbox;
    const state = JSON.stringify(await project.get('/_sandbox/state'));
    for (const name of ['Checkout Started', 'Order Shipped', 'Order Refunded', 'Email Subscribed'])
      expect(state).toContain(`"${name}"`);
    expect(
      fieldsOf(await project.profile({ userId: '7' }))['emailListIds'] ??
        fieldsOf(await project.profile({ userId: '7' }))['userListIds'],
    ).toHaveLength(1);
    expect(await project.tell(...told({ ...consent, state: 'unsubscribed', at: at(8) }))).toEqual([]);
    expect(fieldsOf(await project.profile({ userId: '7' }))['unsubscribedChannelIds']).toEqual([1]);
    expect(await project.tell(...told(ada, { ...ada, email: 'ada@new.example', updatedAt: at(9) }))).toEqual(
      [],
    );
    expect(fieldsOf(await project.profile({ userId: '7' }))['email']).toBe('ada@new.example');
    expect([...held.catalogs.values()].flatMap(({ items }) => [...items.keys()])).toEqual(['p1']);
    expect(await project.tell(...told({ kind: 'product', id: 'p1', gone: true }))).toEqual([]);
    expect([...held.catalogs.values()].flatMap(({ items }) => [...items.keys()])).toEqual([]);
    expect(amountOf(order.total, 'EUR')).toBe(66.52);
    expect(state).toContain('66.52');
    expect(state).toContain('"campaignId":123');
  });

  it('R94: make one profile, which has what e-mail, text messages and in-app messages need', async () => {
    const project = await opened();
    expect(await project.tell(...told({ ...ada, phone: '+4915112345678' }, order))).toEqual([]);
    expect(fieldsOf(await project.profile({ userId: '7' }))).toMatchObject({
      email: 'ada@example.com',
      phoneNumber: '+4915112345678',
    });
    const held = (await project.get('/_sandbox/state')) as { readonly profiles: readonly unknown[] };
    expect(held.profiles).toHaveLength(1);
  });

  it('send no carts and events without a user', async () => {
    const project = await opened();
    const nobody = { ...cart, customer: {}, checkoutAt: at(2) };
    const events = told(nobody);
    expect(events.map(({ event }) => event)).toEqual(['Cart Updated', 'Checkout Started']);
    expect(await project.sendWith({ mappings: mappings.mappings as Change['mappings'] }, ...events)).toEqual(
      [],
    );
  });

  it('mark historical events of a back-fill', async () => {
    const project = await opened();
    const past = told(order).map((event) => ({ ...event, context: { ...event.context, historical: true } }));
    expect(await project.tell(...past)).toEqual([]);
    expect(JSON.stringify(await project.get('/_sandbox/state'))).toContain('"historical":true');
  });
});

describe('campaigns', () => {
  const page = readFileSync(new URL('../../../../docs/sources/campaigns.md', import.meta.url), 'utf8');
  const events = readFileSync(new URL('../../../../docs/commerce.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| ([A-Z][^|]*?) +\| ([^|]*?) +\| ([^|]*?) +\|$/gm)].filter(
    ([, kind]) => kind !== 'Campaign',
  );

  it('are of the eleven kinds', () => {
    expect(rows).toHaveLength(11);
  });

  it.each(rows.map(([, kind, starts, uses]) => [kind!, starts!, uses!] as const))(
    '%s start with and use existing things',
    (_kind, starts, uses) => {
      const names = [...`${starts} ${uses}`.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(events).toContain(`\`${name}\``);
    },
  );
});
