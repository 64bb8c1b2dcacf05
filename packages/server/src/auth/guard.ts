import { allows, roleOf } from '@waybill/api';
import { sameSecret } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Throttle } from '../admission/throttle.ts';
import { Failure } from '../failure.ts';
import { readCookie } from './cookie.ts';
import type { Session, Sessions } from './sessions.ts';
import { type Caller, hashOf, type Tokens } from './tokens.ts';

/** The inputs of authentication. */
export interface Auth {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** Slows down guessing of tokens. */
  readonly guesses: Throttle;
}

const CALLERS = new WeakMap<FastifyRequest, Caller>();

/** Returns the caller of an authenticated request. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = CALLERS.get(request);
  if (caller === undefined) throw new Error('The request was not authorised.');
  return caller;
}

/** Returns the name of the route of a request in the contract. */
export function routeName({ method, routeOptions }: FastifyRequest): string {
  // Fastify answers HEAD wherever it answers GET.
  return `${method === 'HEAD' ? 'GET' : method} ${routeOptions.url ?? ''}`;
}

/**
 * Authenticates and authorises requests: by bearer token, or session cookie and, for changes, its `csrf`. Unknown paths need a
 * token too, so that existing paths are not revealed.
 */
export function guard(app: FastifyInstance, auth: Auth): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const needed = roleOf(routeName(request));
    if (needed === 'anyone') return;
    const caller = identify(request, auth);
    CALLERS.set(request, caller);
    if (needed === undefined || allows(caller.role, needed)) return;
    const message = `This needs the role ${needed}; the token "${caller.name}" has the role ${caller.role}.`;
    throw new Failure('request_forbidden', message);
  });
}

/** Whether the caller of a long request is still signed in: its session or token may have ended. */
export function isStillKnown(request: FastifyRequest, { tokens, sessions }: Auth): boolean {
  const session = sessionOf(request, { sessions });
  const given = bearerOf(request);
  if (session !== undefined) return tokens.callerOf(session.token) !== undefined;
  return given !== undefined && tokens.callerOf(hashOf(given)) !== undefined;
}

/** Returns the owner of a token; throws a Failure when it is invalid, or the client has guessed too often. */
export function callerWith(token: string | undefined, address: string, { tokens, guesses }: Auth): Caller {
  const caller = token === undefined ? undefined : tokens.callerOf(hashOf(token));
  const wait = token === undefined ? 0 : guesses.judge(address, caller?.name);
  if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
  if (caller === undefined) throw new Failure('request_unauthorized', 'The token is missing or wrong.');
  return caller;
}

/** Returns the session of a browser; undefined when it has none, or its token was removed. */
export function sessionOf(
  request: FastifyRequest,
  { sessions }: Pick<Auth, 'sessions'>,
): Session | undefined {
  const id = request.headers.authorization === undefined ? readCookie(request) : undefined;
  return id === undefined ? undefined : sessions.find(id);
}

/** Throws a Failure when the request is from a page of another origin. */
export function refuseOtherOrigins({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Failure('request_forged');
}

function identify(request: FastifyRequest, auth: Auth): Caller {
  const session = sessionOf(request, auth);
  const caller = session === undefined ? undefined : auth.tokens.callerOf(session.token);
  if (session === undefined || caller === undefined) {
    return callerWith(bearerOf(request), request.ip, auth);
  }
  refuseOtherOrigins(request);
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  const proof = String(request.headers['x-csrf-token'] ?? '');
  if (isChange && !sameSecret(proof, session.csrf)) throw new Failure('request_forged');
  return caller;
}

/** Returns an identifier of the session or token of a request. */
export function boundTo(request: FastifyRequest, { sessions }: Pick<Auth, 'sessions'>): string {
  const session = sessionOf(request, { sessions });
  if (session !== undefined) return `session ${session.csrf}`;
  return `token ${hashOf(bearerOf(request) ?? '').toString('base64url')}`;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}
