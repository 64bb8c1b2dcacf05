import {
  codeOfStatus,
  type ConnectionResult,
  type Delivered,
  delivered,
  failed,
  headerOf,
  type HttpFailure,
  type HttpResponse,
  type Outcome,
  type Rejected,
  type Retry,
  retry,
  retryAfter,
  type SendContext,
} from '@waybill/core';

import { isRecord, type JsonObject } from './json.ts';

/** The response to a call. */
export type Answer = HttpResponse | HttpFailure;

/** The maximum length of a quote from an answer. */
const LONGEST_QUOTE = 600;

/** Returns the outcome of all items of a call without an answer. */
export function outcomeOfFailure({ code, message }: HttpFailure): Rejected | Retry {
  return failed(code, message);
}

/** Returns the delay that an answer asks for, in milliseconds. */
export function waitOf(response: Pick<HttpResponse, 'headers'>, now: number): number | undefined {
  return retryAfter(headerOf(response, 'retry-after'), now);
}

/**
 * Returns the outcome of all items of a call from its status. For a service that rejects items with a 200, read the body as
 * well.
 */
export function outcomeOf(answer: Answer, { now }: Pick<SendContext, 'now'>): Delivered | Rejected | Retry {
  const exchanges = [answer.exchange];
  if (answer.kind === 'failure') return { ...outcomeOfFailure(answer), exchanges };
  if (answer.ok) return { ...delivered(), exchanges };
  const words = wordsOf(answer);
  const message = `The service answered ${answer.status}${words === '' ? '.' : `: ${words}`}`;
  return { ...failed(codeOfStatus(answer.status), message, { afterMs: waitOf(answer, now()) }), exchanges };
}

/** How an answer reports the result of each item. */
export interface ItemResults {
  /** The number of items of the call. */
  readonly count: number;
  /** The list of results in the body: one for each item, in order. */
  readonly list: (body: JsonObject) => unknown;
  /** Converts one result to an outcome. */
  readonly outcome: (result: JsonObject) => Outcome;
}

/** Returns the outcomes of a call whose answer has one result per item. Items without a result are retried. */
export function outcomesOf(
  answer: Answer,
  context: Pick<SendContext, 'now'>,
  { count, list, outcome }: ItemResults,
): readonly Outcome[] {
  const whole = outcomeOf(answer, context);
  if (answer.kind === 'failure' || whole.status !== 'delivered') return alike(whole, count);
  const results = isRecord(answer.body) ? list(answer.body) : undefined;
  if (!Array.isArray(results) || results.length !== count) {
    const message = 'The response has no result for each item.';
    return alike({ ...retry('destination_unreadable_answer', message), exchanges: [answer.exchange] }, count);
  }
  return results.map((result: unknown) =>
    isRecord(result) ? outcome(result) : retry('destination_result_unknown'),
  );
}

/** Returns the result of a connection test that is one call. */
export function connectionOf(answer: Answer, context: Pick<SendContext, 'now'>): ConnectionResult {
  const outcome = outcomeOf(answer, context);
  if (outcome.status === 'delivered') return { ok: true };
  return { ok: false, issue: { code: outcome.code, path: '', message: outcome.message } };
}

/** Returns the message of an answer: a member of its JSON, the title of its page, or its first words. */
export function wordsOf({ body, text }: Pick<HttpResponse, 'body' | 'text'>): string {
  const said = isRecord(body) ? messageIn(body) : plainText(text);
  return said.slice(0, LONGEST_QUOTE);
}

function messageIn(body: JsonObject): string {
  for (const name of ['msg', 'message', 'detail', 'title', 'error']) {
    const said = body[name];
    if (typeof said === 'string') return said;
  }
  const { error } = body;
  return isRecord(error) ? messageIn(error) : '';
}

function plainText(text: string): string {
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
  const plain = title ?? text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return plain.replace(/\s+/g, ' ').trim().slice(0, 300);
}

function alike(outcome: Outcome, count: number): readonly Outcome[] {
  return new Array<Outcome>(count).fill(outcome);
}
