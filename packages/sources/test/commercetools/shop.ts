import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpCall, HttpResponse, ShopState, SourceContext } from '@waybill/core';
import { compileValidator, SHOP_FIELDS } from '@waybill/core';
import { commercetools } from '../../src/commercetools/index.ts';
import type { Loose } from '../loose.ts';

export { commercetools };
export const streams = commercetools.shop!.streams;
/** 3 March 2026, 21:45. */
export const NOW = Date.UTC(2026, 2, 3, 21, 45);
export const SETTINGS = {
  projectKey: 'shop',
  clientId: 'client',
  clientSecret: 'secret of the client',
  snsTopicArn: 'arn:aws:sns:eu-central-1:123456789012:shop',
  pushAudience: 'https://waybill.example',
  pushServiceAccount: 'push@shop.iam.gserviceaccount.com',
};

/** An example from the documentation, or made for these tests. */
export function fixture(name: string): Loose {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8')) as Loose;
}

/** The answer to a call. */
export type Reply =
  { readonly status?: number; readonly body: unknown; readonly headers?: Record<string, string> } | undefined;

/** Parameters of a call, with repetitions. */
export function parametersOf({ url }: Pick<HttpCall, 'url'>): readonly (readonly [string, string])[] {
  return [...new URL(url).searchParams];
}

/** Creates a context whose calls a test answers, by the path below the project; by default there are tokens and empty lists. */
export function contextOf(
  reply: (path: string, call: HttpCall) => Reply = () => undefined,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const calls: HttpCall[] = [];
  const clock = { now: NOW };
  let tokens = 0;
  const context: SourceContext = {
    settings: { ...SETTINGS, ...settings },
    now: () => clock.now,
    memory: new Map(),
    async request(call): Promise<HttpResponse> {
      calls.push(call);
      const { pathname } = new URL(call.url);
      const usual = (): Reply =>
        pathname === '/oauth/token'
          ? { body: { access_token: `token-${++tokens}`, expires_in: 172_800, scope: 'view_orders:shop' } }
          : { body: { results: [], total: 0 } };
      const { status = 200, body, headers = {} } = reply(pathname.replace('/shop/', ''), call) ?? usual()!;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const parsed: unknown = typeof body === 'string' ? undefined : body;
      return { kind: 'response', ok: status < 300, status, headers, text, body: parsed, exchange: 0 };
    },
  };
  return { context, calls, clock };
}

/** Returns the states, after validation. */
export function checked(states: readonly ShopState[]): readonly Loose[] {
  for (const { kind, ...state } of states) {
    const result = compileValidator(SHOP_FIELDS[kind])(state);
    if (!result.ok || result.changes.length > 0) throw new Error(JSON.stringify(result));
  }
  return states;
}

/** Returns the states of a row of a stream. */
export function statesOf(stream: string, row: unknown, settings: Readonly<Record<string, unknown>> = {}) {
  return checked(streams[stream]!.states(row, { settings: { ...SETTINGS, ...settings } }));
}
