import type { Overview } from '@waybill/api';
import { PERIODS, type PeriodName } from './figures.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the address of a page says of the period that it shows. */
export interface PeriodSearch {
  readonly period?: string;
  readonly from?: number;
  readonly to?: number;
}

/** From when to when, and in which steps. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly step: Overview['step'];
}

/** The period that an address names: the last time of a name, or one of its own. */
export interface ChosenPeriod {
  readonly name: PeriodName;
  readonly own: Period | undefined;
}

/** Reads the period of an address. */
export function chosenPeriod(search: PeriodSearch): ChosenPeriod {
  return { name: isPeriod(search.period) ? search.period : '24h', own: ownPeriod(search) };
}

/** Whether a period has this name. */
export function isPeriod(name: string | undefined): name is PeriodName {
  return name !== undefined && Object.hasOwn(PERIODS, name);
}

/** From when to when a chosen period is; the last time of a name begins with a step, so that it has as many as it is to have. */
export function periodAt({ name, own }: ChosenPeriod, now: number): Period {
  if (own !== undefined) return own;
  const { hours, step } = PERIODS[name];
  const size = step === 'minute' ? 60_000 : HOUR;
  const to = Math.ceil((now + 1) / size) * size;
  return { from: to - hours * HOUR, to, step };
}

/** The period of its own, by minutes while there are any. */
function ownPeriod({ from, to }: PeriodSearch): Period | undefined {
  if (typeof from !== 'number' || typeof to !== 'number' || from >= to) return undefined;
  const isYoung = from > Date.now() - 2 * DAY && to - from <= 6 * HOUR;
  return { from, to, step: isYoung ? 'minute' : 'hour' };
}
