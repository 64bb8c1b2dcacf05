import type { FastifyReply, FastifyRequest } from 'fastify';
import { LONGEST_SESSION } from './sessions.ts';

/** Cookies belong to a host regardless of port: two servers on one machine need two names. */
function nameOf(request: FastifyRequest): string {
  return `waybill-${request.socket.localPort ?? 0}`;
}

/** Returns the session ID in the cookie of a request. */
export function readCookie(request: FastifyRequest): string | undefined {
  const name = nameOf(request);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', value = ''] = pair.trim().split('=');
    if (key === name && value !== '') return value;
  }
  return undefined;
}

/** Sets the cookie, or removes it without an ID. Pages cannot read it, and other sites cannot send it. */
export function writeCookie(request: FastifyRequest, reply: FastifyReply, id?: string): void {
  const age = id === undefined ? 0 : LONGEST_SESSION / 1_000;
  const secure = request.protocol === 'https' ? '; Secure' : '';
  reply.header(
    'set-cookie',
    `${nameOf(request)}=${id ?? ''}; Path=/api; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`,
  );
}
