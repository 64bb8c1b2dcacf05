import { type CompiledTrigger, compileTrigger, type ErrorCode, TriggerError } from '@waybill/core';
import { storyOf } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import { type EventSearch, searchEvents } from '../observe/search.ts';
import { createTurns } from '../observe/turns.ts';
import type { AdminInput } from './input.ts';
import { id, moment, query, user } from './read.ts';

/** The maximum number of waiting searches: they share the thread that accepts events. */
const WAITING_SEARCHES = 20;

/** Routes of events: search, single events with their outcomes, given-up and refused events. */
export function eventRoutes(app: FastifyInstance, { log, state, refusals }: AdminInput): void {
  const turns = createTurns(WAITING_SEARCHES);
  app.get('/api/events', async (request) => {
    const search = searchOf(query<'GET /api/events'>(request));
    const found = turns.take(() => searchEvents({ log, state }, search));
    if (found === undefined) throw new Failure('server_overloaded', 'Too many searches are waiting.', [], 2);
    return found;
  });
  app.get('/api/events/:id', async (request) => {
    const [story, ...others] = await storyOf(id(request), log, state);
    if (story === undefined) {
      throw new Failure('request_not_found', `No event with the messageId "${id(request)}" is in the log.`);
    }
    // The same messageId from another source is a different event.
    return others.length === 0 ? story : { ...story, others };
  });
  app.get('/api/gaps', async (request) => {
    const asked = query<'GET /api/gaps'>(request);
    const { destination, after = 0, limit = 100 } = asked;
    return state.gaps({ ...(destination === undefined ? {} : { destination }), after, limit });
  });
  app.get('/api/refusals', async (request) => {
    const { limit = 50, sourceId } = query<'GET /api/refusals'>(request);
    return refusals.list(limit, sourceId);
  });
}

type Asked = ReturnType<typeof query<'GET /api/events'>>;

function searchOf(asked: Asked): EventSearch {
  const { user: person, from, to, where, destination, mappingId, outcome: status, code, ...rest } = asked;
  if (rest.before !== undefined && rest.after !== undefined)
    throw new Failure('request_invalid', 'Give "before" or "after", not both.');
  const outcome = given({ destination, mappingId, status, code: code as ErrorCode | undefined });
  return {
    limit: 50,
    ...rest,
    ...(person === undefined ? {} : { user: user(person) }),
    ...(from === undefined ? {} : { from: moment(from) }),
    ...(to === undefined ? {} : { to: moment(to) }),
    ...(where === undefined ? {} : { where: triggerOf(where) }),
    ...(Object.keys(outcome).length === 0 ? {} : { outcome }),
  };
}

/** Parses the trigger in a parameter; an invalid one is refused with its position. */
export function triggerOf(text: string): CompiledTrigger {
  try {
    return compileTrigger(text);
  } catch (error) {
    if (!(error instanceof TriggerError)) throw error;
    const { code, message, offset } = error;
    throw new Failure(code, message, [{ code, path: 'where', message, offset }]);
  }
}

/** Returns the present members. */
function given<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}
