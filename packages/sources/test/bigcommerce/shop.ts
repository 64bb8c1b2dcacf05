import type { HttpCall, HttpResponse, SourceContext } from '@waybill/core';
import { shops } from '@waybill/sources';

/** The source, with the settings of tests. */
export const bigcommerce = shops.find(({ slug }) => slug === 'bigcommerce')!;
export const streams = bigcommerce.shop!.streams;
export const SETTINGS = {
  storeHash: 'abc123',
  accessToken: 'token-of-the-store',
  clientSecret: 'bc-client-secret-0123456789abcdef',
};
/** 1 January 2026, midnight. */
export const NOW = 1_767_225_600_000;

/** The answer of a path: a body, or a status with one. */
export type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | undefined;

/** Creates a context whose calls are answered by a function of the path below the store; other paths are not found. */
export function contextOf(
  reply: (path: string, query: Readonly<Record<string, string>>, call: HttpCall) => Reply,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const calls: {
    readonly path: string;
    readonly query: Readonly<Record<string, string>>;
    readonly call: HttpCall;
  }[] = [];
  const context: SourceContext = {
    settings: { ...SETTINGS, ...settings },
    now: () => NOW,
    memory: new Map(),
    async request(call): Promise<HttpResponse> {
      const path = new URL(call.url).pathname.replace('/stores/abc123/', '');
      const query = Object.fromEntries(
        Object.entries(call.query ?? {}).map(([name, value]) => [name, String(value)]),
      );
      calls.push({ path, query, call });
      const {
        status = 200,
        body,
        headers = {},
      } = reply(path, query, call) ?? {
        status: 404,
        body: { status: 404, title: 'Not found' },
      };
      const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
      const parsed: unknown = typeof body === 'string' ? undefined : body;
      return { kind: 'response', ok: status < 300, status, headers, text, body: parsed, exchange: 0 };
    },
  };
  return { context, calls };
}
