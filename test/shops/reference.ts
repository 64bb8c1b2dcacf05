import type {
  CartState,
  ConsentState,
  CustomerState,
  OrderState,
  ProductState,
  ReviewState,
  ShopAddress,
  ShopLine,
  ShopState,
  ShopStore,
  SubscriptionState,
} from '@waybill/core';
import type {
  Address,
  Cart,
  Change,
  Consent,
  Customer,
  Entities,
  Line,
  Order,
  Product,
  Review,
  ShopModel,
  Subscription,
  Variant,
} from '@waybill/shop-sandboxes';

/*
 * A connector that sees everything: the states of the things of a shop, taken from the model and not from any API. Where a platform
 * has the same data, its states are equal; only IDs differ.
 */

/** The state of a thing of the model, if it has one. */
export function stateOf<K extends keyof Entities>(
  model: ShopModel,
  kind: K,
  thing: Entities[K],
): ShopState | undefined {
  const make = MAKERS[kind] as ((model: ShopModel, thing: Entities[K]) => ShopState) | undefined;
  return make?.(model, thing);
}

/** How a thing was, and how it is. */
export function statesOf(
  model: ShopModel,
  { kind, before, after }: Change,
): readonly [ShopState | undefined, ShopState | undefined] {
  const state = (thing: Entities[typeof kind] | undefined) =>
    thing === undefined ? undefined : stateOf(model, kind, thing);
  return [state(before), state(after)];
}

const MAKERS: { readonly [K in keyof Entities]?: (model: ShopModel, thing: Entities[K]) => ShopState } = {
  order: (model, order) => ({ kind: 'order', ...orderOf(model, order) }),
  cart: (model, cart) => ({ kind: 'cart', ...cartOf(model, cart) }),
  customer: (model, customer) => ({ kind: 'customer', ...customerOf(model, customer) }),
  consent: (model, consent) => ({ kind: 'consent', ...consentOf(model, consent) }),
  product: (model, product) => ({ kind: 'product', ...productOf(model, product) }),
  subscription: (model, subscription) => ({ kind: 'subscription', ...subscriptionOf(model, subscription) }),
  review: (model, review) => ({ kind: 'review', ...reviewOf(model, review) }),
};

function orderOf(model: ShopModel, order: Order): OrderState {
  const { customerId, email, firstName, lastName, phone } = order;
  return known({
    id: String(order.id),
    number: order.number,
    placedAt: iso(order.placedAt),
    updatedAt: iso(order.updatedAt),
    status: order.status,
    cancelledAt: iso(order.cancelledAt),
    cancelReason: order.cancelReason,
    customer: known({ id: id(customerId), email, firstName, lastName, phone }),
    billingAddress: addressOf(order.billingAddress),
    shippingAddress: addressOf(order.shippingAddress),
    currency: order.currency,
    subtotal: order.subtotal,
    discount: order.discount,
    shipping: order.shipping,
    tax: order.tax,
    total: order.total,
    coupons: order.coupon === undefined ? undefined : [order.coupon],
    lines: order.lines.map((line) => lineOf(model, line)),
    refunds: order.refunds.map(({ id: refund, at, amount, shipping, tax, reason, lines }) =>
      known({
        id: String(refund),
        at: iso(at),
        amount,
        shipping,
        tax,
        reason,
        lines: lines.map((one) => ({
          lineId: String(one.lineId),
          quantity: one.quantity,
          amount: one.amount,
        })),
      }),
    ),
    shipments: order.shipments.map(({ id: shipment, at, carrier, service, trackings, deliveredAt, lines }) =>
      known({
        id: String(shipment),
        at: iso(at),
        carrier,
        service,
        trackingNumbers: trackings.map(({ number }) => number),
        deliveredAt: iso(deliveredAt),
        lines: lines.map(({ lineId, quantity }) => ({ lineId: String(lineId), quantity })),
      }),
    ),
    replaces: id(order.replacesId),
    replacedBy: id(order.replacedById),
    cartId: id(order.cartId),
    subscriptionId: id(order.subscriptionId),
    isRebill: order.isRenewal ? true : undefined,
    paymentMethod: order.paymentMethod,
    shippingMethod: order.shippingMethod,
    attribution: order.attribution,
    store: storeOf(model, order.storeId),
  });
}

function cartOf(model: ShopModel, cart: Cart): CartState {
  const subtotal = cart.lines.reduce((all, { total }) => all + total, 0);
  const tax = cart.lines.reduce((all, line) => all + line.tax, cart.shippingTax);
  const { customerId, anonymousId, email, phone } = cart;
  return known({
    id: String(cart.id),
    createdAt: iso(cart.createdAt),
    updatedAt: iso(cart.updatedAt),
    status: cart.status === 'active' || cart.status === 'ordered' ? cart.status : 'gone',
    orderId: id(cart.orderId),
    checkoutAt: iso(cart.checkoutAt),
    abandonedAt: iso(cart.abandonedAt),
    customer: known({ id: id(customerId), anonymousId, email, phone }),
    currency: cart.currency,
    subtotal,
    discount: cart.lines.reduce((all, { discount }) => all + discount, 0),
    shipping: cart.shipping,
    tax,
    total: subtotal + cart.shipping + tax,
    coupons: cart.coupon === undefined ? undefined : [cart.coupon],
    lines: cart.lines.map((line) => lineOf(model, line)),
    attribution: cart.attribution,
    store: storeOf(model, cart.storeId),
  });
}

function customerOf(model: ShopModel, customer: Customer): CustomerState {
  const { groupId, addresses, custom } = customer;
  const group = groupId === undefined ? undefined : model.tables.group.get(groupId).name;
  const { email, firstName, lastName, phone, birthday, gender, company, externalId } = customer;
  return known({
    id: String(customer.id),
    ...{ email, firstName, lastName, phone, birthday, gender, company, externalId, group },
    createdAt: iso(customer.createdAt),
    updatedAt: iso(customer.updatedAt),
    address: addresses[0] === undefined ? undefined : addressOf(addresses[0]),
    custom: Object.keys(custom).length === 0 ? undefined : custom,
    store: storeOf(model, customer.storeId),
  });
}

function consentOf(model: ShopModel, consent: Consent): ConsentState {
  const { customerId, email, phone, firstName, lastName, channel, state, at, origin, storeId } = consent;
  return known({
    id: String(consent.id),
    customer: known({ id: id(customerId), email, phone, firstName, lastName }),
    ...{ channel, state, origin },
    at: iso(at),
    store: storeOf(model, storeId),
  });
}

function productOf(model: ShopModel, product: Product): ProductState {
  const [store] = model.tables.store.all();
  const { currency, url } = store!;
  const prices = product.variants.map((one) => one.prices[currency]!);
  return known({
    id: String(product.id),
    sku: product.sku,
    name: product.name,
    description: product.description === '' ? undefined : product.description,
    status: product.status,
    createdAt: iso(product.createdAt),
    updatedAt: iso(product.updatedAt),
    url: `${url}/${product.slug}`,
    imageUrl: product.images[0],
    images: [...product.images],
    brand: product.brand,
    categories: categoriesOf(model, product),
    currency,
    price: Math.min(...prices),
    salePrice: product.salePrices[currency],
    stock: product.variants.reduce((all, { stock }) => all + stock, 0),
    variants: product.variants.map((one) =>
      known({
        id: String(one.id),
        sku: one.sku,
        name: variantName(one),
        price: one.prices[currency],
        stock: one.stock,
        imageUrl: one.image,
      }),
    ),
  });
}

function subscriptionOf(model: ShopModel, subscription: Subscription): SubscriptionState {
  const { interval, lines, shipping, shippingTax, orderIds, customerId } = subscription;
  const { email, firstName, lastName } = model.tables.customer.get(customerId);
  return known({
    id: String(subscription.id),
    customer: { id: String(customerId), email, firstName, lastName },
    status: subscription.status,
    startedAt: iso(subscription.createdAt),
    updatedAt: iso(subscription.updatedAt),
    nextOrderAt: iso(subscription.nextAt),
    originalOrderId: String(subscription.originOrderId),
    lastOrderId: String(orderIds.at(-1)),
    orders: orderIds.length,
    failures: subscription.failures,
    interval: `every ${interval.count} ${interval.unit}s`,
    cancelledAt: iso(subscription.cancelledAt),
    cancelReason: subscription.cancelReason,
    currency: subscription.currency,
    total: lines.reduce((all, { total, tax }) => all + total + tax, shipping + shippingTax),
    lines: lines.map((line) => lineOf(model, line)),
    store: storeOf(model, subscription.storeId),
  });
}

function reviewOf(model: ShopModel, review: Review): ReviewState {
  const { customerId, email, rating, title, body, status, storeId, createdAt } = review;
  return known({
    id: String(review.id),
    productId: String(review.productId),
    orderId: id(review.orderId),
    customer: known({ id: id(customerId), email }),
    ...{ rating, title, body, status },
    at: iso(createdAt),
    store: storeOf(model, storeId),
  });
}

function lineOf(model: ShopModel, line: Line): ShopLine {
  const product = model.tables.product.get(line.productId);
  const variant = product.variants.find((one) => one.id === line.variantId)!;
  const { sku, name, quantity, price, total, discount, tax, coupon } = line;
  return known({
    id: String(line.id),
    productId: String(line.productId),
    variantId: String(line.variantId),
    ...{ sku, name, quantity, price, total, discount, tax, coupon },
    categories: categoriesOf(model, product),
    brand: product.brand,
    variant: variantName(variant),
    imageUrl: variant.image ?? product.images[0],
    isGift: line.isGift ? true : undefined,
  });
}

function addressOf(address: Address): ShopAddress {
  const { firstName, lastName, company, street, city, state, postalCode, country, phone } = address;
  return known({
    ...{ firstName, lastName, company, city, state, postalCode, country, phone },
    street: street.join('\n'),
  });
}

function storeOf(model: ShopModel, storeId: number): ShopStore {
  const { code, name, locale, url } = model.tables.store.get(storeId);
  return { id: code, name, locale, url };
}

function categoriesOf(model: ShopModel, { categoryIds }: Product): string[] {
  return categoryIds.map((one) => model.tables.category.get(one).name);
}

function variantName({ options }: Variant): string | undefined {
  return options.length === 0 ? undefined : options.map(({ value }) => value).join(', ');
}

function iso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function id(number: number | undefined): string | undefined {
  return number === undefined ? undefined : String(number);
}

/** The known values of a state. */
function known<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
