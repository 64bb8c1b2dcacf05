/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * A key of the type "Server-side", made in Iterable under Integrations > API Keys. It belongs to one project in one data center.
   */
  apiKey: string;
  /**
   * The data center that hosts your Iterable project.
   */
  dataCenterLocation?: 'united_states' | 'europe';
  /**
   * What identifies a user in your Iterable project. Iterable fixes this when a project is made; its project settings show it.
   */
  projectType?: 'email' | 'userId' | 'hybrid';
  /**
   * Another address than the one of the data center, for example that of a local sandbox. Leave it empty to reach Iterable.
   */
  apiUrl?: string;
  /**
   * E-mail projects only: whether a user ID that Iterable does not know, without an address beside it, makes a profile with a placeholder address instead of being refused.
   */
  preferUserId?: boolean;
  /**
   * E-mail projects only, where an event makes no profile and Iterable may take one and keep nothing of it. Create: the profile is made first, once a user; for a user ID without an address it gets a placeholder address. Report: Iterable is asked for the profile, and the event becomes a dead letter when there is none. Wait: the same, but the event is tried again for about an hour and a half, so that an identify can arrive.
   */
  unknownUsers?: 'create' | 'report' | 'wait';
  /**
   * Iterable fixes the type of a field with its first value and refuses others. Warn: a delivery tells of values that do not fit. Convert: such values are converted where nothing is lost, and left out where Iterable refuses them, so that the rest of the item arrives.
   */
  fieldTypes?: 'off' | 'warn' | 'convert';
  /**
   * How many fields this destination may add to the profiles, and how many different fields one event name may have, until it is restarted. What goes beyond is left out, and the delivery says so. Empty: no bound of its own; Iterable takes 1,000 fields of profiles and 8,000 of events.
   */
  maxNewFields?: number;
  /**
   * What a request to delete a user does in Iterable. Forget: erases the user and refuses whatever is sent for them later. Delete: erases the profile; a later event makes it again.
   */
  deletionRequests?: 'forget' | 'delete';
}

/**
 * Makes the profile of a user, or updates the one there is.
 */
export interface UpdateUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * The address that the profile gets instead of its present one. In an e-mail project the address is changed first, and other data of the item follow a minute later, when Iterable finds the profile by it.
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
   * Whether an object is merged with the stored one, one level deep, instead of replacing it. Lists are always replaced.
   */
  mergeNestedObjects?: boolean;
  /**
   * Whether users that Iterable does not know are left alone instead of made. Iterable has to enable this for your project.
   */
  updateOnly?: boolean;
}

/**
 * Records an event on the profile of a user.
 */
export interface TrackEvent {
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * Name of the event. Iterable tells upper and lower case apart.
   */
  eventName: string;
  /**
   * Further data of the event. The first value of a field fixes its type for this event name.
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
   * Who the cart or order belongs to. The profile is updated with it, or made when there is none.
   */
  user: {
    /**
     * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
     */
    email?: string;
    /**
     * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
     */
    userId?: string;
    /**
     * What to store on the profile of the user.
     */
    dataFields?: {
      [k: string]: unknown;
    };
    /**
     * Whether an object is merged with the stored one, one level deep, instead of replacing it. Lists are always replaced.
     */
    mergeNestedObjects?: boolean;
    /**
     * With the country code, for example +14158675309. Null removes the number.
     */
    phoneNumber?: string | null;
  };
  /**
   * The lines of the cart or order, each with an id, a name, a price and a quantity. Members that Iterable has no place for are kept as data fields of the line.
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
     * How many pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable knows no currency: send it as a data field.
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
     * Address of the page of the product.
     */
    url?: string;
    /**
     * Address of a picture of the product.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
}

/**
 * Records an order of a user. Iterable empties the cart of the user with it.
 */
export interface TrackPurchase {
  /**
   * Identifies the order: a second purchase with the same ID corrects the first instead of adding to it.
   */
  id?: string;
  /**
   * Who the cart or order belongs to. The profile is updated with it, or made when there is none.
   */
  user: {
    /**
     * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
     */
    email?: string;
    /**
     * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
     */
    userId?: string;
    /**
     * What to store on the profile of the user.
     */
    dataFields?: {
      [k: string]: unknown;
    };
    /**
     * Whether an object is merged with the stored one, one level deep, instead of replacing it. Lists are always replaced.
     */
    mergeNestedObjects?: boolean;
    /**
     * With the country code, for example +14158675309. Null removes the number.
     */
    phoneNumber?: string | null;
  };
  /**
   * Further data of the order, for example its currency. A list named `products` is left out: the items are sent.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * The lines of the cart or order, each with an id, a name, a price and a quantity. Members that Iterable has no place for are kept as data fields of the line.
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
     * How many pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable knows no currency: send it as a data field.
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
     * Address of the page of the product.
     */
    url?: string;
    /**
     * Address of a picture of the product.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
  /**
   * What the whole order comes to. Iterable knows no currency.
   */
  total: number;
  /**
   * When the order was made.
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
 * Records the view of a page as an event on the profile of a user.
 */
export interface TrackPage {
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * Under which name page views are recorded. One name for all pages is best: Iterable remembers the fields of every name, and its room for fields is limited. The name of the page goes to the data fields.
   */
  eventName: string;
  /**
   * Further data of the view. The first value of a field fixes its type for this event name.
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
   * Iterable knows no refunds. Event: an event with its own ID is recorded beside the order, whose revenue stays what it was. Purchase: the order is sent again under its ID with what is left of it, so its revenue is right. But that empties the cart that the user has now, counts as a change of the profile, and can start journeys that begin with a purchase once more, for example one that confirms orders.
   */
  mode: 'event' | 'purchase';
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * The order that is refunded. For a corrected purchase it must be the ID that the purchase was sent with: with another, or none, a second purchase would be recorded.
   */
  orderId?: string;
  /**
   * What the user gets back. Event only; Iterable knows no currency.
   */
  amount?: number;
  /**
   * What the order comes to after the refund; 0 when all of it is given back. Purchase only. What Iterable does with a negative total is not documented, so it is refused.
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
     * How many pieces.
     */
    quantity: number;
    /**
     * Price of one piece. Iterable knows no currency: send it as a data field.
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
     * Address of the page of the product.
     */
    url?: string;
    /**
     * Address of a picture of the product.
     */
    imageUrl?: string;
    [k: string]: unknown;
  }[];
  /**
   * When the order was made. Purchase only: without it Iterable may date the order to the moment of the correction.
   */
  orderedAt?: string | number;
  /**
   * Under which name the refund is recorded. Event only.
   */
  eventName?: string;
  /**
   * Identifies the refund, so that it exists once however often it is sent. Event only. It must not be the ID of the order: an order can be refunded in parts.
   */
  id?: string;
  /**
   * When the refund took place. Event only.
   */
  createdAt?: string | number;
  /**
   * Further data of the refund, for example its currency and reason; for a corrected purchase, all data fields that the order is to have.
   */
  dataFields?: {
    [k: string]: unknown;
  };
}

/**
 * Changes the e-mail address of a profile: with users/updateEmail in an e-mail project, where the address is what names the profile, and as a data field of the profile in the others.
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
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * Replace: every list of IDs that is mapped becomes the whole stored one, and lists that are not mapped are left alone. Add and Remove: the IDs are added to the stored ones or taken out of them; that takes a call more per user, and what somebody else changes in the same minute can be lost.
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
   * The profile field that keeps the time of the last choice, so that an older one is noticed later. Choices of e-mail and of text messages have a field each: otherwise only the later of them is kept. Empty: only choices that travel together, and those the destination remembers, are compared.
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
 * Puts a user on a list, and makes the profile where there is none.
 */
export interface SubscribeToList {
  /**
   * ID of a list of the type "Standard"; other lists are filled by Iterable alone.
   */
  listId: number;
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * What to store on the profile along with it. A member that is null is removed from the profile.
   */
  dataFields?: {
    [k: string]: unknown;
  };
  /**
   * Whether an object is merged with the stored one, one level deep, instead of replacing it. Lists are always replaced.
   */
  mergeNestedObjects?: boolean;
  /**
   * UserID and hybrid projects only: whether users that Iterable does not know are left alone instead of made. In an e-mail project it is not sent.
   */
  updateExistingUsersOnly?: boolean;
}

/**
 * Takes a user off a list. Nothing else changes for the user, unless you ask for it.
 */
export interface UnsubscribeFromList {
  /**
   * ID of a list of the type "Standard"; other lists are filled by Iterable alone.
   */
  listId: number;
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
  /**
   * The Iterable campaign that the unsubscribe is attributed to.
   */
  campaignId?: number;
  /**
   * Whether the user also leaves the whole channel of the list, and so gets nothing more of its kind. Off unless you mean it.
   */
  channelUnsubscribe?: boolean;
}

/**
 * Merges a profile into another and deletes it. Its events are moved too. This cannot be undone.
 */
export interface MergeUsers {
  /**
   * The address of the profile that is merged into the other and then deleted.
   */
  sourceEmail?: string;
  /**
   * Your own ID of the profile that is merged into the other and then deleted.
   */
  sourceUserId?: string;
  /**
   * The address of the profile that stays. Where both have a value for a field, its value stays.
   */
  destinationEmail?: string;
  /**
   * Your own ID of the profile that stays. Where both have a value for a field, its value stays.
   */
  destinationUserId?: string;
  /**
   * Profile fields whose lists are joined instead of that of the staying profile being kept. Those that Iterable manages, such as devices, cannot be named.
   */
  arrayMerge?: {
    /**
     * Name of the profile field.
     */
    field: string;
    /**
     * The member that identifies the objects of the list. With a list of anything else, Iterable refuses the whole merge.
     */
    dedupeBy?: string;
  }[];
}

/**
 * Deletes the profile and the events of a user. Nothing keeps a later event from making the profile again; to erase a person for good, use Forget User. In an e-mail project a user ID deletes every profile that has it.
 */
export interface DeleteUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
}

/**
 * Erases a user and all their data, as data protection law requires, and makes Iterable refuse later data about them. Iterable accepts 3 requests a second and 1,000 a day, and takes up to ten minutes.
 */
export interface ForgetUser {
  /**
   * The e-mail address of the user. E-mail and hybrid projects find the profile by it.
   */
  email?: string;
  /**
   * Your own ID of the user, at most 52 characters. UserID and hybrid projects find the profile by it.
   */
  userId?: string;
}

/**
 * Makes an item of a catalog, or updates the one there is.
 */
export interface UpsertCatalogItems {
  /**
   * Name of the catalog: letters, digits and dashes, upper and lower case alike. It has to be there.
   */
  catalogName: string;
  /**
   * Identifies the item in the catalog: letters, digits and dashes, case-sensitive.
   */
  itemId: string;
  /**
   * The fields of the item, at most 30 kB of JSON. The name of a field must not have a period in it.
   */
  item: {
    [k: string]: unknown;
  };
  /**
   * Whether fields that are not sent are removed from the item. Otherwise they stay.
   */
  replace?: boolean;
  /**
   * Whether each item of an upload is read back, because Iterable tells no result for it. That takes a call per item.
   */
  verify?: boolean;
}

/**
 * Takes an item out of a catalog.
 */
export interface DeleteCatalogItems {
  /**
   * Name of the catalog: letters, digits and dashes, upper and lower case alike. It has to be there.
   */
  catalogName: string;
  /**
   * Identifies the item in the catalog: letters, digits and dashes, case-sensitive.
   */
  itemId: string;
}
