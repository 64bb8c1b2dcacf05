import type { PeriodFilter } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { listReplays, type Replay } from '../delivery/replays.ts';
import { Failure } from '../failure.ts';
import { body, id, moment, pick, user, yes } from './read.ts';
import type { AdminInput } from './input.ts';

const MEMBERS = [
  'from',
  'to',
  'destination',
  'mappingId',
  'sourceId',
  'user',
  'type',
  'event',
  'dryRun',
] as const;

/** Replays of a past period from the log. */
export function replayRoutes(app: FastifyInstance, { delivery, state, keeper, log }: AdminInput): void {
  app.post('/api/replays', async (request, reply) => {
    const raw = body<Record<string, unknown>>(request);
    for (const name of Object.keys(raw)) {
      // Ignoring a filter would send more than was asked for.
      if (!MEMBERS.some((known) => known === name))
        throw new Failure('request_invalid', `Unknown member "${name}". Known: ${MEMBERS.join(', ')}.`);
    }
    const { dryRun, from, to, destination, user: person, ...texts } = raw;
    if (from === undefined || destination === undefined)
      throw new Failure('request_invalid', 'A replay needs "from" and "destination".');
    const owner = pick(keeper.resolved.destinations, String(destination), 'destination');
    if (texts['mappingId'] !== undefined) pick(owner.mappings, String(texts['mappingId']), 'mapping');
    const filter: PeriodFilter = {
      lane: owner.id,
      from: moment('from', from),
      // The end is fixed when the replay begins: what arrives later is no part of it.
      to: to === undefined ? Date.now() : moment('to', to),
      ...(person === undefined ? {} : { orderKey: user(person) }),
      ...Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, String(value)])),
    };
    const replay = await delivery().replayPeriod(filter, yes('dryRun', dryRun));
    return reply.code(201).send(shown(replay));
  });
  app.get('/api/replays', async () => listReplays(state).map(shown));
  app.get('/api/replays/:id', async (request) => {
    const found = pick(listReplays(state), id(request), 'replay');
    const { firstSeq, oldestAt } = log.extent();
    const oldest = oldestAt === undefined ? undefined : new Date(oldestAt).toISOString();
    return { ...shown(found), log: { firstSeq, oldest } };
  });
  app.delete('/api/replays/:id', async (request) => {
    pick(listReplays(state), id(request), 'replay');
    return shown((await delivery().cancelReplay(id(request)))!);
  });
}

function shown({ filter, startedAt, endedAt, after: _after, ...replay }: Replay): object {
  const { from, to, lane, ...rest } = filter;
  return {
    ...replay,
    destination: lane,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    filter: rest,
    startedAt: new Date(startedAt).toISOString(),
    ...(endedAt === undefined ? {} : { endedAt: new Date(endedAt).toISOString() }),
  };
}
