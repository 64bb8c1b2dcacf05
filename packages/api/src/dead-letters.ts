import { EXPLAINED } from './explanations.ts';
import { EVENT, EXCHANGE } from './events.ts';
import { CODE } from './issues.ts';
import { members, route } from './route.ts';
import {
  among,
  anything,
  AT,
  either,
  LIMIT,
  list,
  MOMENT,
  named,
  NAME,
  object,
  record,
  text,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const ROW = {
  id: whole(),
  destination: text(),
  seq: whole(),
  mappingId: text(),
  position: whole(),
  messageId: text(),
  sourceId: text(),
  user: text(),
  at: AT,
  code: CODE,
  message: text(),
  attempts: whole(),
  exchangeIds: list(whole()),
};
const MORE = {
  mappingVersion: whole(),
  field: text(),
  payload: anything('What the mapping made; absent when it got no further than the mapping.'),
  payloadCut: yes(),
  replayedAt: AT,
};
const DEAD_LETTER = named('DeadLetter', object(ROW, MORE));
const WHOLE_LETTER = named(
  'WholeDeadLetter',
  object(
    { ...ROW, exchanges: list(EXCHANGE) },
    {
      ...MORE,
      event: EVENT,
      correctedAt: { ...AT, description: 'Since when the event is a copy that was corrected for this item.' },
      explanation: EXPLAINED,
    },
  ),
);

const GROUPS = named(
  'DeadLetterGroups',
  object({
    groups: list(
      object(
        {
          destination: text(),
          mappingId: text(),
          code: CODE,
          count: whole(),
          users: whole(),
          first: AT,
          last: AT,
          sample: DEAD_LETTER,
          checked: whole({ description: 'Of how many it was found out what would become of them now.' }),
          passNow: whole({ description: 'How many of those would be sent now.' }),
        },
        { field: text({ description: 'Absent when no single field is at fault.' }) },
      ),
    ),
    complete: { ...yes(), description: 'Whether all dead letters were counted.' },
  }),
);

/** How many items would end, or be sent, in one way. */
export const FORECAST = named(
  'Forecast',
  object(
    {
      destination: text(),
      mappingId: text(),
      outcome: among(['sent', 'skipped', 'rejected', 'retry']),
      count: whole(),
    },
    { code: CODE },
  ),
);

/** A dead letter. */
export type DeadLetter = TypeOf<typeof DEAD_LETTER>;

/** Dead letters by what was wrong with them. */
export type DeadLetterGroups = TypeOf<typeof GROUPS>;

/** A dead letter with its requests and answers, and with what its mapping would make of the event now. */
export type WholeDeadLetter = TypeOf<typeof WHOLE_LETTER>;

const FILTER = {
  destination: NAME,
  mappingId: text({ maxLength: 512, description: 'Empty for events that came to no mapping.' }),
  action: NAME,
  code: NAME,
  field: text({ maxLength: 512, description: 'The field at fault; empty for those that name none.' }),
  sourceId: NAME,
  messageId: NAME,
  user: NAME,
  from: MOMENT,
  to: MOMENT,
  includeReplayed: yes(),
  afterId: whole(),
};
const CHOICE = {
  ...FILTER,
  ids: list(whole(), { minItems: 1, maxItems: 10_000 }),
  limit: whole(),
  dryRun: yes(),
};
const ID = { id: whole() };
const NOTE = text({ minLength: 1, maxLength: 500, description: 'Why; it is kept in the audit log.' });
const GONE = ['request_not_found'] as const;
const COUNTED = { dryRun: among([true]), deadLetters: whole() };
const PUT_BACK = object({
  requeued: whole(),
  replayedAt: { ...AT, description: 'By which what was put back is found again.' },
});
const REPLAYED = either(PUT_BACK, object({ ...COUNTED, outcomes: list(FORECAST) }));
const DELETED = either(object({ deleted: whole() }), object(COUNTED));

const PROGRESS = named(
  'DeadLetterReplay',
  object({
    replayedAt: AT,
    deadLetters: whole(),
    outcomes: list(
      object(
        {
          destination: text(),
          mappingId: text(),
          status: among(['delivered', 'skipped', 'rejected', 'waiting', 'forgotten']),
          count: whole(),
        },
        { code: CODE },
      ),
    ),
    complete: { ...yes(), description: 'Whether all dead letters of the replay were counted.' },
  }),
);

/** What has become of the dead letters of one replay. */
export type DeadLetterReplay = TypeOf<typeof PROGRESS>;

/** Routes of dead letters: listed, read one by one, put back, deleted. */
export const DEAD_LETTER_ROUTES = {
  'GET /api/dead-letters': route({
    does: 'Dead letters, the oldest first.',
    query: members({
      ...FILTER,
      replayedAt: whole({ description: 'Those that one replay has put back.' }),
      ids: text({ pattern: '^\\d{1,15}(,\\d{1,15})*$' }),
      limit: LIMIT,
    }),
    answer: list(DEAD_LETTER),
  }),
  'GET /api/dead-letters/groups': route({
    does: 'Dead letters by what was wrong with them, the largest group first, and how many of each would pass with the mappings as they are now.',
    query: members(FILTER),
    answer: GROUPS,
  }),
  'GET /api/dead-letters/replays/:at': route({
    does: 'What has become of the dead letters that one replay has put back; `at` is the `replayedAt` of its answer.',
    params: { at: whole() },
    answer: PROGRESS,
    errors: GONE,
  }),
  'GET /api/dead-letters/:id': route({
    does: 'One dead letter, with its requests and answers, and what its mapping would make of the event now.',
    params: ID,
    answer: WHOLE_LETTER,
    errors: GONE,
  }),
  'POST /api/dead-letters/replay': route({
    role: 'send',
    does: 'Puts dead letters back in the queue; the current mapping applies. `dryRun` only counts the outcomes.',
    body: members(CHOICE),
    answer: REPLAYED,
  }),
  'POST /api/dead-letters/:id/replay': route({
    role: 'send',
    does: 'Puts one dead letter back in the queue; with `event`, this item alone uses that corrected copy from now on.',
    params: ID,
    body: members({
      event: {
        ...record(anything()),
        description: 'The event as it should have been; it keeps its messageId and its times of arrival.',
      },
    }),
    answer: PUT_BACK,
    errors: [...GONE, 'event_invalid'],
  }),
  'DELETE /api/dead-letters': route({
    role: 'send',
    does: 'Deletes dead letters for good, by a filter or `all`; their outcomes stay. `dryRun` counts them.',
    body: members({ ...CHOICE, all: yes(), note: NOTE }),
    answer: DELETED,
  }),
  'DELETE /api/dead-letters/:id': route({
    role: 'send',
    does: 'Deletes one dead letter for good; its outcome stays.',
    params: ID,
    body: members({ note: NOTE }),
    answer: DELETED,
    errors: GONE,
  }),
} as const;
