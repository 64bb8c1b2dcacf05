import type { Address, Order } from '../model/index.ts';

/** Digits after the point of an amount as version 2 writes it. */
const DIGITS = 4;

const digits = new Map<string, number>();

function digitsOf(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits!;
    digits.set(currency, known);
  }
  return known;
}

/** An amount as version 3 has it: 12.5. */
export function amount(minor: number, currency: string): number {
  return Number(`${minor}e-${digitsOf(currency)}`);
}

/** An amount as version 2 has it: "12.5000". */
export function decimal(minor: number, currency: string): string {
  return amount(minor, currency).toFixed(DIGITS);
}

/** A time as version 2 has it: "Tue, 03 Mar 2026 21:40:11 +0000". */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

/** A time as version 3 has it: "2026-03-03T21:40:11+00:00". */
export function iso(at: number): string {
  return new Date(secondOf(at)).toISOString().replace('.000Z', '+00:00');
}

/** Rounds to seconds. */
export function secondOf(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

const COUNTRIES: Readonly<Record<string, string>> = { DE: 'Germany', JP: 'Japan', US: 'United States' };

/** An address of an order. */
export function orderAddress(address: Address, email: string) {
  const [first = '', second = ''] = address.street;
  return {
    first_name: address.firstName,
    last_name: address.lastName,
    company: address.company ?? '',
    street_1: first,
    street_2: second,
    city: address.city,
    state: address.state ?? '',
    zip: address.postalCode,
    country: COUNTRIES[address.country] ?? address.country,
    country_iso2: address.country,
    phone: address.phone ?? '',
    email,
  };
}

/** An address of a customer or a checkout. */
export function customerAddress(address: Address) {
  const [first = '', second = ''] = address.street;
  return {
    id: address.id,
    first_name: address.firstName,
    last_name: address.lastName,
    company: address.company ?? '',
    address1: first,
    address2: second,
    city: address.city,
    state_or_province: address.state ?? '',
    postal_code: address.postalCode,
    country_code: address.country,
    country: COUNTRIES[address.country] ?? address.country,
    phone: address.phone ?? '',
    address_type: 'residential',
  };
}

/** The status of an order, which refunds and parcels change. */
export function statusOf(order: Order): { readonly id: number; readonly name: string } {
  const [id, name] = stateOf(order);
  return { id, name };
}

function stateOf({
  status,
  paid,
  history,
  refunds,
  shipments,
  lines,
  total,
}: Order): readonly [number, string] {
  if (status === 'open') return [0, 'Incomplete'];
  if (status === 'cancelled')
    return history.some(({ what }) => what === 'placed' || what === 'paid')
      ? [5, 'Cancelled']
      : [6, 'Declined'];
  const back = refunds.reduce((all, one) => all + one.amount, 0);
  if (back > 0) return back >= total ? [4, 'Refunded'] : [14, 'Partially Refunded'];
  const sent = shippedOf(shipments);
  if (sent > 0)
    return sent >= lines.reduce((all, { quantity }) => all + quantity, 0)
      ? [2, 'Shipped']
      : [3, 'Partially Shipped'];
  return paid ? [11, 'Awaiting Fulfillment'] : [7, 'Awaiting Payment'];
}

/** The shipped quantity. */
export function shippedOf(shipments: Order['shipments']): number {
  return shipments.flatMap(({ lines }) => lines).reduce((all, { quantity }) => all + quantity, 0);
}
