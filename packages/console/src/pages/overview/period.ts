import type { Overview } from '@waybill/api';
import { PERIODS, type PeriodName } from './figures.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The period in the URL of a page. */
export interface PeriodSearch {
  readonly period?: string;
  readonly from?: number;
  readonly to?: number;
}

/** A period and its step. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly step: Overview['step'];
}

/** The period in a URL: a named recent one, or a custom one. */
export interface ChosenPeriod {
  readonly name: PeriodName;
  readonly own: Period | undefined;
}

/** Parses the period of a URL. */
export function chosenPeriod(search: PeriodSearch): ChosenPeriod {
  return { name: isPeriod(search.period) ? search.period : '24h', own: ownPeriod(search) };
}

/** Whether a period has this name. */
export function isPeriod(name: string | undefined): name is PeriodName {
  return name !== undefined && Object.hasOwn(PERIODS, name);
}

/** Returns the bounds of a chosen period; a named one is aligned to steps, so that their number is constant. */
export function periodAt({ name, own }: ChosenPeriod, now: number): Period {
  if (own !== undefined) return own;
  const { hours, step } = PERIODS[name];
  const size = step === 'minute' ? 60_000 : HOUR;
  const to = Math.ceil((now + 1) / size) * size;
  return { from: to - hours * HOUR, to, step };
}

/** A custom period, by minutes if available. */
function ownPeriod({ from, to }: PeriodSearch): Period | undefined {
  if (typeof from !== 'number' || typeof to !== 'number' || from >= to) return undefined;
  const isYoung = from > Date.now() - 2 * DAY && to - from <= 6 * HOUR;
  return { from, to, step: isYoung ? 'minute' : 'hour' };
}
