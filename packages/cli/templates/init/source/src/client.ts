import {
  type ConnectionResult,
  type ErrorCode,
  failed,
  headerOf,
  retryAfter,
  type RowPage,
  type RowQuery,
  type ShopFailure,
} from '@waybill/core';
import type { Context } from './settings.ts';

/** The members of a JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Reads from the API: the body, `missing` when the resource does not exist, or why it could not be read. */
export async function read(
  context: Context,
  path: string,
  query: Readonly<Record<string, string | number>> = {},
): Promise<Json | 'missing' | ShopFailure> {
  const { apiUrl, apiKey } = context.settings;
  const answer = await context.request({
    url: `${apiUrl.replace(/\/+$/, '')}/${path}`,
    query,
    headers: { authorization: `Bearer ${apiKey}` },
  });
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  const { status, body } = answer;
  if (answer.ok && typeof body === 'object' && body !== null) return body as Json;
  if (status === 404) return 'missing';
  const afterMs = retryAfter(headerOf(answer, 'retry-after'), context.now());
  const message = `{{name}} answered ${path} with ${status}. ${ADVICE[status] ?? ''}`.trim();
  return { failure: failed(codeOf(status), message, { afterMs }) };
}

/** Remedies, with the name of the setting. */
const ADVICE: Readonly<Record<number, string>> = {
  401: 'Check apiKey.',
  403: 'Give apiKey permission to read orders and customers.',
};

/** Codes tell Waybill what to do: retry, or wait for a change of the settings. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return 'source_unauthorized';
  if (status === 403) return 'source_forbidden';
  if (status === 429) return 'source_rate_limited';
  if (status === 408 || status >= 500) return 'source_unavailable';
  return status < 400 ? 'source_unreadable_answer' : 'source_rejected';
}

/** Reads a page of a list, in the order of time and id. */
export async function readPage<Row>(
  list: string,
  { by, since, until, skip, limit }: RowQuery,
  context: Context,
): Promise<RowPage<Row> | ShopFailure> {
  const times = {
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
  const body = await read(context, list, { by, ...times, offset: skip, limit });
  if (body === 'missing') return noList(list);
  return 'failure' in body ? (body as ShopFailure) : { rows: (body[list] ?? []) as readonly Row[] };
}

/** Reads one row by its id. */
export async function readRow<Row>(
  path: string,
  context: Context,
): Promise<{ readonly row: Row } | 'gone' | ShopFailure> {
  const body = await read(context, path);
  if (body === 'missing') return 'gone';
  return 'failure' in body ? (body as ShopFailure) : { row: body as Row };
}

/** Counts the rows of a list, to check a back-fill. */
export async function count(
  list: string,
  { by, since, until }: Pick<RowQuery, 'by' | 'since' | 'until'>,
  context: Context,
): Promise<{ readonly count: number } | ShopFailure> {
  const times = {
    ...(since === undefined ? {} : { from: since }),
    ...(until === undefined ? {} : { to: until }),
  };
  const body = await read(context, list, { by, ...times, offset: 0, limit: 1 });
  if (body === 'missing') return noList(list);
  return 'failure' in body ? (body as ShopFailure) : { count: Number(body['total'] ?? 0) };
}

/** Tests the settings. */
export async function testConnection(context: Context): Promise<ConnectionResult> {
  for (const list of ['orders', 'customers']) {
    const got = await readPage(list, { by: 'changed', skip: 0, limit: 1 }, context);
    if (!('failure' in got)) continue;
    const { code, message } = got.failure;
    const path = code === 'source_unauthorized' || code === 'source_forbidden' ? 'apiKey' : 'apiUrl';
    return { ok: false, issue: { code, path, message } };
  }
  return { ok: true, message: '{{name}} accepts the key.' };
}

function noList(list: string): ShopFailure {
  const message = `There is no list of ${list} at that address. Check apiUrl.`;
  return { failure: failed('source_not_found', message) };
}
