import { describe, expect, it } from 'vitest';
import { type HttpCall, type HttpResponse, volatileState } from '@waybill/core';
import { AccessTokens, addressBelow, basicAuthorization, tokensOf } from '@waybill/destinations/http';

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
  it('are asked for once, however many calls want one, and again shortly before they end', async () => {
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

  it('outlive the process with the state of the instance', async () => {
    const { calls, context } = service();
    const state = volatileState();
    await new AccessTokens(state).get(grant, context);
    expect(await new AccessTokens(state).get(grant, context)).toEqual({ token: 't1' });
    expect(calls).toHaveLength(1);
  });

  it('are refused in the form of an answer', async () => {
    const { context } = service(() => ({}));
    expect(await new AccessTokens().get(grant, context)).toMatchObject({
      refused: { kind: 'failure', code: 'destination_unreadable_answer' },
    });
  });

  it('belong to the instance, or to the settings where nothing opened one', () => {
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
