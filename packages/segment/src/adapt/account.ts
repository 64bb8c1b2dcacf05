import {
  type Fields,
  type InstanceState,
  keepTokens,
  keptTokens,
  oauthClientSettings,
  type OAuthServer,
  oauthServer,
  oauthServerSettings,
  type OAuthTokens,
  type Payload,
  renewedTokens,
  type SendContext,
  volatileState,
} from '@waybill/core';
import type { AuthTokens, UpstreamAuthentication } from '../upstream/types.ts';

/** Settings of a definition with OAuth: its tokens, and how an account is connected. */
export const OAUTH_SETTINGS = {
  oauth_access_token: {
    type: 'password',
    label: 'Access Token',
    description:
      'An OAuth access token, if the account is not connected here. It is renewed automatically if there is a refresh token.',
  },
  oauth_refresh_token: {
    type: 'password',
    label: 'Refresh Token',
    description: 'The OAuth refresh token, with which expired access tokens are renewed.',
  },
  ...oauthClientSettings,
  ...oauthServerSettings,
} as const satisfies Fields;

/** Tokens from a renewal. */
export type NewTokens = Pick<OAuthTokens, 'accessToken' | 'refreshToken'>;

/** An instance of a destination with the same settings. */
export interface Account {
  /** The settings as the definition expects them. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly client: { readonly clientId?: string | undefined; readonly clientSecret?: string | undefined };
  /** The current tokens: those of the settings, until the account is connected or they are renewed. */
  readonly tokens: AuthTokens & Pick<OAuthTokens, 'renewAt'>;
  /** Stores tokens from a renewal. */
  renewed(tokens: OAuthTokens): void;
  /** The OAuth server, if settings and definition name one. */
  readonly server: OAuthServer | undefined;
  /** The persistent state; the same for every account object with the same credentials. */
  readonly state: InstanceState;
  readonly memory: Memory;
}

/** Cached values with expiry, and values that the actions of one event share. */
export interface Memory {
  readonly values: Map<string, { readonly value: string; readonly until: number }>;
  readonly transactions: Map<string, Record<string, string>>;
}

const opened = new WeakSet<object>();
const accounts = new WeakMap<object, Account>();

/** Opens the account of settings with its stored state. */
export function openAccount(settings: unknown, state: InstanceState): Account {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings as object)) {
    if (!Object.hasOwn(OAUTH_SETTINGS, name)) own[name] = value;
  }
  const oauth = settings as Payload<typeof OAUTH_SETTINGS>;
  const server = oauthServer({}, oauth);
  const account: Account = {
    settings: own,
    client: { clientId: oauth.oauth_client_id, clientSecret: oauth.oauth_client_secret },
    get tokens() {
      const kept = keptTokens(state);
      return {
        accessToken: kept?.accessToken ?? oauth.oauth_access_token,
        refreshToken: kept?.refreshToken ?? oauth.oauth_refresh_token,
        refreshTokenUrl: oauth.oauth_refresh_token_url,
        ...(kept?.renewAt === undefined ? {} : { renewAt: kept.renewAt }),
      };
    },
    renewed(tokens) {
      const { refreshToken } = account.tokens;
      keepTokens(state, renewedTokens({ ...keptTokens(state), refreshToken }, tokens));
    },
    server: server.ok ? server.value : undefined,
    state,
    memory: { values: new Map(), transactions: new Map() },
  };
  opened.add(account);
  return account;
}

/** Returns the account of a context. Without an engine that opens instances, the settings object identifies one. */
export function accountOf({ settings, instance }: Pick<SendContext, 'settings' | 'instance'>): Account {
  if (typeof instance === 'object' && instance !== null && opened.has(instance)) return instance as Account;
  const key = settings as object;
  let account = accounts.get(key);
  if (account === undefined) accounts.set(key, (account = openAccount(settings, volatileState())));
  return account;
}

/** Whether a definition uses OAuth. */
export function usesOAuth(authentication: UpstreamAuthentication | undefined): boolean {
  return authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed';
}
