import {
  type ErrorCode,
  failed,
  headerOf,
  type HttpCall,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
  type ShopLimits,
} from '@waybill/core';
import { isRecord, type JsonObject, listOf, numberOf, recordOf, textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** Where the API is. */
const API = 'https://secure.ultracart.com/rest/v2';

/** The result of a call: a body, nothing when the resource does not exist, or a failure. */
export type Got =
  { readonly body: JsonObject } | { readonly missing: true; readonly status: number } | ShopFailure;

/** A call of the API: `customer/customers`. */
export interface ApiCall extends Pick<HttpCall, 'query' | 'json'> {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
}

/** The permission that a path needs, as named by UltraCart. */
const PERMISSIONS: readonly (readonly [string, string])[] = [
  ['order/', 'order_read'],
  ['customer/', 'customer_read'],
  ['item/', 'item_read'],
  ['auto_order/', 'auto_order_read'],
  ['checkout/', 'checkout_read'],
  ['webhook/', 'webhook_read and webhook_write'],
];

/** The header with the reason of a refused call. */
const ERROR_HEADER = 'uc-rest-error';

/** Calls the API of the merchant. */
export async function call(context: Context, { method = 'GET', path, ...rest }: ApiCall): Promise<Got> {
  const { apiUrl, apiKey } = context.settings;
  const base = (apiUrl ?? API).replace(/\/+$/, '');
  const answer = await context.request({
    method,
    url: `${base}/${path}`,
    headers: {
      'x-ultracart-simple-key': apiKey,
      'x-ultracart-api-version': '2017-03-01',
      accept: 'application/json',
    },
    ...rest,
  });
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  const { body } = answer;
  if (answer.ok && body === undefined && answer.text.trim() === '') return { body: {} };
  if (answer.ok && !isRecord(body)) {
    const message = `UltraCart answered ${path} with something other than a JSON object.`;
    return { failure: failed('source_unreadable_answer', message) };
  }
  // A call may fail with a 200.
  if (answer.ok && isRecord(body) && body['success'] !== false) return { body };
  return isMissing(answer) ? { missing: true, status: answer.status } : refusal(answer, path, context.now());
}

/** Rows of a list, and their total if given. */
export interface Listed {
  readonly rows: readonly JsonObject[];
  readonly total?: number;
  readonly more: boolean;
}

/** Reads a page of a list, whose rows are in the member `name` of the answer. */
export async function list(context: Context, name: string, asked: ApiCall): Promise<Listed | ShopFailure> {
  const got = await call(context, asked);
  if ('failure' in got) return got;
  // A list may be empty, but it is never missing.
  if ('missing' in got)
    return got.status === 404 ? noList(context, asked) : { rows: [], total: 0, more: false };
  const rows = listOf(got.body, name);
  const set = recordOf(recordOf(got.body, 'metadata'), 'result_set');
  const total = numberOf(set, 'total_records');
  const limit = Number(asked.query?.['_limit'] ?? Number.NaN);
  const more = set['more'] === true || (set['more'] === undefined && rows.length >= limit);
  return { rows, more, ...(total === undefined ? {} : { total }) };
}

/** The failure for a URL without the list: it is not the API. */
export function noList({ settings: { apiUrl } }: Context, { path }: ApiCall): ShopFailure {
  const message = `There is no ${path} at ${apiUrl}. Check apiUrl: UltraCart is at ${API}.`;
  return { failure: failed('source_not_found', message) };
}

/** Whether the resource is missing, and not the API. */
function isMissing({ status, body, headers }: HttpResponse): boolean {
  if (status === 404) return isRecord(body);
  return (status === 400 || status < 300) && /not found|does not exist/i.test(wordsOf({ body, headers }));
}

function refusal(answer: HttpResponse, path: string, now: number): ShopFailure {
  const { status } = answer;
  const words = wordsOf(answer);
  const said = words === '' ? '' : ` ("${words}")`;
  if (status === 401 || status === 403) {
    if (status === 403 || /permission|not authorized/i.test(words)) {
      const needs = PERMISSIONS.find(([start]) => path.startsWith(start))?.[1] ?? 'a permission';
      return { failure: failed('source_forbidden', `The API user lacks ${needs}, for ${path}${said}.`) };
    }
    const message = `UltraCart refuses the API key${said}. Check apiKey: it is the simple key of an API user that is active.`;
    return { failure: failed('source_unauthorized', message) };
  }
  if (status === 410) {
    const message = `UltraCart has disabled the application of the API key${said}. Create another API user, and set apiKey.`;
    return { failure: failed('source_unauthorized', message) };
  }
  const asked = retryAfter(headerOf(answer, 'retry-after'), now) ?? windowOf(words);
  const afterMs = status === 429 || status >= 500 ? asked : undefined;
  return {
    failure: failed(codeOf(status), `UltraCart answered ${path} with ${status}${said}.`, { afterMs }),
  };
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'source_rate_limited';
  if (status === 408 || status >= 500) return 'source_unavailable';
  if (status === 404) return 'source_not_found';
  return 'source_rejected';
}

/** Returns the message of an error. */
function wordsOf({ body, headers }: Pick<HttpResponse, 'body' | 'headers'>): string {
  const error = isRecord(body) ? recordOf(body, 'error') : {};
  const said =
    textOf(error, 'user_message') ??
    textOf(error, 'developer_message') ??
    headerOf({ headers }, ERROR_HEADER);
  return (said ?? '').slice(0, 200);
}

/** The delay: the message names the exceeded limit; both refill gradually. */
function windowOf(words: string): number | undefined {
  const seconds = Number(/per (\d{1,7}) second/i.exec(words)?.[1] ?? Number.NaN);
  return Number.isFinite(seconds) ? (seconds * 1_000) / 12 : undefined;
}

/** UltraCart accepts one call at a time, with limits per hour and per day. */
export const limits: ShopLimits = {
  concurrency: 1,
  quotas: [
    { calls: 1_000, seconds: 3_600 },
    { calls: 10_000, seconds: 86_400 },
  ],
  left: (headers) => {
    const resetMs = windowOf(headerOf({ headers }, ERROR_HEADER) ?? '');
    return resetMs === undefined ? undefined : { calls: 0, resetMs };
  },
};
