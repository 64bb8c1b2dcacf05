import { answer, type ShopAnswer, type ViewContext } from '../frame/index.ts';
import type { Kind } from '../model/index.ts';
import { cartOf, cartsOf, recurringOf } from './carts.ts';
import { customerOf, reviewOf } from './customers.ts';
import { error, listOf } from './lists.ts';
import { orderOf, ordersOf, paymentOf } from './orders.ts';
import { productOf, productsOf, storeOf } from './products.ts';
import type { Json } from './values.ts';

/** Answers a list, or one row by ID. */
export type Route = (query: URLSearchParams, id: string | undefined) => ShopAnswer;

interface Resource<T> {
  readonly kind: Kind;
  readonly rows: () => readonly T[];
  readonly render: (of: T, expand: ReadonlySet<string>) => Json;
}

const NOTHING: ReadonlySet<string> = new Set();

/** The lists of the project, by path. */
export function routesOf({ model, spoil }: ViewContext): ReadonlyMap<string, Route> {
  const { tables } = model;
  const route = <T extends { readonly id: number }>({ kind, rows, render }: Resource<T>): Route => {
    return (query, id) => {
      const expand = new Set(query.getAll('expand'));
      const shown = rows().map((of) => ({ of, row: render(of, NOTHING) }));
      if (id === undefined)
        return listOf(shown, query, (page) => {
          spoil(kind, page);
          return page.map((of) => render(of, expand));
        });
      const found = shown.find(({ row }) => row['id'] === id);
      const missing = `The Resource with ID '${id}' was not found.`;
      return found === undefined ? error(404, 'ResourceNotFound', missing) : answer(render(found.of, expand));
    };
  };
  return new Map([
    [
      'orders',
      route({ kind: 'order', rows: () => ordersOf(model), render: (of, e) => orderOf(model, of, e) }),
    ],
    [
      'payments',
      route({
        kind: 'order',
        rows: () => ordersOf(model),
        render: (of) => paymentOf(of, tables.store.get(of.storeId)),
      }),
    ],
    ['carts', route({ kind: 'cart', rows: () => cartsOf(model), render: (of, e) => cartOf(model, of, e) })],
    [
      'customers',
      route({
        kind: 'customer',
        rows: () => tables.customer.all(),
        render: (of, e) => customerOf(model, of, e),
      }),
    ],
    [
      'product-projections',
      route({ kind: 'product', rows: () => productsOf(model), render: (of, e) => productOf(model, of, e) }),
    ],
    [
      'reviews',
      route({ kind: 'review', rows: () => tables.review.all(), render: (of, e) => reviewOf(model, of, e) }),
    ],
    [
      'recurring-orders',
      route({
        kind: 'subscription',
        rows: () => tables.subscription.all(),
        render: (of, e) => recurringOf(model, of, e),
      }),
    ],
    ['stores', route({ kind: 'store', rows: () => tables.store.all(), render: storeOf })],
  ]);
}
