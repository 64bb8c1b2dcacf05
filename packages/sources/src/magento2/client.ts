import { randomBytes } from 'node:crypto';

import { headerOf, type HttpResponse, type ShopFailure } from '@waybill/core';

import { type Answer, failureOf, isMissing, wordsOf } from './failures.ts';
import { IMS_TOKEN, imsHeaders } from './ims.ts';
import { authorizationOf, type Keys } from './oauth.ts';
import type { Context } from './settings.ts';

/** The query of a call: names with brackets, raw values. */
export type Query = Readonly<Record<string, string>>;

const TIMEOUT = 60_000;
/** The key for the difference between our clock and that of the shop, in milliseconds. */
const CLOCK = 'clock';

/** Reads from the API; `gone` when the resource does not exist. */
export async function readOrGone(
  context: Context,
  path: string,
  query: Query = {},
): Promise<{ readonly body: unknown } | 'gone' | ShopFailure> {
  let answer = await call(context, path, query);
  if ('failure' in answer) return answer;
  if (answer.kind === 'response' && answer.status === 401 && mayTryAgain(answer, context)) {
    answer = await call(context, path, query);
    if ('failure' in answer) return answer;
  }
  if (answer.kind === 'response' && answer.ok && answer.body !== undefined) return { body: answer.body };
  if (answer.kind === 'response' && isMissing(answer)) return 'gone';
  return failureOf(answer, path, context.now());
}

/** Reads a resource that must exist. */
export async function read(
  context: Context,
  path: string,
  query: Query = {},
): Promise<{ readonly body: unknown } | ShopFailure> {
  const found = await readOrGone(context, path, query);
  if (found !== 'gone') return found;
  const message = `Magento has nothing at ${path}.`;
  return { failure: { status: 'rejected', code: 'source_not_found', message } };
}

/** Writes to the API. */
export async function write(
  context: Context,
  path: string,
  json: object,
): Promise<{ readonly body: unknown } | ShopFailure> {
  const change = { method: 'PUT', json } as const;
  let answer = await call(context, path, {}, change);
  if ('failure' in answer) return answer;
  if (answer.kind === 'response' && answer.status === 401 && mayTryAgain(answer, context)) {
    answer = await call(context, path, {}, change);
    if ('failure' in answer) return answer;
  }
  if (answer.kind === 'response' && answer.ok) return { body: answer.body };
  return failureOf(answer, path, context.now());
}

async function call(
  context: Context,
  path: string,
  query: Query,
  change: { readonly method?: 'PUT'; readonly json?: object } = {},
): Promise<Answer | ShopFailure> {
  const { baseUrl, imsClientId } = context.settings;
  const base = baseUrl.replace(/\/+$/, '');
  if (imsClientId !== undefined) {
    const allowed = await imsHeaders(context);
    if ('failure' in allowed) return allowed;
    return context.request({ url: `${base}/V1/${path}`, query, ...change, ...allowed, timeoutMs: TIMEOUT });
  }
  const url = `${base}/rest/all/V1/${path}`;
  const keys = keysOf(context);
  if ('failure' in keys) return keys;
  const clock = (context.memory.get(CLOCK) as number | undefined) ?? 0;
  const authorization = authorizationOf({ method: change.method ?? 'GET', url, query }, keys, {
    nonce: randomBytes(16).toString('hex'),
    timestamp: Math.floor((context.now() + clock) / 1000),
  });
  return context.request({
    url,
    query,
    ...change,
    headers: { authorization, accept: 'application/json' },
    timeoutMs: TIMEOUT,
  });
}

function keysOf({ settings }: Context): Keys | ShopFailure {
  const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = settings;
  if (
    consumerKey === undefined ||
    consumerSecret === undefined ||
    accessToken === undefined ||
    accessTokenSecret === undefined
  ) {
    const message = 'The source has neither all four keys of an integration nor an IMS client id.';
    return { failure: { status: 'rejected', code: 'source_unauthorized', message } };
  }
  return { consumerKey, consumerSecret, accessToken, accessTokenSecret };
}

/** Whether the same call can succeed: with another nonce, the clock of the shop, or a new token. */
function mayTryAgain(answer: HttpResponse, { settings, memory, now }: Context): boolean {
  if (settings.imsClientId !== undefined) return memory.delete(IMS_TOKEN);
  const words = wordsOf(answer);
  if (/nonce/i.test(words)) return true;
  const theirs = Date.parse(headerOf(answer, 'date') ?? '');
  if (!/timestamp/i.test(words) || Number.isNaN(theirs)) return false;
  memory.set(CLOCK, theirs - now());
  return true;
}
