import { codeOfStatus, failed, type HttpCall, type Rejected, type Retry } from '@waybill/core';

import { addressBelow } from '../../http/address.ts';
import { outcomeOf, waitOf, type Answer as HttpAnswer } from '../../http/answer.ts';
import { isRecord, type JsonObject } from '../../http/json.ts';
import { addressOf, type Context } from '../settings.ts';

/** The revision of the API that all requests are written for. Klaviyo supports each for two years. */
export const REVISION = '2026-07-15';

const JSON_API = 'application/vnd.api+json';

/** A call: a path below the address, and the statuses that mean success. */
export interface KlaviyoCall extends Pick<HttpCall, 'method' | 'query' | 'json'> {
  /** For example `/api/events`. */
  readonly path: string;
  readonly takes: readonly number[];
}

/** A problem in an answer of Klaviyo. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  /** Where in the request: `/data/attributes/profiles/data/3/attributes/email`. */
  readonly pointer?: string;
}

/** The answer to a call. */
export type Answer =
  | { readonly kind: 'accepted'; readonly body: JsonObject; readonly exchange: number }
  | {
      readonly kind: 'refused';
      /** 0 without an answer. */
      readonly status: number;
      readonly problems: readonly Problem[];
      readonly outcome: Rejected | Retry;
    };

/** Calls Klaviyo with the key of the settings and parses the answer. */
export async function callKlaviyo(
  { path, takes, method = 'POST', ...rest }: KlaviyoCall,
  context: Context,
): Promise<Answer> {
  const answer = await context.request({
    ...rest,
    method,
    url: addressBelow(addressOf(context.settings), path),
    headers: {
      authorization: `Klaviyo-API-Key ${context.settings.apiKey}`,
      revision: REVISION,
      accept: JSON_API,
      ...(rest.json === undefined ? {} : { 'content-type': JSON_API }),
    },
  });
  const { exchange } = answer;
  if (answer.kind === 'response' && takes.includes(answer.status))
    return { kind: 'accepted', body: isRecord(answer.body) ? answer.body : {}, exchange };
  return refusal(answer, context);
}

function refusal(answer: HttpAnswer, context: Context): Answer {
  const exchanges = [answer.exchange];
  if (answer.kind === 'failure') {
    // Without an answer nothing is delivered.
    const outcome = outcomeOf(answer, context) as Rejected | Retry;
    return { kind: 'refused', status: 0, problems: [], outcome };
  }
  const { status } = answer;
  const problems = problemsIn(answer.body);
  if (answer.ok) {
    const message = `Klaviyo does not document the status ${status} here.`;
    const outcome = { ...failed('destination_unreadable_answer', message), exchanges };
    return { kind: 'refused', status, problems, outcome };
  }
  const [first] = problems;
  const said = first === undefined ? '' : `: ${first.detail}`;
  const outcome = failed(codeOf(status, first), `Klaviyo answered ${status}${said}`, {
    afterMs: waitOf(answer, context.now()),
    field: fieldOf(first),
  });
  return { kind: 'refused', status, problems, outcome: { ...outcome, exchanges } };
}

/** Returns the problems of a JSON:API body. */
export function problemsIn(body: unknown): readonly Problem[] {
  const errors = isRecord(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.filter(isRecord).map((one) => problemOf(one));
}

/** Parses a problem of an answer or of a job. */
export function problemOf({ code, title, detail, source }: JsonObject): Problem {
  const pointer = isRecord(source) ? source['pointer'] : undefined;
  return {
    code: typeof code === 'string' ? code : '',
    detail: (typeof detail === 'string' ? detail : String(title ?? 'no reason given')).slice(0, 600),
    ...(typeof pointer === 'string' ? { pointer } : {}),
  };
}

/** Returns the error code for a problem with one item. */
export function codeOf(status: number, problem: Problem | undefined): ReturnType<typeof codeOfStatus> {
  if (problem?.code === 'duplicate_profile') return 'destination_identity_conflict';
  if (status !== 400 && status !== 422) return codeOfStatus(status);
  const isIdentifier = /\/(?:email|phone_number|external_id)$/.test(problem?.pointer ?? '');
  return isIdentifier ? 'destination_invalid_identifier' : 'destination_rejected';
}

const FIELDS: Readonly<Record<string, string>> = {
  phone_number: 'phoneNumber',
  external_id: 'externalId',
  first_name: 'firstName',
  last_name: 'lastName',
  value_currency: 'currency',
  unique_id: 'uniqueId',
};

/** Returns the field of the payload of a problem: the last name of its pointer. */
export function fieldOf(problem: Problem | undefined): string | undefined {
  const name = problem?.pointer?.split('/').at(-1);
  if (name === undefined || name === '' || /^\d+$/.test(name)) return undefined;
  return FIELDS[name] ?? name;
}
