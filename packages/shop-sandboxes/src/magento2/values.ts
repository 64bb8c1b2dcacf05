import type { Address } from '../model/index.ts';

/** An object of an answer. */
export type Row = Readonly<Record<string, unknown>>;

const digits = new Map<string, number>();

/** An amount in Magento: a number in major units. */
export function decimal(minor: number, currency: string): number {
  let places = digits.get(currency);
  if (places === undefined) {
    places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits!;
    digits.set(currency, places);
  }
  return Number(`${minor}e-${places}`);
}

/** A time in Magento: UTC without a zone. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** The members with a value: Magento omits the others. */
export function present(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** An address of an order or a cart. */
export function addressRow(address: Address, email: string): Row {
  return present({
    firstname: address.firstName,
    lastname: address.lastName,
    company: address.company,
    street: address.street,
    city: address.city,
    region: address.state,
    region_id: 0,
    region_code: address.stateCode,
    postcode: address.postalCode,
    country_id: address.country,
    telephone: address.phone,
    email,
  });
}

/** The first ID of variants: each is a separate product next to the visible one. */
export const VARIANTS_FROM = 1000;
