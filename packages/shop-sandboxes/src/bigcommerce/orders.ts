import { taxOn, type Line, type Order, type Refund, type Shipment, type ShopModel } from '../model/index.ts';
import { amount, decimal, iso, orderAddress, rfc2822, shippedOf, statusOf } from './values.ts';

/** Methods of payment, as the control panel names them. */
const METHODS = { card: 'Credit Card', invoice: 'Pay by Invoice', check: 'Check' };

/** An order of version 2. */
export function orderOf(model: ShopModel, order: Order, base: string, isWhole: boolean) {
  const { id, currency } = order;
  const store = model.tables.store.get(order.storeId);
  const status = statusOf(order);
  const of = (minor: number): string => decimal(minor, currency);
  const linked = (name: string) => ({
    url: `${base}/v2/orders/${id}/${name}`,
    resource: `/orders/${id}/${name}`,
  });
  return {
    id,
    customer_id: order.customerId ?? 0,
    date_created: rfc2822(order.createdAt),
    date_modified: rfc2822(order.updatedAt),
    date_shipped: order.shipments[0] === undefined ? '' : rfc2822(order.shipments[0].at),
    status_id: status.id,
    status: status.name,
    custom_status: status.name,
    ...sumsOf(order),
    is_tax_inclusive_pricing: false,
    items_total: order.lines.reduce((all, { quantity }) => all + quantity, 0),
    items_shipped: shippedOf(order.shipments),
    payment_method: order.isTest ? 'Test Payment Gateway' : METHODS[order.paymentMethod],
    payment_provider_id: '',
    payment_status: order.paid ? 'captured' : '',
    // It is documented as always 0.
    refunded_amount: of(0),
    order_is_digital: false,
    store_credit_amount: of(0),
    gift_certificate_amount: of(0),
    ip_address: '203.0.113.9',
    currency_id: 1,
    currency_code: currency,
    currency_exchange_rate: '1.0000000000',
    default_currency_id: 1,
    default_currency_code: currency,
    store_default_currency_code: store.baseCurrency,
    store_default_to_transactional_exchange_rate: store.rate.toFixed(10),
    staff_notes: '',
    customer_message: '',
    discount_amount: of(0),
    coupon_discount: of(order.lines.reduce((all, line) => all + offOf(line), 0)),
    shipping_address_count: 1,
    is_deleted: false,
    ebay_order_id: '0',
    cart_id: order.cartId === undefined ? '' : model.tables.cart.get(order.cartId).uuid,
    billing_address: { ...orderAddress(order.billingAddress, order.email), form_fields: [] },
    is_email_opt_in: order.optIn,
    order_source: 'www',
    channel_id: store.id,
    external_source: null,
    products: linked('products'),
    shipping_addresses: linked('shipping_addresses'),
    coupons: linked('coupons'),
    consignments: isWhole ? consignmentsOf(order) : linked('consignments'),
    fees: isWhole ? [] : linked('fees'),
    external_id: null,
    external_merchant_id: null,
    tax_provider_id: 'BasicTaxProvider',
    customer_locale: store.locale,
    external_order_id: '',
  };
}

function sumsOf(order: Order) {
  const { currency, shipping, shippingTax } = order;
  const of = (minor: number): string => decimal(minor, currency);
  const net = order.lines.reduce((all, { price, quantity }) => all + price * quantity, 0);
  const gross = order.lines.reduce((all, line) => all + grossOf(line), 0);
  return {
    subtotal_ex_tax: of(net),
    subtotal_inc_tax: of(gross),
    subtotal_tax: of(order.tax - shippingTax),
    base_shipping_cost: of(shipping),
    shipping_cost_ex_tax: of(shipping),
    shipping_cost_inc_tax: of(shipping + shippingTax),
    shipping_cost_tax: of(shippingTax),
    shipping_cost_tax_class_id: 2,
    ...none(['handling_cost', 'wrapping_cost'], of(0)),
    total_ex_tax: of(order.subtotal + shipping),
    total_inc_tax: of(order.total),
    total_tax: of(order.tax),
  };
}

function none(names: readonly string[], zero: string): Readonly<Record<string, string>> {
  const parts = names.flatMap((name) => [`base_${name}`, `${name}_ex_tax`, `${name}_inc_tax`, `${name}_tax`]);
  return Object.fromEntries(parts.map((part) => [part, zero]));
}

/** A line before discounts, with tax. */
function grossOf({ price, quantity, taxRate }: Line): number {
  return price * quantity + taxOn(price * quantity, taxRate);
}

/** The discount of a line, with tax. */
function offOf(line: Line): number {
  return line.discount === 0 ? 0 : grossOf(line) - line.total - line.tax;
}

function consignmentsOf(order: Order) {
  const { shipping, shippingTax } = order;
  const of = (minor: number): number => amount(minor, order.currency);
  return {
    pickups: [],
    shipping: [
      {
        id: order.id,
        ...orderAddress(order.shippingAddress, order.email),
        form_fields: [],
        shipping_method: order.shippingMethod,
        base_cost: of(shipping),
        cost_ex_tax: of(shipping),
        cost_inc_tax: of(shipping + shippingTax),
        cost_tax: of(shippingTax),
        line_items: order.lines.flatMap((line) => [lineOf(order, line), ...partsOf(order, line)]),
      },
    ],
    downloads: [],
    email: { gift_certificates: [] },
  };
}

function lineOf(order: Order, line: Line) {
  const of = (minor: number): string => decimal(minor, order.currency);
  const each = taxOn(line.price, line.taxRate);
  const refunded = order.refunds.flatMap(({ lines }) => lines).filter(({ lineId }) => lineId === line.id);
  const { discount, total, tax } = line;
  return {
    ...shared(order, line),
    base_price: of(line.price),
    price_ex_tax: of(line.price),
    price_inc_tax: of(line.price + each),
    price_tax: of(each),
    base_total: of(line.price * line.quantity),
    total_ex_tax: of(line.price * line.quantity),
    total_inc_tax: of(grossOf(line)),
    total_tax: of(grossOf(line) - line.price * line.quantity),
    is_refunded: refunded.length > 0,
    quantity_refunded: refunded.reduce((all, { quantity }) => all + quantity, 0),
    refund_amount: of(0),
    applied_discounts:
      discount === 0
        ? []
        : [
            {
              id: 'coupon',
              amount: of(offOf(line)),
              name: 'Welcome',
              code: line.coupon ?? null,
              target: 'order',
            },
          ],
    discounted_total_inc_tax: of(total + tax),
    parent_order_product_id: null,
    is_bundled_product: false,
  };
}

/** The parts of a bundle have no price. */
function partsOf(order: Order, line: Line) {
  const zero = decimal(0, order.currency);
  const nothing = ['base_price', 'price_ex_tax', 'price_inc_tax', 'price_tax', 'base_total', 'total_ex_tax'];
  return line.parts.map((part) => ({
    ...shared(order, part),
    ...Object.fromEntries(nothing.map((name) => [name, zero])),
    total_inc_tax: zero,
    total_tax: zero,
    is_refunded: false,
    quantity_refunded: 0,
    refund_amount: zero,
    applied_discounts: [],
    discounted_total_inc_tax: zero,
    parent_order_product_id: line.id,
    is_bundled_product: true,
  }));
}

function shared(
  order: Order,
  line: Pick<Line, 'id' | 'productId' | 'variantId' | 'name' | 'sku' | 'quantity'>,
) {
  return {
    id: line.id,
    order_id: order.id,
    product_id: line.productId,
    variant_id: line.variantId,
    order_address_id: order.id,
    name: line.name,
    name_customer: line.name,
    sku: line.sku,
    type: 'physical',
    quantity: line.quantity,
    quantity_shipped: 0,
    product_options: [],
    configurable_fields: [],
    brand: '',
    external_id: null,
    gift_certificate_id: null,
  };
}

/** The codes of an order. */
export function couponsOf(order: Order) {
  const off = order.lines.reduce((all, line) => all + offOf(line), 0);
  if (order.coupon === undefined || off === 0) return [];
  const { id, currency, coupon: code } = order;
  return [{ id, coupon_id: 1, order_id: id, code, amount: 10, type: 1, discount: amount(off, currency) }];
}

const CARRIERS: Readonly<Record<string, string>> = { ups: 'UPS', dhl: 'DHL', fedex: 'FedEx', usps: 'USPS' };

/** A parcel. BigCommerce keeps one number of it. */
export function shipmentOf(order: Order, shipment: Shipment) {
  const number = shipment.trackings[0]?.number ?? '';
  return {
    id: shipment.id,
    order_id: order.id,
    customer_id: order.customerId ?? 0,
    order_address_id: order.id,
    date_created: rfc2822(shipment.at),
    tracking_number: number,
    merchant_shipping_cost: decimal(0, order.currency),
    shipping_method: shipment.service,
    comments: '',
    shipping_provider: CARRIERS[shipment.carrier] === 'DHL' ? '' : shipment.carrier,
    shipping_provider_display_name: CARRIERS[shipment.carrier] ?? '',
    tracking_carrier: shipment.carrier,
    tracking_link: '',
    generated_tracking_link: number === '' ? '' : `https://track.example/${number}`,
    billing_address: orderAddress(order.billingAddress, order.email),
    shipping_address: orderAddress(order.shippingAddress, order.email),
    items: shipment.lines.map(({ lineId, quantity }) => ({
      order_product_id: lineId,
      product_id: order.lines.find(({ id }) => id === lineId)?.productId ?? 0,
      quantity,
    })),
  };
}

/** A refund of version 3. */
export function refundOf(order: Order, refund: Refund) {
  const of = (minor: number): number => amount(minor, order.currency);
  const tax = order.shipping === 0 ? 0 : Math.round((refund.shipping * order.shippingTax) / order.shipping);
  return {
    id: refund.id,
    order_id: order.id,
    user_id: 0,
    created: iso(refund.at),
    reason: refund.reason ?? '',
    total_amount: of(refund.amount),
    total_tax: of(refund.tax),
    uses_merchant_override_values: false,
    payments: [
      {
        id: refund.id,
        provider_id: 'braintree',
        amount: of(refund.amount),
        offline: false,
        is_declined: false,
        declined_message: '',
      },
    ],
    items: [
      ...refund.lines.map(({ lineId, quantity }) => ({
        item_type: 'PRODUCT',
        item_id: lineId,
        quantity,
      })),
      ...(refund.shipping === 0
        ? []
        : [
            {
              item_type: 'SHIPPING',
              item_id: order.id,
              quantity: 1,
              requested_amount: of(refund.shipping + tax),
            },
          ]),
    ],
  };
}
