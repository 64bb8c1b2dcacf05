import { members, route } from './route.ts';
import {
  among,
  anything,
  AT,
  LIMIT,
  list,
  MOMENT,
  NAME,
  named,
  object,
  text,
  typed,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const DUE = { ...AT, description: 'Epoch milliseconds: when it is due.' };
const WAITING = named(
  'WaitingTimer',
  object({ user: text({ description: 'The key of the user: `u:`, `e:` or `a:`.' }), name: text(), due: DUE }),
);
const DIFFERENCE = object(
  { user: text() },
  {
    before: anything('Absent if nothing is stored.'),
    after: anything('Absent if nothing would be stored.'),
  },
);
const RECOMPUTATION = named(
  'Recomputation',
  object(
    {
      id: text(),
      phase: {
        ...among(['reading', 'comparing', 'ready', 'applying']),
        description: 'It waits in `ready` until it is applied or cancelled.',
      },
      keeps: {
        ...yes(),
        description: 'It started from the stored state of each user, and not from an empty state.',
      },
      begin: whole({ description: 'The position of the log at which it began.' }),
      reached: whole({ description: 'The position of the log up to which it has read.' }),
      last: whole({ description: 'The position at which it ends.' }),
      events: whole({ description: 'Events that were processed.' }),
      users: whole({ description: 'Users who were compared.' }),
      differing: whole({ description: 'Users for whom the result differs.' }),
      examples: list(DIFFERENCE, { description: 'The first of them.' }),
    },
    { from: AT },
  ),
);
const STATUS = named(
  'ProcessorStatus',
  object(
    {
      working: { ...yes(), description: 'False while it is disabled.' },
      reached: whole({ description: 'The position of the log up to which it has processed events.' }),
      waiting: whole({ description: 'Positions of the log after that one.' }),
    },
    { nextDue: DUE, recomputation: RECOMPUTATION },
  ),
);
const USER = named(
  'ProcessorUser',
  object(
    {
      key: text({ description: 'The key under which the user is stored now.' }),
      who: object({}, { userId: text(), anonymousId: text(), email: text() }),
      timers: list(object({ name: text(), due: DUE })),
      notes: list(object({ at: AT, note: text() }), {
        description: 'Why something was done or left out, newest first.',
      }),
      turns: whole({ description: 'How often timers were set or fired.' }),
    },
    { state: anything('The stored state; absent if there is none.') },
  ),
);

/** The status of a processor. */
export type ProcessorStatus = TypeOf<typeof STATUS>;

/** What a processor stores for a user. */
export type ProcessorUser = TypeOf<typeof USER>;

/** A recomputation of the states of a processor. */
export type Recomputation = TypeOf<typeof RECOMPUTATION>;

const GONE = ['request_not_found'] as const;

/** Routes of processors. */
export const PROCESSOR_ROUTES = {
  'GET /api/processors/:id/status': route({
    does: 'The position of a processor in the log, and the next time at which one of its timers is due.',
    answer: STATUS,
    errors: GONE,
  }),
  'GET /api/processors/:id/timers': route({
    does: 'The timers of a processor that are due next.',
    query: members({ limit: LIMIT }),
    answer: list(WAITING),
    errors: GONE,
  }),
  'GET /api/processors/:id/user': route({
    does: 'The state that a processor stores for a user, the timers, and notes on why something was done or left out. The first ID with a stored state counts.',
    query: members({ userId: NAME, email: NAME, anonymousId: NAME }),
    answer: USER,
    errors: GONE,
  }),
  'GET /api/processors/:id/recompute': route({
    does: 'The progress of a recomputation.',
    answer: RECOMPUTATION,
    errors: GONE,
  }),
  'POST /api/processors/:id/recompute': route({
    role: 'edit',
    does: 'Processes the events of the log again, separately from the stored state, with the current processor and settings, and shows for which users the result differs. Nothing is changed or sent until it is applied. With `keep` it starts from the stored state of each user.',
    body: members({ from: MOMENT, keep: yes() }),
    answer: RECOMPUTATION,
    errors: GONE,
  }),
  'POST /api/processors/:id/recompute/apply': route({
    role: 'send',
    does: 'Replaces the stored state with the recomputed one, and sends events with the current state to users for whom it changed. Users without events in the period are unchanged.',
    answer: RECOMPUTATION,
    errors: GONE,
  }),
  'DELETE /api/processors/:id/recompute': route({
    role: 'edit',
    does: 'Ends a recomputation without a change.',
    status: 204,
    answer: typed<undefined>({}),
    errors: GONE,
  }),
} as const;
