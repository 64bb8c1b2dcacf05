import { delivered, type Outcome, rejected } from '@waybill/core';
import { type Answer, outcomeOf, outcomesOf } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** Returns the outcome of all items of a call, from its status, unless your service reports more. */
export function readAnswer(answer: Answer, context: Context): Outcome {
  return outcomeOf(answer, context);
}

/** Reads the results of single items of a call: one per item, in order. */
export function readResults(answer: Answer, context: Context, count: number): readonly Outcome[] {
  return outcomesOf(answer, context, {
    count,
    list: ({ results }) => results,
    outcome: ({ status, message }) =>
      status === 'ok'
        ? delivered()
        : rejected('destination_rejected', String(message ?? 'No reason was given.')),
  });
}
