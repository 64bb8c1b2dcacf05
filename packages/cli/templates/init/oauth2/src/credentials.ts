import type { HttpFailure, HttpResponse } from '@waybill/core';
import type { Context } from './client.ts';

interface Token {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** One token per instance: the settings object lives as long as the instance is configured as it is. */
const tokens = new WeakMap<object, Token>();

/** A token is renewed this many milliseconds before it ends. */
const MARGIN = 60_000;

/** The headers that carry credentials, or the answer that refused them. */
export type Credentials =
  { readonly headers: Record<string, string> } | { readonly refused: HttpResponse | HttpFailure };

/** Makes the credentials of a call. Asks for a token when there is none. */
export async function credentials(context: Context): Promise<Credentials> {
  const { settings, request, now } = context;
  const known = tokens.get(settings);
  if (known !== undefined && known.until > now() + MARGIN)
    return { headers: { authorization: `Bearer ${known.value}` } };

  const pair = Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64');
  const answer = await request({
    method: 'POST',
    url: `${settings.apiUrl.replace(/\/+$/, '')}/oauth/token`,
    headers: { authorization: `Basic ${pair}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  if (answer.kind === 'failure' || !answer.ok) return { refused: answer };
  const body = answer.body as { access_token?: unknown; expires_in?: unknown } | null | undefined;
  if (typeof body?.access_token !== 'string') {
    const message = 'The answer to the request for a token has none.';
    return {
      refused: {
        kind: 'failure',
        ok: false,
        code: 'destination_unreadable_answer',
        message,
        exchange: answer.exchange,
      },
    };
  }
  const seconds = Number(body.expires_in);
  tokens.set(settings, {
    value: body.access_token,
    until: now() + (Number.isFinite(seconds) ? seconds : 300) * 1000,
  });
  return { headers: { authorization: `Bearer ${body.access_token}` } };
}
