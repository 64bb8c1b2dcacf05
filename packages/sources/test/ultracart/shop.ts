import type { HttpCall, HttpResponse, SourceContext } from '@waybill/core';
import { shops } from '@waybill/sources';

/** The source, with the settings of tests. */
export const ultracart = shops.find(({ slug }) => slug === 'ultracart')!;
export const streams = ultracart.shop!.streams;
export const SETTINGS = { apiKey: 'key-of-the-merchant', webhookPassword: 'hook-password' };
/** 1 January 2026, midnight. */
export const NOW = 1_767_225_600_000;

/** The answer of a path: a body, or a status with one. */
export type Reply =
  | { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | undefined;

/** A recorded call. */
export interface Called {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly call: HttpCall;
}

/** Creates a context whose calls are answered by a function; others are not found. */
export function contextOf(
  reply: (called: Called) => Reply,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const calls: Called[] = [];
  const context: SourceContext = {
    settings: { ...SETTINGS, ...settings },
    now: () => NOW,
    memory: new Map(),
    async request(call): Promise<HttpResponse> {
      const path = new URL(call.url).pathname.replace('/rest/v2/', '');
      const query = Object.fromEntries(
        Object.entries(call.query ?? {}).map(([name, value]) => [name, String(value)]),
      );
      const called = { path, query, json: (call.json ?? {}) as Record<string, unknown>, call };
      calls.push(called);
      const missing: Reply = { status: 404, body: { success: false, error: { user_message: 'Not found' } } };
      const { status = 200, body, headers = {} } = reply(called) ?? missing;
      const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
      const parsed: unknown = typeof body === 'string' ? undefined : body;
      return { kind: 'response', ok: status < 300, status, headers, text, body: parsed, exchange: 0 };
    },
  };
  return { context, calls };
}
