import type { PeriodFilter } from '@waybill/delivery';
import type { FastifyInstance } from 'fastify';
import { listReplays, type Replay } from '../delivery/replays.ts';
import { Failure } from '../failure.ts';
import { body, id, moment, pick, user } from './read.ts';
import type { AdminInput } from './input.ts';

/** Routes of replays of a past period from the log. */
export function replayRoutes(app: FastifyInstance, { delivery, state, editor, log }: AdminInput): void {
  app.post('/api/replays', async (request, reply) => {
    const {
      dryRun = false,
      from,
      to,
      destination,
      user: person,
      ...texts
    } = body<'POST /api/replays'>(request);
    const owner = pick(editor.resolved.destinations, destination, 'destination');
    if (texts.mappingId !== undefined) pick(owner.mappings, texts.mappingId, 'mapping');
    const filter: PeriodFilter = {
      ...texts,
      destination: owner.id,
      from: moment(from),
      // The end is fixed when the replay starts: later events are not included.
      to: to === undefined ? Date.now() : moment(to),
      ...(person === undefined ? {} : { user: user(person) }),
    };
    if (filter.from > filter.to) throw new Failure('request_invalid', '"from" is later than "to".');
    const replay = await delivery().ask('replayPeriod', filter, dryRun);
    return reply.code(201).send(shown(replay));
  });
  app.get('/api/replays', async () => (await listReplays(state)).map(shown));
  app.get('/api/replays/:id', async (request) => {
    const found = pick(await listReplays(state), id(request), 'replay');
    const { firstSeq, oldestAt } = await log.extent();
    const oldest = oldestAt === undefined ? undefined : new Date(oldestAt).toISOString();
    return { ...shown(found), log: { firstSeq, oldest } };
  });
  app.delete('/api/replays/:id', async (request) => {
    pick(await listReplays(state), id(request), 'replay');
    return shown((await delivery().ask('cancelReplay', id(request)))!);
  });
}

function shown({ filter, startedAt, endedAt, after: _after, ...replay }: Replay): object {
  const { from, to, destination, ...rest } = filter;
  return {
    ...replay,
    destination,
    from: iso(from),
    to: iso(to),
    filter: rest,
    startedAt: iso(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: iso(endedAt) }),
  };
}

/** Formats a time; an invalid stored one is unchanged: one bad entry must not hide the others. */
function iso(time: number): string | number {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString();
}
