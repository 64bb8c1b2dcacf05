import { type Event, explainEvent } from '@waybill/core';
import { correctionsOf, type DeadLetterFilter, type DeadLetterRow, eventsOf } from '@waybill/delivery';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../failure.ts';
import { correctionOf } from './correction.ts';
import { body, id, moment, query, user } from './read.ts';
import type { AdminInput } from './input.ts';

/** The bytes of payloads at which a page is full, regardless of its limit. */
const PAGE_BYTES = 4 * 2 ** 20;

/** Routes of dead letters: list, read with their current outcome, replay, delete. */
export function deadLetterRoutes(
  app: FastifyInstance,
  { delivery, state, log, editor, metrics }: AdminInput,
): void {
  /** Explains the event with the current mapping: whether a replay would work, and why not. */
  const explanation = (letter: DeadLetterRow, event: Event | undefined): unknown => {
    const owner = editor.resolved.destinations.find((one) => one.id === letter.destination);
    const mappings = owner?.mappings.filter((one) => one.id === letter.mappingId) ?? [];
    if (owner === undefined || event === undefined || mappings.length === 0) return undefined;
    return explainEvent({ ...owner, mappings }, event).mappings[0];
  };
  /** Expands an action to one filter per mapping: dead letters name their mapping. */
  const spread = ({ action, ...filter }: Asked): readonly DeadLetterFilter[] => {
    if (action === undefined) return [filter];
    return editor.resolved.destinations
      .filter((one) => filter.destination === undefined || filter.destination === one.id)
      .flatMap((one) => one.mappings.map((mapping) => ({ destination: one.id, mapping })))
      .filter(({ mapping }) => mapping.action === action)
      .filter(({ mapping }) => filter.mappingId === undefined || filter.mappingId === mapping.id)
      .map(({ destination, mapping }) => ({ ...filter, destination, mappingId: mapping.id }));
  };
  const one = async (request: FastifyRequest): Promise<DeadLetterRow> => {
    const wanted = id(request);
    const [found] = await state.deadLetters({ ids: [Number(wanted)], includeReplayed: true });
    if (found === undefined) throw new Failure('request_not_found', `There is no dead letter ${wanted}.`);
    return found;
  };

  app.get('/api/dead-letters', async (request) => {
    const { ids, limit = 100, ...given } = query<'GET /api/dead-letters'>(request);
    const filter = filterOf({ ...given, ...(ids === undefined ? {} : { ids: ids.split(',').map(Number) }) });
    const letters = await Promise.all(
      spread(filter).map((each) => state.deadLetters({ ...each, limit, withoutPayload: true })),
    );
    const found = letters
      .flat()
      .map((letter) => letter.id ?? 0)
      .sort((a, b) => a - b)
      .slice(0, limit);
    return state.deadLetters({ ids: found, includeReplayed: true, maxBytes: PAGE_BYTES });
  });
  app.get('/api/dead-letters/groups', async (request) =>
    delivery().ask('groups', spread(filterOf(query<'GET /api/dead-letters/groups'>(request)))),
  );
  app.get('/api/dead-letters/:id', async (request) => {
    const found = await one(request);
    const logged = (await eventsOf([found], { log, state }))(found);
    const event = logged?.damage === undefined ? logged?.event : undefined;
    return {
      ...found,
      exchanges: await state.exchanges(found.exchangeIds),
      event,
      correctedAt: (await correctionsOf([found.seq], state))(found)?.at,
      explanation: explanation(found, event),
    };
  });
  app.get('/api/dead-letters/replays/:at', async (request) => {
    const at = Number((request.params as { readonly at: string }).at);
    const found = await delivery().ask('replayed', at);
    if (found.deadLetters > 0) return found;
    throw new Failure('request_not_found', `No dead letters were replayed at ${at}.`);
  });
  const discard = async (filters: readonly DeadLetterFilter[], dryRun: boolean): Promise<unknown> => {
    const counts = Object.entries(await delivery().ask('discard', filters, dryRun));
    const sum = counts.reduce((before, [, count]) => before + count, 0);
    if (dryRun) return { dryRun, deadLetters: sum };
    for (const [destination, count] of counts) metrics.lettersRemoved(destination, 'deleted', count);
    return { deleted: sum };
  };

  app.delete('/api/dead-letters/:id', async (request) =>
    discard([{ ids: [(await one(request)).id ?? 0], includeReplayed: true }], false),
  );
  app.delete('/api/dead-letters', async (request) => {
    const { dryRun = false, all = false, note: _note, ...given } = body<'DELETE /api/dead-letters'>(request);
    if (Object.keys(given).length === 0 && !all)
      throw new Failure('request_invalid', 'Choose dead letters with a filter, or send "all": true.');
    return discard(spread(filterOf(given)), dryRun);
  });
  app.post('/api/dead-letters/:id/replay', async (request) => {
    const letter = await one(request);
    const { event } = body<'POST /api/dead-letters/:id/replay'>(request);
    const correction = event === undefined ? undefined : await correctionOf(event, letter, log);
    return delivery().ask('replay', [{ ids: [letter.id ?? 0] }], false, correction);
  });
  app.post('/api/dead-letters/replay', async (request) => {
    const { dryRun, ...given } = body<'POST /api/dead-letters/replay'>(request);
    return delivery().ask('replay', spread(filterOf(given)), dryRun);
  });
}

interface Asked extends DeadLetterFilter {
  readonly action?: string;
}

/** The filter in a request. */
interface Given extends Omit<Asked, 'from' | 'to' | 'user'> {
  readonly user?: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

function filterOf({ user: person, from, to, ...rest }: Given): Asked {
  return {
    ...rest,
    ...(person === undefined ? {} : { user: user(person) }),
    ...(from === undefined ? {} : { from: moment(from) }),
    ...(to === undefined ? {} : { to: moment(to) }),
  };
}
