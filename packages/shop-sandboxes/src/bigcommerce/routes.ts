import { answer, type ShopAnswer, type ShopRequest, type ViewContext } from '../frame/index.ts';
import type { Order, Rows } from '../model/index.ts';
import { cartOf, checkoutOf, tokenOf } from './carts.ts';
import { brandsOf, categoryOf, channelOf, productOf, reviewOf, siteOf } from './catalog.ts';
import { bySecond, type Ends, endsOf, error2, error3, idsOf, list2, list3 } from './lists.ts';
import { couponsOf, orderOf, refundOf, shipmentOf } from './orders.ts';
import { attributesOf, customerOf, subscriberOf } from './people.ts';

/** The handler of a path, with its groups as arguments. */
export type Handler = (request: ShopRequest, parts: readonly string[]) => ShopAnswer;

/** Changes the consents of a subscriber, like `PUT`. */
export function changeSubscriber({ model }: ViewContext, id: number, body: string): ShopAnswer {
  const found = model.tables.consent.find(id);
  if (found?.channel !== 'email') return missing3();
  const { consents } = JSON.parse(body) as { readonly consents?: readonly string[] };
  if (!Array.isArray(consents)) return error3(422, 'Unprocessable Entity');
  const state = consents.includes('marketing_newsletter') ? 'subscribed' : 'unsubscribed';
  const changed = model.customers.say({ ...found, state, origin: 'import' });
  return answer({ data: subscriberOf(changed), meta: {} });
}

/** The readable paths with their handlers. */
export function readers(context: ViewContext, base: () => string): readonly (readonly [RegExp, Handler])[] {
  return [
    ...orderRoutes(context, base),
    ...peopleRoutes(context),
    ...catalogRoutes(context),
    ...cartRoutes(context),
    ...storeRoutes(context),
  ];
}

function orderRoutes(
  { model, spoil }: ViewContext,
  base: () => string,
): readonly (readonly [RegExp, Handler])[] {
  const orders = model.tables.order;
  const render = (query: URLSearchParams) => (rows: readonly Order[]) => {
    spoil('order', rows);
    return rows.map((order) => orderOf(model, order, base(), isWhole(query)));
  };
  const part =
    (rows: (order: Order) => readonly unknown[]): Handler =>
    ({ query }, [id = '']) => {
      const order = orders.find(Number(id));
      return order === undefined ? missing2() : list2(rows(order), query, (page) => page);
    };
  const refunds = (query: URLSearchParams) => {
    const of = idsOf(query, 'order_id:in');
    const made = endsOf(query, 'created:min', 'created:max') ?? {};
    const those = of === undefined ? orders.all() : [...of].flatMap((id) => orders.find(Number(id)) ?? []);
    return those
      .flatMap((order) => order.refunds.map((refund) => ({ order, refund })))
      .filter(({ refund }) => within(refund.at, made))
      .sort((a, b) => a.refund.id - b.refund.id);
  };
  return [
    [
      /^v2\/orders$/,
      ({ query }) => {
        const rows = ordersFor(query, model);
        return rows === undefined ? error2(400, 'A date is invalid.') : list2(rows, query, render(query));
      },
    ],
    [
      /^v2\/orders\/count$/,
      ({ query }) => {
        const rows = ordersFor(query, model);
        return rows === undefined
          ? error2(400, 'A date is invalid.')
          : answer({ statuses: [], count: rows.length });
      },
    ],
    [
      /^v2\/orders\/(\d+)$/,
      ({ query }, [id = '']) => {
        const order = orders.find(Number(id));
        return order === undefined ? missing2() : answer(render(query)([order])[0]);
      },
    ],
    [/^v2\/orders\/(\d+)\/coupons$/, part(couponsOf)],
    [/^v2\/orders\/(\d+)\/shipments$/, part((order) => order.shipments.map((one) => shipmentOf(order, one)))],
    [
      /^v3\/orders\/payment_actions\/refunds$/,
      ({ query }) =>
        list3(refunds(query), query, (rows) => rows.map(({ order, refund }) => refundOf(order, refund))),
    ],
  ];
}

/** The orders of a query; undefined when a date is invalid. */
function ordersFor(query: URLSearchParams, { tables }: ViewContext['model']): Rows<Order> | undefined {
  const changed = endsOf(query, 'min_date_modified', 'max_date_modified');
  const made = endsOf(query, 'min_date_created', 'max_date_created');
  if (changed === undefined || made === undefined) return undefined;
  const { order, cart } = tables;
  const wanted = query.get('cart_id');
  // Generated past orders have no cart.
  if (wanted !== null)
    return order
      .present()
      .filter(({ cartId }) => cartId !== undefined && cart.get(cartId).uuid === wanted)
      .filter((one) => within(one.updatedAt, changed) && within(one.createdAt, made));
  const sort = query.get('sort') ?? '';
  const by = sort.startsWith('date_modified') ? 'updatedAt' : 'createdAt';
  const [span, other] = by === 'updatedAt' ? [changed, made] : [made, changed];
  const rows = order.between(by, span.from, span.to, (present) =>
    sort.startsWith('date_') ? bySecond(present, (one) => one[by]) : present,
  );
  if (other.from === undefined && other.to === undefined) return rows;
  const place = by === 'updatedAt' ? 'createdAt' : 'updatedAt';
  return rows.slice(0, rows.length).filter((one) => within(one[place], other));
}

function peopleRoutes({ model, spoil }: ViewContext): readonly (readonly [RegExp, Handler])[] {
  const { customer, consent, group } = model.tables;
  const subscribers = () => consent.all().filter(({ channel }) => channel === 'email');
  return [
    [
      /^v3\/customers$/,
      ({ query }) => {
        const changed = endsOf(query, 'date_modified:min', 'date_modified:max');
        const made = endsOf(query, 'date_created:min', 'date_created:max');
        if (changed === undefined || made === undefined) return error3(422, 'Unprocessable Entity');
        const ids = idsOf(query, 'id:in');
        const meant = customer
          .all()
          .filter(
            ({ id, createdAt, updatedAt }) =>
              (ids === undefined || ids.has(String(id))) &&
              within(updatedAt, changed) &&
              within(createdAt, made),
          );
        const isByChange = query.get('sort')?.startsWith('date_modified') === true;
        const rows = bySecond(meant, ({ createdAt, updatedAt }) => (isByChange ? updatedAt : createdAt));
        const include = idsOf(query, 'include') ?? new Set<string>();
        const names = attributesOf(customer.all());
        return list3(rows, query, (page) => {
          spoil('customer', page as typeof rows);
          return page.map((one) => customerOf(one, include, names));
        });
      },
    ],
    [
      /^v3\/customers\/attributes$/,
      ({ query }) => list3(attributesOf(customer.all()), query, (rows) => rows),
    ],
    [
      /^v2\/customer_groups$/,
      ({ query }) =>
        list2(group.all(), query, (rows) => rows.map(({ id, name }) => ({ id, name, is_default: false }))),
    ],
    [
      /^v3\/customers\/subscribers$/,
      ({ query }) => {
        const changed = endsOf(query, 'date_modified:min', 'date_modified:max');
        const made = endsOf(query, 'date_created:min', 'date_created:max');
        if (changed === undefined || made === undefined) return error3(422, 'Unprocessable Entity');
        const of = query.get('email');
        const rows = subscribers().filter(
          ({ createdAt, updatedAt, email }) =>
            within(updatedAt, changed) && within(createdAt, made) && (of === null || email === of),
        );
        return list3(rows, query, (page) => page.map(subscriberOf));
      },
    ],
    [
      /^v3\/customers\/subscribers\/(\d+)$/,
      (_request, [id = '']) => {
        const found = subscribers().find((one) => one.id === Number(id));
        return found === undefined ? missing3() : answer({ data: subscriberOf(found), meta: {} });
      },
    ],
  ];
}

function catalogRoutes({ model, spoil }: ViewContext): readonly (readonly [RegExp, Handler])[] {
  const { product, category, review } = model.tables;
  const shown = () => review.all().filter(({ status }) => status === 'approved');
  const render = (one: ReturnType<typeof product.get>) => {
    const count = shown().filter(({ productId }) => productId === one.id).length;
    return productOf(model, one, currencyOf(model), count);
  };
  return [
    [
      /^v3\/catalog\/products$/,
      ({ query }) => {
        const changed = endsOf(query, 'date_modified:min', 'date_modified:max');
        if (changed === undefined) return error3(422, 'Unprocessable Entity');
        const after = Number(query.get('id:greater') ?? 0);
        const meant = product.all().filter(({ id, updatedAt }) => id > after && within(updatedAt, changed));
        const rows =
          query.get('sort') === 'date_modified' ? bySecond(meant, ({ updatedAt }) => updatedAt) : meant;
        return list3(rows, query, (page) => {
          spoil('product', page as typeof rows);
          return page.map(render);
        });
      },
    ],
    [
      /^v3\/catalog\/products\/(\d+)$/,
      (_request, [id = '']) => {
        const found = product.find(Number(id));
        return found === undefined ? missing3() : answer({ data: render(found), meta: {} });
      },
    ],
    [
      /^v3\/catalog\/products\/(\d+)\/reviews$/,
      ({ query }, [id = '']) => {
        const rows = review.all().filter(({ productId }) => productId === Number(id));
        return list3(rows, query, (page) => page.map(reviewOf));
      },
    ],
    [
      /^v3\/catalog\/categories$/,
      ({ query }) => list3(category.all(), query, (rows) => rows.map(categoryOf)),
    ],
    [/^v3\/catalog\/brands$/, ({ query }) => list3(brandsOf(model), query, (rows) => rows)],
  ];
}

function cartRoutes({ model }: ViewContext): readonly (readonly [RegExp, Handler])[] {
  const cart = (uuid: string) => {
    const found = model.tables.cart.find(uuid);
    return found?.status === 'active' ? found : undefined;
  };
  return [
    [
      /^v3\/carts\/([\w-]+)$/,
      (_request, [id = '']) => {
        const found = cart(id);
        return found === undefined ? missing3() : answer({ data: cartOf(model, found), meta: {} });
      },
    ],
    [
      /^v3\/checkouts\/([\w-]+)$/,
      (_request, [id = '']) => {
        const found = cart(id);
        return found === undefined ? missing3() : answer({ data: checkoutOf(model, found), meta: {} });
      },
    ],
    [
      /^v3\/abandoned-carts\/(\w+)$/,
      (_request, [token]) => {
        const found = model.tables.cart
          .all()
          .find((one) => one.abandonedAt !== undefined && tokenOf(one) === token);
        return found === undefined ? missing3() : answer({ data: { cart_id: found.uuid }, meta: {} });
      },
    ],
  ];
}

function storeRoutes({ model }: ViewContext): readonly (readonly [RegExp, Handler])[] {
  const { store } = model.tables;
  const one =
    (render: (found: ReturnType<typeof store.get>) => unknown): Handler =>
    (_request, [id = '']) => {
      const found = store.find(Number(id));
      return found === undefined ? missing3() : answer({ data: render(found), meta: {} });
    };
  return [
    [
      /^v2\/store$/,
      () => {
        const [first] = store.all();
        const { id = 1, name = 'Shop', url = '', timeZone = 'UTC', locale = 'en' } = first ?? {};
        const facts = {
          domain: new URL(url || 'https://shop.example').host,
          secure_url: url,
          language: locale.slice(0, 2),
        };
        const money = { currency: currencyOf(model), decimal_places: 2, is_price_entered_with_tax: false };
        return answer({
          id: 'sandbox',
          name,
          status: 'live',
          timezone: { name: timeZone },
          ...facts,
          ...money,
          default_channel_id: id,
        });
      },
    ],
    [
      /^v3\/settings\/store\/locale$/,
      ({ query }) => {
        const found = store.find(Number(query.get('channel_id') ?? 1));
        if (found === undefined) return missing3();
        const { locale, country } = found;
        const data = { default_shopper_language: locale, store_country: country };
        return answer({ data, meta: {} });
      },
    ],
    [/^v3\/channels$/, ({ query }) => list3(store.all(), query, (rows) => rows.map(channelOf))],
    [/^v3\/channels\/(\d+)$/, one(channelOf)],
    [/^v3\/channels\/(\d+)\/site$/, one(siteOf)],
  ];
}

function currencyOf(model: ViewContext['model']): string {
  return model.tables.store.all()[0]?.currency ?? 'EUR';
}

function within(at: number, { from = -Infinity, to = Infinity }: Ends): boolean {
  return at >= from && at <= to;
}

function isWhole(query: URLSearchParams): boolean {
  return query.get('include')?.includes('consignments.line_items') === true;
}

function missing2(): ShopAnswer {
  return error2(404, 'The requested resource was not found.');
}

function missing3(): ShopAnswer {
  return error3(404, 'Not Found');
}
