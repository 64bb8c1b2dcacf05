import { minorOf, type ShopAddress, type ShopAttribution, type ShopStore } from '@waybill/core';
import { type JsonObject, listOf, recordOf, some, textOf } from '../../read.ts';

/** The currency of amounts, and their member: orders only have a currency if it is not the base currency. */
export interface Money {
  readonly currency: string;
  readonly base: string;
  /** An amount in minor units. */
  readonly of: (row: JsonObject, name: string) => number | undefined;
  /** The same in the base currency; absent when that is the same. */
  readonly baseOf: (row: JsonObject, name: string) => number | undefined;
}

/** Creates the reader of amounts of an order or a cart. */
export function moneyIn(row: JsonObject, base: string): Money {
  const currency = textOf(row, 'currency_code') ?? base;
  const read = (from: JsonObject, name: string, member: string, as: string): number | undefined => {
    const value = recordOf(from, name)[member];
    return typeof value === 'number' || typeof value === 'string' ? minorOf(value, as) : undefined;
  };
  const isBase = currency === base;
  return {
    currency,
    base,
    of: (from, name) => read(from, name, isBase ? 'value' : 'localized', currency),
    baseOf: (from, name) => (isBase ? undefined : read(from, name, 'value', base)),
  };
}

/** Returns the telephone number of an address: in E.164 if UltraCart has it. */
export function phoneOf(row: JsonObject): string | undefined {
  const kinds = ['cell_phone', 'day_phone', 'evening_phone'];
  for (const name of [...kinds.map((kind) => `${kind}_e164`), ...kinds]) {
    const phone = textOf(row, name);
    if (phone !== undefined) return phone;
  }
  return undefined;
}

/** Converts a postal address. */
export function addressOf(row: JsonObject): ShopAddress | undefined {
  const country = textOf(row, 'country_code');
  const street = [textOf(row, 'address1'), textOf(row, 'address2')].filter((line) => line !== undefined);
  return some({
    firstName: textOf(row, 'first_name'),
    lastName: textOf(row, 'last_name'),
    company: textOf(row, 'company'),
    street: street.length === 0 ? undefined : street.join('\n'),
    city: textOf(row, 'city'),
    state: textOf(row, 'state_region'),
    postalCode: textOf(row, 'postal_code'),
    country: country?.length === 2 ? country.toUpperCase() : undefined,
    phone: phoneOf(row),
  });
}

/** Converts a language to BCP 47: UltraCart has ISO 639-2, in capitals. */
function localeOf(row: JsonObject): string | undefined {
  const code = textOf(row, 'language_iso_code');
  return code !== undefined && /^[A-Za-z]{2,3}$/.test(code)
    ? Intl.getCanonicalLocales(code.toLowerCase())[0]
    : undefined;
}

/** Returns the storefront of an order or a cart. */
export function storeOf(row: JsonObject): ShopStore | undefined {
  const host = textOf(recordOf(row, 'checkout'), 'storefront_host_name');
  return some({
    id: host ?? textOf(row, 'merchant_id'),
    name: host,
    channel: textOf(recordOf(row, 'channel_partner'), 'channel_partner_code'),
    locale: localeOf(row),
    url: host === undefined ? undefined : `https://${host}`,
  });
}

/** Click IDs by parameter; UltraCart spells it glcid. */
const CLICK_IDS: Readonly<Record<string, string>> = {
  glcid: 'gclid',
  gbraid: 'gbraid',
  wbraid: 'wbraid',
  fbclid: 'fbclid',
  msclkid: 'msclkid',
  ttclid: 'ttclid',
};
/** Order properties in which a storefront can store Iterable's click parameters. */
const OF_ITERABLE = {
  campaignId: 'iterable_campaign_id',
  templateId: 'iterable_template_id',
  messageId: 'iterable_message_id',
} as const;

/** Returns the attribution of a customer: the last click, which comes first in UltraCart. */
export function attributionOf(row: JsonObject): ShopAttribution | undefined {
  const click = listOf(row, 'utms')[0] ?? {};
  const properties = propertiesOf(row);
  const clickIds = some(
    Object.fromEntries(Object.entries(CLICK_IDS).map(([name, as]) => [as, textOf(click, name)])),
  );
  return some({
    source: textOf(click, 'utm_source'),
    medium: textOf(click, 'utm_medium'),
    campaign: textOf(click, 'utm_campaign'),
    term: textOf(click, 'utm_term'),
    content: textOf(click, 'utm_content'),
    id: textOf(click, 'utm_id'),
    campaignId: properties.get(OF_ITERABLE.campaignId),
    templateId: properties.get(OF_ITERABLE.templateId),
    messageId: properties.get(OF_ITERABLE.messageId),
    clickIds,
  });
}

/** Returns the properties of an order, an item or a customer, by name. */
export function propertiesOf(row: JsonObject): ReadonlyMap<string, string> {
  return new Map(
    listOf(row, 'properties').flatMap((one) => {
      const [name, value] = [textOf(one, 'name'), textOf(one, 'value')];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Returns the configured ones of named values. */
export function wantedOf(
  names: readonly string[] | undefined,
  valueOf: (name: string) => string | undefined,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries((names ?? []).map((name) => [name, valueOf(name)]));
}

/** Returns the newest of some times. */
export function newestOf(times: readonly (string | undefined)[]): string | undefined {
  return times.reduce(
    (most, one) => (one !== undefined && (most === undefined || one > most) ? one : most),
    undefined,
  );
}

/** Returns an amount as a plain number, in major units. */
export function plainAmount(row: JsonObject, name: string, currency: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' || typeof value === 'string' ? minorOf(value, currency) : undefined;
}
