import type { Storefront } from '../core/start.ts';
import { whenThere } from '../core/wait.ts';
import {
  compact,
  idOf,
  lastOf,
  listOf,
  MOST_PRODUCTS,
  numberOf,
  objectOf,
  type Properties,
} from '../core/values.ts';

/** A part of the store's data layer: one function per event, which takes a listener. */
type Part = Readonly<Record<string, ((heard: (payload: unknown) => void) => void) | undefined>>;

function eventsOfPage(): Readonly<Record<string, Part | undefined>> | undefined {
  return (window as unknown as { bodlEvents?: Readonly<Record<string, Part | undefined>> }).bodlEvents;
}

function productOf(line: Properties, index: number): Properties {
  const categories =
    line['category_names'] ?? (line['category_name'] === undefined ? undefined : [line['category_name']]);
  return compact({
    product_id: idOf(line['product_id']),
    variant_id: idOf(line['variant_id']),
    sku: idOf(line['sku'] ?? line['product_sku']),
    name: line['product_name'],
    brand: line['brand_name'],
    category: lastOf(categories),
    categories,
    price: numberOf(line['purchase_price'] ?? line['sale_price'] ?? line['price'] ?? line['base_price']),
    quantity: numberOf(line['quantity']),
    currency: line['currency'],
    position: index + 1,
  });
}

function sharedOf(payload: Properties): Properties {
  const { currency, product_value, cart_value, coupon_codes } = payload;
  const coupons = Array.isArray(coupon_codes) ? (coupon_codes as unknown[]) : [];
  return compact({
    currency,
    value: numberOf(product_value ?? cart_value),
    coupon: coupons[0] ?? payload['coupon'],
  });
}

/** Listens to BigCommerce's data layer; `learnCart` receives data with the cart ID. */
export function listenToBodl(storefront: Storefront, learnCart: (payload: Properties) => void): void {
  whenThere(eventsOfPage, (events) => {
    const on = (part: string, name: string, heard: (payload: Properties) => void): void =>
      events[part]?.[name]?.((payload) => heard(objectOf(payload)));
    const each = (event: string) => (payload: Properties) => {
      const lines = listOf(payload['line_items']);
      const shared = lines.length === 1 ? sharedOf(payload) : {};
      for (const [index, line] of lines.slice(0, MOST_PRODUCTS).entries())
        storefront.track(event, { ...shared, ...productOf(line, index) });
    };
    const all = (event: string) => (payload: Properties) => {
      const products = listOf(payload['line_items']).slice(0, MOST_PRODUCTS).map(productOf);
      const { category_id, category_name, search_keyword } = payload;
      const list = { list_id: idOf(category_id), category: category_name, query: search_keyword };
      storefront.track(event, { ...sharedOf(payload), ...list, products });
    };
    const ofCart = (say: (payload: Properties) => void) => (payload: Properties) => {
      learnCart(payload);
      say(payload);
    };
    on('product', 'pageViewed', each('Product Viewed'));
    on('product', 'categoryViewed', all('Product List Viewed'));
    on('product', 'searchPerformed', all('Products Searched'));
    on('cart', 'addItem', ofCart(each('Product Added')));
    on('cart', 'removeItem', ofCart(each('Product Removed')));
    on('cart', 'viewed', ofCart(all('Cart Viewed')));
    on('checkout', 'checkoutBegin', ofCart(all('Checkout Started')));
    on('checkout', 'paymentDetailsProvided', all('Payment Info Entered'));
    on('checkout', 'orderPurchased', () => storefront.ordered());
    // The store's own banner: what is stored here is for analytics and marketing.
    for (const name of ['loaded', 'updated'])
      on('consent', name, ({ analytics, advertising }) => {
        if (typeof analytics === 'boolean') storefront.consent(analytics && advertising !== false);
      });
  });
}
