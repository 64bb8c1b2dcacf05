import type { Line, Product, ShopModel, Store } from '../model/index.ts';
import { idOf, money, reference, taxed } from './values.ts';

/** Lines of a cart or an order, without parts of bundles. */
export function linesOf(model: ShopModel, lines: readonly Line[], store: Store) {
  return lines.map((line) => lineOf(line, model.tables.product.find(line.productId), store));
}

function lineOf(line: Line, product: Product | undefined, { currency, country }: Store) {
  const variant = product?.variants.find(({ id }) => id === line.variantId);
  const value = money(line.price, currency);
  const off = Math.round(line.total / Math.max(1, line.quantity));
  const discounted = { value: money(off, currency), includedDiscounts: [] };
  return {
    id: line.uuid,
    productId: product?.uuid ?? idOf(`product ${line.productId}`),
    name: { en: line.name },
    productType: reference('product-type', idOf('product type')),
    productSlug: { en: product?.slug ?? line.sku.toLowerCase() },
    variant: {
      id: 1 + Math.max(0, product?.variants.findIndex(({ id }) => id === line.variantId) ?? 0),
      sku: line.sku,
      prices: [],
      images: [variant?.image ?? product?.images[0]]
        .filter((url) => url !== undefined)
        .map((url) => ({ url, dimensions: { w: 300, h: 300 } })),
      attributes: (variant?.options ?? []).map(({ name, value }) => ({ name: name.toLowerCase(), value })),
      assets: [],
    },
    price: { id: idOf(`price ${line.variantId}`), value },
    quantity: line.quantity,
    discountedPricePerQuantity:
      line.discount === 0 ? [] : [{ quantity: line.quantity, discountedPrice: discounted }],
    taxRate: { name: 'Tax', amount: line.taxRate / 10_000, includedInPrice: false, country, subRates: [] },
    perMethodTaxRate: [],
    totalPrice: money(line.total, currency),
    taxedPrice: taxed(line.total, line.tax, currency),
    taxedPricePortions: [],
    state: [{ quantity: line.quantity, state: reference('state', idOf('initial')) }],
    priceMode: 'Platform',
    lineItemMode: line.isGift ? 'GiftLineItem' : 'Standard',
  };
}

/** The shipping of an order or a cart, with its cost. */
export function shippingOf(
  of: { readonly shipping: number; readonly shippingTax: number; readonly shippingMethod: string },
  { currency }: Store,
  deliveries: readonly unknown[] = [],
) {
  const price = money(of.shipping, currency);
  return {
    shippingMethodName: of.shippingMethod,
    price,
    shippingRate: { price, tiers: [] },
    taxedPrice: taxed(of.shipping, of.shippingTax, currency),
    deliveries,
    shippingMethodState: 'MatchesCart',
  };
}

/** The discount code of an order or a cart, a separate resource. */
export function codesOf(coupon: string | undefined, expand: ReadonlySet<string>) {
  if (coupon === undefined) return [];
  const id = idOf(`code ${coupon}`);
  const obj = expand.has('discountCodes[*].discountCode') ? { obj: { id, code: coupon } } : {};
  return [{ discountCode: { ...reference('discount-code', id), ...obj }, state: 'MatchesCart' }];
}
