import { answer, type ShopAnswer, type ShopRequest, type ViewContext } from '../frame/index.ts';
import type { Kind, ShopModel } from '../model/index.ts';
import { cartField, cartRow, cartsOf, totalsRow } from './carts.ts';
import { brandOptions, categoryRows, itemsOf, productField, productRow } from './catalog.ts';
import { find, type Listing, UnknownField } from './criteria.ts';
import { customerField, customerRow, GROUPS_FROM } from './customers.ts';
import { project } from './fields.ts';
import { memoRow, partField, partsOf, shipmentRow } from './order-parts.ts';
import { orderField, orderRow } from './orders.ts';
import { configRows, viewRows, websiteRows } from './stores.ts';
import type { Row } from './values.ts';

type Api = Pick<ViewContext, 'model' | 'spoil'>;

/** Creates an error of Magento. */
export function complaint(status: number, message: string, parameters?: unknown): ShopAnswer {
  return answer({ message, ...(parameters === undefined ? {} : { parameters }) }, status);
}

const ROUTE = /^\/rest\/(?:[\w-]+\/)?V1\/(.+)$/;

/** Answers an authorised call to the API. */
export function apiAnswer(request: ShopRequest, api: Api): ShopAnswer {
  const path = ROUTE.exec(request.path)?.[1];
  const found = path === undefined ? undefined : (listed(path, request, api) ?? one(path, api));
  if (found === undefined) return complaint(404, 'Request does not match any route.');
  if ('status' in found) return found;
  return answer(project(found.body, request.query.get('fields')));
}

/** Changes the newsletter consent of a customer, like `PUT /V1/customers/{id}`. */
export function changeCustomer({ path, body }: ShopRequest, model: ShopModel): ShopAnswer {
  const id = Number(/^\/rest\/(?:[\w-]+\/)?V1\/customers\/(\d+)$/.exec(path)?.[1]);
  const found = model.tables.customer.find(id);
  if (found === undefined) return missing('customerId', id);
  const { customer } = JSON.parse(body) as { readonly customer?: Row };
  for (const name of ['email', 'firstname', 'lastname'])
    if (typeof customer?.[name] !== 'string')
      return complaint(400, '"%fieldName" is required. Enter and try again.', { fieldName: name });
  const { is_subscribed: takes } = (customer?.['extension_attributes'] ?? {}) as Row;
  if (typeof takes === 'boolean') {
    const { email, storeId } = found;
    const state = takes ? 'subscribed' : 'unsubscribed';
    model.customers.say({ storeId, email, channel: 'email', state, origin: 'import' });
    // Unlike in the storefront, the time of the customer changes.
    model.customers.update(id, {});
  }
  return answer(customerRow(model, model.tables.customer.get(id)));
}

interface Body {
  readonly body: unknown;
}

/** The names of rows for faults of pages. */
interface Spoiling<T> {
  readonly kind: Kind;
  readonly idOf: (row: T) => number;
}

function listed(path: string, { query }: ShopRequest, { model, spoil }: Api): Body | ShopAnswer | undefined {
  const list = <T>(listing: Listing<T>, spoiling?: Spoiling<T>): Body | ShopAnswer => {
    try {
      const { page, total, asked } = find(query, listing);
      if (spoiling !== undefined)
        spoil(
          spoiling.kind,
          page.map((row) => ({ id: spoiling.idOf(row) })),
        );
      return { body: { items: page.map(listing.render), search_criteria: asked, total_count: total } };
    } catch (error) {
      if (error instanceof UnknownField)
        return complaint(500, 'Internal Error. Details are available in log.');
      throw error;
    }
  };
  const plain = (rows: readonly Row[]): Body | ShopAnswer =>
    list({ rows, fieldOf: (row, field) => row[field] as string | number | undefined, render: (row) => row });
  switch (path) {
    case 'orders':
      return list(
        { rows: model.tables.order.all(), fieldOf: orderField, render: (one) => orderRow(model, one) },
        { kind: 'order', idOf: ({ id }) => id },
      );
    case 'creditmemos':
      return list({
        rows: partsOf(model, ({ refunds }) => refunds),
        fieldOf: partField,
        render: (one) => memoRow(model, one),
      });
    case 'shipments':
      return list({
        rows: partsOf(model, ({ shipments }) => shipments),
        fieldOf: partField,
        render: shipmentRow,
      });
    case 'carts/search':
      return list(
        { rows: cartsOf(model), fieldOf: cartField, render: (one) => cartRow(model, one) },
        { kind: 'cart', idOf: ({ id }) => id },
      );
    case 'customers/search':
      return list(
        {
          rows: model.tables.customer.all(),
          fieldOf: customerField,
          render: (one) => customerRow(model, one),
        },
        { kind: 'customer', idOf: ({ id }) => id },
      );
    case 'products':
      return list(
        { rows: itemsOf(model), fieldOf: productField, render: (one) => productRow(model, one) },
        { kind: 'product', idOf: ({ product }) => product.id },
      );
    case 'categories/list':
      return plain(categoryRows(model));
    case 'customerGroups/search':
      return plain([
        { id: 0, code: 'NOT LOGGED IN' },
        { id: 1, code: 'General' },
        ...model.tables.group.all().map(({ id, name }) => ({ id: GROUPS_FROM + id, code: name })),
      ]);
    case 'store/storeConfigs':
      return { body: configRows(model) };
    case 'store/storeViews':
      return { body: viewRows(model) };
    case 'store/websites':
      return { body: websiteRows(model) };
    case 'products/attributes/manufacturer/options':
      return { body: brandOptions(model) };
    default:
      return undefined;
  }
}

function one(path: string, { model, spoil }: Api): Body | ShopAnswer | undefined {
  const [, noun, text, below] = /^(orders|customers|carts)\/(\d+)(\/totals)?$/.exec(path) ?? [];
  const id = Number(text);
  if (noun === 'orders' && below === undefined) {
    const order = model.tables.order.find(id);
    if (order === undefined)
      return complaint(404, "The entity that was requested doesn't exist. Verify the entity and try again.");
    spoil('order', [order]);
    return { body: orderRow(model, order) };
  }
  if (noun === 'customers' && below === undefined) {
    const customer = model.tables.customer.find(id);
    return customer === undefined ? missing('customerId', id) : { body: customerRow(model, customer) };
  }
  if (noun === 'carts') {
    const cart = cartsOf(model).find((one) => one.id === id);
    if (cart === undefined || (below !== undefined && cart.status !== 'active')) return missing('cartId', id);
    return { body: below === undefined ? cartRow(model, cart) : totalsRow(model, cart) };
  }
  return undefined;
}

function missing(fieldName: string, fieldValue: number): ShopAnswer {
  return complaint(404, 'No such entity with %fieldName = %fieldValue', { fieldName, fieldValue });
}
