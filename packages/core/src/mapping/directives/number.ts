import { checkConversion, compileConversion, INVALID_NOTE, referenceConversion } from './convert.ts';
import type { Conversion, Invalid } from './convert.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly value: unknown;
  readonly decimal?: '.' | ',';
  readonly from?: 'major' | 'minor';
  readonly to?: 'major' | 'minor';
  readonly currency?: unknown;
  readonly digits?: number;
  readonly invalid?: Invalid;
}

/** Converts a string or minor units to a number. */
export const number: Directive<Options> = {
  name: '@waybill.number',
  portable: false,
  summary: 'Parses a number, and converts amounts between minor units (cents) and major units (euros).',
  notes: [
    '`decimal` is the decimal separator: `.` (default) or `,`; the other one, spaces and apostrophes may separate thousands. Currency symbols and codes around the number are ignored.',
    '`from: "minor"` means that the value is in minor units, `to: "minor"` that the result is. `currency`, which may be a directive, sets the number of decimals: none for JPY, three for KWD, two for most others and by default.',
    '`digits` rounds to that many decimals.',
    INVALID_NOTE,
  ],
  examples: [
    {
      mapping: {
        total: { '@waybill.number': { value: { '@path': '$.properties.total' } } },
        tax: { '@waybill.number': { value: { '@path': '$.properties.tax' }, decimal: ',' } },
        shipping: { '@waybill.number': { value: { '@path': '$.properties.shipping_cents' }, from: 'minor' } },
      },
      event: { properties: { total: '$1,234.50', tax: '12,5 %', shipping_cents: 499 } },
      payload: { total: 1234.5, tax: 12.5, shipping: 4.99 },
    },
  ],
  check(value, checker) {
    const options = checkConversion(value, ['decimal', 'from', 'to', 'currency', 'digits'], checker);
    if (options === undefined) return;
    if (options['decimal'] !== undefined) checker.at('decimal').word(options['decimal'], ['.', ',']);
    if (options['from'] !== undefined) checker.at('from').word(options['from'], ['major', 'minor']);
    if (options['to'] !== undefined) checker.at('to').word(options['to'], ['major', 'minor']);
    if (options['currency'] !== undefined) checker.at('currency').textOrDirective(options['currency']);
    if (options['digits'] !== undefined) checker.at('digits').wholeNumber(options['digits'], 0, 12);
  },
  reference(options, scope, evaluation) {
    return referenceConversion(CONVERSION, options, scope, evaluation);
  },
  compile(options, builder) {
    return compileConversion(CONVERSION, options, builder);
  },
};

const CONVERSION: Conversion<Options> = {
  parts: ['currency'],
  wanted: 'a number',
  make({ decimal = '.', from = 'major', to = 'major', digits }) {
    return (value, currency) => {
      const read = typeof value === 'string' ? parseNumber(value, decimal) : value;
      if (typeof read !== 'number' || !Number.isFinite(read)) return undefined;
      const places = from === to ? 0 : minorDigits(currency) * (from === 'minor' ? -1 : 1);
      const moved = shift(read, places);
      // Minor units are whole: a price of 4.995 has no half cent.
      const decimals = to === 'minor' && from === 'major' ? 0 : digits;
      const result = decimals === undefined ? moved : round(moved, decimals);
      return Number.isFinite(result) ? result : undefined;
    };
  },
};

const LONGEST = 60;

function parseNumber(text: string, decimal: '.' | ','): number | undefined {
  if (text.length > LONGEST) return undefined;
  const match = /^([^\d.,]*)([\d.,'’\s]*\d)([^\d.,]*)$/u.exec(text.replaceAll('\u2212', '-').trim());
  if (match === null) return undefined;
  const [, before = '', digits = '', after = ''] = match;
  const sign = before.replaceAll(/[\p{L}\p{Sc}\s]/gu, '');
  if (!/^[+-]?$/.test(sign) || !/^[\p{L}\p{Sc}\s%]*$/u.test(after)) return undefined;
  const groups = decimal === '.' ? ',' : '\\.';
  const point = decimal === '.' ? '\\.' : ',';
  const shape = new RegExp(`^(?:\\d+|\\d{1,3}(?:[${groups}'’\\s]\\d{3})+)?(?:${point}\\d+)?$`);
  if (!shape.test(digits)) return undefined;
  const plain = digits.replaceAll(new RegExp(`[${groups}'’\\s]`, 'g'), '').replace(decimal, '.');
  return Number(`${sign}${plain}`);
}

const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

function minorDigits(currency: unknown): number {
  const code = typeof currency === 'string' ? currency.trim().toUpperCase() : '';
  if (NO_DECIMALS.includes(code)) return 0;
  return THREE_DECIMALS.includes(code) ? 3 : 2;
}

/** Moves the decimal point in the number's own decimal notation, where 4.35 times 100 is 435. */
function shift(value: number, places: number): number {
  const [digits, exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

function round(value: number, digits: number): number {
  const sign = value < 0 ? -1 : 1;
  return sign * shift(Math.round(shift(Math.abs(value), digits)), -digits);
}
