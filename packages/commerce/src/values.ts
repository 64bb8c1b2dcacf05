import { amountOf, withoutAbsent } from '@waybill/core';

/** Makes amounts of a currency as events carry them; what the shop does not say stays out. */
export function amountsIn(currency: string): (minor: number | undefined) => number | undefined {
  return (minor) => (minor === undefined ? undefined : amountOf(minor, currency));
}

/** The members of an object under the names that properties have: `postalCode` is `postal_code`. */
export function snakeCase(value: object | undefined): Record<string, unknown> | undefined {
  if (value === undefined) return undefined;
  const named = Object.entries(withoutAbsent(value)).map(
    ([name, member]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), member] as const,
  );
  return Object.fromEntries(named);
}

/** Digits as a number: Iterable takes ids of campaigns and templates as such. */
export function numeric(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}
