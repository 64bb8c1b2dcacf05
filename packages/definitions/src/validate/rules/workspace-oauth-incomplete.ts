import { type Destination, oauthServer, type OAuthSettings } from '@waybill/core';
import type { Found, Rule } from '../rule.ts';

/** Reports an account that cannot be connected, or whose tokens cannot be renewed. */
export const workspaceOAuthIncomplete: Rule = {
  code: 'workspace_oauth_incomplete',
  severity: 'warning',
  summary:
    'Settings of OAuth are given in part: the account cannot be connected, or its tokens cannot be renewed.',
  remedy: 'Give the setting that the message names, or remove those that do nothing without it.',
  checks: {
    *workspace({ workspace, destinations }) {
      for (const [index, { type, settings = {} }] of workspace.destinations.entries()) {
        const destination = destinations.findLast(({ slug }) => slug === type);
        if (destination?.oauth === undefined) continue;
        for (const found of missing(destination, settings))
          yield { ...found, place: ['destinations', index, 'settings', ...found.place] };
      }
    },
  },
};

/** Settings of the application; pasted tokens work without them until they expire. */
const APPLICATION = [
  'oauth_client_id',
  'oauth_client_secret',
  'oauth_authorize_url',
  'oauth_refresh_token_url',
  'oauth_scopes',
];

function* missing(
  { oauth, settings: fields, name }: Destination,
  given: Readonly<Record<string, unknown>>,
): Iterable<Found> {
  const has = (setting: string): boolean => given[setting] !== undefined && given[setting] !== '';
  if (!APPLICATION.some(has)) {
    if (has('oauth_refresh_token') && !has('oauth_access_token'))
      yield {
        place: ['oauth_refresh_token'],
        message: 'A refresh token is of no use without "oauth_client_id": it was made for an application.',
      };
    return;
  }
  const server = oauthServer(oauth ?? {}, known(given));
  for (const { path, message } of server.ok ? [] : server.issues) {
    const setting = path.replace('settings.', '');
    yield { place: has(setting) ? [setting] : [], message };
  }
  // Where a definition has no scopes, the server decides what an account allows, often nothing.
  if (server.ok && server.value.scopes.length === 0 && Object.hasOwn(fields, 'oauth_scopes'))
    yield {
      place: [],
      message: `No scopes are asked for: neither "oauth_scopes" nor ${name} names any.`,
    };
}

/** Environment variables count as present; addresses in them are not checked. */
function known(given: Readonly<Record<string, unknown>>): OAuthSettings {
  return Object.fromEntries(
    Object.entries(given).map(([setting, value]) => [
      setting,
      typeof value === 'object' && value !== null ? 'https://variable.example' : value,
    ]),
  );
}
