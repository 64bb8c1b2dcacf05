import { EVENT_TYPES } from '@waybill/core';
import { FORECAST } from './dead-letters.ts';
import { members, route } from './route.ts';
import {
  among,
  either,
  list,
  MOMENT,
  named,
  NAME,
  number,
  object,
  text,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const TIME = either(text(), number());
const NARROW = { mappingId: NAME, sourceId: NAME, user: NAME, type: among(EVENT_TYPES), event: NAME };
const MEMBERS = {
  id: text(),
  destination: text(),
  from: TIME,
  to: TIME,
  filter: object({}, { mappingId: text(), sourceId: text(), user: text(), type: text(), event: text() }),
  dryRun: yes(),
  status: among(['running', 'done', 'cancelled', 'failed']),
  startedAt: TIME,
  progress: number({ description: 'From 0 to 1.' }),
  events: whole(),
  items: whole(),
  outcomes: list(FORECAST),
};
const MORE = { endedAt: TIME, error: text() };
const REPLAY = named('Replay', object(MEMBERS, MORE));
const WITH_LOG = named(
  'WholeReplay',
  object({ ...MEMBERS, log: object({}, { firstSeq: whole(), oldest: text() }) }, MORE),
);
const GONE = ['request_not_found'] as const;

/** A replay of a past period from the log. */
export type Replay = TypeOf<typeof REPLAY>;

/** Routes of replays of a past period. */
export const REPLAY_ROUTES = {
  'POST /api/replays': route({
    role: 'send',
    does: 'Sends the events of a period again, with the current mappings.',
    body: members({ ...NARROW, to: MOMENT, dryRun: yes() }, { from: MOMENT, destination: NAME }),
    status: 201,
    answer: REPLAY,
    errors: GONE,
  }),
  'GET /api/replays': route({ does: 'The replays, newest first.', answer: list(REPLAY) }),
  'GET /api/replays/:id': route({
    does: 'The progress of a replay, and how far back the log reaches.',
    answer: WITH_LOG,
    errors: GONE,
  }),
  'DELETE /api/replays/:id': route({ role: 'send', does: 'Ends a replay.', answer: REPLAY, errors: GONE }),
} as const;
