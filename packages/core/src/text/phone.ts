import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** No phone number is longer, written in whatever way. */
const LONGEST = 60;

/**
 * A telephone number the international way (E.164); undefined for what is none. `country` is the two-letter country of numbers without
 * a country code; without it only those can be read that begin with `+` or `00`.
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
