import { fullFormats } from 'ajv-formats/dist/formats.js';

/** A test of a string. */
export type FormatTest = (text: string) => boolean;

/** Longer strings match no format: some of the patterns take quadratic time. */
const LONGEST = 2048;

const TIME = String.raw`T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$`;

// The shape of nearly all dates. Days to 28 are in every month; the end of a month has its own pattern, because one for
// both is slower for all days.
const COMMON_TIMESTAMP = new RegExp(String.raw`^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])${TIME}`);

// Only 29 February needs a calendar.
const END_OF_MONTH = new RegExp(
  String.raw`^\d{4}-(?:(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)${TIME}`,
);

// Year first, then two digits each, with or without separators, without a zone: read as local time, out-of-range parts
// roll over. This is what the peer's date library accepts.
const LOOSE_LOCAL =
  /^\d{4}[-/]?(?:\d{1,2})?[-/]?\d{0,2}[Tt\s]*(?:\d{1,2})?:?(?:\d{1,2})?:?(?:\d{1,2})?[.:]?(?:\d+)?$/;

/** The maximum distance of a date from 1970, in seconds. */
const FURTHEST_SECONDS = 8.64e12;

/** Whether a string is a moment: ISO 8601, a form that the platform's date parser reads, or epoch seconds. */
function isDateLike(text: string): boolean {
  if (COMMON_TIMESTAMP.test(text) || END_OF_MONTH.test(text)) return true;
  if (text.length > LONGEST) return false;
  const number = Number(text);
  if (String(number) === text) return Math.abs(number) <= FURTHEST_SECONDS;
  if (LOOSE_LOCAL.test(text)) return true;
  return !Number.isNaN(new Date(text).getTime());
}

function testOf(name: keyof typeof fullFormats): FormatTest {
  const format = fullFormats[name];
  const bounded = (test: FormatTest): FormatTest => {
    return (text) => text.length <= LONGEST && test(text);
  };
  if (format instanceof RegExp) return bounded((text) => format.test(text));
  if (typeof format === 'function') return bounded((text) => format(text) === true);
  if (typeof format === 'object' && 'validate' in format && typeof format.validate === 'function') {
    const validate = format.validate as (text: string) => unknown;
    return bounded((text) => validate(text) === true);
  }
  throw new TypeError(`The format "${name}" has no test.`);
}

/**
 * The formats that constrain a value, by the name that JSON Schemas of fields use. Only `date-like` is not defined by
 * JSON Schema. Times may omit the zone, as on Segment.
 */
export const FORMATS: Readonly<Record<string, FormatTest>> = Object.freeze({
  'date-like': isDateLike,
  date: testOf('date'),
  time: testOf('iso-time'),
  'date-time': testOf('iso-date-time'),
  uri: testOf('uri'),
  'uri-reference': testOf('uri-reference'),
  'uri-template': testOf('uri-template'),
  email: testOf('email'),
  hostname: testOf('hostname'),
  ipv4: testOf('ipv4'),
  ipv6: testOf('ipv6'),
  regex: testOf('regex'),
  uuid: testOf('uuid'),
});
