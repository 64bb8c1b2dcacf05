import { members, route } from './route.ts';
import { among, AT, list, named, object, text, type TypeOf, whole } from './schema.ts';

const STATS = named(
  'Stats',
  object({
    events: whole({ description: 'The last position of the log.' }),
    destinations: list(
      object(
        {
          destination: text(),
          cursor: whole(),
          delivered: whole(),
          skipped: whole(),
          rejected: whole(),
          retrying: whole(),
          deadLetters: whole(),
          lag: whole({ description: 'Events not yet processed.' }),
        },
        { oldestRetryAt: AT },
      ),
    ),
    modules: list(
      object(
        { module: text(), state: among(['starting', 'running', 'down', 'stopped']), restarts: whole() },
        { pid: whole(), reason: text(), endedAt: AT },
      ),
    ),
  }),
);
const DELIVERY = named(
  'Delivery',
  object({
    status: among(['delivering', 'held']),
    destinations: list(
      object({ destination: text(), cursor: whole(), reached: whole() }, { partition: whole() }),
    ),
  }),
);

/** Counts of all deliveries. */
export type Stats = TypeOf<typeof STATS>;

/** Whether delivery runs, and the destinations for which it is paused. */
export type DeliveryStatus = TypeOf<typeof DELIVERY>;

/** Routes of delivery as a whole. */
export const DELIVERY_ROUTES = {
  'GET /api/stats': route({
    does: 'For each destination its position, lag, outcomes, waiting items and dead letters; the processes of modules.',
    answer: STATS,
  }),
  'GET /api/delivery': route({
    does: 'Whether delivery works, or is paused because the state is older than the log.',
    answer: DELIVERY,
  }),
  'POST /api/delivery/resume': route({
    role: 'send',
    does: 'Resumes delivery: from the position of the state, which sends events again, or from the position recorded in the log.',
    body: members({}, { from: among(['state', 'log']) }),
    answer: DELIVERY,
    errors: ['delivery_not_held'],
  }),
} as const;
