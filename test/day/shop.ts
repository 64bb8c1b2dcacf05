import type { DayEvent, Fields } from './player.ts';

export type Currency = 'EUR' | 'GBP' | 'USD';
type WithoutIds<T> = T extends DayEvent
  ? Omit<T, 'messageId' | 'timestamp' | 'userId' | 'anonymousId'>
  : never;
type Call = WithoutIds<DayEvent> & { userId?: string };
/** What is wrong with a call, and how it ends, by action. */
type Note = { comment: string; expect: Record<string, string> };
type Entry = { at: number; event: DayEvent };

/** Money is counted in cents, and never comes out whole: the first value fixes a field's type in Iterable. */
const money = (cents: number): number => {
  if (cents % 100 === 0)
    throw new Error(`${cents / 100} has no decimals: change a price, a discount or the shipping`);
  return cents / 100;
};

// id, sku, name, category, brand, the price in cents as EUR, GBP, USD, and for some a description
// prettier-ignore
const catalogue = {
  tent:    ['P-1001', 'TNT-LARCH-2', 'Larch 2 Tent', 'Camping', 'Northfold', [32995, 28995, 34995]],
  tarp:    ['P-1002', 'TRP-HAZEL', 'Hazel Tarp', 'Camping', 'Northfold', [8945, 7745, 9545]],
  lantern: ['P-1003', 'LNT-EMBER', 'Ember Lantern', 'Camping', 'Kindle & Co', [3950, 3450, 4250], 'Dimmable, 40 hours.'],
  mat:     ['P-1004', 'MAT-MOSS', 'Moss Sleeping Mat', 'Camping', 'Northfold', [7925, 6925, 8425]],
  stove:   ['P-1005', 'STV-SPARK', 'Spark Gas Stove', 'Camp Kitchen', 'Kindle & Co', [5490, 4790, 5890]],
  kettle:  ['P-1006', 'KTL-ENAMEL', 'Enamel Kettle', 'Camp Kitchen', 'Holm', [4275, 3675, 4575], 'Holds 1.4 litres.'],
  mug:     ['P-1007', 'MUG-ENAMEL', 'Enamel Mug', 'Camp Kitchen', 'Holm', [1295, 1095, 1395]],
  knife:   ['P-1008', 'KNF-FINCH', 'Finch Pocket Knife', 'Tools', 'Alder & Finch', [4635, 3985, 4985]],
  axe:     ['P-1009', 'AXE-BIRCH', 'Birch Hand Axe', 'Tools', 'Alder & Finch', [6960, 5960, 7460]],
  boots:   ['P-1010', 'BTS-FELL-42', 'Fell Boots', 'Footwear', 'Tor', [15985, 13985, 16985]],
  socks:   ['P-1011', 'SCK-MERINO', 'Merino Socks', 'Footwear', 'Tor', [1845, 1545, 1945]],
  jacket:  ['P-1012', 'JKT-GALE-M', 'Gale Rain Jacket', 'Clothing', 'Tor', [18975, 16475, 19975]],
  beanie:  ['P-1013', 'BNI-WREN', 'Wren Wool Beanie', 'Clothing', 'Alder & Finch', [2415, 2115, 2615]],
  blanket: ['P-1014', 'BLK-HEATHER', 'Heather Wool Blanket', 'Home', 'Holm', [9865, 8465, 10465], 'Woven in Wales.'],
  candle:  ['P-1015', 'CDL-CEDAR', 'Cedar Candle', 'Home', 'Holm', [2235, 1935, 2435]],
  basket:  ['P-1016', 'BSK-WILLOW', 'Willow Basket', 'Home', 'Holm', [5655, 4855, 6055]],
} satisfies Record<string, CatalogueRow>;
type CatalogueRow = [string, string, string, string, string, [number, number, number], string?];
type Product = keyof typeof catalogue;

const cents = (key: Product, currency: Currency): number =>
  catalogue[key][5][{ EUR: 0, GBP: 1, USD: 2 }[currency]]!;

export function product(key: Product, currency: Currency): Fields {
  const row: CatalogueRow = catalogue[key];
  const [product_id, sku, name, category, brand, , description] = row;
  const path = name.toLowerCase().replaceAll(' ', '-');
  return {
    product_id,
    sku,
    name,
    price: money(cents(key, currency)),
    category,
    brand,
    url: `https://alderfinch.example/p/${path}`,
    image_url: `https://cdn.alderfinch.example/${path}.jpg`,
    ...(description === undefined ? {} : { description }),
  };
}

/** All actions, in the order of the stories. */
export const entries: Entry[] = [];

export interface Person {
  userId?: string;
  anonymousId?: string;
  currency?: Currency;
  locale?: string;
  traits?: Fields;
}

interface Payment {
  orderId: string;
  coupon?: string;
  discount?: number;
  shipping?: number;
  /** A guest is known by the address typed at the checkout only. */
  email?: string;
}

/** One person's walk through the shop: every call moves their clock on a little. */
export class Walk {
  #who: Person;
  #traits: Fields;
  #clock = 0;
  #cart = new Map<Product, number>();
  #currency: Currency;
  #pace: number;

  constructor(who: Person) {
    this.#who = who;
    this.#traits = who.traits ?? {};
    this.#currency = who.currency ?? 'EUR';
    this.#pace =
      [...(who.userId ?? who.anonymousId ?? '')].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) %
      9973;
  }

  at(time: string): this {
    this.#clock = Date.parse(`2026-03-14T${time}:00.000Z`);
    return this;
  }

  /** Adds a call; `note` describes its defect and its outcome. */
  emit(call: Call, note?: Note): Entry {
    this.#pace = (this.#pace * 137 + 4111) % 9973;
    this.#clock += 9_000 + (this.#pace % 61) * 1_000 + (this.#pace % 1_000);
    const { type, ...rest } = call;
    const { userId, anonymousId } = this.#who;
    const event = {
      type,
      messageId: '',
      timestamp: new Date(this.#clock).toISOString(),
      ...(userId === undefined ? {} : { userId }),
      ...(anonymousId === undefined ? {} : { anonymousId }),
      ...rest,
      ...(note ?? this.#usualEnd(call)),
    } as DayEvent;
    const entry = { at: this.#clock, event };
    entries.push(entry);
    return entry;
  }

  /** The outcome of valid calls that cannot be delivered. */
  #usualEnd(call: Call): Note | undefined {
    if (call.type !== 'track' && call.type !== 'identify')
      return { comment: `No preset takes ${call.type} calls.`, expect: { '*': 'no_matching_mapping' } };
    if (call.type === 'identify' || this.#who.userId !== undefined || call.properties['email'] !== undefined)
      return;
    const action =
      { 'Cart Updated': 'updateCart', 'Order Completed': 'trackPurchase' }[call.event] ?? 'trackEvent';
    return {
      comment: 'Anonymous: no userId and no e-mail address, so no profile to deliver to.',
      expect: { [action]: 'identity_missing' },
    };
  }

  #context(...extra: string[]): { context: Fields } {
    const locale = this.#who.locale ?? 'en-GB';
    if (this.#traits['email'] === undefined) return { context: { locale } };
    const traits = Object.fromEntries(['email', ...extra].map((key) => [key, this.#traits[key]!]));
    return { context: { locale, traits } };
  }

  /** Everything known of the person or, later in the day, what has changed. */
  identify(changes?: Fields): this {
    this.#traits = { ...this.#traits, ...changes };
    const traits = changes === undefined ? this.#traits : { email: this.#traits['email']!, ...changes };
    this.emit({ type: 'identify', traits, context: { locale: this.#who.locale ?? 'en-GB' } });
    return this;
  }

  /** From here on the visitor is logged in. */
  logsInAs({ userId, traits }: Person): this {
    this.#who = { ...this.#who, ...(userId === undefined ? {} : { userId }) };
    this.#traits = traits ?? {};
    return this.identify();
  }

  page(name: string, path = `/${name.toLowerCase().replaceAll(' ', '-')}`): this {
    this.emit({
      type: 'page',
      name,
      category: 'Shop',
      properties: { path, title: `${name} | Alder & Finch`, url: `https://alderfinch.example${path}` },
    });
    return this;
  }

  screen(name: string): this {
    this.emit({ type: 'screen', name, properties: { title: name } });
    return this;
  }

  track(event: string, properties: Fields, note?: Note): this {
    this.emit({ type: 'track', event, properties, ...this.#context() }, note);
    return this;
  }

  search(query: string): this {
    return this.track('Products Searched', { query });
  }

  list(category: string, ...keys: Product[]): this {
    const products = keys.map((key, index) => ({ ...product(key, this.#currency), position: index + 1 }));
    return this.track('Product List Viewed', {
      list_id: `list-${category.toLowerCase().replaceAll(' ', '-')}`,
      category,
      products,
    });
  }

  view(...keys: Product[]): this {
    for (const key of keys)
      this.track('Product Viewed', { ...product(key, this.#currency), currency: this.#currency });
    return this;
  }

  /** `Product Added` and the whole cart after it. */
  add(key: Product, quantity = 1): this {
    this.#cart.set(key, (this.#cart.get(key) ?? 0) + quantity);
    this.track('Product Added', {
      cart_id: this.#cartId(),
      ...product(key, this.#currency),
      quantity,
      currency: this.#currency,
    });
    return this.cartUpdated();
  }

  remove(key: Product): this {
    const quantity = this.#cart.get(key) ?? 1;
    this.#cart.delete(key);
    this.track('Product Removed', {
      cart_id: this.#cartId(),
      ...product(key, this.#currency),
      quantity,
      currency: this.#currency,
    });
    return this.cartUpdated();
  }

  cartUpdated(products: Fields | undefined = { products: this.#lines() }, note?: Note): this {
    const context = this.#context('firstName', 'lastName', 'loyaltyTier');
    const properties = { cart_id: this.#cartId(), currency: this.#currency, ...products };
    this.emit({ type: 'track', event: 'Cart Updated', properties, ...context }, note);
    return this;
  }

  #cartId(): string {
    return `cart-${this.#who.userId ?? this.#who.anonymousId}`;
  }

  #lines(): Fields[] {
    return [...this.#cart].map(([key, quantity]) => ({ ...product(key, this.#currency), quantity }));
  }

  checkout({ orderId, coupon, discount }: Payment): this {
    const subtotal = this.#subtotal();
    this.track('Checkout Started', {
      order_id: orderId,
      affiliation: 'Alder & Finch Online',
      value: money(subtotal),
      currency: this.#currency,
      products: this.#lines(),
    });
    if (coupon !== undefined && discount !== undefined)
      this.track('Coupon Applied', {
        order_id: orderId,
        cart_id: this.#cartId(),
        coupon_id: `coupon-${coupon.toLowerCase()}`,
        coupon_name: coupon,
        discount: money(discount),
      });
    return this;
  }

  pay({ orderId, shipping }: Payment): this {
    const shipping_method = shipping === undefined ? 'parcel point' : 'courier';
    return this.track('Payment Info Entered', { order_id: orderId, shipping_method, payment_method: 'card' });
  }

  #subtotal(): number {
    return [...this.#cart].reduce((sum, [key, quantity]) => sum + cents(key, this.#currency) * quantity, 0);
  }

  /** In EUR and GBP the tax is part of the prices, in USD it comes on top. */
  orderProperties(payment: Payment): Fields {
    const { orderId, coupon, discount = 0, shipping = 0, email } = payment;
    const revenue = this.#subtotal() - discount;
    const onTop = this.#currency === 'USD';
    const tax = Math.round(onTop ? revenue * 0.0825 : (revenue + shipping) / 6);
    return {
      order_id: orderId,
      affiliation: 'Alder & Finch Online',
      ...(email === undefined ? {} : { email }),
      subtotal: money(this.#subtotal()),
      ...(discount === 0 ? {} : { discount: money(discount) }),
      ...(coupon === undefined ? {} : { coupon }),
      ...(shipping === 0 ? {} : { shipping: money(shipping) }),
      tax: money(tax),
      total: money(revenue + shipping + (onTop ? tax : 0)),
      currency: this.#currency,
      estimated_delivery: shipping === 0 ? '2026-03-19T12:00:00.000Z' : '2026-03-17T12:00:00.000Z',
      products: this.#lines(),
    };
  }

  orderCompleted(properties: Fields, note?: Note): Entry {
    const context = this.#context('firstName', 'lastName', 'loyaltyTier');
    return this.emit({ type: 'track', event: 'Order Completed', properties, ...context }, note);
  }

  /** Checkout and order; the cart is empty afterwards. */
  order(payment: Payment): Entry {
    this.checkout(payment).pay(payment);
    const entry = this.orderCompleted(this.orderProperties(payment));
    this.#cart.clear();
    return entry;
  }

  refund(orderId: string, key: Product): this {
    const line = { ...product(key, this.#currency), quantity: 1 };
    const total = money(cents(key, this.#currency));
    return this.track('Order Refunded', {
      order_id: orderId,
      total,
      currency: this.#currency,
      products: [line],
    });
  }

  review(key: Product, rating: number, review_body: string): this {
    const { product_id } = product(key, this.#currency) as { product_id: string };
    return this.track('Product Reviewed', {
      product_id,
      review_id: `review-${this.#who.userId}-${product_id}`,
      review_body,
      rating,
    });
  }

  wish(key: Product): this {
    return this.track('Product Added to Wishlist', {
      wishlist_id: `wish-${this.#who.userId}`,
      ...product(key, this.#currency),
    });
  }
}
