import type { AnswerOf } from '@waybill/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readCookie, writeCookie } from '../auth/cookie.ts';
import { type Auth, callerOf, callerWith, refuseOtherOrigins, sessionOf } from '../auth/guard.ts';
import type { Session } from '../auth/sessions.ts';
import { type Caller, hashOf } from '../auth/tokens.ts';
import { authorOf } from './edits.ts';
import type { AdminInput } from './input.ts';
import { body, id } from './read.ts';

/** Routes of browser sessions and tokens. */
export function tokenRoutes(app: FastifyInstance, { auth }: AdminInput): void {
  sessionRoutes(app, auth);
  const { tokens } = auth;
  app.get('/api/tokens', async () => tokens.list());
  app.post('/api/tokens', async (request, reply) => {
    const { name, role } = body<'POST /api/tokens'>(request);
    return reply.code(201).send(await tokens.make(authorOf(request), name, role));
  });
  app.post('/api/tokens/:id/rotate', async (request) => tokens.rotate(authorOf(request), id(request)));
  app.delete('/api/tokens/:id', async (request, reply) => {
    await tokens.remove(authorOf(request), id(request));
    return reply.code(204).send();
  });
}

function sessionRoutes(app: FastifyInstance, auth: Auth): void {
  const end = async (request: FastifyRequest): Promise<void> => {
    const before = readCookie(request);
    if (before !== undefined) await auth.sessions.end(before);
  };
  app.post('/api/session', async (request, reply) => {
    refuseOtherOrigins(request);
    const { token } = body<'POST /api/session'>(request);
    const caller = callerWith(token, request.ip, auth);
    // A full disk must not lock anybody out.
    await end(request).catch(() => undefined);
    const { id: begun, session } = await auth.sessions.begin(hashOf(token ?? ''));
    writeCookie(request, reply, begun);
    return shown(caller, session);
  });
  app.get('/api/session', async (request) => shown(callerOf(request), sessionOf(request, auth)));
  app.delete('/api/session', async (request, reply) => {
    await end(request);
    writeCookie(request, reply);
    return reply.code(204).send();
  });
}

function shown({ name, role }: Caller, session: Session | undefined): AnswerOf<'GET /api/session'> {
  if (session === undefined) return { name, role };
  const { csrf, expiresAt } = session;
  return { name, role, csrf, expiresAt };
}
