import {
  type ErrorCode,
  failed,
  headerOf,
  type HttpFailure,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
} from '@waybill/core';

import { isRecord } from '../read.ts';
import { memberOf, textOf } from './json.ts';

const LONGEST = 300;

/** The response to a call. */
export type Answer = HttpResponse | HttpFailure;

/** Returns the error message of an answer, with its parameters filled in: `No such entity with %fieldName = %fieldValue`. */
export function wordsOf({ body, text }: Pick<HttpResponse, 'body' | 'text'>): string {
  const message = textOf(memberOf(body, 'message'));
  if (message === undefined) return /<title>([^<]*)/i.exec(text)?.[1]?.trim().slice(0, LONGEST) ?? '';
  const given = memberOf(body, 'parameters');
  const values: Record<string, unknown> = Array.isArray(given)
    ? Object.fromEntries(given.map((one, index) => [String(index + 1), one as unknown]))
    : isRecord(given)
      ? given
      : {};
  const filled = message.replace(/%(\w+)/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (textOf(values[name]) ?? whole) : whole,
  );
  return filled.slice(0, LONGEST);
}

/** Whether an answer says that the integration lacks a permission; Magento uses both 401 and 403. */
function lacksRight(answer: HttpResponse): boolean {
  return /isn't authorized to access|not authorized/i.test(textOf(memberOf(answer.body, 'message')) ?? '');
}

/** Whether the resource is missing, and not the endpoint. */
export function isMissing(answer: HttpResponse): boolean {
  const said = textOf(memberOf(answer.body, 'message'));
  return answer.status === 404 && said !== undefined && !/does not match any route/i.test(said);
}

function codeOf(answer: HttpResponse): ErrorCode {
  const { status } = answer;
  if (status === 429) return 'source_rate_limited';
  if (lacksRight(answer)) return 'source_forbidden';
  if (status === 401) return 'source_unauthorized';
  if (status === 403) return 'source_forbidden';
  if (status === 404) return 'source_not_found';
  if (status >= 500) return 'source_unavailable';
  return status < 400 ? 'source_unreadable_answer' : 'source_rejected';
}

/** The service and the call. */
export interface Asked {
  readonly who: string;
  readonly what: string;
}

/** Converts a failed answer of Magento to a failure. */
export function failureOf(answer: Answer, path: string, now: number): ShopFailure {
  return failureBy({ who: 'Magento', what: path }, answer, now, hintOf);
}

/** Converts a failed answer of any service to a failure; `hint` is the usual cause of refused credentials. */
export function failureBy(
  { who, what }: Asked,
  answer: Answer,
  now: number,
  hint: (words: string) => string = () => '',
): ShopFailure {
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  const code = codeOf(answer);
  const words = wordsOf(answer);
  const said = `${who} answered ${answer.status} to ${what}${words === '' ? '.' : `: ${words}`}`;
  const message = code === 'source_unauthorized' ? `${said}${hint(words)}` : said;
  const afterMs = retryAfter(headerOf(answer, 'retry-after'), now);
  return { failure: failed(code, message, { afterMs }) };
}

/** The usual cause of a refused signature. */
function hintOf(words: string): string {
  if (/signature/i.test(words))
    return ' Check the two secrets, and that a proxy in front of Magento passes on X-Forwarded-Proto, as the signature covers the address.';
  if (/timestamp/i.test(words)) return ' Check the clocks of both servers.';
  return '';
}
