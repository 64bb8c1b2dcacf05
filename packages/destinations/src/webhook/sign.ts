import { createHash, createHmac } from 'node:crypto';

/** The prefix of a base64 secret. */
const PREFIX = 'whsec_';

/** What is signed with the body. */
export interface Signing {
  readonly secret: string | undefined;
  /** The items of the request, which identify it across attempts. */
  readonly keys: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Returns the headers of Standard Webhooks: an ID by which a receiver recognises a repeated request, the time of the attempt,
 * and a signature of both and the body.
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
