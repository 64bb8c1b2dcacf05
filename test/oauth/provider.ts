import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OAuth server with pages for signing in and consent, and an API that takes its tokens. */
export interface OAuthWorld {
  readonly url: string;
  readonly host: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** Settings of a destination that signs in here. */
  readonly settings: Readonly<Record<string, string>>;
  /** Begins to serve: people may be sent back to these addresses alone. */
  open(redirectUris: readonly string[]): void;
  /** Grant types of the requests to the token endpoint, and its answers, in order. */
  readonly asked: { readonly grant: string; readonly status: number }[];
  /** All tokens that it has given. */
  readonly given: ReadonlySet<string>;
  /** Bodies that the API has taken with a good token. */
  readonly taken: unknown[];
  /** How many calls of the API were refused for their token. */
  refused: number;
  /** Does at the address for consent what a person does in a browser; the address that they are sent back to. */
  allow(url: string): Promise<URL>;
  /** Revokes all current access tokens. */
  revoke(): void;
  /** Has the token endpoint wait before it answers, in milliseconds. */
  delay: number;
  close(): Promise<void>;
}

/** How long its access tokens last, in seconds. */
export interface OAuthWorldOptions {
  readonly lasts?: number;
}

/** Starts one; it answers once it is opened. */
export async function createOAuthWorld({ lasts = 3_600 }: OAuthWorldOptions = {}): Promise<OAuthWorld> {
  const client = { id: 'waybill-test', secret: 'secret-of-the-application' };
  const asked: { grant: string; status: number }[] = [];
  const taken: unknown[] = [];
  const given = new Set<string>();
  const revoked = new Set<string>();
  let provider: Provider | undefined;
  const note = (params: object | undefined, status: number): void => {
    const { grant_type: grant } = (params ?? {}) as { readonly grant_type?: string };
    asked.push({ grant: String(grant), status });
  };
  const server: Server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}`;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/api/') === true) return api(request, response);
    if (request.url === '/token' && world.delay > 0)
      await new Promise((resolve) => setTimeout(resolve, world.delay));
    await provider?.callback()(request, response);
  };
  const api = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const [, bearer = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const token = await provider?.AccessToken.find(bearer);
    const isGood = token !== undefined && !token.isExpired && !revoked.has(bearer);
    if (!isGood) world.refused += 1;
    if (isGood) taken.push(body === '' ? undefined : JSON.parse(body));
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' }).end('{}');
  };
  const world: OAuthWorld = {
    url,
    host,
    client,
    settings: {
      address: url,
      oauth_client_id: client.id,
      oauth_client_secret: client.secret,
      oauth_authorize_url: `${url}/auth`,
      oauth_refresh_token_url: `${url}/token`,
      oauth_scopes: 'openid',
    },
    asked,
    given,
    taken,
    delay: 0,
    refused: 0,
    allow: (address) => allow(address, url),
    open(redirectUris) {
      provider = new Provider(url, {
        clients: [
          {
            client_id: client.id,
            client_secret: client.secret,
            redirect_uris: [...redirectUris],
            grant_types: ['authorization_code', 'refresh_token'],
            token_endpoint_auth_method: 'client_secret_post',
          },
        ],
        pkce: { required: () => true },
        issueRefreshToken: async () => true,
        rotateRefreshToken: true,
        ttl: {
          AccessToken: lasts,
          RefreshToken: 3_600,
          Session: 3_600,
          Interaction: 3_600,
          Grant: 3_600,
          IdToken: 3_600,
        },
        cookies: { keys: ['a key of this test'] },
      });
      provider.on('grant.success', ({ oidc, body }) => {
        const { access_token: access, refresh_token: refresh } = body as Readonly<Record<string, string>>;
        for (const one of [access, refresh]) if (one !== undefined) given.add(one);
        note(oidc.params, 200);
      });
      provider.on('grant.error', ({ oidc }) => note(oidc.params, 400));
    },
    revoke() {
      for (const one of given) revoked.add(one);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return world;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** The forms of its pages: signing in, then consent. */
async function allow(address: string, origin: string): Promise<URL> {
  const jar = new Map<string, string>();
  const go = async (url: URL, form?: Readonly<Record<string, string>>): Promise<URL> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie }, ...body });
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? [];
      jar.set(name, value);
    }
    await answer.body?.cancel();
    const location = answer.headers.get('location');
    if (location === null) return url;
    const next = new URL(location, url);
    return next.origin === origin ? go(next) : next;
  };
  const login = await go(new URL(address));
  const consent = await go(login, { prompt: 'login', login: 'ada', password: 'any' });
  return go(consent, { prompt: 'consent' });
}
