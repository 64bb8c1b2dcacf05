/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * Of the web data stream: Admin > Data streams. It begins with G-.
   */
  measurementId: string;
  /**
   * Created for the data stream, under Measurement Protocol API secrets.
   */
  apiSecret: string;
  /**
   * With Europe, events are received within the European Union.
   */
  region?: 'global' | 'europe';
  /**
   * Record: events are recorded. Google does not report events that it cannot use, so they are checked by its published rules first. Check only: Google checks events with its debug endpoint, reports what is wrong, and records nothing.
   */
  mode?: 'record' | 'check';
  /**
   * Replaces the URL of Google, for example with that of a server container. Leave this empty to use Google.
   */
  apiUrl?: string;
}

/**
 * Records an order.
 */
export interface Purchase {
  /**
   * The ID of the order. Google counts each ID once.
   */
  transactionId: string;
  /**
   * The coupon code.
   */
  coupon?: string;
  /**
   * Shipping.
   */
  shipping?: number;
  /**
   * Tax.
   */
  tax?: number;
  /**
   * The store.
   */
  affiliation?: string;
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records a refund: of the whole order, or of the given items and value.
 */
export interface Refund {
  /**
   * The ID of the order. Google counts each ID once.
   */
  transactionId: string;
  /**
   * The coupon code.
   */
  coupon?: string;
  /**
   * Shipping.
   */
  shipping?: number;
  /**
   * Tax.
   */
  tax?: number;
  /**
   * The store.
   */
  affiliation?: string;
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items?: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that products were added to the cart.
 */
export interface AddToCart {
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that products were removed from the cart.
 */
export interface RemoveFromCart {
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records a view of the cart.
 */
export interface ViewCart {
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records the start of a checkout.
 */
export interface BeginCheckout {
  /**
   * The coupon code.
   */
  coupon?: string;
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that a payment method was chosen.
 */
export interface AddPaymentInfo {
  /**
   * The payment method.
   */
  paymentType?: string;
  /**
   * The coupon code.
   */
  coupon?: string;
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items?: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records a product view.
 */
export interface ViewItem {
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records a view of a product list.
 */
export interface ViewItemList {
  /**
   * ID of the list.
   */
  listId?: string;
  /**
   * Name of the list.
   */
  listName?: string;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that a product was added to the wishlist.
 */
export interface AddToWishlist {
  /**
   * ISO 4217 code. Required if there is a value.
   */
  currency?: string;
  /**
   * Total without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an ID or a name.
   */
  items: {
    /**
     * Identifies the product.
     */
    item_id?: string;
    /**
     * Name of the product.
     */
    item_name?: string;
    /**
     * Its brand.
     */
    item_brand?: string;
    /**
     * Its category.
     */
    item_category?: string;
    /**
     * The variant of the product.
     */
    item_variant?: string;
    /**
     * Unit price after discounts.
     */
    price?: number;
    /**
     * How many.
     */
    quantity?: number;
    /**
     * The discount for one unit.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records a search.
 */
export interface Search {
  /**
   * The search term.
   */
  searchTerm: string;
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records an event under a name of your own.
 */
export interface CustomEvent {
  /**
   * At most 40 letters, digits and underscores, starting with a letter.
   */
  name: string;
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to its session. Without it, another ID of the person links their events.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing that would let Google identify the person, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google accepts events that are at most 72 hours old.
   */
  timestamp?: string | number;
  /**
   * The session in Google Analytics, if a page reports it.
   */
  sessionId?: string;
  /**
   * Milliseconds; without any, a user does not count as active.
   */
  engagementTime?: number;
  /**
   * At most 25.
   */
  userProperties?: {
    [k: string]: unknown;
  };
  /**
   * Whether data may be used for advertising.
   */
  adConsent?: {
    /**
     * Whether user data may be sent to Google for advertising.
     */
    adUserData?: 'GRANTED' | 'DENIED';
    /**
     * Whether advertising may be personalized.
     */
    adPersonalization?: 'GRANTED' | 'DENIED';
  };
  /**
   * Parameters in addition to those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}
