import { delivered, type Outcome } from '@waybill/core';

/** Adds notes to the outcome of a delivered item. */
export function withNotes(outcome: Outcome, notes: readonly string[] = []): Outcome {
  if (outcome.status !== 'delivered' || notes.length === 0) return outcome;
  const own = outcome.note === undefined ? [] : [outcome.note];
  const { note } = delivered([...notes, ...own].join(' '));
  return { ...outcome, ...(note === undefined ? {} : { note }) };
}

/** Adds the exchanges of its calls to an outcome, in order. */
export function withExchanges(outcome: Outcome, exchanges: readonly number[] = []): Outcome {
  if (outcome.status === 'skipped' || exchanges.length === 0) return outcome;
  return { ...outcome, exchanges: [...exchanges, ...(outcome.exchanges ?? [])] };
}
