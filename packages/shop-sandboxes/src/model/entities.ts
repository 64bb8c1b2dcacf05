/** The common members of objects. Times are milliseconds, amounts are integers in minor units. */
export interface Stamped {
  /** Counts up within its kind. */
  readonly id: number;
  readonly uuid: string;
  /** 1 at first, one more with every change. */
  readonly version: number;
  readonly createdAt: number;
  /** When it last changed, as the platform shows it: some changes do not update it. */
  readonly updatedAt: number;
}

/** A store of the business: a market with its language and currency. */
export interface Store extends Stamped {
  readonly code: string;
  readonly name: string;
  /** BCP 47. */
  readonly locale: string;
  readonly currency: string;
  readonly country: string;
  readonly timeZone: string;
  readonly url: string;
  /** Hundredths of a percent: 1900 is 19 %. */
  readonly taxRate: number;
  /** Whether the shop shows its prices with tax. */
  readonly taxIncluded: boolean;
  /** The base currency. */
  readonly baseCurrency: string;
  /** The units of `currency` per unit of the base currency. */
  readonly rate: number;
}

/** A category of products. */
export interface Category extends Stamped {
  readonly name: string;
  readonly slug: string;
  readonly parentId?: number | undefined;
}

/** A group of customers. */
export interface Group extends Stamped {
  readonly name: string;
}

/** A postal address. */
export interface Address {
  readonly id: number;
  readonly uuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly company?: string | undefined;
  /** One entry per line. */
  readonly street: readonly string[];
  readonly city: string;
  /** Name of the state or region. */
  readonly state?: string | undefined;
  /** Its code, where it has one: TX. */
  readonly stateCode?: string | undefined;
  readonly postalCode: string;
  /** ISO 3166-1, two letters. */
  readonly country: string;
  readonly phone?: string | undefined;
}

/** An address without an ID. */
export type AddressInput = Omit<Address, 'id' | 'uuid'>;

/** A customer with an account. */
export interface Customer extends Stamped {
  readonly storeId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone?: string | undefined;
  /** YYYY-MM-DD. */
  readonly birthday?: string | undefined;
  readonly gender?: 'female' | 'male' | 'other' | undefined;
  readonly company?: string | undefined;
  readonly groupId?: number | undefined;
  readonly externalId?: string | undefined;
  /** The first is the default for billing and shipping. */
  readonly addresses: readonly Address[];
  /** Custom fields: loyaltyTier. */
  readonly custom: Readonly<Record<string, string>>;
}

/** A channel for messages. */
export type Channel = 'email' | 'sms';

/** A person's consent for one channel in one store. */
export interface Consent extends Stamped {
  readonly storeId: number;
  /** Absent without an account. */
  readonly customerId?: number | undefined;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly channel: Channel;
  readonly state: 'subscribed' | 'unsubscribed' | 'pending';
  readonly at: number;
  readonly origin: 'checkout' | 'footer' | 'account' | 'import';
}

/** A variant of a product. */
export interface Variant {
  readonly id: number;
  readonly uuid: string;
  readonly sku: string;
  readonly options: readonly { readonly name: string; readonly value: string }[];
  /** By currency, without tax. */
  readonly prices: Readonly<Record<string, number>>;
  readonly stock: number;
  readonly image?: string | undefined;
}

/** A product. Its `kind` is what is sold: the product, one of its variants, or its parts together. */
export interface Product extends Stamped {
  readonly kind: 'simple' | 'configurable' | 'bundle';
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly slug: string;
  readonly status: 'active' | 'inactive';
  readonly brand?: string | undefined;
  /** The most general first. */
  readonly categoryIds: readonly number[];
  readonly images: readonly string[];
  /** By currency, without tax. */
  readonly salePrices: Readonly<Record<string, number>>;
  /** One for a simple product or a bundle. */
  readonly variants: readonly [Variant, ...Variant[]];
  readonly parts: readonly {
    readonly productId: number;
    readonly variantId: number;
    readonly quantity: number;
  }[];
}

/** A part of a bundle. */
export interface LinePart {
  readonly id: number;
  readonly uuid: string;
  readonly productId: number;
  readonly variantId: number;
  readonly sku: string;
  readonly name: string;
  /** In total, not per bundle. */
  readonly quantity: number;
  /** Per unit, before discounts, without tax. */
  readonly price: number;
  /** A positive amount without tax. */
  readonly discount: number;
  /** price x quantity - discount. */
  readonly total: number;
  readonly tax: number;
}

/** A line of a cart, an order or a subscription. */
export interface Line extends LinePart {
  readonly taxRate: number;
  /** The code of `discount`. */
  readonly coupon?: string | undefined;
  readonly isGift: boolean;
  /** The parts of a bundle, whose prices add up to the line's. */
  readonly parts: readonly LinePart[];
}

/** Where a customer came from. */
export interface Attribution {
  readonly source?: string | undefined;
  readonly medium?: string | undefined;
  readonly campaign?: string | undefined;
  readonly term?: string | undefined;
  readonly content?: string | undefined;
  readonly campaignId?: string | undefined;
  readonly templateId?: string | undefined;
}

/** A cart. */
export interface Cart extends Stamped {
  readonly storeId: number;
  readonly customerId?: number | undefined;
  readonly anonymousId: string;
  /** Known with an account, or from the checkout. */
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly status: 'active' | 'ordered' | 'merged' | 'deleted';
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly coupon?: string | undefined;
  readonly billingAddress?: Address | undefined;
  readonly shippingAddress?: Address | undefined;
  /** Without tax; counted from the checkout on. */
  readonly shipping: number;
  readonly shippingTax: number;
  readonly shippingMethod: string;
  readonly checkoutAt?: number | undefined;
  readonly abandonedAt?: number | undefined;
  readonly orderId?: number | undefined;
  readonly mergedIntoId?: number | undefined;
  readonly attribution?: Attribution | undefined;
}

/** Lines with quantities. */
export interface LineShare {
  readonly lineId: number;
  readonly quantity: number;
  /** Without tax. */
  readonly amount: number;
  readonly tax: number;
}

/** A refund. */
export interface Refund {
  readonly id: number;
  readonly uuid: string;
  readonly at: number;
  readonly reason?: string | undefined;
  readonly lines: readonly LineShare[];
  /** Without tax. */
  readonly shipping: number;
  /** Beyond lines and shipping: goodwill. */
  readonly adjustment: number;
  /** The total tax. */
  readonly tax: number;
  /** The total: lines, shipping, adjustment and tax. */
  readonly amount: number;
}

/** A tracking number. */
export interface Tracking {
  readonly id: number;
  readonly uuid: string;
  readonly number: string;
  readonly at: number;
}

/** A parcel. */
export interface Shipment {
  readonly id: number;
  readonly uuid: string;
  readonly at: number;
  readonly updatedAt: number;
  /** ups, dhl, fedex, usps. */
  readonly carrier: string;
  readonly service: string;
  readonly trackings: readonly Tracking[];
  readonly deliveredAt?: number | undefined;
  readonly lines: readonly { readonly lineId: number; readonly quantity: number }[];
}

/** What happened to an order. */
export interface HistoryEntry {
  readonly id: number;
  readonly at: number;
  readonly what:
    'open' | 'placed' | 'paid' | 'edited' | 'shipped' | 'delivered' | 'refunded' | 'cancelled' | 'comment';
  readonly comment?: string | undefined;
}

/** An order. */
export interface Order extends Stamped {
  /** What customers see. */
  readonly number: string;
  readonly storeId: number;
  readonly customerId?: number | undefined;
  readonly anonymousId: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone?: string | undefined;
  /** open: the payment may still fail. */
  readonly status: 'open' | 'placed' | 'cancelled';
  readonly paid: boolean;
  readonly isTest: boolean;
  /** Absent for one that was never placed. */
  readonly placedAt?: number | undefined;
  readonly cancelledAt?: number | undefined;
  readonly cancelReason?: string | undefined;
  readonly billingAddress: Address;
  readonly shippingAddress: Address;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly coupon?: string | undefined;
  /** All lines after discounts, without tax. */
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  readonly shippingTax: number;
  /** The total tax. */
  readonly tax: number;
  readonly total: number;
  readonly shippingMethod: string;
  readonly paymentMethod: 'card' | 'invoice' | 'check';
  readonly paymentUuid: string;
  readonly chargeUuid: string;
  readonly cartId?: number | undefined;
  readonly subscriptionId?: number | undefined;
  readonly isRenewal: boolean;
  readonly replacesId?: number | undefined;
  readonly replacedById?: number | undefined;
  readonly refunds: readonly Refund[];
  readonly shipments: readonly Shipment[];
  readonly history: readonly HistoryEntry[];
  readonly attribution?: Attribution | undefined;
  /** Whether the customer opted in to the newsletter in the checkout. */
  readonly optIn: boolean;
  /** Whether the customer opted in to text messages there. */
  readonly smsOptIn: boolean;
}

/** A recurring order. */
export interface Subscription extends Stamped {
  readonly storeId: number;
  readonly customerId: number;
  readonly originOrderId: number;
  readonly orderIds: readonly number[];
  readonly status: 'active' | 'paused' | 'cancelled';
  readonly interval: { readonly count: number; readonly unit: 'day' | 'week' | 'month' };
  readonly nextAt?: number | undefined;
  readonly lastOrderAt: number;
  /** The number of consecutive failed payments. */
  readonly failures: number;
  readonly cancelledAt?: number | undefined;
  readonly cancelReason?: string | undefined;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly shipping: number;
  readonly shippingTax: number;
}

/** A review of a product. */
export interface Review extends Stamped {
  readonly storeId: number;
  readonly productId: number;
  readonly orderId?: number | undefined;
  readonly customerId?: number | undefined;
  readonly email?: string | undefined;
  readonly author: string;
  /** Of five. */
  readonly rating: number;
  readonly title: string;
  readonly body: string;
  readonly status: 'pending' | 'approved' | 'rejected';
}

/** The object types, by kind. */
export interface Entities {
  readonly store: Store;
  readonly category: Category;
  readonly group: Group;
  readonly product: Product;
  readonly customer: Customer;
  readonly consent: Consent;
  readonly cart: Cart;
  readonly order: Order;
  readonly subscription: Subscription;
  readonly review: Review;
}

/** The name of a kind of object. */
export type Kind = keyof Entities;
