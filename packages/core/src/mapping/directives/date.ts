import { fromEpoch, fromIso, isPattern, isZone, moment, patternReader, writePattern } from '../dates.ts';
import { checkConversion, compileConversion, INVALID_NOTE, referenceConversion } from './convert.ts';
import type { Conversion, Invalid } from './convert.ts';
import type { Directive } from './directive.ts';

interface Options {
  readonly value: unknown;
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly invalid?: Invalid;
}

const FROM = ['auto', 'iso', 'seconds', 'milliseconds'];
const TO = ['iso', 'date', 'seconds', 'milliseconds'];

/** Parses a date or time and formats it. */
export const date: Directive<Options> = {
  name: '@waybill.date',
  portable: false,
  summary:
    'Parses a date or time and formats it as ISO 8601, as epoch seconds or milliseconds, or by a pattern.',
  notes: [
    '`from` is `auto` (default), `iso`, `seconds`, `milliseconds`, or a pattern. `auto` accepts ISO 8601 strings, and numbers: as seconds below 100,000,000,000, otherwise as milliseconds.',
    '`to` is `iso` (default; always UTC), `date` (`YYYY-MM-DD`), `seconds`, `milliseconds`, or a pattern.',
    'A pattern consists of `YYYY MM DD HH mm ss SSS`, `Z` (+01:00) and `ZZ` (+0100); characters in brackets are literal.',
    '`zone` is the time zone of times without an offset, and of the output of `date` or a pattern: `UTC` (default) or a name such as `Europe/Berlin`.',
    INVALID_NOTE,
  ],
  examples: [
    {
      mapping: {
        createdAt: { '@waybill.date': { value: { '@path': '$.timestamp' }, to: 'seconds' } },
        birthday: {
          '@waybill.date': { value: { '@path': '$.traits.birthday' }, from: 'DD.MM.YYYY', to: 'date' },
        },
        localTime: {
          '@waybill.date': {
            value: { '@path': '$.properties.paid_at' },
            to: 'YYYY-MM-DD HH:mm:ss Z',
            zone: 'Europe/Berlin',
          },
        },
      },
      event: {
        timestamp: '2026-03-01T12:00:00.000Z',
        traits: { birthday: '10.12.1990' },
        properties: { paid_at: 1772366400 },
      },
      payload: { createdAt: 1772366400, birthday: '1990-12-10', localTime: '2026-03-01 13:00:00 +01:00' },
    },
  ],
  check(value, checker) {
    const options = checkConversion(value, ['from', 'to', 'zone'], checker);
    if (options === undefined) return;
    for (const [name, words] of [
      ['from', FROM],
      ['to', TO],
    ] as const) {
      const way = options[name];
      if (way === undefined || (typeof way === 'string' && way.length <= 100 && isPattern(way))) continue;
      checker.at(name).word(way, words);
    }
    const zone = options['zone'];
    if (zone !== undefined && !(typeof zone === 'string' && zone.length <= 100 && isZone(zone))) {
      checker.at('zone').problem('Expected a time zone, for example "Europe/Berlin".');
    }
  },
  reference(options, scope, evaluation) {
    return referenceConversion(CONVERSION, options, scope, evaluation);
  },
  compile(options, builder) {
    return compileConversion(CONVERSION, options, builder);
  },
};

const LONGEST = 100;

const CONVERSION: Conversion<Options> = {
  parts: [],
  wanted: 'a date',
  make({ from = 'auto', to = 'iso', zone = 'UTC' }) {
    const read = reader(from, zone);
    const write = writer(to, zone);
    return (value) => {
      if (value instanceof Date) return finite(value.getTime(), write);
      if (typeof value !== 'number' && (typeof value !== 'string' || value.length > LONGEST))
        return undefined;
      return finite(read(typeof value === 'string' ? value.trim() : value), write);
    };
  },
};

function finite(at: number | undefined, write: (at: number) => string | number): string | number | undefined {
  return at === undefined || Number.isNaN(at) ? undefined : write(at);
}

function reader(from: string, zone: string): (value: string | number) => number | undefined {
  switch (from) {
    case 'seconds':
      return (value) => epoch(value, (seconds) => moment(seconds * 1000));
    case 'milliseconds':
      return (value) => epoch(value, moment);
    case 'iso':
      return (value) => fromIso(String(value), zone);
    case 'auto':
      return (value) => epoch(value, fromEpoch) ?? fromIso(String(value), zone);
    default: {
      const read = patternReader(from);
      return (value) => read(String(value), zone);
    }
  }
}

function epoch(value: string | number, make: (value: number) => number | undefined): number | undefined {
  if (typeof value === 'number') return make(value);
  return /^-?\d{1,16}(?:\.\d{1,9})?$/.test(value) ? make(Number(value)) : undefined;
}

function writer(to: string, zone: string): (at: number) => string | number {
  switch (to) {
    case 'iso':
      return (at) => new Date(at).toISOString();
    case 'seconds':
      return (at) => Math.floor(at / 1000);
    case 'milliseconds':
      return (at) => at;
    case 'date':
      return (at) => writePattern(at, 'YYYY-MM-DD', zone);
    default:
      return (at) => writePattern(at, to, zone);
  }
}
