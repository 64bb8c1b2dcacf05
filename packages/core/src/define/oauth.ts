import type { Fields, Payload } from './fields.ts';

/** Settings of a destination that is connected by OAuth: the registered application. */
export const oauthClientSettings = {
  oauth_client_id: {
    type: 'string',
    label: 'Client ID',
    description: 'The ID of the OAuth application for which tokens are issued.',
  },
  oauth_client_secret: {
    type: 'password',
    label: 'Client Secret',
    description: 'The secret of the OAuth application.',
  },
} as const satisfies Fields;

/** Settings that replace what a definition does not declare about its OAuth server. */
export const oauthServerSettings = {
  oauth_refresh_token_url: {
    type: 'string',
    format: 'uri',
    label: 'Token URL',
    description: 'The token endpoint of the OAuth server, which issues and renews access tokens.',
  },
  oauth_authorize_url: {
    type: 'string',
    format: 'uri',
    label: 'Authorization URL',
    description: 'The page of the OAuth server where you allow the connection.',
  },
  oauth_scopes: {
    type: 'string',
    label: 'Scopes',
    description: 'The scopes to request, separated by spaces.',
  },
} as const satisfies Fields;

/** The OAuth settings of a destination that are present. */
export type OAuthSettings = Partial<Payload<typeof oauthClientSettings & typeof oauthServerSettings>>;

/** How a person connects an account of a destination: the authorisation code flow of OAuth 2, with PKCE. */
export interface OAuthDeclaration {
  /** The address for consent; absent: from the setting `oauth_authorize_url`. */
  readonly authorizeUrl?: string;
  /** The token endpoint; absent: from the setting `oauth_refresh_token_url`. */
  readonly tokenUrl?: string;
  /** The scopes, unless the setting `oauth_scopes` has others. */
  readonly scopes?: readonly string[];
  /** Further parameters of the address for consent: `{ access_type: 'offline' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How the application authenticates at the token endpoint; in the body by default. */
  readonly clientAuthentication?: 'body' | 'basic';
}

function addressIssues(name: string, address: string): readonly string[] {
  const url = URL.parse(address);
  if (!/^https?:$/.test(url?.protocol ?? ''))
    return [`"${name}" is not an address that begins with https:// or http://.`];
  // Schemas, pages and reports of changes show the declaration.
  return url?.username === '' && url.password === ''
    ? []
    : [`"${name}" must not contain a user or password.`];
}

/** Lists problems of a declaration: invalid addresses and missing settings. */
export function oauthIssues(declaration: OAuthDeclaration | undefined, settings: Fields): readonly string[] {
  if (declaration === undefined) return [];
  const { authorizeUrl, tokenUrl } = declaration;
  const isMissing = (name: string): boolean => !Object.hasOwn(settings, name);
  const addresses = Object.entries({ authorizeUrl, tokenUrl }).flatMap(([name, address]) =>
    address === undefined ? [] : addressIssues(name, address),
  );
  return [
    ...addresses,
    ...(isMissing('oauth_client_id') ? ['The settings lack those of `oauthClientSettings`.'] : []),
    ...(authorizeUrl === undefined && isMissing('oauth_authorize_url')
      ? [
          'Neither `authorizeUrl` nor the setting "oauth_authorize_url" has the address where a person allows the connection.',
        ]
      : []),
    ...(tokenUrl === undefined && isMissing('oauth_refresh_token_url')
      ? [
          'Neither `tokenUrl` nor the setting "oauth_refresh_token_url" has the address of the token endpoint.',
        ]
      : []),
  ];
}
