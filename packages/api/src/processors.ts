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
    before: anything('Absent where nothing is kept.'),
    after: anything('Absent where nothing would be kept.'),
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
      keeps: { ...yes(), description: 'It began with what was kept of each user, and not with nothing.' },
      begin: whole({ description: 'The position of the log at which it began.' }),
      reached: whole({ description: 'The position of the log up to which it has read.' }),
      last: whole({ description: 'The position up to which it is to read.' }),
      events: whole({ description: 'Events that were worked on.' }),
      users: whole({ description: 'Users who were compared.' }),
      differing: whole({ description: 'Users for whom it comes to something else.' }),
      examples: list(DIFFERENCE, { description: 'The first of them.' }),
    },
    { from: AT },
  ),
);
const STATUS = named(
  'ProcessorStatus',
  object(
    {
      working: { ...yes(), description: 'False while it is off.' },
      reached: whole({ description: 'The position of the log up to which it has worked.' }),
      waiting: whole({ description: 'Positions of the log after that one.' }),
    },
    { nextDue: DUE, recomputation: RECOMPUTATION },
  ),
);
const USER = named(
  'ProcessorUser',
  object(
    {
      key: text({ description: 'The key under which the user is kept by now.' }),
      who: object({}, { userId: text(), anonymousId: text(), email: text() }),
      timers: list(object({ name: text(), due: DUE })),
      notes: list(object({ at: AT, note: text() }), {
        description: 'Why something was done or left, the newest first.',
      }),
      turns: whole({ description: 'How often timers were set or fired.' }),
    },
    { state: anything('What is kept; absent when that is nothing.') },
  ),
);

/** How a processor stands. */
export type ProcessorStatus = TypeOf<typeof STATUS>;

/** What a processor keeps of a user. */
export type ProcessorUser = TypeOf<typeof USER>;

/** A recomputation of what a processor keeps. */
export type Recomputation = TypeOf<typeof RECOMPUTATION>;

const GONE = ['request_not_found'] as const;

/** Routes of how processors work. */
export const PROCESSOR_ROUTES = {
  'GET /api/processors/:id/status': route({
    does: 'How far a processor has come, and the next time at which one of its timers is due.',
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
    does: 'What a processor keeps of a user, when it looks at them again, and why something was done or left. The first id of which something is kept counts.',
    query: members({ userId: NAME, email: NAME, anonymousId: NAME }),
    answer: USER,
    errors: GONE,
  }),
  'GET /api/processors/:id/recompute': route({
    does: 'How a recomputation stands.',
    answer: RECOMPUTATION,
    errors: GONE,
  }),
  'POST /api/processors/:id/recompute': route({
    role: 'edit',
    does: 'Works on the events of the log anew, beside what is kept, as the processor and its settings are now, and shows for whom that comes to something else. Nothing is changed or sent until it is applied. With `keep` it begins with what is kept of each user.',
    body: members({ from: MOMENT, keep: yes() }),
    answer: RECOMPUTATION,
    errors: GONE,
  }),
  'POST /api/processors/:id/recompute/apply': route({
    role: 'send',
    does: 'Puts what was recomputed in the place of what is kept, and says how things are to whom that changes. Users of whom nothing was read stay as they are.',
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
