import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** The maximum length of a phone number in any notation. */
const LONGEST = 60;

/**
 * Formats a telephone number as E.164; undefined when it is not one. `country` is the two-letter country of numbers
 * without a country code; without it only numbers that begin with `+` or `00` can be read.
 */
export function e164(number: string, country?: string): string | undefined {
  const text = number.trim();
  if (text.length > LONGEST) return undefined;
  const home = (country ?? '').trim().toUpperCase();
  const international = text.startsWith('00') ? `+${text.slice(2)}` : text;
  const found = isSupportedCountry(home)
    ? parsePhoneNumberFromString(text, home)
    : parsePhoneNumberFromString(international);
  return found?.isValid() === true ? found.number : undefined;
}
