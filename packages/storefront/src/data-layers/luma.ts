import { compact, idOf, listOf, MOST_PRODUCTS, numberOf, objectOf, type Properties } from '../core/values.ts';
import { whenThere } from '../core/wait.ts';
import type { Storefront } from '../core/start.ts';

/** A section of the private content of the theme. */
interface Section {
  (): unknown;
  subscribe(heard: (value: unknown) => void): void;
}

type Require = (names: readonly string[], act: (data: { get(section: 'cart'): Section }) => void) => void;

/**
 * Listens to the Luma theme, and derived ones: the private content has the cart, and the page its product. Reports nothing while
 * `isQuiet`, because another listener does.
 */
export function listenToLuma(storefront: Storefront, isQuiet: () => boolean): void {
  whenThere(requireOfPage, (require) =>
    require(['Magento_Customer/js/customer-data'], (data) => {
      const cart = data.get('cart');
      let last = itemsOf(cart());
      cart.subscribe((value) => {
        const items = itemsOf(value);
        if (!isQuiet() && last !== undefined && items !== undefined) tellChanges(storefront, last, items);
        last = items ?? last;
      });
      tellPage(storefront, isQuiet, () => last);
    }),
  );
}

function requireOfPage(): Require | undefined {
  const { require } = window as unknown as { require?: unknown };
  return typeof require === 'function' ? (require as Require) : undefined;
}

/** The items of a cart by ID; undefined until the theme has read it. */
function itemsOf(cart: unknown): ReadonlyMap<string, Properties> | undefined {
  const { items } = objectOf(cart);
  if (!Array.isArray(items)) return undefined;
  return new Map(listOf(items).map((item) => [String(item['item_id']), item]));
}

function tellChanges(
  { track }: Storefront,
  before: ReadonlyMap<string, Properties>,
  after: ReadonlyMap<string, Properties>,
): void {
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const count = (items: ReadonlyMap<string, Properties>): number => numberOf(items.get(id)?.['qty']) ?? 0;
    const more = count(after) - count(before);
    const item = after.get(id) ?? before.get(id)!;
    if (more !== 0)
      track(more > 0 ? 'Product Added' : 'Product Removed', { ...lineOf(item), quantity: Math.abs(more) });
  }
}

function lineOf(item: Properties): Properties {
  return compact({
    product_id: idOf(item['product_id']),
    sku: item['product_sku'],
    name: item['product_name'],
    price: numberOf(item['product_price_value']),
    quantity: numberOf(item['qty']),
    url: item['product_url'],
    image_url: objectOf(item['product_image'])['src'],
  });
}

/** Reports the page: the theme marks it in body classes and meta tags. */
function tellPage(
  storefront: Storefront,
  isQuiet: () => boolean,
  items: () => ReadonlyMap<string, Properties> | undefined,
): void {
  const { classList } = document.body;
  if (classList.contains('checkout-onepage-success')) storefront.ordered();
  if (isQuiet()) return;
  const products = [...(items()?.values() ?? [])].slice(0, MOST_PRODUCTS).map(lineOf);
  if (classList.contains('catalog-product-view')) storefront.track('Product Viewed', productOfPage());
  else if (classList.contains('catalog-category-view'))
    storefront.track('Product List Viewed', { category: document.querySelector('h1')?.textContent?.trim() });
  else if (classList.contains('catalogsearch-result-index'))
    storefront.track('Products Searched', { query: new URLSearchParams(location.search).get('q') });
  else if (classList.contains('checkout-cart-index')) storefront.track('Cart Viewed', { products });
  else if (classList.contains('checkout-index-index')) storefront.track('Checkout Started', { products });
}

function productOfPage(): Properties {
  const meta = (name: string): string | undefined =>
    document.querySelector(`meta[property="${name}"]`)?.getAttribute('content') ?? undefined;
  const form = document.getElementById('product_addtocart_form');
  return compact({
    product_id: form?.querySelector<HTMLInputElement>('input[name="product"]')?.value,
    sku: form?.getAttribute('data-product-sku'),
    name: meta('og:title'),
    price: numberOf(meta('product:price:amount')),
    currency: meta('product:price:currency'),
    url: meta('og:url'),
    image_url: meta('og:image'),
  });
}
