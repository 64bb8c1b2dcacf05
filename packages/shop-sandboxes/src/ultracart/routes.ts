import { answer, type ShopAnswer, type ShopRequest, type ViewContext } from '../frame/index.ts';
import type { Kind, Order } from '../model/index.ts';
import { autoOrderRow, MOMENTS, orderId, orderRow } from './orders.ts';
import { cartRow, customerRow, itemRow, reviewsOf } from './people.ts';
import { dts } from './values.ts';

/** Answers a request, with its path parameters. */
type Handler = (request: ShopRequest, places: readonly string[]) => ShopAnswer;

/** An error. */
export function failure(status: number, message: string): ShopAnswer {
  const error = { error_code: String(status), user_message: message, developer_message: message };
  return answer({ success: false, error }, status, { 'uc-rest-error': message });
}

/** Adds a customer to lists, or removes them; there is one. */
function changeLists({ model }: ViewContext, id: number, body: string): ShopAnswer {
  const found = model.tables.customer.find(id);
  if (found === undefined) return failure(404, 'customer not found');
  const changes = JSON.parse(body) as Readonly<Record<string, readonly string[] | undefined>>;
  const { storeId, email } = found;
  const state = (changes['add_to_lists'] ?? []).length > 0 ? 'subscribed' : 'unsubscribed';
  model.customers.say({ storeId, email, channel: 'email', state, origin: 'import' });
  return answer(changes);
}

/** The readable resources. */
export function routesOf(context: ViewContext): readonly (readonly [RegExp, Handler])[] {
  const { tables } = context.model;
  const one = <T>(name: string, found: T | undefined, render: (row: T) => unknown): ShopAnswer =>
    found === undefined
      ? failure(404, `${name} not found`)
      : answer({ success: true, [name]: render(found) });
  /** A page of rows between two times, oldest first. */
  const page = <T extends { readonly id: number }>(
    { query }: ShopRequest,
    of: {
      readonly name: string;
      readonly kind: Kind;
      readonly all: readonly T[];
      readonly between: readonly [string | null, string | null];
    },
    at: (row: T) => number | undefined,
    render: (row: T) => unknown,
  ): ShopAnswer => {
    const [from, to] = of.between.map((time) => (time === null ? undefined : Date.parse(time)));
    const limit = Math.min(200, Number(query.get('_limit') ?? 100));
    const offset = Number(query.get('_offset') ?? 0);
    const found = of.all
      .map((row) => ({ row, time: Math.floor((at(row) ?? Number.NaN) / 1000) * 1000 }))
      .filter(({ time }) => time >= (from ?? 0) && time <= (to ?? Infinity))
      .sort((a, b) => a.time - b.time || a.row.id - b.row.id)
      .map(({ row }) => row);
    const rows = found.slice(offset, offset + limit);
    context.spoil(of.kind, rows);
    const more = offset + limit < found.length;
    const result_set = { count: rows.length, limit, offset, more, total_records: found.length };
    const metadata = { payload_name: of.name, result_set };
    return answer({ success: true, metadata, [of.name]: rows.map(render) });
  };
  const order = (row: Order) => orderRow(context.model, row);
  const { model } = context;
  return [
    [
      /^POST order\/orders\/query$/,
      (request) => {
        const json = JSON.parse(request.body) as Record<string, string>;
        const name = Object.keys(MOMENTS).find((moment) => json[`${moment}_begin`] !== undefined);
        if (name === undefined) return failure(400, 'At least one filter is needed');
        const between = [json[`${name}_begin`] ?? null, json[`${name}_end`] ?? null] as const;
        const all = tables.order.all();
        return page(request, { name: 'orders', kind: 'order', all, between }, MOMENTS[name]!, order);
      },
    ],
    [
      /^POST order\/orders\/batch$/,
      ({ body }) => {
        const ids = (JSON.parse(body) as { readonly order_ids: readonly string[] }).order_ids;
        const found = ids.flatMap((id) => tables.order.find(Number(id.replace(/^DEMO-/, ''))) ?? []);
        return answer({ success: true, orders: found.map(order) });
      },
    ],
    [
      /^GET customer\/customers$/,
      (request) => {
        const { query } = request;
        const name = query.get('_sort') === 'signup_dts' ? 'signup_dts' : 'last_modified_dts';
        const between = [query.get(`${name}_start`), query.get(`${name}_end`)] as const;
        const of = { name: 'customers', kind: 'customer', all: tables.customer.all(), between } as const;
        return page(
          request,
          of,
          (row) => Date.parse(customerRow(model, row)[name]),
          (row) => customerRow(model, row),
        );
      },
    ],
    [
      /^GET customer\/customers\/(\d+)$/,
      (_request, [id]) => one('customer', tables.customer.find(Number(id)), (row) => customerRow(model, row)),
    ],
    [
      /^GET customer\/customers\/by_email\/(.+)$/,
      (_request, [email]) =>
        one(
          'customer',
          tables.customer.all().find((row) => row.email.toLowerCase() === email?.toLowerCase()),
          (row) => customerRow(model, row),
        ),
    ],
    [
      /^POST customer\/customers\/(\d+)\/email_lists$/,
      ({ body }, [id]) => changeLists(context, Number(id), body),
    ],
    [
      /^GET auto_order\/auto_orders$/,
      (request) => {
        const { query } = request;
        const since = query.get('_since');
        const between = [
          since ?? query.get('original_order_date_begin'),
          query.get('original_order_date_end'),
        ] as const;
        const of = {
          name: 'auto_orders',
          kind: 'subscription',
          all: tables.subscription.all(),
          between,
        } as const;
        const at = since === null ? 'createdAt' : 'updatedAt';
        return page(
          request,
          of,
          (row) => row[at],
          (row) => autoOrderRow(model, row),
        );
      },
    ],
    [
      /^GET auto_order\/auto_orders\/(\d+)$/,
      (_request, [id]) =>
        one('auto_order', tables.subscription.find(Number(id)), (row) => autoOrderRow(model, row)),
    ],
    [
      /^GET item\/items$/,
      (request) => {
        const between = [request.query.get('_since'), null] as const;
        const of = { name: 'items', kind: 'product', all: tables.product.all(), between } as const;
        return page(
          request,
          of,
          ({ updatedAt }) => updatedAt,
          (row) => itemRow(model, row),
        );
      },
    ],
    [
      /^GET item\/items\/merchant_item_id\/(.+)$/,
      (_request, [sku]) =>
        one(
          'item',
          tables.product.all().find((row) => row.sku === sku),
          (row) => itemRow(model, row),
        ),
    ],
    [
      /^GET item\/items\/(\d+)\/reviews$/,
      (_request, [id]) =>
        answer({
          success: true,
          reviews: reviewsOf(model, tables.product.get(Number(id))).map((row) => ({
            review_oid: row.id,
            order_id: row.orderId && orderId({ id: row.orderId }),
            customer_profile_oid: row.customerId,
            reviewer_email: row.email,
            overall: row.rating,
            title: row.title,
            review: row.body,
            status: row.status === 'pending' ? 'unapproved' : row.status,
            submitted_dts: dts(row.createdAt),
          })),
        }),
    ],
    [
      /^GET checkout\/cart\/([\w-]+)$/,
      (_request, [id]) => {
        const cart = tables.cart.find(id!);
        // Answers about carts have no success flag.
        return cart?.status === 'active'
          ? answer({ cart: cartRow(model, cart) })
          : failure(404, 'cart not found');
      },
    ],
  ];
}
