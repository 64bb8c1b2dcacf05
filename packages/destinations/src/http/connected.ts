import {
  isRenewalDue,
  keptTokens,
  type OAuthDeclaration,
  oauthServer,
  renewTokens,
  type Request,
  type SendContext,
} from '@waybill/core';

import { AccessTokens } from './tokens.ts';

/**
 * Creates a request function that adds the access token of the connected account to each call. The token is renewed before it
 * expires, and once when it is refused. Without a connected account calls go out unsigned, and are refused.
 */
export function signedRequest(oauth: OAuthDeclaration, context: SendContext): Request {
  const { instance, settings, request, now } = context;
  if (!(instance instanceof AccessTokens))
    throw new Error('`open` of the definition has to return `new AccessTokens(state)`.');
  const { state } = instance;
  const server = oauthServer(oauth, settings as object);
  const renew = async (used: string | undefined): Promise<string | undefined> => {
    if (!server.ok) return undefined;
    const granted = await renewTokens(state, used, server.value, { request, now });
    return granted !== undefined && 'tokens' in granted ? granted.tokens.accessToken : undefined;
  };
  return async (call) => {
    const tokens = keptTokens(state);
    const ahead = isRenewalDue(tokens, now()) ? await renew(tokens?.accessToken) : undefined;
    const used = ahead ?? tokens?.accessToken;
    const signed = (token: string | undefined): ReturnType<Request> =>
      request(
        token === undefined
          ? call
          : { ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } },
      );
    const answer = await signed(used);
    if (answer.kind === 'failure' || answer.status !== 401) return answer;
    const renewed = await renew(used);
    return renewed === undefined ? answer : signed(renewed);
  };
}
