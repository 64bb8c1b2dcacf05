const pad = (value: number) => (value < 10 ? `0${value}` : `${value}`);

const MAX_MS = 8.64e15;

/** Formats a date in the canonical form for storage: `yyyy-MM-dd HH:mm:ss +00:00`. */
export function formatDate(ms: number): string {
  const date = new Date(Math.max(-MAX_MS, Math.min(MAX_MS, ms)));
  const day = `${`${date.getUTCFullYear()}`.padStart(4, '0')}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`;
  return `${day} ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())} +00:00`;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?: ([+-])(\d\d):(\d\d))?|T(\d\d):(\d\d):(\d\d)(\.\d{3})?(?:Z|([+-])(\d\d):(\d\d)))?$/;

/**
 * Parses a date in dataFields, or returns undefined for an ordinary string. `yyyy-MM-dd HH:mm:ss.SSS` is a string; whether ISO
 * without milliseconds is a date is an open question, so the caller decides.
 */
export function parseDate(value: string, isoWithoutMillis: boolean): number | undefined {
  // Most strings are not dates: two character tests decide before the expression runs.
  if (value.length < 10 || value.length > 29 || value.charCodeAt(4) !== 45 || value.charCodeAt(7) !== 45)
    return undefined;
  const m = FORM.exec(value);
  if (m === null) return undefined;
  const iso = m[10] !== undefined;
  if (iso && m[13] === undefined && !isoWithoutMillis) return undefined;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const hour = Number(m[4] ?? m[10] ?? 0);
  const minute = Number(m[5] ?? m[11] ?? 0);
  const second = Number(m[6] ?? m[12] ?? 0);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  if (day > daysIn(year, month)) return undefined;
  const sign = (m[7] ?? m[14]) === '-' ? -1 : 1;
  const offset = sign * (Number(m[8] ?? m[15] ?? 0) * 60 + Number(m[9] ?? m[16] ?? 0));
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset * 60_000;
}
