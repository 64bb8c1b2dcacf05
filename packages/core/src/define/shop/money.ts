/**
 * Money of shops: whole numbers of the smallest unit of a currency, so that nothing is lost to fractions. 1234 is 12.34 EUR, 1234 JPY
 * and 1.234 KWD.
 */

const known = new Map<string, number>();

/** Digits after the decimal point of a currency (ISO 4217); 2 for one that nobody knows. */
export function currencyDigits(currency: string): number {
  let digits = known.get(currency);
  if (digits === undefined) {
    digits = /^[A-Za-z]{3}$/.test(currency)
      ? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits!
      : 2;
    known.set(currency, digits);
  }
  return digits;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The smallest units in an amount as shops write it: `"12.50"`, `12.5`, `"1e3"`. Digits beyond those of the currency are rounded half
 * away from zero. Undefined for what is no amount, or more than can be counted exactly.
 */
export function minorOf(amount: string | number, currency: string): number | undefined {
  const found = DECIMAL.exec(typeof amount === 'number' ? String(amount) : amount.trim());
  if (found === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole === '' && fraction === '') return undefined;
  const shift = Number(exponent) + currencyDigits(currency) - fraction.length;
  const digits = `${whole}${fraction}`;
  const kept = shift >= 0 ? `${digits}${'0'.repeat(shift)}` : digits.slice(0, shift) || '0';
  const roundsUp = shift < 0 && Number(digits.padStart(1 - shift, '0').at(shift)) >= 5;
  const minor = Number(kept) + (roundsUp ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return undefined;
  return sign === '-' && minor !== 0 ? -minor : minor;
}

/** An amount in the unit that people name, as events carry it: 12.34 of 1234 cents. */
export function amountOf(minor: number, currency: string): number {
  const digits = currencyDigits(currency);
  return digits === 0 ? minor : Number(`${minor}e-${digits}`);
}
