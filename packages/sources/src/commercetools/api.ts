import { failed, type HttpFailure, type HttpResponse, type ShopFailure } from '@waybill/core';
import { failureOf } from './failures.ts';
import { isRecord, type JsonObject } from '../read.ts';
import { list, number } from './json.ts';
import { type Context, REGION } from './settings.ts';
import { forget, type Token, tokenOf } from './token.ts';

/** A call of the API, with the path below the project: `orders`. */
export interface ApiCall {
  readonly path: string;
  /** Names may repeat. */
  readonly query?: readonly (readonly [string, string])[];
  /** The posted body; a GET when absent. */
  readonly json?: unknown;
}

/** The result of a call: an object, nothing when the resource does not exist, or a failure. */
export type Got = { readonly body: JsonObject } | { readonly missing: true } | ShopFailure;

/** Rows of a list. */
export interface Rows {
  readonly rows: readonly JsonObject[];
  readonly total?: number | undefined;
}

/** Calls the API of the project; with a new token when one is refused before it expires. */
export async function call(context: Context, asked: ApiCall): Promise<Got> {
  const token = await tokenOf(context);
  if ('failure' in token) return token;
  let answer = await send(context, asked, token);
  if (answer.kind === 'response' && answer.status === 401) {
    await forget(context, token);
    const another = await tokenOf(context);
    if ('failure' in another) return another;
    answer = await send(context, asked, another);
  }
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  if (answer.status === 404 && isRecord(answer.body)) return { missing: true };
  if (!answer.ok) return failureOf(answer, asked.path, context);
  if (isRecord(answer.body)) return { body: answer.body };
  const message = `commercetools answered ${asked.path} with something other than a JSON object.`;
  return { failure: failed('source_unreadable_answer', message) };
}

function send(
  { settings, request }: Context,
  { path, query = [], json }: ApiCall,
  token: Token,
): Promise<HttpResponse | HttpFailure> {
  const { apiUrl = `https://api.${REGION}`, projectKey } = settings;
  const asked = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString();
  const url = `${apiUrl.replace(/\/+$/, '')}/${encodeURIComponent(projectKey)}/${path}`;
  return request({
    method: json === undefined ? 'GET' : 'POST',
    url: asked === '' ? url : `${url}?${asked}`,
    headers: { authorization: `Bearer ${token.text}`, accept: 'application/json' },
    ...(json === undefined ? {} : { json }),
  });
}

/** Returns the rows of a list. A missing list means a missing project. */
export async function rowsOf(context: Context, asked: ApiCall): Promise<Rows | ShopFailure> {
  const got = await call(context, asked);
  if ('failure' in got) return got;
  if ('missing' in got) {
    const { projectKey } = context.settings;
    const message = `commercetools has no project "${projectKey}", or no ${asked.path} in it. Check projectKey, and that apiUrl is in its region.`;
    return { failure: failed('source_not_found', message) };
  }
  return { rows: list(got.body, 'results'), total: number(got.body, 'total') };
}

/** Returns the rows with these IDs, by ID, without deleted ones. */
export async function byIds(
  context: Context,
  path: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JsonObject> | ShopFailure> {
  const found = new Map<string, JsonObject>();
  const wanted = [...new Set(ids)];
  // Predicates are in the URL, which has a maximum length.
  for (let from = 0; from < wanted.length; from += 100) {
    const part = wanted.slice(from, from + 100);
    const query = [
      ['where', 'id in :ids'],
      ...part.map((id) => ['var.ids', id] as const),
      ['limit', '100'],
      ['withTotal', 'false'],
    ] as const;
    const rows = await rowsOf(context, { path, query });
    if ('failure' in rows) return rows;
    for (const row of rows.rows) if (typeof row['id'] === 'string') found.set(row['id'], row);
  }
  return found;
}
