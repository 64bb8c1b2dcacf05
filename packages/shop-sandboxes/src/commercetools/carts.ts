import { type Cart, type ShopModel, type Subscription, totalsOf } from '../model/index.ts';
import { customerOf } from './customers.ts';
import { codesOf, linesOf, shippingOf } from './lines.ts';
import { addressOf, idOf, type Json, money, reference, stamped, taxed, time } from './values.ts';

/** The cart of a recurring order, which no customer filled. */
interface Basket {
  readonly id: number;
  readonly of: Subscription;
}

/** The existing carts, including those of recurring orders. */
export function cartsOf(model: ShopModel): readonly (Cart | Basket)[] {
  const { cart, subscription } = model.tables;
  const filled = cart.all().filter(({ status }) => status !== 'deleted');
  return [...filled, ...subscription.all().map((of) => ({ id: -of.id, of }))];
}

const STATES = { active: 'Active', ordered: 'Ordered', merged: 'Merged', deleted: 'Active' } as const;

/** The constant members of carts. */
const ALWAYS = {
  customLineItems: [],
  directDiscounts: [],
  itemShippingAddresses: [],
  shippingMode: 'Single',
  shipping: [],
  taxMode: 'Platform',
  taxRoundingMode: 'HalfEven',
  taxCalculationMode: 'LineItemLevel',
  priceRoundingMode: 'HalfEven',
  inventoryMode: 'None',
  refusedGifts: [],
};

/** A cart. */
export function cartOf(model: ShopModel, cart: Cart | Basket, expand: ReadonlySet<string>): Json {
  if ('of' in cart) return basketOf(model, cart.of);
  const store = model.tables.store.get(cart.storeId);
  const account = cart.customerId === undefined ? undefined : model.tables.customer.find(cart.customerId);
  const { billingAddress, shippingAddress, checkoutAt, email } = cart;
  const state = STATES[cart.status];
  return {
    type: 'Cart',
    ...stamped(cart.uuid, cart.version, cart.createdAt, cart.updatedAt),
    customerId: account?.uuid,
    customerEmail: email,
    anonymousId: account === undefined ? cart.anonymousId : undefined,
    locale: store.locale,
    country: store.country,
    store: { typeId: 'store', key: store.code },
    cartState: state,
    lineItems: linesOf(model, cart.lines, store),
    totalLineItemQuantity: cart.lines.reduce((all, { quantity }) => all + quantity, 0),
    ...amountsOf(cart, store.currency),
    discountCodes: codesOf(cart.coupon, expand),
    billingAddress: billingAddress === undefined ? undefined : addressOf(billingAddress, email),
    shippingAddress: shippingAddress === undefined ? undefined : addressOf(shippingAddress, email),
    shippingInfo: checkoutAt === undefined ? undefined : shippingOf(cart, store),
    ...ALWAYS,
    origin: 'Customer',
  };
}

function amountsOf(of: Parameters<typeof totalsOf>[0], currency: string) {
  const { total, tax } = totalsOf(of);
  return { totalPrice: money(total - tax, currency), taxedPrice: taxed(total - tax, tax, currency) };
}

function basketOf(model: ShopModel, of: Subscription): Json {
  const { store, customer } = model.tables;
  const shop = store.get(of.storeId);
  return {
    type: 'Cart',
    ...stamped(idOf(`cart ${of.uuid}`), of.version, of.createdAt, of.updatedAt),
    customerEmail: customer.find(of.customerId)?.email,
    locale: shop.locale,
    cartState: 'Active',
    lineItems: linesOf(model, of.lines, shop),
    ...amountsOf(of, shop.currency),
    discountCodes: [],
    ...ALWAYS,
    origin: 'RecurringOrder',
  };
}

/** A recurring order, with its items in a separate cart. */
export function recurringOf(model: ShopModel, of: Subscription, expand: ReadonlySet<string>): Json {
  const { store, customer, order } = model.tables;
  const shop = store.get(of.storeId);
  const account = customer.find(of.customerId);
  const cart = reference('cart', idOf(`cart ${of.uuid}`));
  const person = account === undefined ? undefined : reference('customer', account.uuid);
  const state = { active: 'Active', paused: 'Paused', cancelled: 'Canceled' }[of.status];
  return {
    ...stamped(of.uuid, of.version, of.createdAt, of.updatedAt),
    cart: expand.has('cart') ? { ...cart, obj: basketOf(model, of) } : cart,
    originOrder: reference('order', order.find(of.originOrderId)?.uuid ?? idOf(`order ${of.originOrderId}`)),
    startsAt: time(of.createdAt),
    lastOrderAt: time(of.lastOrderAt),
    nextOrderAt: of.nextAt === undefined ? undefined : time(of.nextAt),
    store: { typeId: 'store', key: shop.code },
    customer:
      person === undefined || account === undefined || !expand.has('customer')
        ? person
        : { ...person, obj: customerOf(model, account, new Set()) },
    customerEmail: account?.email,
    recurringOrderState: state === 'Active' && of.failures > 0 ? 'Failed' : state,
    schedule: {
      type: 'standard',
      value: of.interval.count,
      intervalUnit: { day: 'Days', week: 'Weeks', month: 'Months' }[of.interval.unit],
    },
  };
}
