import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import type { AdminInput } from './input.ts';
import { body, id, pick, query, user } from './read.ts';
import { LIMIT, members, NAME, OBJECT } from './requests.ts';

const ATTEMPT = { type: 'integer', minimum: 1, maximum: 1_000 } as const;
const TEXT = { type: ['string', 'null'], minLength: 1, maxLength: 10_000 } as const;

const SCHEMAS = {
  deletion: { body: members({ userId: NAME, email: NAME, attempt: ATTEMPT }) },
  resync: { body: members({ mappingId: NAME, user: NAME }) },
  choices: {
    body: members(
      { action: NAME, field: NAME, payload: { ...OBJECT, nullable: true }, query: TEXT, page: TEXT },
      ['action', 'field'],
    ),
  },
  conflicts: { querystring: members({ destination: NAME, limit: LIMIT }) },
} as const;

/** What concerns single users: deletion requests, what is remembered of them, and conflicts over their fields. */
export function userRoutes(app: FastifyInstance, { keeper, delivery, state }: AdminInput): void {
  app.post('/api/deletions', { schema: SCHEMAS.deletion }, async (request) => {
    const who = body<{ userId?: string; email?: string; attempt?: number }>(request);
    if (who.userId === undefined && who.email === undefined)
      throw new Failure('request_invalid', 'Name a "userId", an "email", or both.');
    return delivery().deleteUser(who);
  });
  app.post('/api/destinations/:id/resync', { schema: SCHEMAS.resync }, async (request) => {
    pick(keeper.workspace.destinations, id(request), 'destination');
    const { user: person, ...rest } = body<{ mappingId?: string; user?: string }>(request);
    return delivery().resync({
      ...rest,
      destination: id(request),
      ...(person === undefined ? {} : { user: user(person) }),
    });
  });
  app.post('/api/destinations/:id/choices', { schema: SCHEMAS.choices }, async (request) => {
    pick(keeper.workspace.destinations, id(request), 'destination');
    const asked = body<Choices>(request);
    return delivery().choices(id(request), asked.action, asked.field, {
      payload: asked.payload ?? {},
      ...(typeof asked.query === 'string' ? { query: asked.query } : {}),
      ...(typeof asked.page === 'string' ? { page: asked.page } : {}),
    });
  });
  app.get('/api/conflicts', { schema: SCHEMAS.conflicts }, async (request) => {
    const { destination, limit = 100 } = query<{ destination?: string; limit?: number }>(request);
    return state.conflicts({ ...(destination === undefined ? {} : { destination }), limit });
  });
}

interface Choices {
  readonly action: string;
  readonly field: string;
  readonly payload?: Readonly<Record<string, unknown>> | null;
  readonly query?: string | null;
  readonly page?: string | null;
}
