/**
 * Money of shops: whole numbers of the minor unit of a currency, so that fractions lose nothing. 1234 is 12.34 EUR,
 * 1234 JPY and 1.234 KWD.
 */

const known = new Map<string, number>();

/** Returns the digits after the decimal point of a currency (ISO 4217); 2 for an unknown one. */
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
 * Converts an amount as shops write it to minor units: `"12.50"`, `12.5`, `"1e3"`. Digits beyond those of the currency
 * are rounded half away from zero. Undefined for what is not an amount, or too large to be exact.
 */
export function minorOf(amount: string | number, currency: string): number | undefined {
  if (typeof amount === 'string') {
    const minor = plainMinor(amount, currencyDigits(currency));
    if (minor !== undefined) return minor;
  }
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

const [ZERO, NINE, POINT, FIVE] = [0x30, 0x39, 0x2e, 0x35];
/** The maximum length of an amount that is exact with any digits. */
const SHORT = 15;

/** The same for nearly all amounts: a few digits, perhaps with a fraction. Undefined for any other. */
function plainMinor(text: string, digits: number): number | undefined {
  if (text.length > SHORT || text.charCodeAt(0) === POINT) return undefined;
  let minor = 0;
  /** Digits after the point so far; -1 before it. */
  let behind = -1;
  let roundsUp = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === POINT && behind < 0) behind = 0;
    else if (code < ZERO || code > NINE) return undefined;
    else {
      if (behind === digits) roundsUp = code >= FIVE;
      if (behind < digits) minor = minor * 10 + code - ZERO;
      if (behind >= 0) behind += 1;
    }
  }
  if (text.length === 0) return undefined;
  for (let missing = digits - Math.max(0, behind); missing > 0; missing -= 1) minor *= 10;
  return Number.isSafeInteger(minor) ? minor + (roundsUp ? 1 : 0) : undefined;
}

/** Converts minor units to the amount in events: 1234 cents to 12.34. */
export function amountOf(minor: number, currency: string): number {
  const digits = currencyDigits(currency);
  // Avoids negative zero.
  return minor / 10 ** digits + 0;
}
