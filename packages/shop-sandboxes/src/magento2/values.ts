import type { Address } from '../model/index.ts';

/** An object of an answer. */
export type Row = Readonly<Record<string, unknown>>;

const digits = new Map<string, number>();

/** An amount as Magento writes it: a number of the unit that people name. */
export function decimal(minor: number, currency: string): number {
  let places = digits.get(currency);
  if (places === undefined) {
    places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits!;
    digits.set(currency, places);
  }
  return Number(`${minor}e-${places}`);
}

/** A time as Magento writes it: UTC, which it does not say. */
export function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

/** The members that Magento has a value for: it leaves the others out. */
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

/** Ids of products that a variant is: each is a product of its own beside the one that customers see. */
export const VARIANTS_FROM = 1000;
