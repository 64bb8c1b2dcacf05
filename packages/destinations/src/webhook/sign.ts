import { createHash, createHmac } from 'node:crypto';

/** Begins a secret that is written as base64. */
const PREFIX = 'whsec_';

/** What is signed beside the body. */
export interface Signing {
  readonly secret: string | undefined;
  /** The items of the request: they name it, at each attempt alike. */
  readonly keys: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The headers of Standard Webhooks: an id by which a receiver knows a request that comes again, the time of the attempt, and a
 * signature of both and the body.
 */
export function signatureOf(body: string, { secret, keys, now }: Signing): Readonly<Record<string, string>> {
  const digest = createHash('sha256').update(JSON.stringify(keys)).digest('base64url');
  const id = `msg_${digest.slice(0, 32)}`;
  const timestamp = String(Math.floor(now / 1000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined || secret === '') return named;
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : secret;
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${signature}` };
}
