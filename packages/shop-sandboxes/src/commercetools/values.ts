import { createHash } from 'node:crypto';
import type { Address } from '../model/index.ts';

/** An object of an answer. */
export type Json = Readonly<Record<string, unknown>>;

/** An amount. */
export function money(centAmount: number, currencyCode: string) {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: currencyCode,
  }).resolvedOptions();
  return { type: 'centPrecision', currencyCode, centAmount, fractionDigits: maximumFractionDigits! };
}

/** An amount with its tax. */
export function taxed(net: number, tax: number, currency: string) {
  return {
    totalNet: money(net, currency),
    totalGross: money(net + tax, currency),
    taxPortions: [],
    totalTax: money(tax, currency),
  };
}

/** A time. */
export function time(at: number): string {
  return new Date(at).toISOString();
}

/** A deterministic ID for something without one in the model. */
export function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A reference to another resource. */
export function reference(typeId: string, id: string): { readonly typeId: string; readonly id: string } {
  return { typeId, id };
}

/** The common members of resources. */
export function stamped(id: string, version: number, createdAt: number, lastModifiedAt: number) {
  return { id, version, createdAt: time(createdAt), lastModifiedAt: time(lastModifiedAt) };
}

/** An address. */
export function addressOf(address: Address, email?: string) {
  const [first = '', ...more] = address.street;
  const [, streetName = first, streetNumber] = /^(.*?)\s+(\d\S*)$/.exec(first) ?? [];
  return {
    id: address.uuid.slice(0, 8),
    firstName: address.firstName,
    lastName: address.lastName,
    company: address.company,
    streetName,
    streetNumber,
    additionalStreetInfo: more[0],
    city: address.city,
    region: address.stateCode ?? address.state,
    postalCode: address.postalCode,
    country: address.country,
    phone: address.phone,
    email,
  };
}
