/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * Of the web data stream: Admin > Data streams. It begins with G-.
   */
  measurementId: string;
  /**
   * Made for the data stream, under Measurement Protocol API secrets.
   */
  apiSecret: string;
  /**
   * With Europe, events are received within the European Union.
   */
  region?: 'global' | 'europe';
  /**
   * Record: events are recorded; Google answers nothing to events that it cannot use, so they are checked by its published rules before. Check only: Google checks them with its debug endpoint, says what is wrong, and records nothing.
   */
  mode?: 'record' | 'check';
  /**
   * Another address than that of Google, such as a server container. Leave it empty to reach Google.
   */
  apiUrl?: string;
}

/**
 * Records an order.
 */
export interface Purchase {
  /**
   * The id of the order: Google counts an order once by it.
   */
  transactionId: string;
  /**
   * Code that was used.
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
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that money was given back: of the whole order, or of the items and the value that are named.
 */
export interface Refund {
  /**
   * The id of the order: Google counts an order once by it.
   */
  transactionId: string;
  /**
   * Code that was used.
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
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that products were put into the cart.
 */
export interface AddToCart {
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that the cart was viewed.
 */
export interface ViewCart {
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that the checkout began.
 */
export interface BeginCheckout {
  /**
   * Code that was used.
   */
  coupon?: string;
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that a payment was chosen.
 */
export interface AddPaymentInfo {
  /**
   * How it is paid.
   */
  paymentType?: string;
  /**
   * Code that was used.
   */
  coupon?: string;
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that a product was viewed.
 */
export interface ViewItem {
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that a list of products was viewed.
 */
export interface ViewItemList {
  /**
   * Which list.
   */
  listId?: string;
  /**
   * What it is called.
   */
  listName?: string;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records that a product was put on the wishlist.
 */
export interface AddToWishlist {
  /**
   * ISO 4217 code. Needed where there is a value.
   */
  currency?: string;
  /**
   * What it comes to, without tax and shipping.
   */
  value?: number;
  /**
   * Products: at most 200, each with an id or a name.
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
     * What tells it from others.
     */
    item_variant?: string;
    /**
     * Price of one, after discounts.
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
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
 * Records what was searched for.
 */
export interface Search {
  /**
   * What was searched for.
   */
  searchTerm: string;
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
   * At most 40 letters, digits and underscores, a letter first.
   */
  name: string;
  /**
   * The browser: the string after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without it, another ID of the person links their events.
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
   * The session in Google Analytics, where a page has told it.
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
