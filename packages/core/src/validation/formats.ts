import { fullFormats } from 'ajv-formats/dist/formats.js';

/** A test of a text. */
export type FormatTest = (text: string) => boolean;

/** Text longer than this has no format: some of the patterns take quadratic time. */
const LONGEST = 2048;

const TIME = String.raw`T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$`;

// The shape of nearly every event. Days to 28 are in every month; the end of a month is a pattern of its own, because one for
// both is slower for all days.
const COMMON_TIMESTAMP = new RegExp(String.raw`^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])${TIME}`);

// Only a 29 February needs a calendar.
const END_OF_MONTH = new RegExp(
  String.raw`^\d{4}-(?:(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)${TIME}`,
);

// Year first, then two digits each, with or without separators, without a zone: read as local time, out-of-range
// parts roll over. This is what the peer's date library takes.
const LOOSE_LOCAL =
  /^\d{4}[-/]?(?:\d{1,2})?[-/]?\d{0,2}[Tt\s]*(?:\d{1,2})?:?(?:\d{1,2})?:?(?:\d{1,2})?[.:]?(?:\d+)?$/;

/** The furthest moment from 1970 that a date can hold, in seconds. */
const FURTHEST_SECONDS = 8.64e12;

/** Whether a text is a moment: an ISO 8601 form, a form that the platform's date parser reads, or epoch seconds. */
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
 * The formats that constrain a value, by the name that JSON Schemas of fields use. `date-like` is the one that JSON
 * Schema does not define. Times may leave out the zone, as Segment accepts them.
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
