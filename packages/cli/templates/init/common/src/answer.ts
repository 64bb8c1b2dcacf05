import { delivered, type Outcome, rejected } from '@waybill/core';
import { type Answer, outcomeOf, outcomesOf } from '@waybill/destinations/http';
import type { Context } from './client.ts';

/** What an answer means for everything that its call carried: its status says it, until your service says more. */
export function readAnswer(answer: Answer, context: Context): Outcome {
  return outcomeOf(answer, context);
}

/** What the service says about single items of a call: one result per item, in order. */
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
