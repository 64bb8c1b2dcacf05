import type { ReactNode } from 'react';
import { usePreferences } from '../preferences.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** How long ago, or in how long, a moment is. */
export function relativeTime(at: number, now: number, language: string): string {
  const distance = at - now;
  const [unit, size] = UNITS.find(([, milliseconds]) => Math.abs(distance) >= milliseconds) ?? UNITS[3];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(
    Math.round(distance / size),
    unit,
  );
}

/** A moment in the chosen zone, with its offset. */
export function absoluteTime(at: number, language: string, zone: 'local' | 'utc'): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  }).format(at);
}

/** A moment: relative in lists, absolute with `absolute` and on hover. */
export function Time({
  at,
  absolute = false,
}: {
  /** Epoch milliseconds, or an ISO text. */
  readonly at: number | string;
  readonly absolute?: boolean;
}): ReactNode {
  const { language, zone } = usePreferences();
  const moment = typeof at === 'number' ? at : Date.parse(at);
  const whole = absoluteTime(moment, language, zone);
  return (
    <time dateTime={new Date(moment).toISOString()} title={whole}>
      {absolute ? whole : relativeTime(moment, Date.now(), language)}
    </time>
  );
}
