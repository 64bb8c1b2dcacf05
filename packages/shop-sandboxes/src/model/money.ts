import type { Line } from './entities.ts';

/** Returns the tax on a net amount. */
export function taxOn(amount: number, taxRate: number): number {
  return Math.round((amount * taxRate) / 10_000);
}

/** Returns the gross price. */
export function withTax(amount: number, taxRate: number): number {
  return amount + taxOn(amount, taxRate);
}

/** The totals of lines and shipping. */
export interface Totals {
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
}

/** Adds up lines and shipping. */
export function totalsOf(of: {
  readonly lines: readonly Line[];
  readonly shipping: number;
  readonly shippingTax: number;
}): Totals {
  const sum = (pick: (line: Line) => number) => of.lines.reduce((all, line) => all + pick(line), 0);
  const subtotal = sum(({ total }) => total);
  const tax = sum((line) => line.tax) + of.shippingTax;
  return { subtotal, discount: sum(({ discount }) => discount), tax, total: subtotal + of.shipping + tax };
}

/** Returns the share of an amount for the units from `from` to `to` of `of`: all shares add up to the amount. */
export function shareOf(amount: number, from: number, to: number, of: number): number {
  return Math.floor((amount * to) / of) - Math.floor((amount * from) / of);
}
