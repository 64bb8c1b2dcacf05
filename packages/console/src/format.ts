import { usePreferences } from './preferences.ts';

/** Formatters for numbers and times in the current language and zone. */
export interface Format {
  readonly number: (value: number) => string;
  /** 0.25 as 25 %. */
  readonly percent: (share: number) => string;
  /** Milliseconds in a unit that fits: 420 ms, 2.1 s, 3 min. */
  readonly duration: (milliseconds: number) => string;
  /** A short moment for axes: the time, with the day unless it is today. */
  readonly moment: (at: number) => string;
  /** How long ago, or in how long, a moment is. */
  readonly relative: (at: number) => string;
  /** A moment to the second, with the offset of the zone. */
  readonly absolute: (at: number) => string;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** Creates a format; `now` returns the current time. Formatters are created once, because that is slow. */
function formatOf(language: string, zone: 'local' | 'utc', now: () => number): Format {
  const timeZone = zone === 'utc' ? { timeZone: 'UTC' } : {};
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', ...timeZone });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...timeZone });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const absolute = new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
    ...timeZone,
  });
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    duration(milliseconds) {
      const [unit, size] = UNITS.find(([, one]) => milliseconds >= one) ?? (['millisecond', 1] as const);
      const value = milliseconds / size;
      const maximumFractionDigits = value < 10 && size > 1 ? 1 : 0;
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: 'short',
        maximumFractionDigits,
      }).format(value);
    },
    moment: (at) =>
      day.format(at) === day.format(now()) ? time.format(at) : `${day.format(at)} ${time.format(at)}`,
    relative(at) {
      const distance = at - now();
      const [unit, size] = UNITS.find(([, one]) => Math.abs(distance) >= one) ?? UNITS[3];
      return relative.format(Math.round(distance / size), unit);
    },
    absolute: (at) => absolute.format(at),
  };
}

const known = new Map<string, Format>();

/** Returns the current format. */
export function useFormat(): Format {
  const { language, zone } = usePreferences();
  const key = `${language} ${zone}`;
  let format = known.get(key);
  if (format === undefined) known.set(key, (format = formatOf(language, zone, Date.now)));
  return format;
}
