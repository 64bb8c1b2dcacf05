import type { HttpFailure, HttpResponse, Request } from '../define/http.ts';
import type { OAuthServer } from './server.ts';
import { type OAuthTokens, timesOf } from './tokens.ts';

/** The grant of a token request: a code from the authorisation, or a refresh token. */
export type OAuthGrant =
  | { readonly code: string; readonly verifier: string; readonly redirectUri: string }
  | { readonly refreshToken: string };

/** Tokens, or why none were granted. */
export type GrantedTokens =
  | { readonly tokens: OAuthTokens }
  /** The token endpoint refused; `reason` is its message, without anything that was sent. */
  | { readonly refused: HttpResponse; readonly reason: string }
  | { readonly failed: HttpFailure };

/** The maximum length of a message of a token endpoint. */
const LONGEST_REASON = 300;

/** Shorter values occur in words by chance. */
const SHORTEST_SECRET = 6;

/** Requests tokens once. */
export async function grantTokens(
  server: Pick<OAuthServer, 'tokenUrl' | 'clientAuthentication' | 'clientId' | 'clientSecret'>,
  grant: OAuthGrant,
  { request, now }: { readonly request: Request; readonly now: () => number },
): Promise<GrantedTokens> {
  const { tokenUrl, clientAuthentication, clientId, clientSecret } = server;
  const isBasic = clientAuthentication === 'basic' && clientSecret !== undefined;
  const form = new URLSearchParams(
    'code' in grant
      ? {
          grant_type: 'authorization_code',
          code: grant.code,
          redirect_uri: grant.redirectUri,
          code_verifier: grant.verifier,
        }
      : { grant_type: 'refresh_token', refresh_token: grant.refreshToken },
  );
  if (!isBasic) {
    form.set('client_id', clientId);
    if (clientSecret !== undefined) form.set('client_secret', clientSecret);
  }
  const answer = await request({
    method: 'POST',
    url: tokenUrl,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(isBasic ? { authorization: basic(clientId, clientSecret) } : {}),
    },
    body: form.toString(),
  });
  if (answer.kind === 'failure') return { failed: answer };
  const sent = 'code' in grant ? [grant.code, grant.verifier] : [grant.refreshToken];
  return readGrant(answer, now(), clientSecret === undefined ? sent : [...sent, clientSecret]);
}

/** Name and password are encoded before they are joined: RFC 6749, 2.3.1. */
function basic(name: string, password: string): string {
  return `Basic ${btoa(`${encodeURIComponent(name)}:${encodeURIComponent(password)}`)}`;
}

function readGrant(answer: HttpResponse, now: number, sent: readonly string[]): GrantedTokens {
  const body = membersOf(answer.body);
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = body;
  // A status alone is not success: some servers answer 200 with an error.
  if (!answer.ok || typeof accessToken !== 'string' || accessToken === '')
    return { refused: answer, reason: reasonOf(answer, body, sent) };
  return {
    tokens: {
      accessToken,
      ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}),
      ...timesOf(seconds, now),
    },
  };
}

function reasonOf(
  { status }: HttpResponse,
  body: Readonly<Record<string, unknown>>,
  sent: readonly string[],
): string {
  const { error, error_description: description } = body;
  const words = [error, description].filter((one) => typeof one === 'string').join(': ');
  // Some servers repeat what they refuse. It is redacted before the message is cut: half a token would not be
  // recognised.
  const said = sent
    .filter(({ length }) => length >= SHORTEST_SECRET)
    .reduce((text, secret) => text.replaceAll(secret, '…'), words);
  return said === ''
    ? `It answered ${status} without a token.`
    : `${status}: ${said.slice(0, LONGEST_REASON)}`;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
