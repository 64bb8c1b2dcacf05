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
import type { Storefront } from '../core/start.ts';

/** The used part of the Adobe Client Data Layer. */
interface DataLayer {
  addEventListener(event: 'adobeDataLayer:event', heard: (entry: unknown) => void): void;
  getState?(name?: string): unknown;
}

/**
 * Listens to Adobe's storefront events, if the shop has them; `onHeard` is called when it does. The data layer runs a pushed
 * function, even if it is loaded later.
 */
export function listenToAdobe(
  storefront: Storefront,
  learnCart: (id: unknown) => void,
  onHeard: () => void,
): void {
  const page = window as unknown as { adobeDataLayer?: unknown[] };
  (page.adobeDataLayer ??= []).push((layer: DataLayer) => {
    layer.addEventListener('adobeDataLayer:event', (entry) => {
      const { event, eventInfo } = objectOf(entry);
      const act = entryOf(EVENTS, event);
      if (act === undefined) return;
      onHeard();
      const info = objectOf(eventInfo);
      const context = (name: string): Properties => objectOf(info[name] ?? layer.getState?.(name));
      learnCart(context('shoppingCartContext')['id']);
      act(storefront, context);
    });
  });
}

type Act = (storefront: Storefront, context: (name: string) => Properties) => void;

const EVENTS: Readonly<Record<string, Act>> = {
  'product-page-view': ({ track }, context) => track('Product Viewed', productOf(context('productContext'))),
  'add-to-cart': ({ track }, context) => each(track, 'Product Added', context),
  'remove-from-cart': ({ track }, context) => each(track, 'Product Removed', context),
  'shopping-cart-view': ({ track }, context) => track('Cart Viewed', cartOf(context('shoppingCartContext'))),
  'initiate-checkout': ({ track }, context) =>
    track('Checkout Started', cartOf(context('shoppingCartContext'))),
  'search-results-view': ({ track }, context) => results(track, context),
  'place-order': (storefront) => storefront.ordered(),
};

function each(track: Storefront['track'], event: string, context: (name: string) => Properties): void {
  const changed = listOf(context('changedProductsContext')['items']);
  const products = changed.length > 0 ? changed.map(lineOf) : [productOf(context('productContext'))];
  for (const product of products.slice(0, MOST_PRODUCTS)) track(event, product);
}

function results(track: Storefront['track'], context: (name: string) => Properties): void {
  const query = listOf(context('searchInputContext')['units'])[0]?.['phrase'];
  const found = listOf(listOf(context('searchResultsContext')['units'])[0]?.['products']);
  const products = found.slice(0, MOST_PRODUCTS).map(productOf);
  if (typeof query === 'string' && query !== '') track('Products Searched', { query, products });
  else track('Product List Viewed', { products });
}

function productOf(product: Properties): Properties {
  const pricing = objectOf(product['pricing']);
  const categories = Array.isArray(product['categories']) ? (product['categories'] as unknown[]) : undefined;
  return compact({
    product_id: idOf(product['productId']),
    sku: product['sku'],
    name: product['name'],
    categories,
    category: lastOf(categories),
    price:
      numberOf(pricing['specialPrice']) ??
      numberOf(pricing['minimalPrice']) ??
      numberOf(pricing['regularPrice']) ??
      numberOf(product['price']),
    currency: pricing['currencyCode'],
    url: product['canonicalUrl'] ?? product['url'],
    image_url: product['mainImageUrl'] ?? product['imageUrl'],
  });
}

function lineOf(line: Properties): Properties {
  const price = objectOf(objectOf(line['prices'])['price']);
  return compact({
    ...productOf(objectOf(line['product'])),
    price: numberOf(price['value']) ?? productOf(objectOf(line['product']))['price'],
    currency: price['currency'] ?? productOf(objectOf(line['product']))['currency'],
    quantity: numberOf(line['quantity']),
  });
}

function cartOf(cart: Properties): Properties {
  const prices = objectOf(cart['prices']);
  const subtotal = objectOf(prices['subtotalExcludingTax'] ?? prices['subtotalIncludingTax']);
  return compact({
    value: numberOf(subtotal['value']),
    currency: subtotal['currency'],
    products: listOf(cart['items']).slice(0, MOST_PRODUCTS).map(lineOf),
  });
}
