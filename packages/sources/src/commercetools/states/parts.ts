import { currencyDigits, minorOf, type ShopAddress, type ShopAttribution } from '@waybill/core';
import { isRecord, type JsonObject, known, some } from '../../read.ts';
import { at, localized, number, text } from '../json.ts';

/** The ISO 4217 code for no currency: for a product without a price. */
export const NO_CURRENCY = 'XXX';

/** Converts an amount to minor units; undefined when it is not an amount. */
export function money(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  const amount = number(found, 'centAmount');
  const currency = text(found, 'currencyCode');
  if (amount === undefined || currency === undefined) return undefined;
  const digits = number(found, 'fractionDigits') ?? currencyDigits(currency);
  // A high-precision amount has the digits of `preciseAmount`; `centAmount` is rounded to the currency.
  const isRounded = text(found, 'type') === 'highPrecision' || digits === currencyDigits(currency);
  return isRounded ? amount : minorOf(`${amount}e-${digits}`, currency);
}

/** Converts an address; undefined when it is empty. */
export function addressOf(value: unknown): ShopAddress | undefined {
  const words = (...parts: readonly string[]): string | undefined =>
    parts
      .map((part) => text(value, part))
      .filter(Boolean)
      .join(' ') || undefined;
  const street = [
    words('streetName', 'streetNumber'),
    words('additionalStreetInfo'),
    words('building', 'apartment'),
    words('pOBox'),
    words('additionalAddressInfo'),
  ];
  return some({
    firstName: text(value, 'firstName'),
    lastName: text(value, 'lastName'),
    company: text(value, 'company'),
    street: street.filter(Boolean).join('\n') || undefined,
    city: text(value, 'city'),
    state: text(value, 'region') ?? text(value, 'state'),
    postalCode: text(value, 'postalCode'),
    country: text(value, 'country'),
    phone: text(value, 'mobile') ?? text(value, 'phone'),
  });
}

/** Returns the custom fields of a row that the settings name. Others stay in the shop. */
export function customOf(row: JsonObject, names: readonly string[] = []): JsonObject | undefined {
  const found = names.flatMap((name) => {
    const value = at(row, 'custom', 'fields', name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

const ATTRIBUTION: ReadonlyMap<string, keyof ShopAttribution> = new Map([
  ['utmsource', 'source'],
  ['utmmedium', 'medium'],
  ['utmcampaign', 'campaign'],
  ['utmterm', 'term'],
  ['utmcontent', 'content'],
  ['utmid', 'id'],
  ['iterablecampaignid', 'campaignId'],
  ['iterabletemplateid', 'templateId'],
  ['iterablemessageid', 'messageId'],
]);

/** Returns the attribution of a customer, from custom fields with the usual names: `utmSource`, `utm_source`, `utm-source`. */
export function attributionOf(row: JsonObject): ShopAttribution | undefined {
  const fields = at(row, 'custom', 'fields');
  if (!isRecord(fields)) return undefined;
  const found = Object.keys(fields).flatMap((name) => {
    const member = ATTRIBUTION.get(name.toLowerCase().replace(/[_-]/g, ''));
    const value = text(fields, name);
    return member === undefined || value === undefined ? [] : [[member, value] as const];
  });
  return found.length === 0 ? undefined : known(Object.fromEntries(found));
}

/** Returns an attribute of a variant as a string: enumeration values have a label, and strings may have languages. */
export function attributeOf(
  variant: unknown,
  name: string,
  ...languages: readonly (string | undefined)[]
): string | undefined {
  const attributes = at(variant, 'attributes');
  const found = (Array.isArray(attributes) ? attributes : []).find(
    (one) => text(one, 'name') === name,
  ) as unknown;
  const value = at(found, 'value');
  return localized(at(value, 'label') ?? value, ...languages);
}

/** Returns the URL of a product page, by the template of the settings. */
export function pageOf(
  template: string | undefined,
  parts: Readonly<Record<'slug' | 'sku' | 'id' | 'key' | 'locale', string | undefined>>,
): string | undefined {
  if (template === undefined) return undefined;
  let isWhole = true;
  const url = template.replace(/\{(slug|sku|id|key|locale)\}/g, (_all, name: keyof typeof parts) => {
    isWhole &&= parts[name] !== undefined;
    return encodeURIComponent(parts[name] ?? '');
  });
  return isWhole ? url : undefined;
}
