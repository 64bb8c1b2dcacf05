export { type GrantedTokens, grantTokens, type OAuthGrant } from './grant.ts';
export { renewTokens } from './renew.ts';
export { type OAuthServer, oauthServer } from './server.ts';
export { isRenewalDue, keepTokens, keptTokens, type OAuthTokens, renewedTokens, timesOf } from './tokens.ts';
