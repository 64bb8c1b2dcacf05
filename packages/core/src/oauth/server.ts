import type { Issue, Result } from '../result/issue.ts';
import type { OAuthDeclaration, OAuthSettings } from '../define/oauth.ts';

/** Everything that an authorisation and a token request need. */
export interface OAuthServer {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly clientAuthentication: 'body' | 'basic';
  readonly clientId: string;
  /** Absent for an application without one: PKCE alone authenticates it. */
  readonly clientSecret?: string;
}

/** Returns the OAuth server of a destination from its declaration and settings; or the missing settings. */
export function oauthServer(declaration: OAuthDeclaration, settings: OAuthSettings): Result<OAuthServer> {
  const { oauth_client_id: clientId, oauth_client_secret: clientSecret, oauth_scopes: scopes } = settings;
  const authorizeUrl = settings.oauth_authorize_url || declaration.authorizeUrl;
  const tokenUrl = settings.oauth_refresh_token_url || declaration.tokenUrl;
  const issues = [
    ...(clientId ? [] : [missing('oauth_client_id')]),
    ...addressIssues('oauth_authorize_url', authorizeUrl),
    ...addressIssues('oauth_refresh_token_url', tokenUrl),
  ];
  if (issues.length > 0) return { ok: false, issues };
  return {
    ok: true,
    value: {
      authorizeUrl: authorizeUrl!,
      tokenUrl: tokenUrl!,
      scopes: scopes?.split(/\s+/).filter(Boolean) ?? declaration.scopes ?? [],
      parameters: declaration.parameters ?? {},
      clientAuthentication: declaration.clientAuthentication ?? 'body',
      clientId: clientId!,
      ...(clientSecret ? { clientSecret } : {}),
    },
  };
}

function missing(setting: string): Issue {
  return {
    code: 'oauth_not_set_up',
    path: `settings.${setting}`,
    message: `The setting "${setting}" is missing.`,
  };
}

/** A browser is sent to one and secrets to the other: both must be HTTP addresses. */
function addressIssues(setting: string, address: string | undefined): readonly Issue[] {
  if (!address) return [missing(setting)];
  const protocol = URL.parse(address)?.protocol;
  if (protocol === 'https:' || protocol === 'http:') return [];
  const message = `"${setting}" is not an address that begins with https:// or http://.`;
  return [{ code: 'oauth_not_set_up', path: `settings.${setting}`, message }];
}
