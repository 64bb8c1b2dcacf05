import { defineFields, type ProcessorContext } from '@waybill/core';

/** What is kept while facts may still be on their way. */
export interface Settling {
  /** When it is checked, in epoch milliseconds; absent when nothing is new. */
  readonly due?: number;
  /** Whether all that is new is of the past. */
  readonly past?: boolean;
}

/** The name of the timer. */
export const SETTLED = 'settled';

/** The setting for it. */
export const settlingSettings = defineFields({
  settleSeconds: {
    type: 'integer',
    label: 'Settle Time',
    description: 'Seconds to wait for more related events before reporting a change; 0 reports it at once.',
    default: 60,
    minimum: 0,
    maximum: 86_400,
  },
});

/** The wait after a fact: from the first that was not told of yet. */
export function settlingAfter(
  { due, past = true }: Settling,
  seconds: number,
  { now, historical }: Pick<ProcessorContext, 'now' | 'historical'>,
): Required<Settling> {
  return { due: due ?? now + seconds * 1_000, past: past && historical };
}

/** The wait once two states are those of one person: no fact of its own, so of the past if what both wait for is. */
export function joinedSettling(
  one: Settling,
  other: Settling,
  seconds: number,
  context: Pick<ProcessorContext, 'now' | 'historical'>,
): Required<Settling> {
  const dues = [one.due, other.due].filter((due) => due !== undefined);
  if (dues.length === 0) return settlingAfter({}, seconds, context);
  return { due: Math.min(...dues), past: (one.past ?? true) && (other.past ?? true) };
}
