import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { HttpFailure } from '@waybill/core';
import { FORBIDDEN, guardLookup, isInternalAddress, type Lookup } from './address.ts';

/** One HTTP call, ready to be sent. */
export interface WireCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly timeoutMs: number;
}

/** The result of an HTTP call. */
export type WireResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly ok: false; readonly code: HttpFailure['code']; readonly message: string };

/** Sends HTTP calls; connections are kept and shared by all lanes. */
export interface Transport {
  send(call: WireCall): Promise<WireResult>;
  /** Closes the kept connections. */
  close(): void;
}

/** The options of a transport. */
export interface TransportOptions {
  /** Hosts, `host` or `host:port`, that may be reached despite internal addresses. */
  readonly allowedHosts?: readonly string[];
  /** The maximum number of bytes of an answer, after decompression. */
  readonly maxResponseBytes?: number;
  /** Resolves host names; the system's resolver when absent. */
  readonly lookup?: Lookup;
}

/** The default maximum number of bytes of an answer. */
export const MAX_RESPONSE_BYTES = 10 * 1024 * 1024;

/** Methods of requests without a body. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Creates a transport that refuses internal addresses, follows no redirects and never throws. */
export function createTransport(options: TransportOptions = {}): Transport {
  const allowed = new Set((options.allowedHosts ?? []).map((host) => host.toLowerCase()));
  const maxBytes = options.maxResponseBytes ?? MAX_RESPONSE_BYTES;
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxFreeSockets: 64 }),
    https: new HttpsAgent({ keepAlive: true, maxFreeSockets: 64 }),
  };
  const guarded = guardLookup(options.lookup);
  return {
    async send(call) {
      const free = isAllowedHost(call.url.hostname, portOf(call.url), allowed);
      if (!free && isInternalAddress(call.url.hostname)) return forbidden(call.url.hostname);
      const lookup = free ? options.lookup : guarded;
      return exchange(call, maxBytes, agents, lookup);
    },
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

/** Whether a host may be reached despite an internal address. */
export function isAllowedHost(host: string, port: string, allowed: ReadonlySet<string>): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return [host, bare, `${host}:${port}`].some((name) => allowed.has(name));
}

async function exchange(
  call: WireCall,
  maxBytes: number,
  agent: { readonly http: HttpAgent; readonly https: HttpsAgent },
  lookup: Lookup | undefined,
): Promise<WireResult> {
  try {
    // Loaded on demand: it takes as much memory as the rest of the engine.
    const { default: got } = await import('got');
    const stream = got.stream(call.url, {
      // got requires the method in capitals, from a fixed set; the caller's type has the same set.
      method: call.method as 'GET',
      headers: { ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      agent,
      timeout: { request: call.timeoutMs },
      retry: { limit: 0 },
      throwHttpErrors: false,
      // A redirect is an answer like any other: following it would send credentials to an unchecked address.
      followRedirect: false,
      ...(lookup === undefined ? {} : { dnsLookup: lookup as never }),
    });
    // For other methods, got waits for a body.
    if (call.body === undefined && !BODILESS.has(call.method)) stream.end();
    const head = new Promise<{ statusCode: number; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        stream.once('response', resolve);
        stream.once('error', reject);
      },
    );
    // Nobody waits for `head` when the stream breaks before it.
    head.catch(() => undefined);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) {
        stream.destroy();
        return unreadable(`The answer is larger than ${maxBytes} bytes.`);
      }
      chunks.push(chunk);
    }
    const { statusCode, headers } = await head;
    return {
      ok: true,
      status: statusCode,
      headers: flat(headers),
      text: Buffer.concat(chunks).toString('utf8'),
    };
  } catch (error) {
    return failure(error, call);
  }
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}

function failure(error: unknown, call: WireCall): WireResult {
  const { code, name, message } = describe(error);
  if (code === FORBIDDEN) return forbidden(call.url.hostname);
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') {
    return {
      ok: false,
      code: 'destination_timeout',
      message: `${call.url.host} did not answer within ${call.timeoutMs / 1000} s.`,
    };
  }
  if (code === 'Z_DATA_ERROR' || code?.startsWith('HPE_') === true) return unreadable(message);
  return {
    ok: false,
    code: 'destination_unreachable',
    message: `${call.url.host}: ${code === undefined || message.includes(code) ? message : `${message} (${code})`}`,
  };
}

function describe(error: unknown): { code: string | undefined; name: string; message: string } {
  if (!(error instanceof Error)) return { code: undefined, name: 'Error', message: String(error) };
  const codes: string[] = [];
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if ('code' in one && typeof one.code === 'string') codes.push(one.code);
  }
  // got wraps the reason; the innermost code names it.
  const code = codes.includes(FORBIDDEN) ? FORBIDDEN : codes.at(-1);
  return { code, name: error.name, message: error.message };
}

function forbidden(host: string): WireResult {
  return {
    ok: false,
    code: 'destination_address_forbidden',
    message: forbiddenMessage(host),
  };
}

/** Returns why a host is refused. */
export function forbiddenMessage(host: string): string {
  return `${host} is an internal address. Allow the host in the configuration of the server, if this is intended.`;
}

function unreadable(message: string): WireResult {
  return { ok: false, code: 'destination_unreadable_answer', message };
}
