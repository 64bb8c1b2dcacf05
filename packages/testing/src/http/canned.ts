import type { Request } from '@waybill/core';
import { createRequest, type RecordedRequest, type Transport } from '@waybill/delivery';

/** A canned answer, with its conditions. */
export interface CannedAnswer {
  /** Only for this method. */
  readonly method?: string;
  /** Only for URLs that contain this string. */
  readonly url?: string;
  /** The number of uses; unlimited when absent. After that the next matching one is used. */
  readonly times?: number;
  /** HTTP status; 200 when absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as JSON. */
  readonly json?: unknown;
  /** The body as text. */
  readonly text?: string;
  /** No answer, for this reason. */
  readonly failure?: 'timeout' | 'unreachable';
}

/** A call as sent: unredacted, so keep it out of logs. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, parsed when it is JSON. */
  readonly body?: unknown;
}

/** Answers by rules, or by a function that may return undefined for "no match". */
export type CannedAnswers =
  | readonly CannedAnswer[]
  | ((call: WireRequest) => CannedAnswer | undefined | Promise<CannedAnswer | undefined>);

/** A request function with canned answers, and its recorded calls. */
export interface CannedRequest {
  readonly request: Request;
  /** Every call, as it would have been sent. */
  readonly calls: readonly WireRequest[];
  /** The same as recorded: without secrets. */
  readonly exchanges: RecordedRequest['exchanges'];
}

/**
 * Creates a request function without network access. It is the real one except for the transport: URLs, headers, bodies and the
 * record are the same as in delivery. Without answers every call gets a 200 with `{}`; with answers, a call without a match fails as
 * unreachable, and the message names the call.
 */
export function cannedRequest(
  answers?: CannedAnswers,
  options: { readonly secrets?: readonly string[]; readonly now?: () => number } = {},
): CannedRequest {
  const { transport, calls } = cannedTransport(answers);
  const { request, exchanges } = createRequest({ ...options, transport });
  return { request, calls, exchanges };
}

/** Creates the transport of `cannedRequest`, to share answers between several request functions. */
export function cannedTransport(answers?: CannedAnswers): {
  readonly transport: Transport;
  readonly calls: readonly WireRequest[];
} {
  const calls: WireRequest[] = [];
  const given = new Map<CannedAnswer, number>();
  const choose = (call: WireRequest): CannedAnswer | undefined | Promise<CannedAnswer | undefined> => {
    if (answers === undefined) return { status: 200, json: {} };
    if (typeof answers === 'function') return answers(call);
    const found = answers.find((one) => fits(one, call) && (given.get(one) ?? 0) < (one.times ?? Infinity));
    if (found !== undefined) given.set(found, (given.get(found) ?? 0) + 1);
    return found;
  };
  const transport: Transport = {
    send: async (wire) => {
      const call = wireRequest(wire.method, wire.url.href, wire.headers, bodyText(wire.body));
      calls.push(call);
      const answer = await choose(call);
      if (answer === undefined) {
        return {
          ok: false,
          code: 'destination_unreachable',
          message: `No canned answer matches ${call.method} ${call.url}.`,
        };
      }
      if (answer.failure !== undefined) {
        return {
          ok: false,
          code: answer.failure === 'timeout' ? 'destination_timeout' : 'destination_unreachable',
          message: answer.failure === 'timeout' ? 'No answer in time.' : 'connect ECONNREFUSED',
        };
      }
      const json = answer.json !== undefined;
      return {
        ok: true,
        status: answer.status ?? 200,
        headers: {
          ...(json ? { 'content-type': 'application/json' } : {}),
          ...Object.fromEntries(
            Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
          ),
        },
        text: answer.text ?? (json ? JSON.stringify(answer.json) : ''),
      };
    },
    close: () => undefined,
  };
  return { transport, calls };
}

/** Parses the body of a call. */
export function wireRequest(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): WireRequest {
  return { method, url, headers, ...(body === undefined ? {} : { body: parsed(body) }) };
}

/** Converts a body to a string; invalid bytes become visible characters. */
export function bodyText(body: string | Uint8Array | undefined): string | undefined {
  return body === undefined || typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}

function fits(answer: CannedAnswer, call: WireRequest): boolean {
  const method = answer.method === undefined || answer.method.toUpperCase() === call.method;
  return method && (answer.url === undefined || call.url.includes(answer.url));
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
