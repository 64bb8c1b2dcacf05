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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that products were taken out of the cart.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that the cart was looked at.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that a product was looked at.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}

/**
 * Records that a list of products was looked at.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
     * What was taken off one.
     */
    discount?: number;
    /**
     * Code of the item.
     */
    coupon?: string;
    [k: string]: unknown;
  }[];
  /**
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
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
   * Whose browser it was: the text after GA1.1. in the cookie _ga, so that the event belongs to the session there. Without one, events of a person hold together by another id of theirs.
   */
  clientId: string;
  /**
   * At most 256 characters; nothing by which Google could know who it is, such as an e-mail address.
   */
  userId?: string;
  /**
   * When it happened. Google takes what is not older than 72 hours.
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
   * Parameters beside those of the fields: 25 in all.
   */
  params?: {
    [k: string]: unknown;
  };
}
