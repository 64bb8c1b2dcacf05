import { createHash } from 'node:crypto';
import type { Cart, Line, ShopModel } from '../model/index.ts';
import { totalsOf } from '../model/index.ts';
import { amount, customerAddress, iso } from './values.ts';

/** The token of an abandoned cart in a hook. */
export function tokenOf(cart: Pick<Cart, 'uuid'>): string {
  return createHash('sha256').update(`abandoned ${cart.uuid}`).digest('hex').slice(0, 32);
}

/** A cart of version 3. */
export function cartOf(model: ShopModel, cart: Cart) {
  const { currency, lines } = cart;
  const of = (minor: number): number => amount(minor, currency);
  const { subtotal, discount } = totalsOf(cart);
  const store = model.tables.store.get(cart.storeId);
  return {
    id: cart.uuid,
    customer_id: cart.customerId ?? 0,
    channel_id: cart.storeId,
    email: cart.email ?? '',
    currency: { code: currency },
    tax_included: false,
    base_amount: of(subtotal + discount),
    discount_amount: 0,
    manual_discount_amount: 0,
    cart_amount: of(subtotal),
    coupons:
      cart.coupon === undefined
        ? []
        : [
            {
              id: '1',
              code: cart.coupon,
              coupon_type: '1',
              discounted_amount: of(discount),
              display_name: 'Welcome',
            },
          ],
    discounts: [],
    line_items: {
      physical_items: lines.map((line) => itemOf(model, cart, line)),
      digital_items: [],
      gift_certificates: [],
      custom_items: [],
    },
    created_time: iso(cart.createdAt),
    updated_time: iso(cart.updatedAt),
    locale: store.locale,
  };
}

function itemOf(model: ShopModel, cart: Cart, line: Line) {
  const of = (minor: number): number => amount(minor, cart.currency);
  const product = model.tables.product.find(line.productId);
  const full = line.price * line.quantity;
  return {
    id: line.uuid,
    parent_id: null,
    variant_id: line.variantId,
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    url: product === undefined ? '' : `${model.tables.store.get(cart.storeId).url}/${product.slug}/`,
    quantity: line.quantity,
    taxable: true,
    image_url: product?.images[0] ?? '',
    discounts: [],
    coupons:
      line.coupon === undefined
        ? []
        : [{ id: 1, code: line.coupon, name: 'Welcome', totalDiscount: of(line.discount) }],
    discount_amount: 0,
    coupon_amount: of(line.discount),
    original_price: of(line.price),
    list_price: of(line.price),
    sale_price: of(line.price),
    extended_list_price: of(full),
    extended_sale_price: of(full),
    is_require_shipping: true,
    is_mutable: true,
    added_by_promotion: line.isGift,
  };
}

/** The checkout of a cart: it has addresses once the customer has entered them. */
export function checkoutOf(model: ShopModel, cart: Cart) {
  const of = (minor: number): number => amount(minor, cart.currency);
  const { subtotal, tax, total } = totalsOf(cart);
  const { cart_amount: _amount, locale: _locale, ...inside } = cartOf(model, cart);
  const { billingAddress, shippingAddress, email, shipping, shippingTax } = cart;
  return {
    id: cart.uuid,
    cart: {
      ...inside,
      cart_amount_ex_tax: of(subtotal),
      cart_amount_inc_tax: of(subtotal + tax - shippingTax),
    },
    billing_address:
      billingAddress === undefined
        ? {}
        : { ...customerAddress(billingAddress), id: billingAddress.uuid, email: email ?? '' },
    consignments:
      shippingAddress === undefined
        ? []
        : [
            {
              id: shippingAddress.uuid,
              shipping_cost_inc_tax: of(shipping + shippingTax),
              shipping_cost_ex_tax: of(shipping),
              address: { ...customerAddress(shippingAddress), id: shippingAddress.uuid, email: email ?? '' },
              line_item_ids: cart.lines.map(({ uuid }) => uuid),
            },
          ],
    taxes: [{ name: 'Tax', amount: of(tax) }],
    coupons: [],
    order_id: cart.orderId ?? null,
    shipping_cost_total_inc_tax: of(shipping + shippingTax),
    shipping_cost_total_ex_tax: of(shipping),
    handling_cost_total_inc_tax: 0,
    handling_cost_total_ex_tax: 0,
    tax_total: of(tax),
    subtotal_inc_tax: of(subtotal + tax - shippingTax),
    subtotal_ex_tax: of(subtotal),
    grand_total: of(total),
    created_time: iso(cart.createdAt),
    updated_time: iso(cart.updatedAt),
    customer_message: '',
    fees: [],
  };
}
