import type { HttpCall, HttpFailure, HttpResponse, Request } from '@waybill/core';
import type { RequestClient, RequestOptions, UpstreamResponse } from '../upstream/types.ts';

/** The default timeout of a call, in milliseconds: as in Waybill. */
const TIMEOUT = 30_000;

/** Implements Waybill's `request` with the client of Segment's runtime. Never throws. */
export function requestThrough(client: RequestClient): Request {
  let exchange = -1;
  return async (call) => {
    const number = (exchange += 1);
    try {
      return answerOf(await client(addressOf(call), optionsOf(call)), number);
    } catch (error) {
      return failureOf(error, number);
    }
  };
}

function addressOf({ url, query = {} }: HttpCall): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(query)) address.searchParams.append(name, String(value));
  return address.href;
}

function optionsOf(call: HttpCall): RequestOptions {
  const sends = call.json !== undefined || call.body !== undefined;
  return {
    method: call.method ?? (sends ? 'POST' : 'GET'),
    headers: { accept: 'application/json', 'user-agent': 'waybill', ...call.headers },
    ...(call.json === undefined ? {} : { json: call.json }),
    ...(call.json !== undefined || call.body === undefined
      ? {}
      : { body: typeof call.body === 'string' ? call.body : Buffer.from(call.body) }),
    timeout: call.timeoutMs ?? TIMEOUT,
    throwHttpErrors: false,
    // Credentials are never sent to a redirect target; an action reads the redirect as the answer.
    redirect: 'manual',
  };
}

function answerOf(response: UpstreamResponse, exchange: number): HttpResponse {
  const { ok, status, content: text = '' } = response;
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return { kind: 'response', ok, status, headers, text, body: parse(text), exchange };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown, exchange: number): HttpFailure {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  const late = code === 'ETIMEDOUT' || code === 'REQUESTTIMEOUTERROR' || name === 'TimeoutError';
  return {
    kind: 'failure',
    ok: false,
    code: late ? 'destination_timeout' : 'destination_unreachable',
    message: typeof message === 'string' ? message : String(error),
    exchange,
  };
}
