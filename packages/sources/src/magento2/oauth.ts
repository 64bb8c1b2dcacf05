import { createHmac } from 'node:crypto';

/** The keys of an integration. */
export interface Keys {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** The signed parts of a request. */
export interface Signed {
  readonly method: string;
  /** Without a query. */
  readonly url: string;
  readonly query: Readonly<Record<string, string>>;
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Returns the `Authorization` header of OAuth 1.0a with HMAC-SHA256: Magento refuses SHA-1. */
export function authorizationOf(
  { method, url, query }: Signed,
  keys: Keys,
  { nonce, timestamp }: { readonly nonce: string; readonly timestamp: number },
): string {
  const own = {
    oauth_consumer_key: keys.consumerKey,
    oauth_nonce: nonce,
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(timestamp),
    oauth_token: keys.accessToken,
    oauth_version: '1.0',
  };
  const parameters = Object.entries({ ...query, ...own })
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
  const base = [method, url, parameters].map(encode).join('&');
  const secret = `${encode(keys.consumerSecret)}&${encode(keys.accessTokenSecret)}`;
  const signature = createHmac('sha256', secret).update(base).digest('base64');
  const all = Object.entries({ ...own, oauth_signature: signature });
  return `OAuth ${all.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}
