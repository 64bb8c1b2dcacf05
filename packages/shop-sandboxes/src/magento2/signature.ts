import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ShopRequest } from '../frame/index.ts';

/** The keys of an integration. */
export interface Integration {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** Magento accepts a time up to ten minutes ahead of its own. */
const AHEAD_SECONDS = 600;

function escaped(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

/** Returns Magento's error for the signature of a request; undefined when it is valid. */
export function complaintOf(
  { method, url, query, headers }: ShopRequest,
  keys: Integration,
  { now, nonces }: { readonly now: number; readonly nonces: Set<string> },
):
  { readonly status: number; readonly message: string; readonly parameters?: readonly string[] } | undefined {
  const said = new Map(
    [...(headers['authorization'] ?? '').matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name, value]) => [
      name!,
      decodeURIComponent(value!),
    ]),
  );
  if (said.size === 0)
    return {
      status: 401,
      message: "The consumer isn't authorized to access %resources.",
      parameters: ['self'],
    };
  const kind = said.get('oauth_signature_method') ?? '';
  if (kind !== 'HMAC-SHA256')
    return { status: 400, message: 'Signature method %1 is not supported', parameters: [kind] };
  if (said.get('oauth_consumer_key') !== keys.consumerKey || said.get('oauth_token') !== keys.accessToken)
    return { status: 401, message: 'The token is not valid.' };
  if (Number(said.get('oauth_timestamp')) > now / 1000 + AHEAD_SECONDS)
    return { status: 401, message: 'The timestamp is incorrect. Verify and try again.' };
  const nonce = said.get('oauth_nonce') ?? '';
  if (nonce === '' || nonces.has(nonce))
    return { status: 401, message: 'The nonce is already being used by the consumer. Try again.' };
  nonces.add(nonce);
  const signature = said.get('oauth_signature') ?? '';
  said.delete('oauth_signature');
  const parameters = [...query, ...said]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
  const base = [method, url.split('?')[0]!, parameters].map(escaped).join('&');
  const secret = `${escaped(keys.consumerSecret)}&${escaped(keys.accessTokenSecret)}`;
  const right = createHmac('sha256', secret).update(base).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === right.length && timingSafeEqual(given, right)
    ? undefined
    : { status: 401, message: 'The signature is invalid. Verify and try again.' };
}
