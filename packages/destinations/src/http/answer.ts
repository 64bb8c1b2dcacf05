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

/** What a call came back with. */
export type Answer = HttpResponse | HttpFailure;

/** The longest text of an answer that is quoted. */
const LONGEST_QUOTE = 600;

/** The outcome of everything that a call without an answer carried. */
export function outcomeOfFailure({ code, message }: HttpFailure): Rejected | Retry {
  return failed(code, message);
}

/** How long an answer asks to wait, in milliseconds. */
export function waitOf(response: Pick<HttpResponse, 'headers'>, now: number): number | undefined {
  return retryAfter(headerOf(response, 'retry-after'), now);
}

/**
 * What an answer means by its status for everything that the call carried. A service that refuses items in an answer of
 * 200 needs more than this: read its body.
 */
export function outcomeOf(answer: Answer, { now }: Pick<SendContext, 'now'>): Delivered | Rejected | Retry {
  const exchanges = [answer.exchange];
  if (answer.kind === 'failure') return { ...outcomeOfFailure(answer), exchanges };
  if (answer.ok) return { ...delivered(), exchanges };
  const words = wordsOf(answer);
  const message = `The service answered ${answer.status}${words === '' ? '.' : `: ${words}`}`;
  return { ...failed(codeOfStatus(answer.status), message, { afterMs: waitOf(answer, now()) }), exchanges };
}

/** How an answer returns the outcome of each item. */
export interface ItemResults {
  /** How many items the call carried. */
  readonly count: number;
  /** The list of results in the body: one for each item, in order. */
  readonly list: (body: JsonObject) => unknown;
  /** What one result says. */
  readonly outcome: (result: JsonObject) => Outcome;
}

/** The outcomes of a call whose answer has one result for each item. What it does not say is sent again. */
export function outcomesOf(
  answer: Answer,
  context: Pick<SendContext, 'now'>,
  { count, list, outcome }: ItemResults,
): readonly Outcome[] {
  const whole = outcomeOf(answer, context);
  if (answer.kind === 'failure' || whole.status !== 'delivered') return alike(whole, count);
  const results = isRecord(answer.body) ? list(answer.body) : undefined;
  if (!Array.isArray(results) || results.length !== count) {
    const message = 'The answer has no result for each item.';
    return alike({ ...retry('destination_unreadable_answer', message), exchanges: [answer.exchange] }, count);
  }
  return results.map((result: unknown) =>
    isRecord(result) ? outcome(result) : retry('destination_result_unknown'),
  );
}

/** The result of a test of the connection that is one call. */
export function connectionOf(answer: Answer, context: Pick<SendContext, 'now'>): ConnectionResult {
  const outcome = outcomeOf(answer, context);
  if (outcome.status === 'delivered') return { ok: true };
  return { ok: false, issue: { code: outcome.code, path: '', message: outcome.message } };
}

/** What an answer says in its own words: a member of its JSON, the title of its page, or its first words. */
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
