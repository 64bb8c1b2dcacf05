import { amountOf } from '@waybill/core';

/** Converts amounts of a currency for events; leaves out unknown ones. */
export function amountsIn(currency: string): (minor: number | undefined) => number | undefined {
  return (minor) => (minor === undefined ? undefined : amountOf(minor, currency));
}

/** Converts member names to those of properties: `postalCode` to `postal_code`. */
export function snakeCase(value: object | undefined): Record<string, unknown> | undefined {
  if (value === undefined) return undefined;
  const named: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value))
    if (member !== undefined) named[snakeName(name)] = member;
  return named;
}

/** A cache of names; those of addresses are few. */
const snakeNames = new Map<string, string>();
const MOST_NAMES = 200;

function snakeName(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const made = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snakeNames.size < MOST_NAMES) snakeNames.set(name, made);
  return made;
}

/** Converts digits to a number, as Iterable expects IDs of campaigns and templates. */
export function numeric(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : text;
}
