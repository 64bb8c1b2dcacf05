import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import { AT, LIMIT, list, named, NAME, number, object, text, type TypeOf, whole, yes } from './schema.ts';

const ENDPOINT = named(
  'Endpoint',
  object(
    {
      endpoint: text({ description: 'Method and path.' }),
      published: list(object({ amount: number(), seconds: number(), assumed: yes() }), {
        description:
          'The limits that the destination publishes; an assumed limit applies once a call was refused.',
      }),
      limits: list(object({ amount: number(), seconds: number(), learned: yes(), rate: number() }), {
        description: 'The current limits, with the maximum calls a second.',
      }),
      used: number({ description: 'Answered calls a second, over the last seconds.' }),
      waiting: whole({ description: 'Calls that wait for their turn.' }),
      refused: whole({ description: 'Calls refused since the start.' }),
    },
    {
      origin: text({ description: 'Absent before the first call.' }),
      closedUntil: number({
        description: 'Until when no calls are made, because the destination asked for that.',
      }),
    },
  ),
);
const LANE = named(
  'Lane',
  object(
    {
      destination: text(),
      enabled: yes(),
      cursor: whole(),
      lag: whole({
        description: 'Events after its position; live ones among them may already be processed.',
      }),
      waiting: whole({ description: 'Items that wait for a retry, or behind an item that does.' }),
      endpoints: list(ENDPOINT),
    },
    {
      partition: whole(),
      nextDue: AT,
      hold: object({ code: CODE, message: text(), since: AT, until: number() }),
    },
  ),
);
const WAITING = named(
  'WaitingItem',
  object(
    {
      destination: text(),
      seq: whole(),
      mappingId: text(),
      position: whole(),
      user: text(),
      attempts: whole(),
      dueAt: AT,
    },
    { firstFailedAt: AT, code: CODE, message: text(), exchangeId: whole(), messageId: text() },
  ),
);

/** The status of the lane of a destination. */
export type Lane = TypeOf<typeof LANE>;

/** An item that waits for its first attempt or a retry. */
export type WaitingItem = TypeOf<typeof WAITING>;

/** Routes of lanes and their waiting items. */
export const LANE_ROUTES = {
  'GET /api/lanes': route({
    does: 'For each destination its position and lag, why it is paused and until when, and how calls to each endpoint are paced.',
    answer: list(LANE),
  }),
  'GET /api/waiting': route({
    does: 'Waiting items: the first item of each user, by the time of the next attempt; with `user`, all items of that user, in order.',
    query: members({ destination: NAME, user: NAME, limit: LIMIT }),
    answer: list(WAITING),
    errors: ['request_not_found'],
  }),
  'POST /api/waiting/now': route({
    role: 'send',
    does: 'Retries waiting items now, once; sends a probe to a failing destination.',
    body: members({ destination: NAME, user: NAME }),
    answer: object({ users: whole({ description: 'Users whose first item is retried.' }) }),
    errors: ['request_not_found'],
  }),
} as const;
