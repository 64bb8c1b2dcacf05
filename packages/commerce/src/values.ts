import { amountOf } from '@waybill/core';

/** Makes amounts of a currency as events carry them; what the shop does not say stays out. */
export function amountsIn(currency: string): (minor: number | undefined) => number | undefined {
  return (minor) => (minor === undefined ? undefined : amountOf(minor, currency));
}

/** The members of an object under the names that properties have: `postalCode` is `postal_code`. */
export function snakeCase(value: object | undefined): Record<string, unknown> | undefined {
  if (value === undefined) return undefined;
  const named: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value))
    if (member !== undefined) named[snakeName(name)] = member;
  return named;
}

/** Names that were written so before; those of addresses are few. */
const snakeNames = new Map<string, string>();
const MOST_NAMES = 200;

function snakeName(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snakeNames.size < MOST_NAMES) snakeNames.set(name, made);
  return made;
}

/** Digits as a number: Iterable takes ids of campaigns and templates as such. */
export function numeric(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}
