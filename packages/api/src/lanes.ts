import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import { AT, LIMIT, list, named, NAME, number, object, text, type TypeOf, whole, yes } from './schema.ts';

const ENDPOINT = named(
  'Endpoint',
  object(
    {
      endpoint: text({ description: 'Method and path.' }),
      published: list(object({ amount: number(), seconds: number(), assumed: yes() }), {
        description: 'What the destination says of itself; an assumed limit holds once a call was refused.',
      }),
      limits: list(object({ amount: number(), seconds: number(), learned: yes(), rate: number() }), {
        description: 'The limits that hold now, with the calls a second that are made at most.',
      }),
      used: number({ description: 'Answered calls a second, over the last seconds.' }),
      waiting: whole({ description: 'Calls that wait for their turn.' }),
      refused: whole({ description: 'Calls refused since the start.' }),
    },
    {
      origin: text({ description: 'Absent before the first call.' }),
      closedUntil: number({
        description: 'Until when no call is made, because the destination asked for that.',
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
      lag: whole({ description: 'Events behind its position; of those it may have dealt with live ones.' }),
      waiting: whole({ description: 'Items that wait to be tried again, or behind one that does.' }),
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

/** How the lane of a destination is doing. */
export type Lane = TypeOf<typeof LANE>;

/** An item that waits to be tried, or tried again. */
export type WaitingItem = TypeOf<typeof WAITING>;

/** Routes of lanes and of what waits in them. */
export const LANE_ROUTES = {
  'GET /api/lanes': route({
    does: 'Per destination its position and lag, why it holds its place and until when, and how calls to each endpoint are spread.',
    answer: list(LANE),
  }),
  'GET /api/waiting': route({
    does: 'What waits: of each user the first item, the next one to be tried first; with `user` all items of that user, in order.',
    query: members({ destination: NAME, user: NAME, limit: LIMIT }),
    answer: list(WAITING),
    errors: ['request_not_found'],
  }),
  'POST /api/waiting/now': route({
    role: 'send',
    does: 'Tries what waits before its time, once; a destination that does not work is probed at once.',
    body: members({ destination: NAME, user: NAME }),
    answer: object({ users: whole({ description: 'Users whose first item is tried.' }) }),
    errors: ['request_not_found'],
  }),
} as const;
