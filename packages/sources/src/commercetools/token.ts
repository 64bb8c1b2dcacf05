import { failed, type ShopFailure } from '@waybill/core';
import { failureOf } from './failures.ts';
import { number, text } from './json.ts';
import { type Context, REGION } from './settings.ts';

/** How long before its expiry a token is renewed, in milliseconds. */
const MARGIN = 60_000;

/** An access token, and its scopes. */
export interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

interface Kept {
  readonly token: Promise<Token | ShopFailure>;
  /** Absent while it is being requested. */
  until?: number;
}

/** Returns the access token, requested if there is no valid one: concurrent calls share the request. */
export async function tokenOf(context: Context): Promise<Token | ShopFailure> {
  const { memory, now } = context;
  const kept = memory.get('token') as Kept | undefined;
  if (kept !== undefined && (kept.until ?? Infinity) > now()) return kept.token;
  const making: Kept = {
    token: grant(context).then((made) => {
      if ('failure' in made) memory.delete('token');
      else making.until = made.until;
      return made;
    }),
  };
  memory.set('token', making);
  return making.token;
}

/** Whether a token may read messages. */
export function mayReadMessages({ scopes }: Token): boolean {
  return scopes.some((scope) => /^(view_messages|manage_project)(:|$)/.test(scope));
}

/** Forgets a refused token, unless there is a new one already. */
export async function forget({ memory }: Context, refused: Token): Promise<void> {
  const kept = memory.get('token') as Kept | undefined;
  const token = await kept?.token;
  if (token === refused && memory.get('token') === kept) memory.delete('token');
}

async function grant(context: Context): Promise<(Token & { readonly until: number }) | ShopFailure> {
  const { settings, request, now } = context;
  const { clientId, clientSecret, authUrl = `https://auth.${REGION}` } = settings;
  const answer = await request({
    method: 'POST',
    url: `${authUrl.replace(/\/+$/, '')}/oauth/token`,
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    // Without a scope, the token has all scopes of the client.
    body: 'grant_type=client_credentials',
  });
  if (answer.kind === 'failure') return { failure: failed(answer.code, answer.message) };
  const made = text(answer.body, 'access_token');
  if (answer.ok && made !== undefined) {
    const lasts = (number(answer.body, 'expires_in') ?? 300) * 1000;
    const scopes = (text(answer.body, 'scope') ?? '').split(' ').filter(Boolean);
    return { text: made, scopes, until: now() + Math.max(lasts - MARGIN, lasts / 2) };
  }
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
    const message = `commercetools issues no token for the client "${clientId}" (${answer.status}). Check clientId and clientSecret, and that authUrl is in the region of the project.`;
    return { failure: failed('source_unauthorized', message) };
  }
  return failureOf(answer, 'oauth/token', context);
}
