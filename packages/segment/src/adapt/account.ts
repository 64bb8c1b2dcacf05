import {
  type Fields,
  type InstanceState,
  type Payload,
  type SendContext,
  volatileState,
} from '@waybill/core';
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

/** One instance of a destination, as long as its settings are the same. */
export interface Account {
  /** The settings that the definition knows. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly client: { readonly clientId?: string | undefined; readonly clientSecret?: string | undefined };
  /** The tokens in force: those of the settings, until they were renewed. */
  readonly tokens: AuthTokens;
  /** Keeps tokens that came back from a renewal. */
  renewed(tokens: NewTokens): void;
  /** What outlives the process; the same for every account object of the same credentials. */
  readonly state: InstanceState;
  readonly memory: Memory;
}

/** Values with an end, and what the actions of one event tell each other. */
export interface Memory {
  readonly values: Map<string, { readonly value: string; readonly until: number }>;
  readonly transactions: Map<string, Record<string, string>>;
}

/** The key under which renewed tokens are kept. */
const TOKENS = 'tokens';

const opened = new WeakSet<object>();
const accounts = new WeakMap<object, Account>();

/** Opens the account of settings over what was kept of it. */
export function openAccount(settings: unknown, state: InstanceState): Account {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings as object)) {
    if (!Object.hasOwn(OAUTH_SETTINGS, name)) own[name] = value;
  }
  const oauth = settings as Payload<typeof OAUTH_SETTINGS>;
  const account: Account = {
    settings: own,
    client: { clientId: oauth.oauth_client_id, clientSecret: oauth.oauth_client_secret },
    get tokens() {
      const kept = readTokens(state.get(TOKENS));
      return {
        accessToken: kept?.accessToken ?? oauth.oauth_access_token,
        refreshToken: kept?.refreshToken ?? oauth.oauth_refresh_token,
        refreshTokenUrl: oauth.oauth_refresh_token_url,
      };
    },
    renewed({ accessToken, refreshToken = account.tokens.refreshToken }) {
      state.set({ [TOKENS]: JSON.stringify({ accessToken, refreshToken }) });
    },
    state,
    memory: { values: new Map(), transactions: new Map() },
  };
  opened.add(account);
  return account;
}

/** The account of a context. Without an engine that opens instances, the settings object stands for one. */
export function accountOf({ settings, instance }: Pick<SendContext, 'settings' | 'instance'>): Account {
  if (typeof instance === 'object' && instance !== null && opened.has(instance)) return instance as Account;
  const key = settings as object;
  let account = accounts.get(key);
  if (account === undefined) accounts.set(key, (account = openAccount(settings, volatileState())));
  return account;
}

function readTokens(kept: string | undefined): NewTokens | undefined {
  return kept === undefined ? undefined : (JSON.parse(kept) as NewTokens);
}

/** Whether a definition signs in by OAuth. */
export function usesOAuth(authentication: UpstreamAuthentication | undefined): boolean {
  return authentication?.scheme === 'oauth2' || authentication?.scheme === 'oauth-managed';
}
