import { STATUS_CODES } from 'node:http';
import type { HttpCall, HttpFailure, HttpResponse } from '@waybill/core';
import type { Framework } from '../upstream/packages.ts';
import type { Session } from './session.ts';

/** The request that the framework's client passes to `fetch`. */
export interface WireRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: { forEach(each: (value: string, name: string) => void): void };
  readonly body: unknown;
  readonly redirect?: string;
  /** Milliseconds; 0 for none. */
  readonly timeout?: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The connection failed, or timed out; definitions read `code`. */
class TransportError extends Error {
  readonly code: string;
  constructor(failure: HttpFailure) {
    super(failure.message);
    this.name = 'TransportError';
    this.code = failure.code === 'destination_timeout' ? 'ETIMEDOUT' : 'ECONNREFUSED';
  }
}

/** The maximum number of followed redirects; the next one is the answer. */
const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Implements `fetch` with the request function of a session. */
export async function fetchThrough(
  request: WireRequest,
  session: Session,
  Response: Framework['Response'],
): Promise<unknown> {
  let call = await callOf(request);
  let answer = await exchange(call, session);
  // Every hop goes through `request`, which refuses internal addresses.
  for (let hops = 0; hops < MAX_REDIRECTS && request.redirect !== 'manual'; hops += 1) {
    const next = follow(call, answer);
    if (next === undefined) break;
    call = next;
    answer = await exchange(call, session);
  }
  const empty = answer.status === 204 || answer.status === 304 || call.method === 'HEAD';
  return new Response(empty ? null : answer.text, {
    status: answer.status,
    statusText: STATUS_CODES[answer.status] ?? '',
    headers: headersOf(answer),
    url: call.url,
  });
}

async function callOf(request: WireRequest): Promise<HttpCall> {
  const headers: Record<string, string> = { accept: '*/*' };
  request.headers.forEach((value, name) => {
    // Waybill does not identify itself as the framework.
    if (name === 'user-agent' && value === 'Segment (Actions)') return;
    headers[name] = value;
  });
  const bytes =
    request.body === null || request.body === undefined
      ? undefined
      : new Uint8Array(await request.arrayBuffer());
  const body = bytes === undefined ? undefined : textOf(bytes);
  return {
    // The type has the methods that change something; a definition may also ask for headers alone.
    method: request.method as NonNullable<HttpCall['method']>,
    url: request.url,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(request.timeout ? { timeoutMs: request.timeout } : {}),
  };
}

/** Converts a string body to a string, so that records of exchanges are readable. */
function textOf(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}

async function exchange(call: HttpCall, session: Session): Promise<HttpResponse> {
  const answer = await session.request(call);
  session.exchanges.push(answer.exchange);
  if (answer.kind === 'failure') {
    session.failure = answer;
    throw new TransportError(answer);
  }
  session.failure = undefined;
  if (answer.ok && call.method !== 'GET') session.changes += 1;
  return answer;
}

/** Returns the next call of a redirect, as browsers make it; undefined when the answer is not one. */
function follow(call: HttpCall, answer: HttpResponse): HttpCall | undefined {
  const location = answer.headers['location'];
  if (!REDIRECTS.has(answer.status) || location === undefined) return undefined;
  let url: URL;
  try {
    url = new URL(location, call.url);
  } catch {
    return undefined;
  }
  const { body, ...rest } = call;
  const headers = { ...call.headers };
  if (url.origin !== new URL(call.url).origin) {
    for (const name of ['authorization', 'cookie']) delete headers[name];
  }
  const asGet = answer.status === 303 || (answer.status < 303 && call.method === 'POST');
  if (asGet) {
    delete headers['content-type'];
    return { ...rest, headers, url: url.href, method: 'GET' };
  }
  return { ...rest, headers, url: url.href, ...(body === undefined ? {} : { body }) };
}

/** Removes headers about length and encoding, because the body is decompressed. */
function headersOf({ headers }: HttpResponse): Record<string, string> {
  const { 'content-encoding': _coding, 'content-length': _length, ...rest } = headers;
  return rest;
}
