import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as received. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether it is signed with the secret, by the rules of Standard Webhooks, and not older than five minutes. */
  readonly isSigned: boolean;
}

/** A small receiver of webhooks, written from the rules of Standard Webhooks alone. */
export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Statuses of the next answers; then 200. */
  readonly answers: number[];
  close(): Promise<void>;
}

const TOLERANCE = 300;

/** Opens one on a free port. */
export async function openReceiver(key: Buffer): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const { method = '', url = '', headers } = request;
      received.push({ method, url, headers, body, isSigned: isSigned(headers, body, key) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answers,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/**
 * Verifies a signature as a receiver does: the signed string is the ID, the time and the body, joined by dots; the header lists
 * versions with their signatures.
 */
export function isSigned(headers: IncomingHttpHeaders, body: string, key: Buffer, now = Date.now()): boolean {
  const [id, time, list] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name],
  );
  if (typeof id !== 'string' || typeof time !== 'string' || typeof list !== 'string') return false;
  if (Math.abs(now / 1000 - Number(time)) > TOLERANCE) return false;
  const expected = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
  return list.split(' ').some((one) => {
    const [version, signature = ''] = one.split(',');
    const given = Buffer.from(signature, 'base64');
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
