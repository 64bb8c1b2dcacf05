import { setOwn } from '../../http/json.ts';

const FULL_DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * A value in which every full ISO date-time has the form Iterable stores, `yyyy-MM-dd HH:mm:ss +00:00`. Only strings with a
 * date, a time and an offset are converted; everything else is unchanged, including impossible dates: null would delete the
 * field.
 */
export function withIterableDates<T>(value: T): T;
export function withIterableDates(value: unknown): unknown {
  if (typeof value === 'string') return iterableDate(value) ?? value;
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    return list.some(changes) ? list.map((member) => withIterableDates(member)) : list;
  }
  if (typeof value !== 'object' || value === null || !changes(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) setOwn(copy, key, withIterableDates<unknown>(member));
  }
  return copy;
}

/** Whether a value would change; most do not, and need no copy. */
function changes(value: unknown): boolean {
  if (typeof value === 'string') return iterableDate(value) !== undefined;
  if (Array.isArray(value)) return value.some(changes);
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) return true;
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined || changes(member)) return true;
  }
  return false;
}

function iterableDate(text: string): string | undefined {
  if (text.length < 17 || text.length > 40) return undefined;
  const instant = fullDateTime(text);
  return instant === undefined ? undefined : canonicalDate(instant);
}

/** Formats epoch milliseconds as Iterable stores dates. */
export function canonicalDate(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}

const DATE_FORMS = [
  /^\d{4}-\d{2}-\d{2}$/,
  /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}( [+-]\d{2}:\d{2})?$/,
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?(Z|[+-]\d{2}:\d{2})$/,
];

/** Whether Iterable reads a string as a date, so that a field with this first value accepts only dates from then on. */
export function looksLikeDate(text: string): boolean {
  if (text.length < 10 || text.length > 29 || !DATE_FORMS.some((form) => form.test(text))) return false;
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year!, month! - 1, day));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

const LETTER_T = 0x54;

/** Returns epoch milliseconds of a valid full ISO date-time. */
function fullDateTime(text: string): number | undefined {
  if (text.charCodeAt(10) !== LETTER_T) return undefined;
  const match = FULL_DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, match[6] === undefined ? 0 : second!);
  const shown = new Date(wall);
  const exists =
    shown.getUTCFullYear() === year &&
    shown.getUTCMonth() + 1 === month &&
    shown.getUTCDate() === day &&
    shown.getUTCHours() === hour &&
    shown.getUTCMinutes() === minute;
  const offset = offsetMinutes(match[7]!);
  const instant = wall - (offset ?? 0) * 60_000;
  // Years before 0 or after 9999 are formatted differently.
  const writable = instant >= Date.UTC(1, 0, 1) && instant <= Date.UTC(9999, 11, 31, 23, 59, 59);
  return exists && offset !== undefined && writable ? instant : undefined;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 14 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Numbers from here on are milliseconds: as seconds they would be in the year 5138. */
const SMALLEST_MILLISECONDS = 100_000_000_000;

/**
 * Returns whole epoch seconds of a `datetime` field: an ISO string, or epoch seconds or milliseconds as a number or string.
 * Undefined when the value is not a valid time.
 */
export function epochSeconds(value: string | number): number | undefined {
  const instant = epochMilliseconds(value);
  return instant === undefined ? undefined : Math.floor(instant / 1000);
}

/** Returns the same in milliseconds. */
export function epochMilliseconds(value: string | number): number | undefined {
  // What the pipeline and the tracking libraries write; `Date.parse` refuses it where it is malformed.
  if (typeof value === 'string' && value.length === 24 && INSTANT.test(value)) {
    const instant = Date.parse(value);
    if (!Number.isNaN(instant)) return instant;
  }
  const number = typeof value === 'number' ? value : numeric(value);
  if (number !== undefined) {
    if (!Number.isFinite(number)) return undefined;
    return Math.floor(Math.abs(number) >= SMALLEST_MILLISECONDS ? number : number * 1000);
  }
  const text = String(value).trim();
  // A string without an offset is UTC, in any local time zone.
  const zoned = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i.test(text) && /:/.test(text);
  const isoWall = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text);
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const parsed = Date.parse(
    zoned || dateOnly ? text : isoWall ? `${text.replace(' ', 'T')}Z` : `${text} UTC`,
  );
  return Number.isNaN(parsed) ? undefined : parsed;
}

function numeric(text: string): number | undefined {
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
