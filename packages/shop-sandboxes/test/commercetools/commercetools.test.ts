import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createShopSandbox, type ShopSandbox } from '@waybill/shop-sandboxes';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8')) as object;
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, logger: false });
ajv.addSchema(schema, 'commercetools');

type Body = Readonly<Record<string, unknown>> & {
  readonly notificationType?: string;
  readonly results: readonly (Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly lastModifiedAt: string;
  })[];
};

let project: ShopSandbox;
let token: string;
/** The pushed requests. */
const pushes: Body[] = [];
const receiver = createServer((request, response) => {
  void (async () => {
    const { message } = (await json(request)) as { readonly message: { readonly data: string } };
    pushes.push(JSON.parse(Buffer.from(message.data, 'base64').toString()) as Body);
    response.writeHead(204).end();
  })();
});

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  project = await createShopSandbox({
    platform: 'commercetools',
    start: Date.UTC(2026, 0, 5),
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
  });
  await project.play('all');
  anotherDay();
  await project.settled();
  const { clientId, clientSecret } = project.settings as Readonly<Record<string, string>>;
  const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  const answer = await fetch(`${project.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization },
    body,
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterAll(async () => {
  await project.close();
  receiver.close();
});

/** Validates an object by the description of commercetools. */
function issuesOf(name: string, body: unknown): readonly string[] {
  const validate = ajv.getSchema(`commercetools#/definitions/${name}`)!;
  validate(body);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${name}${instancePath} ${message}`);
}

/** Further changes with messages: some of the day are older than the retention. */
function anotherDay(): void {
  const { model, day } = project;
  const { mug, coffee, germany } = day.things;
  const cart = model.carts.begin(germany, [{ productId: coffee, quantity: 2 }], {
    customerId: day.cast.dora!,
  });
  const { email, addresses } = model.tables.customer.get(day.cast.dora!);
  model.carts.checkout(cart.id, { email, billingAddress: addresses[0]!, shipping: 500 });
  const order = model.orders.place(cart.id);
  const lines = [{ lineId: order.lines[0]!.id, quantity: 1 }];
  model.orders.edit(order.id, order.lines[0]!.id, 3);
  model.orders.comment(order.id, 'By the door');
  const { shipments } = model.fulfilment.ship(order.id, { lines });
  model.fulfilment.track(order.id, shipments[0]!.id, '1Z1');
  model.fulfilment.deliver(order.id, shipments[0]!.id);
  model.fulfilment.refund(order.id, { lines });
  model.subscriptions.begin(order.id, { count: 1, unit: 'month' });
  model.orders.cancel(order.id, 'Changed their mind');
  model.orders.delete(order.id);
  const guest = model.carts.begin(germany, [{ productId: coffee }]);
  model.carts.checkout(guest.id, { email: 'gil@example.com', billingAddress: addresses[0]!, shipping: 0 });
  model.orders.place(guest.id);
  const gil = { firstName: 'Gil', lastName: 'Guest', addresses: [] };
  model.customers.create({ email: 'gil@example.com', storeId: germany, ...gil }, { adopt: true });
  model.customers.changeEmail(day.cast.dora!, 'dora@new.example.com');
  model.customers.update(day.cast.dora!, { firstName: 'Theodora' });
  model.catalog.deleteProduct(mug);
}

/** The resulting types of messages. */
const TYPES = [
  'CustomerCreated',
  'CustomerCustomFieldChanged',
  'CustomerDeleted',
  'CustomerEmailChanged',
  'DeliveryAdded',
  'OrderCreated',
  'OrderCustomFieldChanged',
  'OrderCustomerSet',
  'OrderDeleted',
  'OrderEditApplied',
  'OrderShipmentStateChanged',
  'OrderStateChanged',
  'ParcelTrackingDataUpdated',
  'PaymentTransactionAdded',
  'ProductDeleted',
  'ProductPublished',
  'ProductUnpublished',
  'RecurringOrderCreated',
  'RecurringOrderFailed',
  'RecurringOrderStateChanged',
  'ReviewCreated',
  'ReviewStateTransition',
];

async function get(path: string, query: readonly (readonly [string, string])[] = [], bearer = token) {
  const parameters = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
  const headers = { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${project.url}/sandbox/${path}?${parameters}`, { headers });
  return { status: answer.status, body: (await answer.json()) as Body };
}

describe('a project at commercetools', () => {
  it.each([
    ['orders', 'Order', ['paymentInfo.payments[*]', 'discountCodes[*].discountCode']],
    ['payments', 'Payment', []],
    ['carts', 'Cart', []],
    ['customers', 'Customer', ['customerGroup']],
    ['product-projections', 'ProductProjection', []],
    ['recurring-orders', 'RecurringOrder', []],
    ['reviews', 'Review', []],
    ['stores', 'Store', []],
  ])('has %s of the published shape', async (path, name, expand) => {
    const validate = ajv.getSchema(`commercetools#/definitions/${name}`)!;
    const { body } = await get(path, [['limit', '500'], ...expand.map((one) => ['expand', one] as const)]);
    expect(body.results.length).toBeGreaterThan(0);
    for (const row of body.results) {
      const errors = validate(row)
        ? []
        : validate.errors!.filter(({ instancePath }) => !instancePath.includes('/obj'));
      expect(errors).toEqual([]);
    }
  });

  it('has messages of the published shapes, and pushes them', async () => {
    const { body } = await get('messages', [['limit', '500']]);
    expect(issuesOf('MessagePagedQueryResponse', body)).toEqual([]);
    const typeOf = (row: Readonly<Record<string, unknown>>): string => String(row['type']);
    expect([...new Set(body.results.map(typeOf))].toSorted()).toEqual(TYPES);
    expect(body.results.flatMap((row) => issuesOf(`${typeOf(row)}Message`, row))).toEqual([]);
    const pushed = pushes.filter(({ notificationType }) => notificationType === 'Message');
    expect(pushed.flatMap((push) => issuesOf('MessageDeliveryPayload', push))).toEqual([]);
    expect(pushed.length).toBeGreaterThan(20);
  });

  it('has orders with consistent sums', async () => {
    const { body } = await get('orders', [['limit', '500']]);
    const cents = (value: unknown): number => (value as { centAmount: number }).centAmount;
    for (const row of body.results) {
      const { totalNet, totalGross, totalTax } = row['taxedPrice'] as Readonly<Record<string, unknown>>;
      expect(cents(totalNet) + cents(totalTax)).toBe(cents(totalGross));
      expect(cents(row['totalPrice'])).toBe(cents(totalNet));
    }
  });

  it('is read after a row: every row exactly once', async () => {
    const all = (await get('carts', [['limit', '500']])).body.results.map(({ id }) => id);
    const read: string[] = [];
    for (let query: readonly (readonly [string, string])[] = []; ;) {
      const sorts = [
        ['sort', 'lastModifiedAt asc'],
        ['sort', 'id asc'],
        ['limit', '2'],
      ] as const;
      const { results } = (await get('carts', [...query, ...sorts])).body;
      if (results.length === 0) break;
      read.push(...results.map(({ id }) => id));
      const { id, lastModifiedAt } = results.at(-1)!;
      const where = 'lastModifiedAt > :at or (lastModifiedAt = :at and id > :id)';
      query = [
        ['where', where],
        ['var.at', lastModifiedAt],
        ['var.id', id],
      ];
    }
    expect(read.toSorted()).toEqual(all.toSorted());
  });

  it('finds the order of a payment', async () => {
    const [payment] = (await get('payments')).body.results;
    const where = [
      ['where', 'paymentInfo(payments(id in :ids))'],
      ['var.ids', payment!.id],
    ] as const;
    expect((await get('orders', where)).body.results).toHaveLength(1);
  });

  it.each([
    ['a limit of 501', [['limit', '501']], 400],
    ['an offset beyond 10,000', [['offset', '10001']], 400],
    ['a predicate that is none', [['where', 'id = ']], 400],
    ['a value that is missing', [['where', 'id = :id']], 400],
  ] as const)('refuses %s', async (_what, query, status) => {
    expect((await get('orders', query)).status).toBe(status);
  });

  it('refuses an unknown token, and only returns rows of its own', async () => {
    expect((await get('orders', [], 'guessed')).status).toBe(401);
    expect((await get('orders/none')).status).toBe(404);
  });
});
