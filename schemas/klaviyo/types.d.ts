/* Generated from the definition by `waybill generate types`. */

export interface Settings {
  /**
   * A private key (it begins with pk_), made in Klaviyo under Settings > API keys. It needs full access to events, profiles, lists and subscriptions, to data privacy for deletions, and may read accounts.
   */
  apiKey: string;
  /**
   * Another address than the one of Klaviyo, for example that of a local stand-in. Leave it empty to reach Klaviyo.
   */
  apiUrl?: string;
}

/**
 * Makes a profile, or changes what it says. Many at once go by an import job.
 */
export interface UpsertProfile {
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
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
   * The address of a picture.
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
     * Street and number. What stands on further lines becomes the second line of the address.
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
     * Klaviyo finds the place by it.
     */
    ip?: string;
  };
  /**
   * What else is known of the person. A member that is null is cleared.
   */
  properties?: {
    [k: string]: unknown;
  };
}

/**
 * Records an event of a person, and makes the profile where there is none.
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
   * What the event says, in at most 400 members.
   */
  properties?: {
    [k: string]: unknown;
  };
  /**
   * Lines in Klaviyo’s words: the event gets Items, and ItemNames, Categories, Brands and ItemCount of all of them.
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
     * Who makes it.
     */
    brand?: string;
    /**
     * Size, colour and the like.
     */
    variant?: string;
    /**
     * Where it belongs.
     */
    category?: string;
    /**
     * How many pieces.
     */
    quantity?: number;
    /**
     * Price of one piece.
     */
    price?: number;
    /**
     * Its page.
     */
    url?: string;
    /**
     * Its picture.
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
   * Whether the event is of the past: it is recorded and starts no flow.
   */
  backfill?: boolean;
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Records an event for each line of an order, by which people are segmented by what they bought.
 */
export interface OrderedProducts {
  /**
   * The name of the events in Klaviyo.
   */
  metric: string;
  /**
   * The order: with the place of the line in it, it tells the events apart.
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
     * Who makes it.
     */
    brand?: string;
    /**
     * Size, colour and the like.
     */
    variant?: string;
    /**
     * Where it belongs.
     */
    category?: string;
    /**
     * How many pieces.
     */
    quantity?: number;
    /**
     * Price of one piece.
     */
    price?: number;
    /**
     * Its page.
     */
    url?: string;
    /**
     * Its picture.
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
   * Whether the event is of the past: it is recorded and starts no flow.
   */
  backfill?: boolean;
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Puts a person on a list, and makes the profile where there is none. It is no consent: see Subscribe.
 */
export interface AddToList {
  /**
   * The ID of the list. What the mapping has chosen or made when it was published goes before it.
   */
  listId?: string;
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Takes a person off a list. What they have consented to stays.
 */
export interface RemoveFromList {
  /**
   * The ID of the list. What the mapping has chosen or made when it was published goes before it.
   */
  listId?: string;
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}

/**
 * Records the consent of a person to marketing by e-mail, SMS or both, and puts them on a list where one is named. Lists with double opt-in ask for a confirmation first. It lifts an earlier unsubscription.
 */
export interface Subscribe {
  /**
   * What the word is about: email needs an e-mail address, sms a phone number.
   */
  channels: ('email' | 'sms')[];
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID of the list. What the mapping has chosen or made when it was published goes before it.
   */
  listId?: string;
  /**
   * Where the consent was given; Klaviyo keeps it with the consent.
   */
  customSource?: string;
  /**
   * Whether the consent was given earlier and is only carried over: it holds at once, nobody is asked to confirm it, and no flow starts.
   */
  historical?: boolean;
  /**
   * When it was given. Klaviyo takes it for consent that was given earlier alone.
   */
  consentedAt?: string | number;
}

/**
 * Withdraws the consent of a person to marketing by e-mail, SMS or both.
 */
export interface Unsubscribe {
  /**
   * What the word is about: email needs an e-mail address, sms a phone number.
   */
  channels: ('email' | 'sms')[];
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * Takes people off this list alone. Empty: they are unsubscribed from everything. So is, by Klaviyo, whoever is not on the list.
   */
  listId?: string;
}

/**
 * Has Klaviyo erase a person with everything of them, as data protection law asks for. Klaviyo takes up to three a second.
 */
export interface DeleteProfile {
  /**
   * The e-mail address. One that is malformed is left out where there is another identifier.
   */
  email?: string;
  /**
   * The telephone number in the international form (E.164): +4930901820. Another one is left out where there is another identifier.
   */
  phoneNumber?: string;
  /**
   * The ID that your own system gives the person.
   */
  externalId?: string;
}
