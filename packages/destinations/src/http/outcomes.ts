import { delivered, type Outcome } from '@waybill/core';

/** The outcome with what has to be told about the item, when it was delivered. */
export function withNotes(outcome: Outcome, notes: readonly string[] = []): Outcome {
  if (outcome.status !== 'delivered' || notes.length === 0) return outcome;
  const own = outcome.note === undefined ? [] : [outcome.note];
  const { note } = delivered([...notes, ...own].join(' '));
  return { ...outcome, ...(note === undefined ? {} : { note }) };
}

/** The outcome with the exchanges of the calls that made it, the earlier ones first. */
export function withExchanges(outcome: Outcome, exchanges: readonly number[] = []): Outcome {
  if (outcome.status === 'skipped' || exchanges.length === 0) return outcome;
  return { ...outcome, exchanges: [...exchanges, ...(outcome.exchanges ?? [])] };
}
