import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick, query, user } from './read.ts';

/** What concerns single users: deletion requests, which what is kept of shops and by processors meets first, what is remembered of them, and conflicts over their fields. */
export function userRoutes(app: FastifyInstance, { editor, delivery, state, ingest }: AdminInput): void {
  app.post('/api/deletions', async (request) => {
    const who = body<'POST /api/deletions'>(request);
    if (who.userId === undefined && who.email === undefined)
      throw new Failure('request_invalid', 'Name a "userId", an "email", or both.');
    await ingest.sources.erase(who);
    await ingest.processors.forget(who);
    return delivery().ask('deleteUser', who);
  });
  app.post('/api/destinations/:id/resync', async (request) => {
    pick(editor.workspace.destinations, id(request), 'destination');
    const { user: person, ...rest } = body<'POST /api/destinations/:id/resync'>(request);
    return delivery().ask('resync', {
      ...rest,
      destination: id(request),
      ...(person === undefined ? {} : { user: user(person) }),
    });
  });
  app.post('/api/destinations/:id/choices', async (request) => {
    pick(editor.workspace.destinations, id(request), 'destination');
    const asked = body<'POST /api/destinations/:id/choices'>(request);
    return delivery().ask('choices', id(request), asked.action, asked.field, {
      payload: asked.payload ?? {},
      ...(typeof asked.query === 'string' ? { query: asked.query } : {}),
      ...(typeof asked.page === 'string' ? { page: asked.page } : {}),
    });
  });
  app.get('/api/conflicts', async (request) => {
    const { destination, limit = 100 } = query<'GET /api/conflicts'>(request);
    return state.conflicts({ ...(destination === undefined ? {} : { destination }), limit });
  });
}
