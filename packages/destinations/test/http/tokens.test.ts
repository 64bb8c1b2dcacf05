import { describe, expect, it } from 'vitest';
import { type HttpCall, type HttpResponse, keepTokens, keptTokens, volatileState } from '@waybill/core';
import {
  AccessTokens,
  addressBelow,
  basicAuthorization,
  signedRequest,
  tokensOf,
} from '@waybill/destinations/http';

const grant = { url: 'https://example.com/token', clientId: 'id', clientSecret: 'sécret', scope: 'write' };

/** A service that numbers its tokens, each good for an hour. */
function service(body: (call: number) => unknown = (n) => ({ access_token: `t${n}`, expires_in: 3_600 })) {
  const calls: HttpCall[] = [];
  let time = 0;
  const request = (call: HttpCall): Promise<HttpResponse> => {
    calls.push(call);
    const answer = { kind: 'response', ok: true, status: 200, headers: {}, text: '' } as const;
    return Promise.resolve({ ...answer, body: body(calls.length), exchange: 0 });
  };
  return { calls, pass: (ms: number) => (time += ms), context: { request, now: () => time } };
}

describe('access tokens', () => {
  it('are requested once for any number of calls, and again shortly before they expire', async () => {
    const { calls, pass, context } = service();
    const tokens = new AccessTokens();
    const some = await Promise.all([1, 2, 3].map(() => tokens.get(grant, context)));
    expect(some).toEqual([{ token: 't1' }, { token: 't1' }, { token: 't1' }]);
    pass(3_500_000);
    expect(await tokens.get(grant, context)).toEqual({ token: 't1' });
    pass(60_000);
    expect(await tokens.get(grant, context)).toEqual({ token: 't2' });
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=client_credentials&scope=write',
      headers: { authorization: `Basic ${Buffer.from('id:sécret').toString('base64')}` },
    });
  });

  it('survive the process with the state of the instance', async () => {
    const { calls, context } = service();
    const state = volatileState();
    await new AccessTokens(state).get(grant, context);
    expect(await new AccessTokens(state).get(grant, context)).toEqual({ token: 't1' });
    expect(calls).toHaveLength(1);
  });

  it('are refused with the error of the answer', async () => {
    const { context } = service(() => ({}));
    expect(await new AccessTokens().get(grant, context)).toMatchObject({
      refused: { kind: 'failure', code: 'destination_unreadable_answer' },
    });
  });

  it('belong to the instance, or to the settings without one', () => {
    const own = new AccessTokens();
    const { context } = service();
    const settings = {};
    expect(tokensOf({ ...context, settings, instance: own })).toBe(own);
    expect(tokensOf({ ...context, settings })).toBe(tokensOf({ ...context, settings }));
    expect(tokensOf({ ...context, settings })).not.toBe(tokensOf({ ...context, settings: {} }));
  });
});

it('addresses are joined with one slash', () => {
  expect(addressBelow('https://example.com/v1//', '/me')).toBe('https://example.com/v1/me');
  expect(addressBelow('https://example.com', 'me')).toBe('https://example.com/me');
  expect(basicAuthorization('a', 'b')).toBe('Basic YTpi');
});

describe('a signed request', () => {
  const oauth = { authorizeUrl: 'https://crm.example/auth', tokenUrl: 'https://crm.example/token' };
  const settings = { oauth_client_id: 'id' };
  const call = { url: 'https://crm.example/people' };
  /** A service whose tokens expire after an hour, and that accepts only the newest. */
  function connected() {
    let time = 0;
    let newest = 't0';
    const seen: string[] = [];
    const request = (one: HttpCall): Promise<HttpResponse> => {
      const asks = one.url.endsWith('/token');
      if (asks) newest = `t${Number(newest.slice(1)) + 1}`;
      const token = one.headers?.['authorization']?.slice(7);
      seen.push(asks ? 'renewal' : String(token));
      const status = asks || token === newest ? 200 : 401;
      const body = asks ? { access_token: newest, expires_in: 3_600 } : {};
      const answer = { kind: 'response', ok: status === 200, status, headers: {}, text: '' } as const;
      return Promise.resolve({ ...answer, body, exchange: 0 });
    };
    const instance = new AccessTokens();
    keepTokens(instance.state, { accessToken: 't0', refreshToken: 'r', renewAt: 100 });
    const context = { settings, instance, request, now: () => time };
    return { seen, context, pass: (ms: number) => (time += ms), revoke: () => (newest = 't7') };
  }

  it('is renewed before the token expires, and once when it is refused', async () => {
    const { seen, context, pass, revoke } = connected();
    const request = signedRequest(oauth, context);
    await request(call);
    pass(100);
    await Promise.all([request(call), request(call)]);
    expect(seen.splice(0)).toEqual(['t0', 'renewal', 't1', 't1']);
    revoke();
    expect(await request(call)).toMatchObject({ status: 200 });
    expect(seen.splice(0)).toEqual(['t1', 'renewal', 't8']);
    expect(keptTokens(context.instance.state)).toMatchObject({ accessToken: 't8', refreshToken: 'r' });
  });

  it('is sent unsigned while no account is connected', async () => {
    const { seen, context } = connected();
    const request = signedRequest(oauth, { ...context, instance: new AccessTokens() });
    expect(await request(call)).toMatchObject({ status: 401 });
    expect(seen).toEqual(['undefined']);
    expect(() => signedRequest(oauth, { ...context, instance: undefined })).toThrow(/AccessTokens/);
  });
});
