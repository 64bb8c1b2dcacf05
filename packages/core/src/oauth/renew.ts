import type { InstanceState } from '../define/instance.ts';
import type { Request } from '../define/http.ts';
import type { OAuthServer } from './server.ts';
import { type GrantedTokens, grantTokens } from './grant.ts';
import { keepTokens, keptTokens, renewedTokens } from './tokens.ts';

/**
 * Renews the stored tokens of an instance, unless they were renewed since `used` was read: calls, lanes and processes
 * that find the same token expired share one request. Undefined without a refresh token.
 */
export function renewTokens(
  state: InstanceState,
  used: string | undefined,
  server: OAuthServer,
  context: { readonly request: Request; readonly now: () => number },
): Promise<GrantedTokens | undefined> {
  return state.inTurn(async () => {
    const kept = keptTokens(state);
    if (kept !== undefined && kept.accessToken !== used) return { tokens: kept };
    if (kept?.refreshToken === undefined) return undefined;
    const granted = await grantTokens(server, { refreshToken: kept.refreshToken }, context);
    if (!('tokens' in granted)) return granted;
    const tokens = renewedTokens(kept, granted.tokens);
    keepTokens(state, tokens);
    return { tokens };
  });
}
