import type { Account } from '@waybill/api';
import { type OAuthServer, oauthServer, type ResolvedDestination } from '@waybill/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { boundTo } from '../auth/guard.ts';
import { isOwnHost } from '../console/host.ts';
import { Failure } from '../failure.ts';
import type { Begun, Sent } from '../oauth/states.ts';
import { authorOf } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick } from './read.ts';

/** The page of the console that people come back to. */
const BACK = '/console/connect';

/** The accounts of destinations that sign in by OAuth: how they are connected, and connecting them. */
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
    if (!mayReturnTo(redirectUri, request, about.publicUrl)) {
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

/** Where a person is asked; what the address has in its query stays. */
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

/** A code may come back to the console of this server, or to whoever asks on their own machine: RFC 8252, 7.3. */
function mayReturnTo(address: string, request: FastifyRequest, publicUrl: string | undefined): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.hash !== '') return false;
  if (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return true;
  if (!['http:', 'https:'].includes(url.protocol) || !url.pathname.endsWith(BACK)) return false;
  if (publicUrl !== undefined && URL.parse(publicUrl)?.host === url.host) return true;
  return (
    isOwnHost(request.host, publicUrl) && URL.parse(`${url.protocol}//${request.host}`)?.host === url.host
  );
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
