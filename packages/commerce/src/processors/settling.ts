import { defineFields, type ProcessorContext } from '@waybill/core';

/** The state while more facts may arrive. */
export interface Settling {
  /** When to check, in epoch milliseconds; absent when nothing is new. */
  readonly due?: number;
  /** Whether all new facts are historical. */
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

/** Returns the wait after a fact: from the first unreported one. */
export function settlingAfter(
  { due, past = true }: Settling,
  seconds: number,
  { now, historical }: Pick<ProcessorContext, 'now' | 'historical'>,
): Required<Settling> {
  return { due: due ?? now + seconds * 1_000, past: past && historical };
}

/** Merges the waits of two states of one person: not a fact itself, so historical if both are. */
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
