import { expect, it } from 'vitest';
import {
  grantTokens,
  type HttpCall,
  isRenewalDue,
  keepTokens,
  keptTokens,
  oauthClientSettings,
  oauthServer,
  oauthServerSettings,
  type Request,
  renewTokens,
  timesOf,
  volatileState,
} from '../../src/index.ts';
import { oauthIssues } from '../../src/define/oauth.ts';

const SERVER = {
  authorizeUrl: 'https://crm.example/auth',
  tokenUrl: 'https://crm.example/token',
  scopes: [],
  parameters: {},
  clientAuthentication: 'body',
  clientId: 'id',
  clientSecret: 'a secret',
} as const;

function answering(status: number, body: unknown): { readonly request: Request; readonly calls: HttpCall[] } {
  const calls: HttpCall[] = [];
  const request: Request = async (call) => {
    calls.push(call);
    await Promise.resolve();
    const text = JSON.stringify(body);
    return { kind: 'response', ok: status < 300, status, headers: {}, text, body, exchange: 0 };
  };
  return { request, calls };
}

it('prefers the settings over the definition, and names missing ones', () => {
  const declared = {
    authorizeUrl: 'https://crm.example/auth',
    tokenUrl: 'https://crm.example/token',
    scopes: ['a'],
  };
  expect(oauthServer(declared, { oauth_client_id: 'id', oauth_scopes: ' b  c ' })).toMatchObject({
    ok: true,
    value: { authorizeUrl: 'https://crm.example/auth', scopes: ['b', 'c'], clientId: 'id' },
  });
  const missing = oauthServer({}, { oauth_authorize_url: 'javascript:alert(1)' });
  expect(missing).toMatchObject({
    ok: false,
    issues: [
      { code: 'oauth_not_set_up', path: 'settings.oauth_client_id' },
      { path: 'settings.oauth_authorize_url' },
      { path: 'settings.oauth_refresh_token_url' },
    ],
  });
});

it('authenticates in the body or by basic authentication, and refuses answers without a token', async () => {
  const good = answering(200, { access_token: 't', expires_in: '3600' });
  const context = { request: good.request, now: () => 0 };
  const code = { code: 'c', verifier: 'v', redirectUri: 'r' };
  expect(await grantTokens(SERVER, code, context)).toEqual({
    tokens: { accessToken: 't', expiresAt: 3_600_000, renewAt: 3_540_000 },
  });
  await grantTokens({ ...SERVER, clientAuthentication: 'basic' }, { refreshToken: 'r' }, context);
  const [first, second] = good.calls.map(({ body, headers }) => [String(body), headers?.['authorization']]);
  expect(first).toEqual([
    'grant_type=authorization_code&code=c&redirect_uri=r&code_verifier=v&client_id=id&client_secret=a+secret',
    undefined,
  ]);
  expect(second).toEqual(['grant_type=refresh_token&refresh_token=r', `Basic ${btoa('id:a%20secret')}`]);
  for (const [status, body] of [
    [200, { error: 'bad_verification_code' }],
    [200, 'no JSON'],
    [400, { error: 'invalid_grant', error_description: 'It is used up.' }],
  ] as const) {
    const { request } = answering(status, body);
    const { reason } = (await grantTokens(SERVER, code, { request, now: () => 0 })) as { reason: string };
    expect(reason).toContain(typeof body === 'string' ? 'without a token' : body.error);
  }
});

it('renews a minute ahead, and at most a quarter of the lifetime', () => {
  expect(timesOf(40, 1_000)).toEqual({ expiresAt: 41_000, renewAt: 31_000 });
  expect([timesOf(undefined, 0), timesOf('soon', 0), timesOf(-1, 0)]).toEqual([{}, {}, {}]);
  const tokens = { renewAt: 31_000 };
  expect([isRenewalDue(tokens, 30_999), isRenewalDue(tokens, 31_000)]).toEqual([false, true]);
  expect([isRenewalDue({}, 1e15), isRenewalDue(undefined, 0)]).toEqual([false, false]);
});

it('makes one request for all callers with the same expired token, and keeps values missing from the answer', async () => {
  const state = volatileState();
  keepTokens(state, { accessToken: 'old', refreshToken: 'refresh', connectedAt: 7 });
  const { request, calls } = answering(200, { access_token: 'new' });
  const renewals = Array.from({ length: 3 }, () =>
    renewTokens(state, 'old', SERVER, { request, now: () => 0 }),
  );
  for (const renewed of await Promise.all(renewals))
    expect(renewed).toMatchObject({ tokens: { accessToken: 'new' } });
  expect(calls).toHaveLength(1);
  expect(keptTokens(state)).toEqual({ accessToken: 'new', refreshToken: 'refresh', connectedAt: 7 });
  expect(await renewTokens(volatileState(), undefined, SERVER, { request, now: () => 0 })).toBeUndefined();
});

it('reports why a token endpoint refused, without the request', async () => {
  const code = { code: 'code-of-a-person', verifier: 'verifier-of-pkce', redirectUri: 'r' };
  for (const grant of [code, { refreshToken: 'refresh-token' }]) {
    const { request } = answering(400, {
      error: 'invalid_grant',
      error_description: `refresh-token code-of-a-person verifier-of-pkce a secret`,
    });
    const granted = await grantTokens(SERVER, grant, { request, now: () => 0 });
    const { reason } = granted as { readonly reason: string };
    expect(reason).toContain('400: invalid_grant');
    expect(reason).not.toContain(SERVER.clientSecret);
    for (const sent of 'code' in grant ? [grant.code, grant.verifier] : [grant.refreshToken])
      expect(reason).not.toContain(sent);
  }
});

it('refuses a declaration whose address contains a password: schemas and pages show it', () => {
  const settings = { ...oauthClientSettings, ...oauthServerSettings };
  expect(oauthIssues({ tokenUrl: 'https://id:secret@crm.example/token' }, settings)).toEqual([
    '"tokenUrl" must not contain a user or password.',
  ]);
  expect(oauthIssues({ tokenUrl: 'https://crm.example/token' }, settings)).toEqual([]);
});
