import type { Address, Line, ShopModel, Store } from '../model/index.ts';
import { easternTime } from './eastern.ts';

function digitsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits!;
}

/** An amount in major units. */
export function plain(minor: number, currency: string): number {
  return Number(`${minor}e-${digitsOf(currency)}`);
}

/** An amount of a store: in the base currency, and in that of the buyer. */
export function amount(minor: number, { currency, rate }: Store) {
  const localized = plain(minor, currency);
  return { value: currency === 'EUR' ? localized : Math.round((localized / rate) * 100) / 100, localized };
}

/** A time in whole seconds. UltraCart uses New York time. */
export function dts(at: number): string {
  return easternTime(at);
}

const LANGUAGES: Readonly<Record<string, string>> = { de: 'DEU', ja: 'JPN' };

/** A three-letter language code. */
export function languageOf({ locale }: Store): string {
  return LANGUAGES[locale.slice(0, 2)] ?? 'ENG';
}

/** The address of a storefront without its scheme. */
export function hostOf({ url }: Store): string {
  return new URL(url).host;
}

/** An address. */
export function addressOf({
  firstName,
  lastName,
  company,
  street,
  city,
  state,
  postalCode,
  country,
  phone,
}: Address) {
  return {
    first_name: firstName,
    last_name: lastName,
    company,
    address1: street[0],
    address2: street[1],
    city,
    state_region: state,
    postal_code: postalCode,
    country_code: country,
    day_phone: phone,
  };
}

/** The selected options of a variant. */
export function optionsOf(model: ShopModel, { productId, variantId }: Line) {
  const variant = model.tables.product.find(productId)?.variants.find(({ id }) => id === variantId);
  return (variant?.options ?? []).map(({ name, value }) => ({ label: name, value }));
}
