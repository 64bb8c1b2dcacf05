import { type Outcome, type Rejected, rejected } from '@waybill/core';

import { isRecord, type JsonObject } from '../../http/json.ts';

/** The person in a payload. */
export interface Person {
  readonly email?: string | undefined;
  readonly phoneNumber?: string | undefined;
  readonly externalId?: string | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly organization?: string | undefined;
  readonly title?: string | undefined;
  readonly image?: string | undefined;
  readonly locale?: string | undefined;
  readonly location?: JsonObject | undefined;
  readonly properties?: JsonObject | undefined;
}

/** Returns the identifiers of a person, in the common form of destinations. */
export function identifiersOf({ email, externalId }: Person): {
  readonly email: string | undefined;
  readonly userId: string | undefined;
} {
  return { email, userId: externalId };
}

/** The identifiers of a person at Klaviyo, at least one. */
export interface Identifiers {
  readonly email?: string;
  readonly phone_number?: string;
  readonly external_id?: string;
}

/** An identified person, with notes about what was left out; or why there is none. */
export type Named =
  | { readonly by: Identifiers; readonly notes: readonly string[]; readonly refused?: undefined }
  | { readonly refused: Rejected };

/** A local part and a domain, without spaces: Klaviyo checks the rest. */
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const E164 = /^\+[1-9]\d{6,14}$/;

/** Identifies a person by the identifiers that Klaviyo accepts. */
export function named({ email, phoneNumber, externalId }: Person): Named {
  const notes: string[] = [];
  const by: { -readonly [K in keyof Identifiers]: Identifiers[K] } = {};
  if (isText(email)) {
    if (ADDRESS.test(email.trim())) by.email = email.trim();
    else notes.push(`The e-mail address "${email}" was left out: it is malformed.`);
  }
  if (isText(phoneNumber)) {
    const number = phoneNumber.replace(/[\s().-]/g, '');
    if (E164.test(number)) by.phone_number = number;
    else notes.push(`The phone number "${phoneNumber}" was left out: it is not in the form +4930901820.`);
  }
  if (isText(externalId)) by.external_id = externalId;
  if (Object.keys(by).length > 0) return { by, notes };
  if (isText(email)) return { refused: rejected('identity_invalid_email', notes[0], 'email') };
  if (notes.length > 0)
    return { refused: rejected('destination_invalid_identifier', notes[0], 'phoneNumber') };
  const message = 'Klaviyo needs an e-mail address, a phone number or an external ID.';
  return { refused: rejected('identity_missing', message) };
}

/** Converts a profile to a JSON:API resource. */
export function profileOf(by: Identifiers, person: Person = {}): JsonObject {
  const { firstName, lastName, organization, title, image, locale, location, properties } = person;
  return {
    type: 'profile',
    attributes: {
      ...by,
      // JSON omits undefined members.
      first_name: firstName,
      last_name: lastName,
      organization,
      title,
      image,
      locale,
      location: inLines(location),
      properties: properties === undefined || Object.keys(properties).length === 0 ? undefined : properties,
    },
  };
}

/** An address whose street has at most two lines, as at Klaviyo. */
function inLines(location: JsonObject = {}): JsonObject | undefined {
  const { address1: street } = location;
  if (typeof street !== 'string' || !street.includes('\n'))
    return Object.keys(location).length === 0 ? undefined : location;
  const [address1, ...rest] = street.split(/\s*\n\s*/);
  return { ...location, address1, address2: location['address2'] ?? rest.join(', ') };
}

/** Whether a value must be cleared: a bulk import would leave it unchanged. */
export function clears({ properties, location }: Person): boolean {
  return [properties, location].some((one) => isRecord(one) && Object.values(one).includes(null));
}

/** Sends the items with an identified person; the others end with the reason. */
export async function forNamed<T extends { readonly payload: Person }>(
  items: readonly T[],
  send: (
    items: readonly (T & { readonly who: Extract<Named, { notes: object }> })[],
  ) => Promise<readonly Outcome[]>,
): Promise<readonly Outcome[]> {
  const people = items.map((item) => ({ ...item, who: named(item.payload) }));
  const known = people.flatMap((one) => (one.who.refused === undefined ? [{ ...one, who: one.who }] : []));
  const sent = known.length === 0 ? [] : [...(await send(known))];
  return people.map(({ who }) => who.refused ?? sent.shift()!);
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
