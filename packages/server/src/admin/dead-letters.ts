import { explainEvent } from '@waybill/core';
import type { DeadLetterFilter, DeadLetterRow } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import { id, moment, number, user, whole, yes } from './read.ts';
import type { AdminInput } from './input.ts';

/** Bytes of payloads from which on a page is full, whatever its limit. */
const PAGE_BYTES = 4 * 2 ** 20;

/** Dead letters: listed, read one by one with what would become of them now, put back. */
export function deadLetterRoutes(app: FastifyInstance, { delivery, state, log, keeper }: AdminInput): void {
  /** What the mapping, as it is now, makes of the event: whether a replay would work, and why not. */
  const explanation = (letter: DeadLetterRow): unknown => {
    const owner = keeper.resolved.destinations.find((one) => one.id === letter.lane);
    const mappings = owner?.mappings.filter((one) => one.id === letter.mappingId) ?? [];
    const [logged] = log.readMany([letter.seq]);
    if (owner === undefined || logged === undefined || mappings.length === 0) return undefined;
    return explainEvent({ ...owner, mappings }, logged.event).mappings[0];
  };
  /** The mappings of an action, as filters of their own: dead letters name the mapping that made them. */
  const spread = ({ action, ...filter }: Asked): readonly DeadLetterFilter[] => {
    if (action === undefined) return [filter];
    return keeper.resolved.destinations
      .filter((one) => filter.lane === undefined || filter.lane === one.id)
      .flatMap((one) => one.mappings.map((mapping) => ({ lane: one.id, mapping })))
      .filter(({ mapping }) => mapping.action === action)
      .filter(({ mapping }) => filter.mappingId === undefined || filter.mappingId === mapping.id)
      .map(({ lane, mapping }) => ({ ...filter, lane, mappingId: mapping.id }));
  };
  const one = (wanted: string): DeadLetterRow => {
    const [found] = state.deadLetters({ ids: [number('id', wanted)], includeReplayed: true });
    if (found === undefined) throw new Failure('request_not_found', `There is no dead letter ${wanted}.`);
    return found;
  };

  app.get('/api/dead-letters', async (request) => {
    const limit = whole(request, 'limit', 100, 1000);
    const { filter } = asked(request.query as Record<string, unknown>);
    const ids = spread(filter)
      .flatMap((each) => state.deadLetters({ ...each, limit, withoutPayload: true }))
      .map((letter) => letter.id ?? 0)
      .sort((a, b) => a - b)
      .slice(0, limit);
    return state.deadLetters({ ids, includeReplayed: true, maxBytes: PAGE_BYTES });
  });
  app.get('/api/dead-letters/:id', async (request) => {
    const found = one(id(request));
    return { ...found, exchanges: state.exchanges(found.exchangeIds), explanation: explanation(found) };
  });
  app.post('/api/dead-letters/:id/replay', async (request) =>
    delivery().replay([{ ids: [one(id(request)).id ?? 0] }]),
  );
  app.post('/api/dead-letters/replay', async (request) => {
    const { filter, dryRun } = asked((request.body ?? {}) as Record<string, unknown>);
    return delivery().replay(spread(filter), dryRun);
  });
}

interface Asked extends DeadLetterFilter {
  readonly action?: string;
}

const FILTERS = [
  'ids',
  'lane',
  'destination',
  'mappingId',
  'action',
  'code',
  'sourceId',
  'messageId',
  'user',
  'from',
  'to',
  'includeReplayed',
  'afterId',
  'limit',
  'dryRun',
];

/** An unknown filter is an error: ignoring it would replay more than was asked for. */
function asked(raw: Record<string, unknown>): { readonly filter: Asked; readonly dryRun: boolean } {
  const filter: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (!FILTERS.includes(name))
      throw new Failure('request_invalid', `Unknown filter "${name}". Known: ${FILTERS.join(', ')}.`);
    if (name === 'dryRun') continue;
    if (name === 'ids')
      filter['ids'] = (Array.isArray(value) ? value : String(value).split(',')).map((each) =>
        number('ids', each),
      );
    else if (name === 'from' || name === 'to') filter[name] = moment(name, value);
    else if (name === 'afterId' || name === 'limit') filter[name] = number(name, value);
    else if (name === 'includeReplayed') filter[name] = yes(name, value);
    else if (name === 'user') filter['orderKey'] = user(value);
    else filter[name === 'destination' ? 'lane' : name] = String(value);
  }
  return { filter, dryRun: yes('dryRun', raw['dryRun']) };
}
