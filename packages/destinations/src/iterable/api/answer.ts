import {
  codeOfStatus,
  type ErrorCode,
  failed,
  type HttpFailure,
  type HttpResponse,
  type Rejected,
  type Retry,
  retry,
} from '@waybill/core';

import { outcomeOfFailure, waitOf, wordsOf } from '../../http/answer.ts';
import { isRecord, type JsonObject } from '../../http/json.ts';

/** The result of a call to Iterable. */
export type Answer = Accepted | Refused;

/** A 2xx with a readable body. The results of items are in the body. */
export interface Accepted {
  readonly kind: 'accepted';
  readonly body: JsonObject;
  readonly exchange: number;
}

/** The whole call failed. */
export interface Refused {
  readonly kind: 'refused';
  readonly outcome: Rejected | Retry;
  /** Whether a call with fewer items can succeed; false where no item is the cause. */
  readonly splittable: boolean;
  /** Iterable's code of the answer; empty when it has none. */
  readonly reason: string;
  /** Iterable's details, if any. */
  readonly params: JsonObject;
  readonly exchange: number;
}

/**
 * Parses an answer in any form: Iterable's `{msg, code, params}`, the `{error, message, code}` of its newer
 * services, plain text or HTML. The status is judged before the code, because a refusal can carry the code "Success".
 */
export function readAnswer(response: HttpResponse | HttpFailure, now: number): Answer {
  const { exchange } = response;
  if (response.kind === 'failure') {
    return {
      kind: 'refused',
      outcome: outcomeOfFailure(response),
      splittable: false,
      reason: '',
      params: {},
      exchange,
    };
  }
  const said = readBody(response);
  const words = quote(said, response.status);
  const refuse = (code: ErrorCode, field?: string): Refused => ({
    kind: 'refused',
    outcome: failed(code, words, { afterMs: waitFor(response, said.params, now), field }),
    splittable: isRecord(response.body) ? !BLAMELESS.has(code) : SPLIT_BY_STATUS.has(response.status),
    reason: said.code,
    params: said.params,
    exchange,
  });

  if (!response.ok) return refuse(codeOf(response.status, said));
  if (!isRecord(response.body)) return refuse('destination_unreadable_answer');
  const refusal = refusalInside(said);
  return refusal === undefined
    ? { kind: 'accepted', body: response.body, exchange }
    : refuse(refusal, refusal === 'destination_event_disallowed' ? 'eventName' : undefined);
}

/** Returns the outcome of a call with one item and no list of results. */
export function confirmed(answer: Answer): Rejected | Retry | undefined {
  if (answer.kind === 'refused') return answer.outcome;
  // Every such answer has a code; a 200 without one does not come from the called endpoint.
  if (typeof answer.body['code'] === 'string') return undefined;
  return retry(
    'destination_unreadable_answer',
    'The response of Iterable does not say whether it accepted the item.',
  );
}

/** Returns the places that an answer names in the request, as indexes of a list and the member within the item. */
export function placesIn(
  params: JsonObject,
): readonly { readonly index: number; readonly member: string; readonly problem: string }[] {
  return Object.entries(params).flatMap(([key, problem]) => {
    const match = /^obj\.\w+\[(\d+)\](?:\.(.+))?$/.exec(key);
    if (match === null) return [];
    return [{ index: Number(match[1]), member: match[2] ?? '', problem: problemText(problem) }];
  });
}

/** A field with a conflicting type. */
export interface TypeConflict {
  /** The field, prefixed with the name of its event if it belongs to one. */
  readonly key: string;
  readonly offendingValue: unknown;
  /** The type that Iterable remembers; undefined when it does not say. */
  readonly expectedType: string | undefined;
  /** Whether it is a field of the profile. */
  readonly ofUser: boolean;
}

/** Returns the fields of a type conflict. */
export function typeConflicts(params: JsonObject): readonly TypeConflict[] {
  const errors = params['validationErrors'];
  if (!isRecord(errors)) return [];
  return Object.entries(errors).map(([key, given]) => {
    const detail = isRecord(given) ? given : {};
    const expected = detail['expectedType'];
    return {
      key,
      offendingValue: detail['offendingValue'],
      expectedType: typeof expected === 'string' ? expected : undefined,
      ofUser: detail['category'] === 'user',
    };
  });
}

/** Returns the fields that exceed the limit of a project; those of events are prefixed with the name of the event. */
export function fieldsWithoutRoom(params: JsonObject): readonly string[] {
  const fields = params['newFields'];
  return Array.isArray(fields) ? fields.filter((one): one is string => typeof one === 'string') : [];
}

interface Said {
  readonly code: string;
  readonly message: string;
  readonly params: JsonObject;
}

function readBody(response: HttpResponse): Said {
  const { body } = response;
  const message = wordsOf(response);
  if (!isRecord(body)) return { code: '', message, params: {} };
  return {
    code: typeof body['code'] === 'string' ? body['code'] : '',
    message,
    params: isRecord(body['params']) ? body['params'] : {},
  };
}

function quote(said: Said, status: number): string {
  const details = Object.entries(said.params)
    .filter(([key]) => key.startsWith('obj.'))
    .map(([key, problem]) => `${key}: ${problemText(problem)}`)
    .slice(0, 5);
  const message = [said.message, ...details].filter((part) => part !== '').join(' ');
  const code = said.code === '' || said.code === 'Success' ? '' : ` ${said.code}`;
  return message === ''
    ? `Iterable answered ${status}${code}.`
    : `Iterable answered ${status}${code}: ${message}`;
}

function problemText(problem: unknown): string {
  if (typeof problem === 'string') return problem;
  if (Array.isArray(problem)) return problem.map(problemText).join(', ');
  if (isRecord(problem) && typeof problem['msg'] === 'string') return problem['msg'];
  return JSON.stringify(problem);
}

/** Codes that have the same meaning for every status. */
const BY_CODE: Readonly<Record<string, ErrorCode>> = {
  BadApiKey: 'destination_unauthorized',
  BadAuthorizationHeader: 'destination_unauthorized',
  InvalidJwtPayload: 'destination_unauthorized',
  JwtUserIdentifiersMismatched: 'destination_unauthorized',
  Unauthorized: 'destination_unauthorized',
  Forbidden: 'destination_forbidden',
  ForbiddenParamsError: 'destination_forbidden',
  RateLimitExceeded: 'destination_rate_limited',
  ForgottenUserError: 'destination_user_forgotten',
  ExternalKeyConflict: 'destination_identity_conflict',
  Conflict: 'destination_identity_conflict',
  EmailAlreadyExists: 'destination_identity_conflict',
  UserIdAlreadyExists: 'destination_identity_conflict',
  InvalidEmailAddressError: 'destination_invalid_identifier',
  InvalidUserIdError: 'destination_invalid_identifier',
  UnknownEmailError: 'destination_user_not_found',
  UnknownUserIdError: 'destination_user_not_found',
  'error.users.noUserWithIdExists': 'destination_user_not_found',
  RequestFieldsTypesMismatched: 'destination_field_type_conflict',
  UniqueFieldsLimitExceeded: 'destination_field_limit',
  BatchTooLarge: 'destination_too_large',
};

/** Refusals that no item causes. */
const BLAMELESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'destination_unauthorized',
  'destination_forbidden',
  'destination_not_found',
  'destination_timeout',
  'destination_rate_limited',
  'destination_unavailable',
  'destination_unreadable_answer',
]);

/** Answers without a JSON body that an item can still cause. */
const SPLIT_BY_STATUS: ReadonlySet<number> = new Set([400, 409, 413, 422]);

function codeOf(status: number, said: Said): ErrorCode {
  if (status >= 500 || status < 400) return codeOfStatus(status);
  const known = BY_CODE[said.code];
  if (known !== undefined) return known;
  if (status === 409 && /forgotten/i.test(said.message)) return 'destination_user_forgotten';
  if (status === 400 && /\buser does not exist|no users? with/i.test(said.message)) {
    return 'destination_user_not_found';
  }
  // Its code is "Success"; every item of the call has the same result, so there is nothing to split.
  if (status === 400 && said.message.includes('invalidListId')) return 'destination_not_found';
  return status === 409 ? 'destination_identity_conflict' : codeOfStatus(status);
}

/** A 200 can report a refusal: a name that must not be tracked, or an error code. */
function refusalInside(said: Said): ErrorCode | undefined {
  if (/is disallowed from tracking/i.test(said.message)) return 'destination_event_disallowed';
  if (said.code === '' || said.code === 'Success' || said.code === 'Accepted') return undefined;
  if (said.code === 'DatabaseError' || said.code === 'GenericError') return 'destination_unavailable';
  return BY_CODE[said.code] ?? 'destination_rejected';
}

/** The delay that Iterable asks for, in milliseconds: in a header, or in the details of its newer endpoints. */
function waitFor(response: HttpResponse, params: JsonObject, now: number): number | undefined {
  const asked = waitOf(response, now);
  if (asked !== undefined) return asked;
  const reset = Number(params['rateLimitReset'] ?? Number.NaN);
  if (!Number.isFinite(reset) || reset < 0) return undefined;
  // Documented as seconds to wait; a number this large can only be a point in time.
  return reset > 1_000_000_000 ? Math.max(0, reset * 1000 - now) : Math.ceil(reset * 1000);
}
