import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  HttpCall,
  HttpFailure,
  HttpResponse,
  ShopState,
  ShopStream,
  SourceContext,
  WebhookRequest,
} from '@waybill/core';
import { compileValidator, SHOP_FIELDS } from '@waybill/core';
import { magento2 } from '../../src/magento2/index.ts';
import type { Loose } from '../loose.ts';

/** A recorded answer. */
export function fixture(name: string): Loose {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as Loose;
}

/** The settings of a source in tests. */
export const KEYS = {
  baseUrl: 'https://shop.example/',
  consumerKey: 'ck',
  consumerSecret: 'consumer-secret',
  accessToken: 'at',
  accessTokenSecret: 'token-secret',
};

/** The answer of a test to a call. */
export type Reply =
  | { readonly status?: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | undefined;

/** 2026-11-21, 14:00. */
export const NOW = Date.UTC(2026, 10, 21, 14);

/** Creates a context whose calls a test answers; others return empty lists, and one store view. */
export function contextOf(
  answer: (call: HttpCall, path: string) => Reply = () => undefined,
  settings: Readonly<Record<string, unknown>> = {},
): { readonly context: SourceContext; readonly calls: readonly HttpCall[] } {
  const calls: HttpCall[] = [];
  const request = async (call: HttpCall): Promise<HttpResponse | HttpFailure> => {
    calls.push(call);
    const path = call.url.replace(/^.*\/V1\//, '');
    const { status = 200, body, headers = {} } = answer(call, path) ?? { body: usual(path) };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      kind: 'response',
      ok: status < 300,
      status,
      headers,
      text,
      body: typeof body === 'string' ? undefined : body,
      exchange: 0,
    };
  };
  return {
    calls,
    context: { settings: { ...KEYS, ...settings }, request, now: () => NOW, memory: new Map() },
  };
}

function usual(path: string): unknown {
  if (path === 'store/storeConfigs') return fixture('storeConfigs');
  if (path === 'store/storeViews')
    return [{ id: 1, code: 'default', name: 'Default Store View', website_id: 1 }];
  if (path === 'store/websites') return [{ id: 1, code: 'base', name: 'Main Website' }];
  if (path.endsWith('/options')) return [];
  return { items: [], total_count: 0 };
}

/** A stream of the source. */
export function stream(name: string): ShopStream {
  return magento2.shop!.streams[name]!;
}

/** Returns the states of the rows of a page; fails for an invalid state. */
export async function statesOf(name: string, context: SourceContext): Promise<readonly Loose[]> {
  const one = stream(name);
  const page = await one.page!({ by: 'changed', skip: 0, limit: one.pageSize }, context);
  if ('failure' in page) throw new Error(page.failure.message);
  return page.rows.flatMap((row) => checked(one.states(row, context)));
}

/** Returns the states, after validation. */
export function checked(states: readonly ShopState[]): readonly ShopState[] {
  for (const { kind, ...state } of states) {
    const result = compileValidator(SHOP_FIELDS[kind])(state);
    if (!result.ok || result.changes.length > 0) throw new Error(JSON.stringify(result));
  }
  return states;
}

/** A request to the webhook. */
export function webhook(body: unknown, headers: Readonly<Record<string, string>> = {}): WebhookRequest {
  const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  return { method: 'POST', headers, query: {}, body: bytes };
}
