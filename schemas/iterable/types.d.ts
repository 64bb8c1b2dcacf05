/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * A key of the type "Server-side", created in Iterable under Integrations > API Keys. It belongs to one project in one data center.
   */
  apiKey: string;
  /**
   * The data center that hosts your Iterable project.
   */
  dataCenterLocation?: 'united_states' | 'europe';
  /**
   * What identifies a user in your Iterable project. Iterable fixes this when the project is created; the project settings show it.
   */
  projectType?: 'email' | 'userId' | 'hybrid';
  /**
   * Replaces the URL of the data center, for example with that of a local sandbox. Leave this empty to use Iterable.
   */
  apiUrl?: string;
  /**
   * E-mail projects only: whether an unknown user ID without an address creates a profile with a placeholder address instead of being refused.
   */
  preferUserId?: boolean;
  /**
   * E-mail projects only, where an event creates no profile, and Iterable may accept an event of an unknown user without storing it. Create: the profile is created first, once for each user; a user ID without an address gets a placeholder address. Report: Iterable is asked for the profile, and the event becomes a dead letter if there is none. Wait: the same, but the event is retried for about an hour and a half, so that an identify call can arrive.
   */
  unknownUsers?: 'create' | 'report' | 'wait';
  /**
   * The first value of a field determines its type in Iterable, which then refuses other types. Warn: a note on the delivery names values of another type. Convert: such values are converted if nothing is lost, and left out if Iterable refuses them, so that the rest of the item is delivered.
   */
  fieldTypes?: 'off' | 'warn' | 'convert';
  /**
   * Maximum number of fields that this destination may add to profiles, and that one event name may have, until a restart. Other new fields are left out, with a note on the delivery. Empty: only the limits of Iterable apply, 1,000 profile fields and 8,000 event fields.
   */
  maxNewFields?: number;
  /**
   * What a request to delete a user does in Iterable. Forget: erases the user and refuses all later data about them. Delete: erases the profile; a later event creates it again.
   */
  deletionRequests?: 'forget' | 'delete';
}

/**
 * Creates the profile of a user, or updates the existing one.
 */
export interface UpdateUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * The new address of the profile. In an e-mail project the address is changed first; the other data of the item follows a minute later, when Iterable finds the profile by the new address.
   */
  newEmail?: string;
  /**
   * What to store on the profile. A member that is null is removed from the profile.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * With the country code, for example +14158675309. Null removes the number from the profile.
   */
  phoneNumber?: string | null;
  /**
   * Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.
   */
  mergeNestedObjects?: boolean;
  /**
   * Whether unknown users are ignored instead of created. Iterable must enable this for your project.
   */
  updateOnly?: boolean;
}

/**
 * Records an event on the profile of a user.
 */
export interface TrackEvent {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * Name of the event. Case-sensitive in Iterable.
   */
  eventName: string;
  /**
   * Additional data of the event. The first value of a field determines its type for this event name.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * Identifies the event: a second one with the same ID updates the first instead of adding to it.
   */
  id?: string;
  /**
   * When the event took place.
   */
  createdAt?: string | number;
  /**
   * The Iterable campaign that the event is attributed to.
   */
  campaignId?: number;
  /**
   * The Iterable template that the event is attributed to.
   */
  templateId?: number;
}

/**
 * Sets the whole cart of a user, in `shoppingCartItems` of the profile; no items empty it.
 */
export interface UpdateCart {
  /**
   * Who the cart or order belongs to. The profile is updated with it, or created if there is none.
   */
  user: {
    /**
     * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
     */
    email?: string;
    /**
     * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
     */
    userId?: string;
    /**
     * What to store on the profile of the user.
     */
    dataFields?: {
      [k: string]: unknown;
    };
    /**
     * Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.
     */
    mergeNestedObjects?: boolean;
    /**
     * With the country code, for example +14158675309. Null removes the number.
     */
    phoneNumber?: string | null;
  };
  /**
   * The lines of the cart or order, each with an id, a name, a price and a quantity. Members that Iterable does not define are stored as data fields of the line.
   */
  items: {
    /**
     * Identifies the product.
     */
    id: string;
    /**
     * Name of the product.
     */
    name: string;
    /**
     * Stock keeping unit of the product or variant.
     */
    sku?: string;
    /**
     * Number of pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable has no currencies: send the currency as a data field.
     */
    price: number;
    /**
     * Description of the product.
     */
    description?: string;
    /**
     * Category of the product; Iterable gets it as a list of one.
     */
    categories?: string;
    /**
     * Address of the product page.
     */
    url?: string;
    /**
     * Address of a product image.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
}

/**
 * Records an order of a user. Iterable then empties the cart of the user.
 */
export interface TrackPurchase {
  /**
   * Identifies the order: a second purchase with the same ID corrects the first instead of adding to it.
   */
  id?: string;
  /**
   * Who the cart or order belongs to. The profile is updated with it, or created if there is none.
   */
  user: {
    /**
     * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
     */
    email?: string;
    /**
     * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
     */
    userId?: string;
    /**
     * What to store on the profile of the user.
     */
    dataFields?: {
      [k: string]: unknown;
    };
    /**
     * Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.
     */
    mergeNestedObjects?: boolean;
    /**
     * With the country code, for example +14158675309. Null removes the number.
     */
    phoneNumber?: string | null;
  };
  /**
   * Additional data of the order, for example its currency. A list named `products` is left out, because the items are sent.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * The lines of the cart or order, each with an id, a name, a price and a quantity. Members that Iterable does not define are stored as data fields of the line.
   */
  items: {
    /**
     * Identifies the product.
     */
    id: string;
    /**
     * Name of the product.
     */
    name: string;
    /**
     * Stock keeping unit of the product or variant.
     */
    sku?: string;
    /**
     * Number of pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable has no currencies: send the currency as a data field.
     */
    price: number;
    /**
     * Description of the product.
     */
    description?: string;
    /**
     * Category of the product; Iterable gets it as a list of one.
     */
    categories?: string;
    /**
     * Address of the product page.
     */
    url?: string;
    /**
     * Address of a product image.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
  /**
   * Total of the order. Iterable has no currencies.
   */
  total: number;
  /**
   * When the order was placed.
   */
  createdAt?: string | number;
  /**
   * The Iterable campaign that the order is attributed to.
   */
  campaignId?: number;
  /**
   * The Iterable template that the order is attributed to.
   */
  templateId?: number;
}

/**
 * Records a page view as an event on the profile of a user.
 */
export interface TrackPage {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * The event name under which page views are recorded. Use one name for all pages: Iterable stores the fields of every event name, and limits their number. The name of the page is in the data fields.
   */
  eventName: string;
  /**
   * Additional data of the view. The first value of a field determines its type for this event name.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * Identifies the view: a second one with the same ID updates the first instead of adding to it.
   */
  id?: string;
  /**
   * When the page was viewed.
   */
  createdAt?: string | number;
  /**
   * The Iterable campaign that the view is attributed to.
   */
  campaignId?: number;
  /**
   * The Iterable template that the view is attributed to.
   */
  templateId?: number;
}

/**
 * Records a refund, as a separate event or as a correction of the purchase. Read how the two differ before you choose.
 */
export interface TrackRefund {
  /**
   * Iterable has no refunds. Event: an event with its own ID is recorded, and the revenue of the order does not change. Purchase: the order is sent again under its ID with the remaining lines and total, so its revenue is correct. But this empties the current cart of the user, counts as a change of the profile, and can start journeys that begin with a purchase again, for example one that confirms orders.
   */
  mode: 'event' | 'purchase';
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * The order that is refunded. For a corrected purchase it must be the ID that the purchase was sent with: with another, or none, a second purchase would be recorded.
   */
  orderId?: string;
  /**
   * The refunded amount. Event only; Iterable has no currencies.
   */
  amount?: number;
  /**
   * Total of the order after the refund; 0 if all of it was refunded. Purchase only. Negative totals are refused, because Iterable does not document what it does with them.
   */
  total?: number;
  /**
   * Event: the refunded lines. Purchase: the remaining lines; missing lines are removed from the order in Iterable.
   */
  items?: {
    /**
     * Identifies the product.
     */
    id: string;
    /**
     * Name of the product.
     */
    name: string;
    /**
     * Stock keeping unit of the product or variant.
     */
    sku?: string;
    /**
     * Number of pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable has no currencies: send the currency as a data field.
     */
    price: number;
    /**
     * Description of the product.
     */
    description?: string;
    /**
     * Category of the product; Iterable gets it as a list of one.
     */
    categories?: string;
    /**
     * Address of the product page.
     */
    url?: string;
    /**
     * Address of a product image.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
  /**
   * When the order was placed. Purchase only: without it, Iterable may date the order to the time of the correction.
   */
  orderedAt?: string | number;
  /**
   * The event name under which the refund is recorded. Event only.
   */
  eventName?: string;
  /**
   * Identifies the refund, so that it is recorded once, however often it is sent. Event only. Do not use the ID of the order: an order can be refunded in parts.
   */
  id?: string;
  /**
   * When the refund took place. Event only.
   */
  createdAt?: string | number;
  /**
   * Additional data of the refund, for example its currency and reason; for a corrected purchase, all data fields of the order.
   */
  dataFields?: {
    [k: string]: unknown;
  };
}

/**
 * Changes the e-mail address of a profile: with users/updateEmail in an e-mail project, where the address identifies the profile, and as a data field of the profile in other projects.
 */
export interface UpdateEmail {
  /**
   * The current address of the profile. E-mail projects find the profile by it, other projects only if there is no user ID.
   */
  email?: string;
  /**
   * Your own ID of the user. UserID and hybrid projects find the profile by it; e-mail projects if there is no current address.
   */
  userId?: string;
  /**
   * The new address of the profile. Iterable may take a minute until it finds the profile by it, and refuses an address that another profile has.
   */
  newEmail: string;
}

/**
 * Sets the lists, channels and message types of a user. The latest choice wins, by the time at which it was made.
 */
export interface UpdateSubscriptions {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * Replace: every mapped list of IDs replaces the stored one, and unmapped lists do not change. Add and Remove: the IDs are added to the stored ones or removed from them; this takes one more call per user, and changes that somebody else makes in the same minute can be lost.
   */
  change: 'replace' | 'add' | 'remove';
  /**
   * IDs of the lists that the user is on. An empty list means none.
   */
  emailListIds?: number[];
  /**
   * IDs of the channels that the user does not want.
   */
  unsubscribedChannelIds?: number[];
  /**
   * IDs of the message types that the user does not want.
   */
  unsubscribedMessageTypeIds?: number[];
  /**
   * IDs of the opt-in message types that the user wants. Iterable refuses them unless your project has opt-in message types.
   */
  subscribedMessageTypeIds?: number[];
  /**
   * When the user chose this. An older choice never overwrites a newer one, in whatever order they arrive.
   */
  consentedAt?: string | number;
  /**
   * The profile field that stores the time of the last choice, so that an older one is recognised later. Use separate fields for choices about e-mail and about text messages: otherwise only the later of them is kept. Empty: only choices in the same call, and those that the destination remembers, are compared.
   */
  consentField?: string;
  /**
   * The Iterable campaign that unsubscribes are attributed to.
   */
  campaignId?: number;
  /**
   * The Iterable template that unsubscribes are attributed to.
   */
  templateId?: number;
  /**
   * Whether Iterable refuses a subscription to a message type whose channel the user does not want. It does unless this is off.
   */
  validateChannelAlignment?: boolean;
}

/**
 * Adds a user to a list, and creates the profile if there is none.
 */
export interface SubscribeToList {
  /**
   * ID of a list of the type "Standard"; only Iterable fills other lists.
   */
  listId: number;
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * What to store on the profile along with it. A member that is null is removed from the profile.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * Whether to merge objects with the stored ones, one level deep, instead of replacing them. Lists are always replaced.
   */
  mergeNestedObjects?: boolean;
  /**
   * UserID and hybrid projects only: whether unknown users are ignored instead of created. Not sent in an e-mail project.
   */
  updateExistingUsersOnly?: boolean;
}

/**
 * Removes a user from a list. Nothing else changes for the user, unless you enable it.
 */
export interface UnsubscribeFromList {
  /**
   * ID of a list of the type "Standard"; only Iterable fills other lists.
   */
  listId: number;
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
  /**
   * The Iterable campaign that the unsubscribe is attributed to.
   */
  campaignId?: number;
  /**
   * Whether the user is also unsubscribed from the channel of the list, and so receives no more messages in it.
   */
  channelUnsubscribe?: boolean;
}

/**
 * Merges a profile into another and deletes it. Its events are moved too. This cannot be undone.
 */
export interface MergeUsers {
  /**
   * The e-mail address of the profile to merge; the profile is then deleted.
   */
  sourceEmail?: string;
  /**
   * The user ID of the profile to merge; the profile is then deleted.
   */
  sourceUserId?: string;
  /**
   * The e-mail address of the profile to keep. If both profiles have a value for a field, this one takes precedence.
   */
  destinationEmail?: string;
  /**
   * The user ID of the profile to keep. If both profiles have a value for a field, this one takes precedence.
   */
  destinationUserId?: string;
  /**
   * Profile fields whose lists are merged. For other fields, the list of the remaining profile is kept. Fields that Iterable manages, such as devices, cannot be listed.
   */
  arrayMerge?: {
    /**
     * Name of the profile field.
     */
    field: string;
    /**
     * The property that identifies the objects of the list: equal ones are merged. If the list contains anything but objects, Iterable refuses the whole merge.
     */
    dedupeBy?: string;
  }[];
}

/**
 * Deletes the profile and the events of a user. A later event can create the profile again; to erase a person permanently, use Forget User. In an e-mail project a user ID deletes every profile that has it.
 */
export interface DeleteUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
}

/**
 * Erases a user and all their data, as data protection law requires, and makes Iterable refuse later data about them. Iterable accepts 3 requests a second and 1,000 a day, and takes up to ten minutes.
 */
export interface ForgetUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects identify the profile by it.
   */
  email?: string;
  /**
   * Your user ID, at most 52 characters. UserID and hybrid projects identify the profile by it.
   */
  userId?: string;
}

/**
 * Creates an item of a catalog, or updates the existing one.
 */
export interface UpsertCatalogItems {
  /**
   * Name of the catalog: letters, digits and dashes, not case-sensitive. It must exist.
   */
  catalogName: string;
  /**
   * Identifies the item in the catalog: letters, digits and dashes, case-sensitive.
   */
  itemId: string;
  /**
   * The fields of the item, at most 30 kB of JSON. Field names must not contain periods.
   */
  item: {
    [k: string]: unknown;
  };
  /**
   * Whether fields that are not sent are removed from the item. Otherwise they are kept.
   */
  replace?: boolean;
  /**
   * Whether each item of an upload is read back, because Iterable reports no results. This takes one call per item.
   */
  verify?: boolean;
}

/**
 * Removes an item from a catalog.
 */
export interface DeleteCatalogItems {
  /**
   * Name of the catalog: letters, digits and dashes, not case-sensitive. It must exist.
   */
  catalogName: string;
  /**
   * Identifies the item in the catalog: letters, digits and dashes, case-sensitive.
   */
  itemId: string;
}
