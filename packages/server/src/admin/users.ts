import type { FastifyInstance } from 'fastify';
import type { AdminInput } from './input.ts';
import { body, id, pick, query, user } from './read.ts';

/** Routes of single users: remembered values, choices of the account, and conflicts over fields. */
export function userRoutes(app: FastifyInstance, { editor, delivery, state }: AdminInput): void {
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
    const { action, hook, field, payload, inputs, query: text, page, fresh } = asked;
    return delivery().ask('choices', id(request), {
      action,
      field,
      ...(hook === undefined ? {} : { hook }),
      ...(fresh === undefined ? {} : { fresh }),
      question: {
        payload: payload ?? {},
        ...(inputs === undefined || inputs === null ? {} : { inputs }),
        ...(typeof text === 'string' ? { query: text } : {}),
        ...(typeof page === 'string' ? { page } : {}),
      },
    });
  });
  app.get('/api/conflicts', async (request) => {
    const { destination, limit = 100 } = query<'GET /api/conflicts'>(request);
    return state.conflicts({ ...(destination === undefined ? {} : { destination }), limit });
  });
}
