/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * A private key (it begins with pk_), created in Klaviyo under Settings > API keys. It needs full access to events, profiles, lists and subscriptions, full access to data privacy for deletions, and read access to accounts.
   */
  apiKey: string;
  /**
   * Replaces the URL of Klaviyo, for example with that of a local sandbox. Leave this empty to use Klaviyo.
   */
  apiUrl?: string;
}

/**
 * Creates or updates a profile. Many profiles at once are sent by an import job.
 */
export interface UpsertProfile {
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
  /**
   * The first name.
   */
  firstName?: string;
  /**
   * The last name.
   */
  lastName?: string;
  /**
   * The company.
   */
  organization?: string;
  /**
   * The job title.
   */
  title?: string;
  /**
   * Address of an image.
   */
  image?: string;
  /**
   * The language, such as de-DE.
   */
  locale?: string;
  /**
   * Where the person lives.
   */
  location?: {
    /**
     * Street and number. Further lines become the second line of the address.
     */
    address1?: string;
    /**
     * The second line of the address.
     */
    address2?: string;
    /**
     * The city.
     */
    city?: string;
    /**
     * State or province.
     */
    region?: string;
    /**
     * The postal code.
     */
    zip?: string;
    /**
     * The country.
     */
    country?: string;
    /**
     * Such as Europe/Berlin.
     */
    timezone?: string;
    /**
     * Klaviyo derives the location from it.
     */
    ip?: string;
  };
  /**
   * Other properties of the person. A member that is null is cleared.
   */
  properties?: {
    [k: string]: unknown;
  };
}

/**
 * Records an event of a person, and creates the profile if there is none.
 */
export interface TrackEvent {
  /**
   * The name of the event in Klaviyo, of fewer than 128 characters.
   */
  metric: string;
  /**
   * Klaviyo records an event once for each profile, metric and unique ID.
   */
  uniqueId?: string;
  /**
   * Data of the event: at most 400 members.
   */
  properties?: {
    [k: string]: unknown;
  };
  /**
   * Lines under the names that Klaviyo uses: the event gets Items, and ItemNames, Categories, Brands and ItemCount for all of them.
   */
  items?: {
    /**
     * Identifies the product.
     */
    productId?: string;
    /**
     * Stock keeping unit.
     */
    sku?: string;
    /**
     * Name of the product.
     */
    name?: string;
    /**
     * Brand of the product.
     */
    brand?: string;
    /**
     * Size, colour and so on.
     */
    variant?: string;
    /**
     * Category of the product.
     */
    category?: string;
    /**
     * Number of pieces.
     */
    quantity?: number;
    /**
     * Price of one piece.
     */
    price?: number;
    /**
     * Address of the product page.
     */
    url?: string;
    /**
     * Address of a product image.
     */
    imageUrl?: string;
  }[];
  /**
   * An amount of money, such as the total of an order.
   */
  value?: number;
  /**
   * When it happened.
   */
  time?: string | number;
  /**
   * The currency of the value, such as EUR.
   */
  currency?: string;
  /**
   * Whether the event is historical: it is recorded and starts no flow.
   */
  backfill?: boolean;
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Records an event for each line of an order, so that people can be segmented by what they bought.
 */
export interface OrderedProducts {
  /**
   * The name of the events in Klaviyo.
   */
  metric: string;
  /**
   * The order. Its ID and the position of the line identify the event.
   */
  orderId: string;
  /**
   * The lines of the order, cart or parcel.
   */
  items: {
    /**
     * Identifies the product.
     */
    productId?: string;
    /**
     * Stock keeping unit.
     */
    sku?: string;
    /**
     * Name of the product.
     */
    name?: string;
    /**
     * Brand of the product.
     */
    brand?: string;
    /**
     * Size, colour and so on.
     */
    variant?: string;
    /**
     * Category of the product.
     */
    category?: string;
    /**
     * Number of pieces.
     */
    quantity?: number;
    /**
     * Price of one piece.
     */
    price?: number;
    /**
     * Address of the product page.
     */
    url?: string;
    /**
     * Address of a product image.
     */
    imageUrl?: string;
  }[];
  /**
   * When it happened.
   */
  time?: string | number;
  /**
   * The currency of the value, such as EUR.
   */
  currency?: string;
  /**
   * Whether the event is historical: it is recorded and starts no flow.
   */
  backfill?: boolean;
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Adds a person to a list, and creates the profile if there is none. This is not consent: see Subscribe.
 */
export interface AddToList {
  /**
   * The ID of the list. The list that the mapping chose or created when it was published takes precedence.
   */
  listId?: string;
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Removes a person from a list. Their consent does not change.
 */
export interface RemoveFromList {
  /**
   * The ID of the list. The list that the mapping chose or created when it was published takes precedence.
   */
  listId?: string;
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Records the consent of a person to marketing by e-mail, SMS or both, and adds them to a list if one is named. Lists with double opt-in ask for confirmation first. It ends an earlier unsubscription.
 */
export interface Subscribe {
  /**
   * The channels of the consent: email needs an e-mail address, sms a phone number.
   */
  channels: ('email' | 'sms')[];
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID of the list. The list that the mapping chose or created when it was published takes precedence.
   */
  listId?: string;
  /**
   * Where the consent was given; Klaviyo stores it with the consent.
   */
  customSource?: string;
  /**
   * Whether the consent was given earlier and is only imported: it applies at once, nobody is asked to confirm it, and no flow starts.
   */
  historical?: boolean;
  /**
   * When it was given. Klaviyo accepts it only for consent that was given earlier.
   */
  consentedAt?: string | number;
}

/**
 * Withdraws the consent of a person to marketing by e-mail, SMS or both.
 */
export interface Unsubscribe {
  /**
   * The channels of the consent: email needs an e-mail address, sms a phone number.
   */
  channels: ('email' | 'sms')[];
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * Removes people from this list only. Empty: they are unsubscribed from everything. Klaviyo also unsubscribes people who are not on the list from everything.
   */
  listId?: string;
}

/**
 * Makes Klaviyo erase a person and all their data, as data protection law requires. Klaviyo accepts three requests a second.
 */
export interface DeleteProfile {
  /**
   * The e-mail address. A malformed one is left out if there is another identifier.
   */
  email?: string;
  /**
   * The phone number in international format (E.164): +4930901820. A number in another format is left out if there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}
