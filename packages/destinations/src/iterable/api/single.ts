import { delivered, type Outcome, rejected } from '@waybill/core';

import type { Context } from '../settings.ts';
import { type Answer, confirmed } from './answer.ts';
import { type IterableCall, callIterable } from './client.ts';

/** The result of a call for one item: the outcome with its exchange, and the answer. */
export interface Single {
  readonly outcome: Outcome;
  readonly answer: Answer;
}

/** Makes a call with one item and no list of results. */
export async function sendSingle(call: IterableCall, context: Context): Promise<Single> {
  const answer = await callIterable(call, context);
  const problem = confirmed(answer);
  const exchanges = [answer.exchange];
  if (problem === undefined) return { outcome: { ...delivered(), exchanges }, answer };
  if (problem.status === 'retry') return { outcome: { ...problem, exchanges }, answer };
  const params = answer.kind === 'refused' ? answer.params : {};
  const place = Object.keys(params).find((key) => key.startsWith('obj.'));
  const field = problem.field ?? place?.slice('obj.'.length);
  return { outcome: { ...rejected(problem.code, problem.message, field), exchanges }, answer };
}

/** Whether an outcome is the refusal of an unknown user. */
export function isUnknownUser(outcome: Outcome): boolean {
  return outcome.status === 'rejected' && outcome.code === 'destination_user_not_found';
}
