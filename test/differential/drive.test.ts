import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order, OrderPagedQueryResponse } from '@commercetools/platform-sdk';
import type { HttpResponse, OrderState } from '@waybill/core';
import { createShopSandbox, type Platform, type ShopSandbox } from '@waybill/shop-sandboxes';
import { bigcommerceClients, commercetoolsClient, magentoAsk, type MagentoMethod } from './clients.ts';
import { ownAsk, type Read, readAll } from './reading.ts';

/** The content of an order, in terms of the types of a client. */
interface Facts {
  readonly id: string;
  readonly number: string | undefined;
  readonly placedAt: number;
  readonly currency: string;
  readonly total: number;
  readonly tax: number | undefined;
  readonly email: string | undefined;
  readonly lines: readonly string[];
  readonly refunds: readonly string[];
}

/** Returns the compared facts of a state. */
function factsOf(order: OrderState): Facts {
  return {
    id: order.id,
    number: order.number,
    placedAt: Date.parse(order.placedAt!),
    currency: order.currency,
    total: order.total,
    tax: order.tax,
    email: order.customer?.email,
    lines: (order.lines ?? []).map(({ sku, quantity }) => `${quantity} x ${sku}`),
    refunds: (order.refunds ?? []).map(({ id, amount }) => `${id} ${amount}`).sort(),
  };
}

async function livedAt(platform: Platform): Promise<{ readonly shop: ShopSandbox; readonly read: Read }> {
  const shop = await createShopSandbox({ platform, start: Date.UTC(2026, 0, 5), limits: false });
  await shop.play('all');
  const { settings, url } = shop;
  return { shop, read: await readAll({ slug: platform, settings, now: Date.now() }, ownAsk(url)) };
}

/** The newest state of each order, by id. */
function ordersOf(read: Read): readonly Facts[] {
  const kept = new Map<string, Facts>();
  for (const state of read['orders']!) if (state.kind === 'order') kept.set(state.id, factsOf(state));
  return [...kept.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}

describe('the client of commercetools', () => {
  let shop: ShopSandbox;
  let read: Read;
  beforeAll(async () => {
    ({ shop, read } = await livedAt('commercetools'));
  });
  afterAll(() => shop.close());

  const factsOfRow = (order: Order): Facts => {
    const payments = order.paymentInfo?.payments.flatMap(({ obj }) => obj ?? []) ?? [];
    const refunds = payments
      .flatMap(({ transactions }) => transactions)
      .filter(({ type, state }) => type === 'Refund' && state === 'Success');
    return {
      id: order.id,
      number: order.orderNumber,
      placedAt: Date.parse(order.createdAt),
      currency: order.totalPrice.currencyCode,
      total: order.taxedPrice?.totalGross.centAmount ?? order.totalPrice.centAmount,
      tax: order.taxedPrice?.totalTax?.centAmount,
      email: order.customerEmail,
      lines: order.lineItems.map(({ variant, quantity }) => `${quantity} x ${variant.sku}`),
      refunds: refunds.map(({ id, amount }) => `${id} ${amount.centAmount}`).sort(),
    };
  };

  it('reads the same orders as we do, page by page', async () => {
    const api = commercetoolsClient(shop.settings);
    const rows: Order[] = [];
    for (let offset = 0; ; offset += 2) {
      const queryArgs = { limit: 2, offset, sort: 'id asc', expand: 'paymentInfo.payments[*]' };
      const { body }: { readonly body: OrderPagedQueryResponse } = await api
        .orders()
        .get({ queryArgs })
        .execute();
      rows.push(...body.results);
      if (offset + body.count >= body.total!) break;
    }
    expect(rows.map(factsOfRow)).toEqual(ordersOf(read));
    expect(rows.flatMap((row) => factsOfRow(row).refunds)).not.toEqual([]);
  });

  it('gets one, and an error for a missing one and for a wrong secret', async () => {
    const api = commercetoolsClient(shop.settings);
    const [{ id }] = ordersOf(read);
    expect((await api.orders().withId({ ID: id }).get().execute()).body.id).toBe(id);
    await expect(api.orders().withId({ ID: 'none' }).get().execute()).rejects.toMatchObject({
      statusCode: 404,
    });
    const wrong = commercetoolsClient({ ...shop.settings, clientSecret: 'guessed' });
    await expect(wrong.orders().get().execute()).rejects.toMatchObject({ statusCode: 401 });
  });

  it('creates a subscription, and changes it only with its version', async () => {
    const api = commercetoolsClient(shop.settings);
    const destination = { type: 'GoogleCloudPubSub', projectId: 'sandbox', topic: 'shop' } as const;
    const body = {
      key: 'by-the-client',
      destination,
      messages: [{ resourceTypeId: 'order' as const, types: [] }],
    };
    const made = await api.subscriptions().post({ body }).execute();
    expect(made.body).toMatchObject({ version: 1, status: 'Healthy', destination });
    const one = api.subscriptions().withKey({ key: body.key });
    const change = (version: number) =>
      one.post({ body: { version, actions: [{ action: 'changeDestination', destination }] } }).execute();
    expect((await change(1)).body.version).toBe(2);
    await expect(change(1)).rejects.toMatchObject({ statusCode: 409 });
  });
});

describe('the client of BigCommerce', () => {
  let shop: ShopSandbox;
  let read: Read;
  beforeAll(async () => {
    ({ shop, read } = await livedAt('bigcommerce'));
  });
  afterAll(() => shop.close());

  /** Decimals in whole units of the currency. */
  const minor = (text: string | undefined, currency: string): number =>
    Math.round(Number(text) * (currency === 'JPY' ? 1 : 100));

  interface Item {
    readonly sku: string;
    readonly quantity: number;
    readonly parent_order_product_id?: number | null;
  }
  interface Order2 {
    readonly consignments: { readonly shipping: readonly { readonly line_items: readonly Item[] }[] };
  }

  it('reads the same orders and refunds as we do', async () => {
    const { v2, v3 } = bigcommerceClients(shop.settings);
    const refunds: { readonly id?: number; readonly order_id?: number; readonly total_amount?: number }[] =
      [];
    for await (const refund of v3.list('/orders/payment_actions/refunds', { query: { limit: 2 } }))
      refunds.push(refund);
    // Lines that come with their orders are in the documentation, and not in the types.
    const query = { include: 'consignments.line_items', consignment_structure: 'object' } as object;
    const facts = (await v2.get('/orders', { query }))!.map((order): Facts => {
      const currency = order.currency_code!;
      const { shipping } = (order as unknown as Order2).consignments;
      const items = shipping.flatMap(({ line_items }) => line_items);
      const isDeclined = order.status_id === 6;
      return {
        id: String(order.id),
        number: String(order.id),
        placedAt: isDeclined ? Number.NaN : Date.parse(order.date_created!),
        currency,
        total: minor(order.total_inc_tax, currency),
        tax: minor(order.total_tax, currency),
        email: order.billing_address?.email,
        // The parts of a bundle are in its price.
        lines: items
          .filter(({ parent_order_product_id }) => (parent_order_product_id ?? 0) === 0)
          .map(({ sku, quantity }) => `${quantity} x ${sku}`),
        refunds: refunds
          .filter(({ order_id }) => order_id === order.id)
          .map(({ id, total_amount }) => `${id} ${minor(String(total_amount), currency)}`)
          .sort(),
      };
    });
    expect(facts.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual(ordersOf(read));
    expect(refunds).toHaveLength(2);
  });

  it('lists customers over pages, gets one order, and nothing for a missing one', async () => {
    const { v2, v3 } = bigcommerceClients(shop.settings);
    const customers = [];
    for await (const customer of v3.list('/customers', { query: { limit: 2 } })) customers.push(customer.id);
    expect(customers).toEqual(shop.model.tables.customer.all().map(({ id }) => id));
    expect(await v2.get('/orders/{order_id}', { path: { order_id: 1 } })).toMatchObject({ id: 1 });
    expect(await v2.get('/orders/{order_id}', { path: { order_id: 9999 } })).toBeNull();
    const wrong = bigcommerceClients({ ...shop.settings, accessToken: 'guessed' });
    await expect(wrong.v2.get('/store')).rejects.toThrow('401');
  });

  it('creates a hook, and disables it', async () => {
    const { v3 } = bigcommerceClients(shop.settings);
    const body = { scope: 'store/order/*', destination: 'https://waybill.example/hook', is_active: true };
    const made = (await v3.post('/hooks', { body } as never)) as { readonly id: number };
    expect(made).toMatchObject(body);
    const hooks = [];
    for await (const hook of v3.list('/hooks')) hooks.push(hook.id);
    expect(hooks).toEqual([made.id]);
  });
});

it('a client of Magento that signs with SHA-256 reads page by page, and one that signs with SHA-1 is refused', async () => {
  const shop = await createShopSandbox({ platform: 'magento2', start: Date.UTC(2026, 0, 5) });
  await shop.play('all');
  const ask = (method?: MagentoMethod) => magentoAsk(shop.settings, ownAsk(shop.url), method);
  const orders = (page: number, by = ask()) =>
    by({
      url: `${String(shop.settings['baseUrl'])}/rest/all/V1/orders`,
      query: {
        'searchCriteria[pageSize]': 2,
        'searchCriteria[currentPage]': page,
        'searchCriteria[sortOrders][0][field]': 'entity_id',
        'searchCriteria[sortOrders][0][direction]': 'ASC',
      },
    });
  const ids: number[] = [];
  for (let page = 1; page <= 10; page += 1) {
    const answer = await orders(page);
    const { items } = (answer as HttpResponse).body as {
      readonly items: readonly { readonly entity_id: number }[];
    };
    ids.push(...items.map(({ entity_id }) => entity_id));
  }
  expect(ids).toEqual(shop.model.tables.order.all().map(({ id }) => id));
  expect(await orders(1, ask('HMAC-SHA1'))).toMatchObject({ status: 400 });
  await shop.close();
});
