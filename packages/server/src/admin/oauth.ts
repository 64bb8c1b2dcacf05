import type { Account } from '@waybill/api';
import { type OAuthServer, oauthServer, type ResolvedDestination } from '@waybill/core';
import type { FastifyInstance } from 'fastify';
import { boundTo } from '../auth/guard.ts';
import { Failure } from '../failure.ts';
import { mayReturnTo } from '../oauth/return.ts';
import type { Begun, Sent } from '../oauth/states.ts';
import { authorOf } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** Routes of OAuth accounts of destinations: their status, and connecting them. */
export function oauthRoutes(
  app: FastifyInstance,
  {
    editor,
    delivery,
    auth,
    oauth,
    about,
  }: Pick<AdminInput, 'editor' | 'delivery' | 'auth' | 'oauth' | 'about'>,
): void {
  const offered = (wanted: string): ResolvedDestination => {
    const found = pick(editor.resolved.destinations, wanted, 'destination');
    if (found.destination.oauth === undefined) throw new Failure('oauth_not_offered');
    return found;
  };
  app.get('/api/destinations/:id/account', async (request): Promise<Account> => {
    const { id: destination } = offered(id(request));
    return shown(await delivery().ask('account', destination));
  });
  app.post('/api/destinations/:id/account', async (request) => {
    const { redirectUri } = body<'POST /api/destinations/:id/account'>(request);
    const destination = offered(id(request));
    const server = serverOf(destination);
    if (!mayReturnTo(redirectUri, request.host, about.publicUrl)) {
      const message = `The OAuth server may not send people back to ${redirectUri}.`;
      throw new Failure('oauth_redirect_forbidden', message);
    }
    const begun = { destination: destination.id, redirectUri };
    const sent = oauth.begin(begun, boundTo(request, auth));
    return { url: consentAddress(server, begun, sent), state: sent.state, expiresAt: sent.expiresAt };
  });
  app.post('/api/oauth', async (request) => {
    const { state, code, error, errorDescription } = body<'POST /api/oauth'>(request);
    const { destination, verifier, redirectUri } = oauth.end(state, boundTo(request, auth));
    offered(destination);
    if (code === undefined) throw denied(error, errorDescription);
    const connected = await delivery().ask('connect', destination, { code, verifier, redirectUri });
    if ('issue' in connected)
      throw new Failure(connected.issue.code, connected.issue.message, [connected.issue]);
    await editor.record({ ...authorOf(request), note: `connected the account of ${destination}` });
    return { destination, account: shown(connected) };
  });
}

function serverOf({ destination, settings }: ResolvedDestination): OAuthServer {
  const server = oauthServer(destination.oauth!, settings);
  if (server.ok) return server.value;
  const text = server.issues.map(({ message }) => message).join(' ');
  throw new Failure('oauth_not_set_up', text, server.issues);
}

/** The URL for consent; keeps the query of the configured URL. */
function consentAddress(server: OAuthServer, { redirectUri }: Begun, { state, challenge }: Sent): string {
  const { authorizeUrl, clientId, scopes, parameters } = server;
  const url = new URL(authorizeUrl);
  const asked = {
    ...parameters,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url.href;
}

function denied(error = '', description = ''): Failure {
  const said = [error, description].filter(Boolean).join(': ');
  return new Failure('oauth_denied', said === '' ? undefined : `The OAuth server answered ${said}.`);
}

function shown({ connectedAt, ...rest }: Omit<Account, 'connected'>): Account {
  return {
    connected: connectedAt !== undefined,
    ...(connectedAt === undefined ? {} : { connectedAt }),
    ...rest,
  };
}
