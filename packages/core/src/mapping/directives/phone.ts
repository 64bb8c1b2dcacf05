import { isSupportedCountry } from 'libphonenumber-js/min';
import { e164 } from '../../text/phone.ts';
import { checkConversion, compileConversion, INVALID_NOTE, referenceConversion } from './convert.ts';
import type { Conversion, Invalid } from './convert.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly value: unknown;
  readonly country?: unknown;
  readonly invalid?: Invalid;
}

/** Formats a phone number as E.164. */
export const phone: Directive<Options> = {
  name: '@waybill.phone',
  portable: false,
  summary:
    'Converts a phone number to the international format (E.164): `030 1234567` in Germany becomes `+49301234567`.',
  notes: [
    '`country` is the two-letter country code for numbers without a calling code; it may be a directive. Without it, only numbers that begin with `+` or `00` can be parsed.',
    INVALID_NOTE,
  ],
  examples: [
    {
      mapping: {
        phoneNumber: {
          '@waybill.phone': { value: { '@path': '$.traits.phone' }, country: 'DE', invalid: 'drop' },
        },
      },
      event: { traits: { phone: '(030) 901820' } },
      payload: { phoneNumber: '+4930901820' },
    },
  ],
  check(value, checker) {
    const options = checkConversion(value, ['country'], checker);
    const country = options?.['country'];
    if (typeof country === 'string' && !isSupportedCountry(country)) {
      checker.at('country').problem('Expected a country as two capital letters, for example "DE".');
    } else if (country !== undefined) {
      checker.at('country').textOrDirective(country);
    }
  },
  reference(options, scope, evaluation) {
    return referenceConversion(CONVERSION, options, scope, evaluation);
  },
  compile(options, builder) {
    return compileConversion(CONVERSION, options, builder);
  },
};

const CONVERSION: Conversion<Options> = {
  parts: ['country'],
  wanted: 'a phone number',
  make: () => toE164,
};

function toE164(value: unknown, country: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return e164(String(value), typeof country === 'string' ? country : undefined);
}
