import type { Fields, Payload } from '@waybill/core';
import type { AuthTokens, UpstreamAuthentication } from '../upstream/types.ts';

/** Settings that stand for what a connection by OAuth keeps. */
export const OAUTH_SETTINGS = {
  oauth_access_token: {
    type: 'password',
    label: 'Access Token',
    description: 'The OAuth access token. It is renewed by itself when a refresh token is given.',
  },
  oauth_refresh_token: {
    type: 'password',
    label: 'Refresh Token',
    description: 'The OAuth refresh token, with which expired access tokens are renewed.',
  },
  oauth_client_id: {
    type: 'string',
    label: 'Client ID',
    description: 'The ID of the OAuth application that the tokens were made for.',
  },
  oauth_client_secret: {
    type: 'password',
    label: 'Client Secret',
    description: 'The secret of the OAuth application.',
  },
  oauth_refresh_token_url: {
    type: 'string',
    label: 'Address for New Tokens',
    description: 'Where new access tokens are asked for, when the destination does not know it.',
  },
} as const satisfies Fields;

/** Tokens as they came back from a renewal. */
export interface NewTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
}

/** What is kept in memory for one instance of a destination, as long as its settings are the same object. */
export interface Account {
  /** The settings that the definition knows. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly client: { readonly clientId?: string | undefined; readonly clientSecret?: string | undefined };
  tokens: AuthTokens;
  /** A renewal under way: calls that fail at the same time share it. */
  renewal: Promise<void> | undefined;
  readonly memory: Memory;
}

/** Values with an end, and what the actions of one event tell each other. */
export interface Memory {
  readonly values: Map<string, { readonly value: string; readonly until: number }>;
  readonly transactions: Map<string, Record<string, string>>;
}

const accounts = new WeakMap<object, Account>();

/** The account of settings; the same settings object has the same account. */
export function accountOf(settings: unknown): Account {
  const key = settings as object;
  const known = accounts.get(key);
  if (known !== undefined) return known;
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(key)) {
    if (!Object.hasOwn(OAUTH_SETTINGS, name)) own[name] = value;
  }
  const oauth = settings as Payload<typeof OAUTH_SETTINGS>;
  const account: Account = {
    settings: own,
    client: { clientId: oauth.oauth_client_id, clientSecret: oauth.oauth_client_secret },
    tokens: {
      accessToken: oauth.oauth_access_token,
      refreshToken: oauth.oauth_refresh_token,
      refreshTokenUrl: oauth.oauth_refresh_token_url,
    },
    renewal: undefined,
    memory: { values: new Map(), transactions: new Map() },
  };
  accounts.set(key, account);
  return account;
}

/** Whether a definition signs in by OAuth. */
export function usesOAuth(authentication: UpstreamAuthentication | undefined): boolean {
  return authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed';
}
