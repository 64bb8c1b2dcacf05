import type { SourceName } from '@waybill/ingest';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { TrackingInput } from './take.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The source in the headers of a tracking request. */
    source: SourceName | undefined;
  }
}

/**
 * Returns the source of a request: from its headers, its body, as with older clients, or `given`.
 */
export function authenticate(request: FastifyRequest, input: TrackingInput, given?: unknown): SourceName {
  const source = authenticateAny(request, input, given);
  if (source.storefront !== true) return source;
  throw new Failure('request_unauthorized', 'The key is that of a storefront, which may only send batches.');
}

/** The same, also for the public key of a storefront. */
export function authenticateAny(request: FastifyRequest, input: TrackingInput, given?: unknown): SourceName {
  const written = (request.body as { writeKey?: unknown } | null | undefined)?.writeKey;
  return request.source ?? sourceOfHead(request, input) ?? sourceOfKey(written ?? given, request, input);
}

/** Returns the source in the headers; undefined when they name none. The write key is the user name of basic authentication. */
export function sourceOfHead(request: FastifyRequest, input: TrackingInput): SourceName | undefined {
  const key = basicUser(request.headers.authorization);
  return key === undefined || key === '' ? undefined : sourceOfKey(key, request, input);
}

function sourceOfKey(key: unknown, request: FastifyRequest, { intake }: TrackingInput): SourceName {
  const found = intake.authenticate(key, request.ip);
  if (found.source !== undefined) return found.source;
  const { waitMs } = found;
  if (waitMs > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(waitMs / 1_000));
  throw new Failure('request_unauthorized', 'The write key is missing or unknown.');
}

function basicUser(header: string | undefined): string | undefined {
  const match = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [user] = Buffer.from(match[1]!, 'base64').toString('utf8').split(':');
  return user;
}
