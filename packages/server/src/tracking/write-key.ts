import type { FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import type { TrackingInput } from './intake.ts';

/** The write key is the user name of basic authentication; older clients put it into the body, others where `given` is from. */
export function authenticate(
  request: FastifyRequest,
  input: TrackingInput,
  given?: unknown,
): { readonly id: string } {
  const key =
    basicUser(request.headers.authorization) ??
    (request.body as { writeKey?: unknown } | null | undefined)?.writeKey ??
    given;
  const source = typeof key === 'string' && key !== '' ? input.sourceOf(key) : undefined;
  if (source === undefined) {
    throw new Failure('request_unauthorized', 'The write key is missing or unknown.');
  }
  return source;
}

function basicUser(header: string | undefined): string | undefined {
  const match = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(header ?? '');
  if (match === null) return undefined;
  const [user] = Buffer.from(match[1]!, 'base64').toString('utf8').split(':');
  return user;
}
