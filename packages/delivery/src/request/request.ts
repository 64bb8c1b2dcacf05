import { type HttpCall, type HttpFailure, type HttpResponse, readBody, type Request } from '@waybill/core';
import type { Turn } from '../governor/governor.ts';
import type { ExchangeRow } from '../stores/rows.ts';
import { createRedactor, REDACTED, type Redactor } from './redact.ts';
import { createTransport, type Transport, type TransportOptions, type WireResult } from './transport.ts';

/** A recorded exchange, before it belongs to a lane. */
export type Exchange = Omit<ExchangeRow, 'id' | 'destination'>;

/** The inputs of a request function. */
export interface RequestOptions extends TransportOptions {
  /** Values that must not appear in any record. */
  readonly secrets?: readonly string[];
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The default timeout of a whole answer, in milliseconds. */
  readonly timeoutMs?: number;
  /** Shared connections; private ones when absent. */
  readonly transport?: Transport;
  readonly redactor?: Redactor;
  /** Waits until a call may be made; the wait does not count towards its timeout. */
  readonly turn?: (call: { readonly method: string; readonly url: string | URL }) => Promise<Turn>;
}

/** A request function and the record of its exchanges. */
export interface RecordedRequest {
  readonly request: Request;
  /** One entry per call, in their order: `exchange` of an answer is the index. */
  readonly exchanges: readonly Exchange[];
  /** Whether calls were requested but none was made, because they were aborted. */
  readonly aborted: () => boolean;
}

/** The default timeout of a call, in milliseconds. */
export const REQUEST_TIMEOUT = 30_000;

/** The maximum number of recorded characters of a body. */
export const RECORDED_BODY = 16 * 1024;

/** Creates a request function for one call of an action; every exchange is recorded, without secrets. Never throws. */
export function createRequest(options: RequestOptions = {}): RecordedRequest {
  const { now = Date.now, timeoutMs = REQUEST_TIMEOUT } = options;
  const redactor = options.redactor ?? createRedactor(options.secrets ?? []);
  const transport = options.transport ?? createTransport(options);
  const exchanges: Exchange[] = [];
  let aborted = 0;

  const request: Request = async (call) => {
    const exchange = exchanges.length;
    const method = call.method ?? (call.json === undefined && call.body === undefined ? 'GET' : 'POST');
    const record: { -readonly [K in keyof Exchange]: Exchange[K] } = {
      at: now(),
      durationMs: 0,
      request: { method, url: redactor.cut(shownAddress(call.url), 2_048), headers: {} },
      failure: 'The call is still in progress.',
    };
    exchanges.push(record);
    const turn = await options.turn?.({ method, url: call.url });
    if (turn?.granted === false) {
      if (turn.aborted) aborted += 1;
      record.failure = withheld(turn);
      return {
        kind: 'failure',
        ok: false,
        code: 'destination_rate_limited',
        message: record.failure,
        exchange,
      };
    }
    record.at = now();
    const started = performance.now();
    const result = await send(call, method, timeoutMs, transport, (url, headers, body) => {
      record.request = {
        method,
        url: redactor.cut(url, 2_048),
        headers: redactor.headers(headers),
        ...(body === undefined ? {} : { body: shownBody(body, headers, redactor) }),
      };
    });

    record.durationMs = Math.round((performance.now() - started) * 1000) / 1000;
    delete record.failure;
    if (result.ok) {
      record.response = {
        status: result.status,
        headers: redactor.headers(result.headers),
        body: redactor.cut(result.text, RECORDED_BODY),
      };
    } else record.failure = redactor.text(result.message);
    const response = answer(result, exchange);
    turn?.done(response.kind === 'response' ? response : undefined);
    return response;
  };
  return { request, exchanges, aborted: () => aborted > 0 && aborted === exchanges.length };
}

function withheld(turn: { readonly aborted: boolean; readonly waitMs: number }): string {
  if (turn.aborted) return 'The call was not made: its caller had stopped waiting when its turn came.';
  return `The call was not made: the rate limits of the destination would delay it by ${Math.ceil(turn.waitMs / 1000)} s.`;
}

async function send(
  call: HttpCall,
  method: string,
  timeoutMs: number,
  transport: Transport,
  onWire: (url: string, headers: Readonly<Record<string, string>>, body: HttpCall['body']) => void,
): Promise<WireResult> {
  try {
    const url = new URL(call.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      return {
        ok: false,
        code: 'destination_address_forbidden',
        message: `Only http and https addresses can be called, not ${url.protocol}`,
      };
    }
    for (const [name, value] of Object.entries(call.query ?? {}))
      url.searchParams.append(name, String(value));
    const text = call.json === undefined ? call.body : JSON.stringify(call.json);
    const headers = {
      'user-agent': 'waybill',
      accept: 'application/json',
      ...(call.json === undefined || text === undefined ? {} : { 'content-type': 'application/json' }),
      ...lowerCased(call.headers ?? {}),
    };
    onWire(shownAddress(url), headers, text);
    // As bytes: a long string would outlive the call on the old heap.
    const body = typeof text === 'string' ? Buffer.from(text) : text;
    return await transport.send({
      method,
      url,
      headers,
      timeoutMs: call.timeoutMs ?? timeoutMs,
      ...(body === undefined ? {} : { body }),
    });
  } catch (error) {
    // A malformed URL, or a body that cannot be JSON: the destination cannot be reached with this call.
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, code: 'destination_unreachable', message };
  }
}

/** The bytes of a string that are read for the record: its limit, plus what the redactor reads beyond it. */
const SHOWN_BYTES = 4 * RECORDED_BODY;

/** A body as the record stores it; JSON that comes as bytes is shown like any other. */
function shownBody(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
  redactor: Redactor,
): string {
  if (typeof body === 'string') return redactor.cut(body, RECORDED_BODY);
  if (headers['content-type'] !== 'application/json') return `(${body.length} bytes)`;
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, SHOWN_BYTES)).toString();
  if (body.length <= SHOWN_BYTES) return redactor.cut(text, RECORDED_BODY);
  return redactor.cut(text, RECORDED_BODY, `${body.length} bytes`);
}

/** The URL without user and password, which some APIs put there. */
function shownAddress(address: string | URL): string {
  if (!URL.canParse(String(address))) return String(address);
  const url = new URL(address);
  if (url.username === '' && url.password === '') return url.href;
  url.username = REDACTED;
  url.password = '';
  return url.href;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function answer(result: WireResult, exchange: number): HttpResponse | HttpFailure {
  if (!result.ok) return { kind: 'failure', ok: false, code: result.code, message: result.message, exchange };
  const { status, headers, text } = result;
  const ok = status >= 200 && status < 300;
  return { kind: 'response', ok, status, headers, text, body: readBody(text), exchange };
}
