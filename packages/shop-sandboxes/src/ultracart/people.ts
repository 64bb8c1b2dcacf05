import type { Cart, Customer, Product, Review, ShopModel } from '../model/index.ts';
import { addressOf, amount, dts, hostOf, languageOf, optionsOf, plain } from './values.ts';

/** A customer profile. */
export function customerRow(model: ShopModel, customer: Customer) {
  const said = model.tables.consent
    .all()
    .filter(({ email }) => email.toLowerCase() === customer.email.toLowerCase());
  const mail = said.find(({ channel }) => channel === 'email');
  const text = said.find(({ channel }) => channel === 'sms');
  const orders = model.tables.order
    .all()
    .filter(({ customerId, status }) => customerId === customer.id && status === 'placed');
  const changed = Math.max(customer.updatedAt, ...said.map(({ updatedAt }) => updatedAt));
  const [address] = customer.addresses;
  const contact = { ...(address && addressOf(address)), day_phone: customer.phone };
  const named = { ...contact, first_name: customer.firstName, last_name: customer.lastName };
  const isOff = mail?.state === 'unsubscribed';
  return {
    merchant_id: 'DEMO',
    customer_profile_oid: customer.id,
    email: customer.email,
    signup_dts: dts(customer.createdAt),
    last_modified_dts: dts(changed),
    billing: [{ ...named, default_billing: true }],
    shipping: address === undefined ? [] : [{ ...addressOf(address), default_shipping: true }],
    orders_summary: {
      order_count: orders.length,
      total: orders.reduce(
        (all, one) => all + amount(one.total, model.tables.store.get(one.storeId)).value,
        0,
      ),
    },
    activity: {
      global_unsubscribed: isOff,
      global_unsubscribed_dts: isOff ? dts(mail.at) : undefined,
      memberships:
        mail?.state === 'subscribed' ? [{ name: 'Newsletter', type: 'list', uuid: mail.uuid }] : [],
      // A profile has no consent for text messages: only orders and carts do.
      sms_stop: text?.state === 'unsubscribed',
    },
    pricing_tiers:
      customer.groupId === undefined ? [] : [{ name: model.tables.group.get(customer.groupId).name }],
    tags: [],
    properties: Object.entries(customer.custom).map(([name, value]) => ({ name, value })),
  };
}

/** A cart. */
export function cartRow(model: ShopModel, cart: Cart) {
  const store = model.tables.store.get(cart.storeId);
  const of = (minor: number) => amount(minor, store);
  const sum = (pick: (line: Cart['lines'][number]) => number) =>
    cart.lines.reduce((all, line) => all + pick(line), 0);
  const subtotal = sum(({ price, quantity }) => price * quantity);
  const net = sum(({ total }) => total);
  const tax = sum((line) => line.tax) + cart.shippingTax;
  const { source, medium, campaign } = cart.attribution ?? {};
  return {
    cart_id: cart.uuid,
    merchant_id: 'DEMO',
    base_currency_code: 'EUR',
    currency_code: store.currency,
    language_iso_code: languageOf(store),
    billing: { ...(cart.billingAddress && addressOf(cart.billingAddress)), email: cart.email },
    customer_profile: cart.customerId === undefined ? undefined : { customer_profile_oid: cart.customerId },
    items: cart.lines.map((line, index) => ({
      item_id: line.sku,
      position: index + 1,
      quantity: line.quantity,
      description: line.name,
      unit_cost: of(line.price),
      total_cost_with_discount: of(line.total),
      view_url: `${store.url}/${line.sku.toLowerCase()}.html`,
      options: optionsOf(model, line).map(({ label, value }) => ({ label, selected_value: value })),
    })),
    coupons: cart.coupon === undefined ? [] : [{ coupon_code: cart.coupon }],
    summary: {
      subtotal: of(subtotal),
      subtotal_discount: of(subtotal - net),
      shipping_handling: of(cart.shipping),
      tax: of(tax),
      total: of(net + cart.shipping + tax),
    },
    marketing: {},
    checkout: {
      return_url: `${store.url}/checkout?return=${cart.uuid}`,
      storefront_host_name: hostOf(store),
    },
    utms: source === undefined ? [] : [{ utm_source: source, utm_medium: medium, utm_campaign: campaign }],
  };
}

/** An item. */
export function itemRow(model: ShopModel, product: Product) {
  const [first] = product.variants;
  const reviews = reviewsOf(model, product);
  return {
    merchant_id: 'DEMO',
    merchant_item_oid: product.id,
    merchant_item_id: product.sku,
    description: product.name,
    inactive: product.status === 'inactive',
    creation_dts: dts(product.createdAt),
    last_modified_dts: dts(product.updatedAt),
    kit: product.kind === 'bundle',
    pricing: {
      currency_code: 'EUR',
      cost: plain(first.prices['EUR'] ?? 0, 'EUR'),
      sale_cost:
        product.salePrices['EUR'] === undefined ? undefined : plain(product.salePrices['EUR'], 'EUR'),
    },
    content: {
      extended_description: product.description,
      multimedia: product.images.map((url) => ({ type: 'Image', url })),
    },
    identifiers: { manufacturer_name: product.brand },
    shipping: { track_inventory: true, distribution_centers: [{ available_to_allocate: first.stock }] },
    variant_items: product.variants
      .filter(({ options }) => options.length > 0)
      .map((one) => ({
        variant_merchant_item_id: one.sku,
        variant_merchant_item_oid: one.id,
        variation_options: one.options.map(({ value }) => value),
        variant_pricing: { cost: plain(one.prices['EUR'] ?? 0, 'EUR') },
      })),
    reviews: { review_count: reviews.length, has_review: reviews.length > 0 },
  };
}

/** The reviews of a product. */
export function reviewsOf(model: ShopModel, product: Product): readonly Review[] {
  return model.tables.review.all().filter(({ productId }) => productId === product.id);
}
