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
  payload: anything('The payload; absent if the mapping failed.'),
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
      correctedAt: { ...AT, description: 'When the event was replaced by a copy corrected for this item.' },
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
          checked: whole({ description: 'For how many the outcome with the current mapping was computed.' }),
          passNow: whole({ description: 'How many of those would be sent now.' }),
        },
        { field: text({ description: 'Absent if no single field is invalid.' }) },
      ),
    ),
    complete: { ...yes(), description: 'Whether all dead letters were counted.' },
  }),
);

/** The number of items with the same expected outcome. */
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

/** Dead letters grouped by their problem. */
export type DeadLetterGroups = TypeOf<typeof GROUPS>;

/** A dead letter with its requests and answers, and the current result of its mapping. */
export type WholeDeadLetter = TypeOf<typeof WHOLE_LETTER>;

const FILTER = {
  destination: NAME,
  mappingId: text({ maxLength: 512, description: 'Empty for events that reached no mapping.' }),
  action: NAME,
  code: NAME,
  field: text({ maxLength: 512, description: 'The invalid field; empty for those that name none.' }),
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
const NOTE = text({ minLength: 1, maxLength: 500, description: 'The reason, stored in the audit log.' });
const GONE = ['request_not_found'] as const;
const COUNTED = { dryRun: among([true]), deadLetters: whole() };
const PUT_BACK = object({
  requeued: whole(),
  replayedAt: { ...AT, description: 'Identifies this replay.' },
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

/** The outcomes of the dead letters of one replay. */
export type DeadLetterReplay = TypeOf<typeof PROGRESS>;

/** Routes that list, read, replay and delete dead letters. */
export const DEAD_LETTER_ROUTES = {
  'GET /api/dead-letters': route({
    does: 'Dead letters, the oldest first.',
    query: members({
      ...FILTER,
      replayedAt: whole({ description: 'Only those of one replay.' }),
      ids: text({ pattern: '^\\d{1,15}(,\\d{1,15})*$' }),
      limit: LIMIT,
    }),
    answer: list(DEAD_LETTER),
  }),
  'GET /api/dead-letters/groups': route({
    does: 'Dead letters grouped by reason, the largest group first, and how many of each would pass with the current mappings.',
    query: members(FILTER),
    answer: GROUPS,
  }),
  'GET /api/dead-letters/replays/:at': route({
    does: 'The results of the dead letters of one replay; `at` is the `replayedAt` of its response.',
    params: { at: whole() },
    answer: PROGRESS,
    errors: GONE,
  }),
  'GET /api/dead-letters/:id': route({
    does: 'One dead letter, with its requests and responses, and the result of its current mapping for the event.',
    params: ID,
    answer: WHOLE_LETTER,
    errors: GONE,
  }),
  'POST /api/dead-letters/replay': route({
    role: 'send',
    does: 'Replays dead letters with the current mappings. `dryRun` only counts the outcomes.',
    body: members(CHOICE),
    answer: REPLAYED,
  }),
  'POST /api/dead-letters/:id/replay': route({
    role: 'send',
    does: 'Replays one dead letter; with `event`, only this item uses that corrected copy from now on.',
    params: ID,
    body: members({
      event: {
        ...record(anything()),
        description: 'The corrected event; it keeps its messageId and its times of arrival.',
      },
    }),
    answer: PUT_BACK,
    errors: [...GONE, 'event_invalid'],
  }),
  'DELETE /api/dead-letters': route({
    role: 'send',
    does: 'Deletes dead letters permanently, by a filter or `all`; their outcomes are kept. `dryRun` counts them.',
    body: members({ ...CHOICE, all: yes(), note: NOTE }),
    answer: DELETED,
  }),
  'DELETE /api/dead-letters/:id': route({
    role: 'send',
    does: 'Deletes one dead letter permanently; its outcome is kept.',
    params: ID,
    body: members({ note: NOTE }),
    answer: DELETED,
    errors: GONE,
  }),
} as const;
