import {
  type ErrorCode,
  failed,
  headerOf,
  type HttpCall,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
} from '@waybill/core';
import { isRecord, type JsonObject, objectsOf, recordOf, textOf } from '../read.ts';
import type { Context } from './settings.ts';

/** The result of a call: a body, nothing when the resource does not exist, or a failure. */
export type Got = { readonly body: unknown } | { readonly missing: true } | ShopFailure;

/** A call of the API, with the path below the store: `v2/orders`. */
export interface ApiCall extends Pick<HttpCall, 'query' | 'json'> {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
}

/** The scope that a path needs, as named in the control panel. */
const RIGHTS: readonly (readonly [string, string])[] = [
  ['v2/orders', 'Orders: read-only'],
  ['v3/orders/payment_actions', 'Order Transactions: read-only'],
  ['v3/customers/subscribers', 'Marketing: read-only'],
  ['v2/customer_groups', 'Customers: read-only'],
  ['v3/customers', 'Customers: read-only'],
  ['v3/carts', 'Carts: read-only'],
  ['v3/abandoned-carts', 'Carts: read-only'],
  ['v3/checkouts', 'Checkouts: read-only'],
  ['v3/catalog', 'Products: read-only'],
  ['v3/channels', 'Channel settings: read-only, and Sites & routes: read-only'],
  ['v2/store', 'Information & settings: read-only'],
  ['v3/settings', 'Information & settings: read-only'],
];

/** Calls the API of the store. */
export async function call(context: Context, { method = 'GET', path, ...rest }: ApiCall): Promise<Got> {
  const { apiUrl, storeHash, accessToken } = context.settings;
  const base = (apiUrl ?? 'https://api.bigcommerce.com').replace(/\/+$/, '');
  const answer = await context.request({
    method,
    url: `${base}/stores/${encodeURIComponent(storeHash)}/${path}`,
    headers: { 'x-auth-token': accessToken, accept: 'application/json' },
    ...rest,
  });
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  // Version 2 answers an empty list without a body.
  if (answer.status === 204) return { body: undefined };
  if (!answer.ok)
    return answer.status === 404 && isMissing(answer) ? { missing: true } : refusal(answer, path, context);
  if (answer.body === undefined) {
    const message = `BigCommerce answered ${path} with something other than JSON.`;
    return { failure: failed('source_unreadable_answer', message) };
  }
  return { body: answer.body };
}

/** Returns the rows of a list of either version, or why there are none. */
export async function list(
  context: Context,
  asked: ApiCall,
): Promise<{ readonly rows: readonly JsonObject[]; readonly total?: number } | ShopFailure> {
  const got = await call(context, asked);
  if ('failure' in got) return got;
  if ('missing' in got) return { rows: [] };
  const { body } = got;
  if (!isRecord(body)) return { rows: objectsOf(body) };
  const total = recordOf(recordOf(body, 'meta'), 'pagination')['total'];
  return { rows: objectsOf(body['data']), ...(typeof total === 'number' ? { total } : {}) };
}

/** Returns the resource in an answer of either version. */
export function dataOf(body: unknown): JsonObject {
  if (!isRecord(body)) return {};
  return isRecord(body['data']) ? body['data'] : body;
}

/** Whether the API lacks the resource, instead of the gateway lacking the store. */
function isMissing({ body }: HttpResponse): boolean {
  return body !== undefined;
}

function refusal(answer: HttpResponse, path: string, context: Context): ShopFailure {
  const { status } = answer;
  const said = wordsOf(answer.body);
  const { storeHash } = context.settings;
  if (status === 401) {
    const message = `BigCommerce refuses the access token for the store "${storeHash}"${said}. Check storeHash and accessToken; Settings > API > Store-level API accounts in the control panel creates a new token.`;
    return { failure: failed('source_unauthorized', message) };
  }
  if (status === 403) {
    const right = RIGHTS.find(([start]) => path.startsWith(start))?.[1];
    const needs = right === undefined ? 'lacks a right' : `lacks the permission "${right}"`;
    return { failure: failed('source_forbidden', `The API account ${needs}, for ${path}${said}.`) };
  }
  if (status === 404) {
    const message = `BigCommerce has no store "${storeHash}". Check storeHash: it is the part of the API path after "stores/".`;
    return { failure: failed('source_not_found', message) };
  }
  const afterMs = status === 429 || status >= 500 ? waitOf(answer, context.now()) : undefined;
  return {
    failure: failed(codeOf(status), `BigCommerce answered ${path} with ${status}${said}.`, { afterMs }),
  };
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'source_rate_limited';
  // Locked, out of storage, or a server error: temporary.
  if (status === 423 || status === 408 || status >= 500) return 'source_unavailable';
  return status < 400 ? 'source_unreadable_answer' : 'source_rejected';
}

/** The longer of the two waits that an answer may ask for. */
function waitOf(answer: HttpResponse, now: number): number | undefined {
  const seconds = Number(headerOf(answer, 'x-retry-after') ?? Number.NaN) * 1000;
  const reset = leftOf(answer.headers)?.calls === 0 ? leftOf(answer.headers)!.resetMs : Number.NaN;
  const asked = [seconds, reset, retryAfter(headerOf(answer, 'retry-after'), now) ?? Number.NaN];
  const waits = asked.filter((ms) => Number.isFinite(ms) && ms >= 0);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Reads the remaining calls from the headers of an answer. */
export function leftOf(
  headers: Readonly<Record<string, string>>,
): { readonly calls: number; readonly resetMs: number } | undefined {
  const of = (name: string): number => Number(headerOf({ headers }, name) ?? Number.NaN);
  const calls = of('x-rate-limit-requests-left');
  const resetMs = of('x-rate-limit-time-reset-ms');
  return Number.isFinite(calls) && Number.isFinite(resetMs) ? { calls, resetMs } : undefined;
}

/** Returns the message of an error: version 2 has a list, version 3 one. */
function wordsOf(body: unknown): string {
  const first = Array.isArray(body) ? body[0] : body;
  if (!isRecord(first)) return '';
  const said = textOf(first, 'title') ?? textOf(first, 'message');
  return said === undefined ? '' : ` ("${said.slice(0, 200)}")`;
}
