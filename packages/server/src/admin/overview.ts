import type { FastifyInstance } from 'fastify';
import { Failure } from '../failure.ts';
import { overviewOf } from '../observe/overview.ts';
import { SLOT_SIZES } from '../observe/rollups.ts';
import type { AdminInput } from './input.ts';
import { moment, query } from './read.ts';

const HOUR = SLOT_SIZES.hour;

/** The maximum period that is shown by minutes by default, in milliseconds. */
const SHORT = 6 * HOUR;

/** The maximum number of steps of an answer. */
const MOST_STEPS = 2_880;

/** Routes of the shapes of events, and of the overview. */
export function overviewRoutes(app: FastifyInstance, { observer }: Pick<AdminInput, 'observer'>): void {
  app.get('/api/shapes', async (request) => {
    const { limit = 100, ...filter } = query<'GET /api/shapes'>(request);
    return (await observer.shapes.list(filter)).slice(0, limit);
  });
  app.get('/api/overview', async (request) => {
    const asked = query<'GET /api/overview'>(request);
    const to = asked.to === undefined ? Date.now() : moment(asked.to);
    const from = asked.from === undefined ? to - 24 * HOUR : moment(asked.from);
    const step = asked.step ?? (to - from > SHORT ? 'hour' : 'minute');
    if (from >= to) throw new Failure('request_invalid', '"from" must be before "to".');
    if ((to - from) / SLOT_SIZES[step] > MOST_STEPS)
      throw new Failure('request_invalid', `The period has more than ${MOST_STEPS} steps of a ${step}.`);
    return overviewOf(observer.rollups, { from, to, step });
  });
}
