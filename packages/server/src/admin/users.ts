import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, id, number, pick, whole } from './read.ts';

/** What concerns single users: deletion requests, what is remembered of them, and conflicts over their fields. */
export function userRoutes(app: FastifyInstance, { keeper, delivery, state }: AdminInput): void {
  app.post('/api/deletions', async (request) => {
    const { userId, email, attempt } = body<Record<string, unknown>>(request);
    const named = { ...text('userId', userId), ...text('email', email) };
    if (Object.keys(named).length === 0)
      throw new Failure('request_invalid', 'Name a "userId", an "email", or both.');
    return delivery().deleteUser({
      ...named,
      ...(attempt === undefined ? {} : { attempt: number('attempt', attempt) }),
    });
  });
  app.post('/api/destinations/:id/resync', async (request) => {
    pick(keeper.workspace.destinations, id(request), 'destination');
    const { mappingId, orderKey } = body<Record<string, unknown>>(request);
    return delivery().resync({
      lane: id(request),
      ...text('mappingId', mappingId),
      ...text('orderKey', orderKey),
    });
  });
  app.post('/api/destinations/:id/choices', async (request) => {
    pick(keeper.workspace.destinations, id(request), 'destination');
    const { action, field, payload, query, page } = body<Record<string, unknown>>(request);
    const question = {
      payload: (payload ?? {}) as Record<string, unknown>,
      ...text('query', query),
      ...text('page', page),
    };
    return delivery().choices(id(request), String(action), String(field), question);
  });
  app.get('/api/conflicts', async (request) => {
    const { destination } = request.query as { destination?: string };
    return state.conflicts({
      ...(destination === undefined ? {} : { lane: destination }),
      limit: whole(request, 'limit', 100, 1000),
    });
  });
}

function text(name: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'string' || value === '')
    throw new Failure('request_invalid', `"${name}" must be text.`);
  return { [name]: value };
}
