import { errorEntry } from '@waybill/core';
import { quantile } from './delays.ts';
import { type Rollups, SLOT_SIZES, type SlotSize } from './rollups.ts';
import { addSlot, createSlot, kindOf, type OutcomeKind, type Slot } from './slot.ts';

/** Counts of a period. */
export interface Counts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly sources: readonly { readonly sourceId: string; readonly accepted: number }[];
  readonly refusals: readonly { readonly code: string; readonly count: number }[];
  readonly outcomes: readonly (OutcomeKind & { readonly count: number })[];
  /** The median and 95th percentile from arrival to delivery, in milliseconds; absent when nothing was delivered. */
  readonly p50?: number;
  readonly p95?: number;
  readonly delays: readonly { readonly destination: string; readonly p50: number; readonly p95: number }[];
}

/** A reason for failed items, with its remedy. */
export interface Reason {
  readonly code: string;
  readonly status: 'rejected' | 'retry' | 'refused';
  readonly count: number;
  readonly message: string;
  readonly remedy: string;
}

/** The totals of a period. */
export interface Totals extends Counts {
  /** The most frequent reasons first. */
  readonly reasons: readonly Reason[];
}

/** Counts of a period, by step. */
export interface Overview {
  readonly from: number;
  readonly to: number;
  readonly step: SlotSize;
  readonly steps: readonly (Counts & { readonly at: number })[];
  readonly totals: Totals;
  /** The same for the preceding period of the same length. */
  readonly before: Totals;
}

/** A period and its step. */
export interface OverviewPeriod {
  readonly from: number;
  readonly to: number;
  readonly step: SlotSize;
}

/** Returns the overview of a period, aligned to steps. */
export async function overviewOf(rollups: Rollups, period: OverviewPeriod): Promise<Overview> {
  const size = SLOT_SIZES[period.step];
  const from = Math.floor(period.from / size) * size;
  const to = Math.ceil(period.to / size) * size;
  const slots = await rollups.read({ from, to }, period.step);
  const earlier = await rollups.read({ from: from - (to - from), to: from }, period.step);
  return {
    from,
    to,
    step: period.step,
    steps: slots.map((slot) => ({ at: slot.at, ...countsOf(slot) })),
    totals: totalsOf(together(slots)),
    before: totalsOf(together(earlier)),
  };
}

function together(slots: readonly Slot[]): Slot {
  const sum = createSlot(0);
  for (const slot of slots) addSlot(sum, slot);
  return sum;
}

function countsOf(slot: Slot): Counts {
  const all = new Map<number, number>();
  for (const own of slot.delays.values())
    for (const [bucket, by] of own) all.set(bucket, (all.get(bucket) ?? 0) + by);
  const [p50, p95] = [quantile(all, 0.5), quantile(all, 0.95)];
  return {
    accepted: sum(slot.accepted),
    duplicate: sum(slot.duplicate),
    refused: sum(slot.refused),
    sources: byCount(
      [...slot.accepted].map(([sourceId, accepted]) => ({ sourceId, accepted })),
      'accepted',
    ),
    refusals: byCount(
      [...slot.refused].map(([code, count]) => ({ code, count })),
      'count',
    ),
    outcomes: byCount(
      [...slot.outcomes].map(([key, count]) => ({ ...kindOf(key), count })),
      'count',
    ),
    ...(p50 === undefined || p95 === undefined ? {} : { p50, p95 }),
    delays: [...slot.delays].map(([destination, own]) => ({
      destination,
      p50: quantile(own, 0.5) ?? 0,
      p95: quantile(own, 0.95) ?? 0,
    })),
  };
}

/** The number of reasons in totals. */
const REASONS = 10;

function totalsOf(slot: Slot): Totals {
  const counts = new Map<
    string,
    { readonly status: Reason['status']; readonly code: string; count: number }
  >();
  const add = (status: Reason['status'], code: string, by: number): void => {
    const known = counts.get(`${status} ${code}`) ?? { status, code, count: 0 };
    known.count += by;
    counts.set(`${status} ${code}`, known);
  };
  for (const [key, by] of slot.outcomes) {
    const { status, code } = kindOf(key);
    if (status === 'rejected' || status === 'retry') add(status, code, by);
  }
  for (const [code, by] of slot.refused) add('refused', code, by);
  const told = ({ code }: { readonly code: string }): Pick<Reason, 'message' | 'remedy'> => {
    const { message = '', remedy = '' } = errorEntry(code) ?? {};
    return { message, remedy };
  };
  const reasons = byCount([...counts.values()], 'count').slice(0, REASONS);
  return { ...countsOf(slot), reasons: reasons.map((one) => ({ ...one, ...told(one) })) };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((before, one) => before + one, 0);
}

function byCount<N extends string, T extends Readonly<Record<N, number>>>(
  list: readonly T[],
  name: N,
): readonly T[] {
  return list.toSorted((a, b) => b[name] - a[name]);
}
