import type { Storefront } from '../core/start.ts';
import {
  compact,
  entryOf,
  idOf,
  lastOf,
  listOf,
  MOST_PRODUCTS,
  numberOf,
  objectOf,
  type Properties,
} from '../core/values.ts';

/** Events of Google Analytics 4 with their names in the spec, per product or for all products. */
const EVENTS: Readonly<Record<string, readonly [name: string, kind: 'each' | 'list' | 'cart' | 'search']>> = {
  view_item: ['Product Viewed', 'each'],
  select_item: ['Product Clicked', 'each'],
  view_item_list: ['Product List Viewed', 'list'],
  view_search_results: ['Products Searched', 'search'],
  search: ['Products Searched', 'search'],
  add_to_cart: ['Product Added', 'each'],
  remove_from_cart: ['Product Removed', 'each'],
  view_cart: ['Cart Viewed', 'cart'],
  begin_checkout: ['Checkout Started', 'cart'],
  add_payment_info: ['Payment Info Entered', 'cart'],
};

/** Listens to the `dataLayer` of Google Analytics 4, including earlier entries. */
export function listenToDataLayer(storefront: Storefront): void {
  const page = window as unknown as { dataLayer?: unknown[] };
  const layer = (page.dataLayer ??= []);
  const hear = (entry: unknown): void => {
    try {
      said(entry, storefront);
    } catch {
      // A listener must not break the page's own pushes.
    }
  };
  for (const one of layer.slice()) hear(one);
  const push = layer.push;
  layer.push = function (...entries) {
    const length = push.apply(this, entries);
    entries.forEach(hear);
    return length;
  };
}

/** An entry is an object with an event, or the arguments of `gtag('event', name, values)`. */
function said(entry: unknown, storefront: Storefront): void {
  const given = objectOf(entry);
  const isCall = given[0] === 'event';
  const name = isCall ? given[1] : given['event'];
  const values = objectOf(isCall ? given[2] : (given['ecommerce'] ?? given));
  storefront.cart(idOf(values['cart_id']) ?? idOf(given['cart_id']));
  if (name === 'purchase') storefront.ordered(values['transaction_id']);
  const [event, kind] = entryOf(EVENTS, name) ?? [];
  if (event === undefined) return;
  const { currency, value, coupon, payment_type } = values;
  const products = listOf(values['items']).slice(0, MOST_PRODUCTS).map(productOf);
  const shared = compact({ currency, value: numberOf(value), coupon });
  if (kind === 'each') {
    // The value is the total of all.
    const own = products.length === 1 ? shared : compact({ currency, coupon });
    for (const product of products) storefront.track(event, { ...own, ...product });
  } else if (kind === 'cart') {
    storefront.track(event, { ...shared, products, payment_method: payment_type });
  } else {
    const query = values['search_term'] ?? given['search_term'];
    const { item_list_id: list_id, item_list_name: category } = values;
    storefront.track(event, { ...shared, query, list_id, category, products });
  }
}

function productOf(item: Properties): Properties {
  const categories = [
    'item_category',
    'item_category2',
    'item_category3',
    'item_category4',
    'item_category5',
  ].flatMap((name) => (typeof item[name] === 'string' && item[name] !== '' ? [item[name]] : []));
  return compact({
    product_id: idOf(item['item_id'] ?? item['id']),
    sku: idOf(item['item_sku'] ?? item['sku']),
    name: item['item_name'] ?? item['name'],
    brand: item['item_brand'],
    category: lastOf(categories),
    categories: categories.length > 0 ? categories : undefined,
    variant: item['item_variant'],
    price: numberOf(item['price']),
    quantity: numberOf(item['quantity']),
    coupon: item['coupon'],
    position: numberOf(item['index']),
    url: item['item_url'] ?? item['url'],
    image_url: item['item_image'] ?? item['image_url'],
  });
}
