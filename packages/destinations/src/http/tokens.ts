import {
  type HttpFailure,
  type HttpResponse,
  type InstanceState,
  type SendContext,
  volatileState,
} from '@waybill/core';

import { basicAuthorization } from './address.ts';
import type { Answer } from './answer.ts';
import { isRecord } from './json.ts';

/** The source of tokens: the client credentials grant of OAuth 2. */
export interface TokenGrant {
  /** Address of the token endpoint. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

/** An access token, or the answer that refused it. */
export type Granted =
  { readonly token: string; readonly refused?: undefined } | { readonly refused: HttpResponse | HttpFailure };

/** How long before its expiry a token is renewed, in milliseconds. */
const MARGIN = 60_000;
/** The default lifetime of a token, in seconds. */
const DEFAULT_SECONDS = 300;

/** The access token of an instance. It survives restarts if the state of the instance does; requests are not concurrent. */
export class AccessTokens {
  /** What survives restarts. */
  readonly state: InstanceState;
  #asking: Promise<Granted> | undefined;

  constructor(state: InstanceState = volatileState()) {
    this.state = state;
  }

  /** Returns the token, a new one when the current one expires soon. */
  async get(grant: TokenGrant, context: Pick<SendContext, 'request' | 'now'>): Promise<Granted> {
    const token = this.#good(context);
    if (token !== undefined) return { token };
    this.#asking ??= this.#ask(grant, context).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  #good({ now }: Pick<SendContext, 'now'>): string | undefined {
    const until = Number(this.state.get('token_until') ?? 0);
    return until > now() + MARGIN ? this.state.get('token') : undefined;
  }

  #ask(grant: TokenGrant, context: Pick<SendContext, 'request' | 'now'>): Promise<Granted> {
    // Another process may have obtained one while this one waited.
    return this.state.inTurn(async () => {
      const token = this.#good(context);
      return token === undefined ? this.#askNow(grant, context) : { token };
    });
  }

  async #askNow(grant: TokenGrant, { request, now }: Pick<SendContext, 'request' | 'now'>): Promise<Granted> {
    const { url, clientId, clientSecret, scope } = grant;
    const form = new URLSearchParams({ grant_type: 'client_credentials' });
    if (scope !== undefined) form.set('scope', scope);
    const answer = await request({
      method: 'POST',
      url,
      headers: {
        authorization: basicAuthorization(clientId, clientSecret),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
    });
    if (answer.kind === 'failure' || !answer.ok) return { refused: answer };
    const body = isRecord(answer.body) ? answer.body : {};
    const { access_token: token, expires_in: seconds } = body;
    if (typeof token !== 'string') return { refused: withoutToken(answer) };
    const lasts = Number(seconds ?? DEFAULT_SECONDS);
    const until = now() + (Number.isFinite(lasts) ? lasts : DEFAULT_SECONDS) * 1000;
    this.state.set({ token, token_until: String(until) });
    return { token };
  }
}

function withoutToken({ exchange }: Answer): HttpFailure {
  const message = 'The response to the token request contains no token.';
  return { kind: 'failure', ok: false, code: 'destination_unreadable_answer', message, exchange };
}

// Without an engine that opens instances, the settings object identifies one.
const bySettings = new WeakMap<object, AccessTokens>();

/** Returns the tokens of the instance of a call: the value that `open` of the definition returned, if it is one. */
export function tokensOf({ settings, instance }: SendContext<object>): AccessTokens {
  if (instance instanceof AccessTokens) return instance;
  let known = bySettings.get(settings);
  if (known === undefined) bySettings.set(settings, (known = new AccessTokens()));
  return known;
}
