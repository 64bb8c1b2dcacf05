import type { Cart, Line, ShopModel, Store } from '../model/index.ts';
import { totalsOf, withTax } from '../model/index.ts';
import { customerRow } from './customers.ts';
import { discountOf } from './lines.ts';
import { addressRow, decimal, type Row, timeText } from './values.ts';

const EMPTY_ADDRESS = {
  region: null,
  region_id: null,
  region_code: null,
  country_id: null,
  street: [''],
  telephone: null,
  postcode: null,
  city: null,
  firstname: null,
  lastname: null,
};

/** The existing carts. */
export function cartsOf(model: ShopModel): readonly Cart[] {
  return model.tables.cart.all().filter(({ status }) => status !== 'deleted');
}

/** A cart, as from `GET /V1/carts/{id}`: without totals. */
export function cartRow(model: ShopModel, cart: Cart): Row {
  const store = model.tables.store.get(cart.storeId);
  const customer = cart.customerId === undefined ? undefined : model.tables.customer.find(cart.customerId);
  const items = cart.lines.map((line) => itemRow(model, cart, line));
  // A guest is known from the checkout on.
  const email = cart.checkoutAt === undefined ? customer?.email : cart.email;
  const address =
    cart.billingAddress === undefined || email === undefined
      ? { ...EMPTY_ADDRESS, email: email ?? null }
      : addressRow(cart.billingAddress, email);
  const order = cart.orderId === undefined ? undefined : model.tables.order.find(cart.orderId);
  return {
    id: cart.id,
    created_at: timeText(cart.createdAt),
    updated_at: timeText(cart.updatedAt),
    is_active: cart.status === 'active',
    is_virtual: false,
    ...(cart.status === 'active' ? { items } : {}),
    items_count: items.length,
    items_qty: cart.lines.reduce((all, { quantity }) => all + quantity, 0),
    customer:
      customer === undefined
        ? { email: null, firstname: null, lastname: null }
        : customerRow(model, customer),
    billing_address: address,
    ...(order === undefined ? {} : { reserved_order_id: order.number }),
    orig_order_id: 0,
    currency: {
      global_currency_code: store.baseCurrency,
      base_currency_code: store.baseCurrency,
      store_currency_code: cart.currency,
      quote_currency_code: cart.currency,
    },
    customer_is_guest: customer === undefined,
    store_id: store.id,
    extension_attributes: {
      shipping_assignments:
        cart.status === 'active' && cart.lines.length > 0
          ? [
              {
                shipping: {
                  address,
                  method: cart.checkoutAt === undefined ? null : 'flatrate_flatrate',
                },
                items,
              },
            ]
          : [],
    },
  };
}

function itemRow(model: ShopModel, cart: Cart, line: Line): Row {
  return {
    item_id: line.id,
    sku: skuOf(model, line),
    qty: line.quantity,
    name: line.name,
    price: decimal(line.price, cart.currency),
    product_type: model.tables.product.find(line.productId)?.kind ?? 'simple',
    quote_id: String(cart.id),
  };
}

/** The SKU of a bundle contains its parts. */
function skuOf(model: ShopModel, line: Line): string {
  const isBundle = model.tables.product.find(line.productId)?.kind === 'bundle';
  return isBundle ? [line.sku, ...line.parts.map(({ sku }) => sku)].join('-') : line.sku;
}

/** The totals of a cart, as from `GET /V1/carts/{id}/totals`. */
export function totalsRow(model: ShopModel, cart: Cart): Row {
  const store = model.tables.store.get(cart.storeId);
  const { tax, total } = totalsOf(cart);
  const amount = (minor: number): number => decimal(minor, cart.currency);
  const gross = cart.lines.reduce((all, { price, quantity }) => all + price * quantity, 0);
  const off = cart.lines.reduce(
    (all, line) => all + discountOf(line.discount, line.taxRate, store).amount,
    0,
  );
  return {
    grand_total: amount(total),
    subtotal: amount(gross),
    discount_amount: off === 0 ? 0 : -amount(off),
    subtotal_with_discount: amount(gross - off),
    shipping_amount: amount(cart.shipping),
    shipping_discount_amount: 0,
    shipping_tax_amount: amount(cart.shippingTax),
    tax_amount: amount(tax),
    weee_tax_applied_amount: null,
    base_currency_code: store.baseCurrency,
    quote_currency_code: cart.currency,
    ...(cart.coupon === undefined ? {} : { coupon_code: cart.coupon }),
    items_qty: cart.lines.reduce((all, { quantity }) => all + quantity, 0),
    items: cart.lines.map((line) => totalsItem(model, line, cart, store)),
    total_segments: [
      { code: 'subtotal', title: 'Subtotal', value: amount(gross) },
      { code: 'tax', title: 'Tax', value: amount(tax) },
      { code: 'grand_total', title: 'Grand Total', value: amount(total), area: 'footer' },
    ],
  };
}

function totalsItem(model: ShopModel, line: Line, cart: Cart, store: Store): Row {
  const amount = (minor: number): number => decimal(minor, cart.currency);
  const product = model.tables.product.find(line.productId);
  const variant = product?.variants.find(({ id }) => id === line.variantId);
  const chosen = product?.kind === 'configurable' ? (variant?.options ?? []) : [];
  return {
    item_id: line.id,
    price: amount(line.price),
    price_incl_tax: amount(withTax(line.price, line.taxRate)),
    qty: line.quantity,
    base_price: amount(line.price),
    row_total: amount(line.price * line.quantity),
    base_row_total: amount(line.price * line.quantity),
    weee_tax_applied_amount: null,
    weee_tax_applied: null,
    discount_amount: amount(discountOf(line.discount, line.taxRate, store).amount),
    tax_amount: amount(line.tax),
    tax_percent: line.taxRate / 100,
    options: JSON.stringify(chosen.map(({ name, value }) => ({ value, label: name }))),
    name: line.name,
  };
}

/** The searchable values of a cart. */
export function cartField(cart: Cart, field: string): string | number | undefined {
  switch (field) {
    case 'entity_id':
      return cart.id;
    case 'created_at':
      return timeText(cart.createdAt);
    case 'updated_at':
      return timeText(cart.updatedAt);
    case 'store_id':
      return cart.storeId;
    case 'is_active':
      return cart.status === 'active' ? 1 : 0;
    default:
      return undefined;
  }
}
