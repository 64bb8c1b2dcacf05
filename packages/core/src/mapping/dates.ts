/** Reads and writes moments: epoch numbers, ISO 8601, and patterns of a few letters, in any time zone. */

const PATTERN_LETTERS = /YYYY|MM|DD|HH|mm|ss|SSS|ZZ|Z|\[[^\]]*\]/g;

/** Whether a string is a pattern: it contains at least a year or an hour. */
export function isPattern(text: string): boolean {
  return /YYYY|HH/.test(text);
}

/** Whether a time zone is known to this runtime. */
export function isZone(zone: string): boolean {
  try {
    formatterFor(zone);
    return true;
  } catch {
    return false;
  }
}

/** Returns a number of milliseconds since 1970 if it is a valid time. */
export function moment(milliseconds: number): number | undefined {
  return Number.isFinite(milliseconds) && Math.abs(milliseconds) <= 8.64e15
    ? Math.trunc(milliseconds)
    : undefined;
}

/** Converts an epoch number: a small one is seconds, a larger one milliseconds. */
export function fromEpoch(value: number): number | undefined {
  // 100,000,000,000 seconds are in the year 5138, as many milliseconds in 1973.
  return moment(Math.abs(value) < 1e11 ? value * 1000 : value);
}

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[+-]\d\d:?\d\d|[+-]\d\d)?)?$/;

/** Parses ISO 8601; a time without an offset is in the given zone. */
export function fromIso(text: string, zone: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const parts = [year, month, day, hour, minute, second, fraction.padEnd(3, '0').slice(0, 3)].map(Number);
  return fromParts(parts, offset, zone);
}

/** Creates a parser for a pattern; missing letters mean the start of the year, day or hour. */
export function patternReader(pattern: string): (text: string, zone: string) => number | undefined {
  const order: string[] = [];
  let source = '';
  let done = 0;
  for (const match of pattern.matchAll(PATTERN_LETTERS)) {
    source += escapeText(pattern.slice(done, match.index));
    done = match.index + match[0].length;
    if (match[0].startsWith('[')) source += escapeText(match[0].slice(1, -1));
    else {
      order.push(match[0]);
      source += match[0].startsWith('Z') ? '([Zz]|[+-]\\d\\d:?\\d\\d)' : `(\\d{${match[0].length}})`;
    }
  }
  const expression = new RegExp(`^${source}${escapeText(pattern.slice(done))}$`);
  return (text, zone) => {
    const match = expression.exec(text);
    if (match === null) return undefined;
    const part = (letters: string, otherwise: number) => {
      const index = order.indexOf(letters);
      return index < 0 ? otherwise : Number(match[index + 1]);
    };
    const offset = match[order.findIndex((letters) => letters.startsWith('Z')) + 1];
    const parts = [
      part('YYYY', 1970),
      part('MM', 1),
      part('DD', 1),
      part('HH', 0),
      part('mm', 0),
      part('ss', 0),
    ];
    return fromParts(
      [...parts, part('SSS', 0)],
      order.some((l) => l.startsWith('Z')) ? offset : undefined,
      zone,
    );
  };
}

/** Formats a moment by a pattern, in a zone. */
export function writePattern(at: number, pattern: string, zone: string): string {
  const offset = zone === 'UTC' ? 0 : zoneOffset(at, zone);
  const local = new Date(at + offset);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.abs(offset) / 60_000;
  const sign = offset < 0 ? '-' : '+';
  return pattern.replaceAll(PATTERN_LETTERS, (letters) => {
    switch (letters) {
      case 'YYYY':
        return String(local.getUTCFullYear()).padStart(4, '0');
      case 'MM':
        return two(local.getUTCMonth() + 1);
      case 'DD':
        return two(local.getUTCDate());
      case 'HH':
        return two(local.getUTCHours());
      case 'mm':
        return two(local.getUTCMinutes());
      case 'ss':
        return two(local.getUTCSeconds());
      case 'SSS':
        return String(local.getUTCMilliseconds()).padStart(3, '0');
      case 'Z':
        return `${sign}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`;
      case 'ZZ':
        return `${sign}${two(Math.floor(minutes / 60))}${two(Math.floor(minutes % 60))}`;
      default:
        return letters.slice(1, -1);
    }
  });
}

function fromParts(parts: readonly number[], offset: string | undefined, zone: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millisecond);
  // The 31st of June would silently become the 1st of July.
  const exact =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour % 24;
  if (!exact || hour > 23 || minute > 59 || second > 59) return undefined;
  const local = date.getTime();
  if (offset === undefined) return moment(local - localOffset(local, zone));
  if (offset === 'Z' || offset === 'z') return moment(local);
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return moment(local - (offset.startsWith('-') ? -1 : 1) * minutes * 60_000);
}

/** The offset at a local time. Computed twice, because the first guess may be on the other side of a clock change. */
function localOffset(local: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const guess = zoneOffset(local, zone);
  return zoneOffset(local - guess, zone);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** How far a zone is ahead of UTC at a moment, in milliseconds. */
function zoneOffset(at: number, zone: string): number {
  const shown = Object.fromEntries(
    formatterFor(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const year = Number(shown['year']);
  const date = new Date(0);
  date.setUTCFullYear(
    shown['era'] === 'BC' ? 1 - year : year,
    Number(shown['month']) - 1,
    Number(shown['day']),
  );
  date.setUTCHours(Number(shown['hour']), Number(shown['minute']), Number(shown['second']), 0);
  return date.getTime() - Math.floor(at / 1000) * 1000;
}

function escapeText(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
