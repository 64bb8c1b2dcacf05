import {
  type ErrorCode,
  failed,
  headerOf,
  type HttpResponse,
  retryAfter,
  type ShopFailure,
} from '@waybill/core';
import { list, text } from './json.ts';
import type { Context } from './settings.ts';

/** The scope that a path needs. */
const SCOPES: readonly (readonly [string, string])[] = [
  ['orders', 'view_orders'],
  ['carts', 'view_orders'],
  ['customers', 'view_customers'],
  ['payments', 'view_payments'],
  ['product-projections', 'view_published_products'],
  ['reviews', 'view_products'],
  ['recurring-orders', 'view_recurring_orders'],
  ['stores', 'view_stores'],
  ['subscriptions', 'manage_subscriptions'],
  ['messages', 'view_messages'],
];

/** Returns the scope that a path needs, as named in the Merchant Center. */
export function scopeOf(path: string): string | undefined {
  return SCOPES.find(([start]) => path.startsWith(start))?.[1];
}

/** Converts a failed answer to a failure, with a remedy. */
export function failureOf(
  answer: HttpResponse,
  path: string,
  { settings, now }: Pick<Context, 'settings' | 'now'>,
): ShopFailure {
  const { status } = answer;
  const said = wordsOf(answer.body);
  const { projectKey, clientId } = settings;
  if (status === 401) {
    const message = `commercetools refuses a new token of the client "${clientId}"${said}. Check that apiUrl is in the same region as authUrl.`;
    return { failure: failed('source_unauthorized', message) };
  }
  if (status === 403) {
    const scope = scopeOf(path);
    const lacks = scope === undefined ? 'lacks a scope' : `lacks the scope ${scope}:${projectKey}`;
    const message = `The API client ${lacks}, for ${path}${said}. Scopes of a client cannot be changed: create a new client with it.`;
    return { failure: failed('source_forbidden', message) };
  }
  if (status === 404) {
    const message = `commercetools has no ${path} in the project "${projectKey}"${said}. Check projectKey, and that apiUrl is in its region.`;
    return { failure: failed('source_not_found', message) };
  }
  const passes = status === 429 || status >= 500;
  const afterMs = passes ? retryAfter(headerOf(answer, 'retry-after'), now()) : undefined;
  const message = `commercetools answered ${path} with ${status}${said}.`;
  return { failure: failed(codeOf(status), message, { afterMs }) };
}

function codeOf(status: number): ErrorCode {
  if (status === 429) return 'source_rate_limited';
  // A concurrent modification.
  if (status === 409) return 'source_unavailable';
  if (status === 408 || status >= 500) return 'source_unavailable';
  return status < 400 ? 'source_unreadable_answer' : 'source_rejected';
}

function wordsOf(body: unknown): string {
  const code = list(body, 'errors')
    .map((error) => text(error, 'code'))
    .find(Boolean);
  const said = [code, text(body, 'message')?.slice(0, 200)].filter(Boolean).join(': ');
  return said === '' ? '' : ` ("${said}")`;
}
