import type { CartState, ShopLine, ShopState } from '@waybill/core';

import { addressOf } from './address.ts';
import type { Catalog, CatalogEntry } from '../catalog.ts';
import { known, type JsonObject, objectsOf } from '../../read.ts';
import { idOf, memberOf, numberOf, textOf, timeOf } from '../json.ts';
import { type Money, moneyIn } from './order-lines.ts';
import { storeOf, type StoreView } from '../stores.ts';

/** A cart with its totals. */
export interface CartRow {
  readonly cart: JsonObject;
  /** Absent for one that is empty, ended, or anonymous. */
  readonly totals?: JsonObject | undefined;
  readonly view?: StoreView | undefined;
  readonly catalog: Catalog;
}

/** Returns the e-mail address of a cart; that of a guest is in the billing address from the checkout on. */
export function emailOf(cart: JsonObject): string | undefined {
  return textOf(memberOf(cart['customer'], 'email')) ?? textOf(memberOf(cart['billing_address'], 'email'));
}

/** Converts a cart to states. Throws for one without an ID or a currency. */
export function cartStates(row: CartRow): readonly ShopState[] {
  const { cart, totals, view } = row;
  const id = idOf(cart['id']);
  const currency = textOf(memberOf(cart['currency'], 'quote_currency_code')) ?? view?.currency;
  if (id === undefined || currency === undefined) throw new Error('The cart has no id or no currency.');
  const money = moneyIn(currency);
  const customer = cart['customer'];
  const customerId = idOf(memberOf(customer, 'id'));
  const address = addressOf(cart['billing_address']);
  const coupon = textOf(totals?.['coupon_code']);
  const status = statusOf(cart);
  const state: CartState = {
    id,
    createdAt: timeOf(cart['created_at']),
    updatedAt: timeOf(cart['updated_at']) ?? timeOf(cart['created_at']),
    status,
    checkoutAt: hasCheckout(cart) ? (timeOf(cart['updated_at']) ?? timeOf(cart['created_at'])) : undefined,
    customer: known({
      id: customerId,
      email: emailOf(cart),
      phone: address?.phone,
      firstName: textOf(memberOf(customer, 'firstname')) ?? address?.firstName,
      lastName: textOf(memberOf(customer, 'lastname')) ?? address?.lastName,
    }),
    currency,
    ...(totals === undefined ? {} : totalsIn(totals, money)),
    coupons: coupon === undefined ? undefined : [coupon],
    lines: objectsOf(cart['items']).map((item) => lineOf(item, row, money)),
    // A guest cannot return to a cart by a link.
    url: view?.baseUrl === undefined || customerId === undefined ? undefined : `${view.baseUrl}checkout/cart`,
    store: storeOf(idOf(cart['store_id']), view),
  };
  return [known({ kind: 'cart' as const, ...state })];
}

/** An order uses the number that the cart reserved; a cart that ends without one was merged into another. */
function statusOf(cart: JsonObject): CartState['status'] {
  if (cart['is_active'] === true) return 'active';
  return textOf(cart['reserved_order_id']) === undefined ? 'gone' : 'ordered';
}

/** Whether the checkout has started: a shipping method was chosen, or a guest entered an address. */
function hasCheckout(cart: JsonObject): boolean {
  const [assignment] = objectsOf(memberOf(cart['extension_attributes'], 'shipping_assignments'));
  if (textOf(memberOf(assignment?.['shipping'], 'method')) !== undefined) return true;
  if (textOf(cart['reserved_order_id']) !== undefined) return true;
  const isGuest = idOf(memberOf(cart['customer'], 'id')) === undefined;
  return isGuest && textOf(memberOf(cart['billing_address'], 'email')) !== undefined;
}

/** The totals of a cart. Where prices include tax, discounts do too: the rest of the total is net. */
function totalsIn(totals: JsonObject, money: Money): Partial<CartState> {
  const of = (name: string): number => money(totals[name]) ?? 0;
  const shipping = of('shipping_amount') - of('shipping_discount_amount');
  const subtotal = hasTaxedDiscount(totals, money)
    ? of('grand_total') - of('tax_amount') - shipping
    : of('subtotal') - (Math.abs(of('discount_amount')) - of('shipping_discount_amount'));
  return {
    subtotal,
    discount: of('subtotal') - subtotal + of('shipping_discount_amount'),
    shipping,
    tax: of('tax_amount'),
    total: of('grand_total'),
  };
}

/** Whether discounts apply to gross prices: then they exceed the difference of the totals. */
function hasTaxedDiscount(totals: JsonObject, money: Money): boolean {
  const of = (name: string): number => money(totals[name]) ?? 0;
  const parts = of('subtotal') - Math.abs(of('discount_amount')) + of('shipping_amount') + of('tax_amount');
  return of('discount_amount') !== 0 && of('grand_total') > parts;
}

function lineOf(item: JsonObject, { cart, totals, catalog }: CartRow, money: Money): ShopLine {
  const sku = textOf(item['sku']);
  const name = textOf(item['name']);
  const { whole, chosen } = productsOf(item, catalog);
  const costs = objectsOf(totals?.['items']).find(
    (one) => textOf(one['item_id']) === textOf(item['item_id']),
  );
  const discount = costs && totals && discountOf(costs, { item, cart, totals }, money);
  const row = money(costs?.['row_total']);
  return known({
    id: idOf(item['item_id']),
    productId: (whole ?? chosen)?.id ?? sku ?? name ?? '',
    variantId: whole === chosen ? undefined : chosen?.id,
    sku,
    name: name ?? sku ?? '',
    quantity: numberOf(item['qty']) ?? 0,
    price: money(costs?.['price']) ?? money(item['price']),
    total: row === undefined ? undefined : row - (discount ?? 0),
    discount,
    tax: money(costs?.['tax_amount']),
    variant: item['product_type'] === 'configurable' ? optionsOf(costs) : undefined,
  });
}

/** The net discount of an item. Parts of a bundle are not listed, so the rest belongs to the only bundle. */
function discountOf(
  costs: JsonObject,
  {
    item,
    cart,
    totals,
  }: { readonly item: JsonObject; readonly cart: JsonObject; readonly totals: JsonObject },
  money: Money,
): number | undefined {
  const own = money(costs['discount_amount']);
  const bundles = objectsOf(cart['items']).filter((one) => one['product_type'] === 'bundle');
  if (own === 0 && bundles.length === 1 && bundles[0] === item) {
    const all = objectsOf(totals['items']).reduce(
      (sum, one) => sum + (money(one['discount_amount']) ?? 0),
      0,
    );
    const whole =
      Math.abs(money(totals['discount_amount']) ?? 0) - (money(totals['shipping_discount_amount']) ?? 0);
    return withoutTax(whole - all, costs, totals, money);
  }
  return own === undefined ? undefined : withoutTax(own, costs, totals, money);
}

function withoutTax(off: number, costs: JsonObject, totals: JsonObject, money: Money): number {
  const percent = numberOf(costs['tax_percent']) ?? 0;
  return hasTaxedDiscount(totals, money) ? Math.round((off * 100) / (100 + percent)) : off;
}

/**
 * The product of an item, and its chosen variant. A cart only has the SKU of the variant, so the product is found by its name.
 */
function productsOf(
  { product_type: type, sku, name }: JsonObject,
  catalog: Catalog,
): { readonly whole?: CatalogEntry | undefined; readonly chosen?: CatalogEntry | undefined } {
  const chosen = catalog[`sku ${textOf(sku)}`];
  if (type !== 'configurable' && type !== 'bundle') return { whole: chosen, chosen };
  const named = catalog[`name ${textOf(name)}`];
  const isIts = type === 'bundle' || chosen === undefined || named?.children.includes(chosen.id) === true;
  return { whole: isIts ? named : undefined, chosen };
}

/** The chosen options as a string: "Red, XL". */
function optionsOf(costs: JsonObject | undefined): string | undefined {
  const text = textOf(costs?.['options']);
  if (text === undefined) return undefined;
  try {
    const options = objectsOf(JSON.parse(text));
    return textOf(options.flatMap((one) => textOf(one['value']) ?? []).join(', '));
  } catch {
    return undefined;
  }
}
