import { allows, roleOf } from '@waybill/api';
import { sameSecret } from '@waybill/ingest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Throttle } from '../admission/throttle.ts';
import { Failure } from '../failure.ts';
import { readCookie } from './cookie.ts';
import type { Session, Sessions } from './sessions.ts';
import { type Caller, hashOf, type Tokens } from './tokens.ts';

/** What tells who may do what. */
export interface Auth {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  /** Slows down who guesses tokens. */
  readonly guesses: Throttle;
}

const CALLERS = new WeakMap<FastifyRequest, Caller>();

/** Who makes a request that the guard has let through. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = CALLERS.get(request);
  if (caller === undefined) throw new Error('The request was not authorised.');
  return caller;
}

/** The name that the contract has for the route of a request. */
export function routeName({ method, routeOptions }: FastifyRequest): string {
  // Fastify answers HEAD wherever it answers GET.
  return `${method === 'HEAD' ? 'GET' : method} ${routeOptions.url ?? ''}`;
}

/**
 * Lets through whoever may call a route: with a bearer token, or with the cookie of a session and, for a change, its `csrf`.
 * Unknown addresses need a token too: without one, nobody learns which addresses exist.
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

/** Whether the caller of a long request is still signed in: a session or token may have ended meanwhile. */
export function isStillKnown(request: FastifyRequest, { tokens, sessions }: Auth): boolean {
  const session = sessionOf(request, { sessions });
  const given = bearerOf(request);
  if (session !== undefined) return tokens.callerOf(session.token) !== undefined;
  return given !== undefined && tokens.callerOf(hashOf(given)) !== undefined;
}

/** Whose token it is; throws a Failure when it is nobody's, or when the address has guessed too often. */
export function callerWith(token: string | undefined, address: string, { tokens, guesses }: Auth): Caller {
  const caller = token === undefined ? undefined : tokens.callerOf(hashOf(token));
  const wait = token === undefined ? 0 : guesses.judge(address, caller?.name);
  if (wait > 0) throw new Failure('request_throttled', undefined, [], Math.ceil(wait / 1_000));
  if (caller === undefined) throw new Failure('request_unauthorized', 'The token is missing or wrong.');
  return caller;
}

/** The session of a browser; undefined when it has none, or when the token that began it is gone. */
export function sessionOf(
  request: FastifyRequest,
  { sessions }: Pick<Auth, 'sessions'>,
): Session | undefined {
  const id = request.headers.authorization === undefined ? readCookie(request) : undefined;
  return id === undefined ? undefined : sessions.find(id);
}

/** Throws a Failure when a page of another origin makes the request. */
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

/** What stands for the session or the token of a request, and for no other. */
export function boundTo(request: FastifyRequest, { sessions }: Pick<Auth, 'sessions'>): string {
  const session = sessionOf(request, { sessions });
  if (session !== undefined) return `session ${session.csrf}`;
  return `token ${hashOf(bearerOf(request) ?? '').toString('base64url')}`;
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
}
