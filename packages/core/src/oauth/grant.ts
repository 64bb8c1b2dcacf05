import type { HttpFailure, HttpResponse, Request } from '../define/http.ts';
import type { OAuthServer } from './server.ts';
import { type OAuthTokens, timesOf } from './tokens.ts';

/** What tokens are asked for with: a code that a person has brought back, or a refresh token. */
export type OAuthGrant =
  | { readonly code: string; readonly verifier: string; readonly redirectUri: string }
  | { readonly refreshToken: string };

/** Tokens, or why there are none. */
export type GrantedTokens =
  | { readonly tokens: OAuthTokens }
  /** The token endpoint has answered no; `reason` is what it says, without anything that was sent. */
  | { readonly refused: HttpResponse; readonly reason: string }
  | { readonly failed: HttpFailure };

/** The longest of what a token endpoint says that is told on. */
const LONGEST_REASON = 300;

/** Asks a token endpoint once. */
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
  return answer.kind === 'failure' ? { failed: answer } : readGrant(answer, now());
}

/** Name and password are encoded before they are joined: RFC 6749, 2.3.1. */
function basic(name: string, password: string): string {
  return `Basic ${btoa(`${encodeURIComponent(name)}:${encodeURIComponent(password)}`)}`;
}

function readGrant(answer: HttpResponse, now: number): GrantedTokens {
  const body = membersOf(answer.body);
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = body;
  // A status alone is no success: some servers answer 200 with an error.
  if (!answer.ok || typeof accessToken !== 'string' || accessToken === '')
    return { refused: answer, reason: reasonOf(answer, body) };
  return {
    tokens: {
      accessToken,
      ...(typeof refreshToken === 'string' && refreshToken !== '' ? { refreshToken } : {}),
      ...timesOf(seconds, now),
    },
  };
}

function reasonOf({ status }: HttpResponse, body: Readonly<Record<string, unknown>>): string {
  const { error, error_description: description } = body;
  const said = [error, description].filter((one) => typeof one === 'string').join(': ');
  return said === ''
    ? `It answered ${status} without a token.`
    : `${status}: ${said.slice(0, LONGEST_REASON)}`;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
