import type { Overview, OverviewCounts } from '@waybill/api';

/** Selectable periods: their length and steps. */
export const PERIODS = {
  '1h': { hours: 1, step: 'minute', bars: 60 },
  '24h': { hours: 24, step: 'hour', bars: 24 },
  '7d': { hours: 7 * 24, step: 'hour', bars: 56 },
  '30d': { hours: 30 * 24, step: 'hour', bars: 60 },
} as const;

/** The name of a period. */
export type PeriodName = keyof typeof PERIODS;

/** The status of an item in charts and figures. */
export type Status = 'delivered' | 'skipped' | 'waiting' | 'rejected';

/** The counts of events or items by step. */
export interface Funnel {
  readonly accepted: number;
  readonly refused: number;
  readonly duplicate: number;
  /** Items: an event with two mappings counts twice. */
  readonly matched: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly rejected: number;
  /** Attempts with a retry. */
  readonly retried: number;
}

/** Returns the funnel of counts. Counts without a mapping are events that matched none. */
export function funnelOf({ accepted, refused, duplicate, outcomes }: OverviewCounts): Funnel {
  const sum = (wanted: string): number =>
    outcomes.reduce(
      (before, { status, mappingId, count }) =>
        status === wanted && mappingId !== '' ? before + count : before,
      0,
    );
  const [delivered, rejected, skipped] = [sum('delivered'), sum('rejected'), sum('skipped')];
  return {
    accepted,
    refused,
    duplicate,
    matched: delivered + rejected + skipped,
    delivered,
    skipped,
    rejected,
    retried: sum('retry'),
  };
}

/** A bar of the chart. */
export interface Bar extends Funnel {
  readonly from: number;
  readonly to: number;
}

/** Returns the bars of a period, of equal length, including empty steps. */
export function barsOf(overview: Overview, bars: number): readonly Bar[] {
  const size = SIZES[overview.step];
  const steps = Math.max(1, Math.round((overview.to - overview.from) / size));
  const length = Math.ceil(steps / bars) * size;
  const count = Math.ceil((overview.to - overview.from) / length);
  const found = Array.from({ length: count }, (_, index): Bar => {
    const from = overview.from + index * length;
    return { ...NOTHING, from, to: from + length };
  });
  for (const step of overview.steps) {
    const index = Math.floor((step.at - overview.from) / length);
    const bar = found[index];
    if (bar !== undefined) found[index] = added(bar, funnelOf({ ...step, reasons: [] }));
  }
  return found;
}

const SIZES = { minute: 60_000, hour: 3_600_000 } as const;
const NOTHING: Funnel = {
  accepted: 0,
  refused: 0,
  duplicate: 0,
  matched: 0,
  delivered: 0,
  skipped: 0,
  rejected: 0,
  retried: 0,
};
const NAMES = Object.keys(NOTHING) as (keyof Funnel)[];

function added(bar: Bar, more: Funnel): Bar {
  const sums = Object.fromEntries(NAMES.map((name) => [name, bar[name] + more[name]]));
  return { ...bar, ...sums };
}

/** Returns the relative change; undefined without a previous value. */
export function changeOf(now: number, before: number): number | undefined {
  return before === 0 ? undefined : (now - before) / before;
}
