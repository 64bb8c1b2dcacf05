import { type Event, EVENT_TYPES } from '@waybill/core';
import { CODE, ISSUE } from './issues.ts';
import { members, route } from './route.ts';
import {
  among,
  anything,
  AT,
  LIMIT,
  list,
  MOMENT,
  named,
  number,
  NAME,
  object,
  record,
  text,
  typed,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

/** An event as stored in the log. */
export const EVENT = named(
  'Event',
  typed<Event>({
    type: 'object',
    properties: {
      type: { enum: EVENT_TYPES },
      messageId: text(),
      timestamp: text(),
      receivedAt: text(),
      userId: text(),
      anonymousId: text(),
      event: text(),
      name: text(),
      properties: { type: 'object' },
      traits: { type: 'object' },
      context: { type: 'object' },
      integrations: { type: 'object' },
    },
  }),
);

/** One HTTP exchange with a destination. */
export const EXCHANGE = named(
  'Exchange',
  object(
    {
      id: whole(),
      destination: text(),
      at: AT,
      durationMs: number(),
      request: object({ method: text(), url: text(), headers: record(text()) }, { body: text() }),
    },
    {
      response: object({ status: whole(), headers: record(text()), body: text() }),
      failure: text(),
    },
  ),
);

const LOGGED = {
  members: { seq: whole({ description: 'Position in the log.' }), sourceId: text(), event: EVENT },
  more: {
    partition: whole({ description: 'Its partition; 0 when absent.' }),
    damage: text({ description: 'Why the event cannot be read.' }),
    through: whole({ description: 'The last position of a damaged stretch.' }),
  },
};

/** An event with its position in the log. */
export const LOGGED_EVENT = named('LoggedEvent', object(LOGGED.members, LOGGED.more));

const STATUSES = ['delivered', 'skipped', 'rejected', 'waiting'] as const;
const BRIEF_OUTCOME = named(
  'BriefOutcome',
  object(
    {
      destination: text(),
      mappingId: text({ description: 'Empty when no mapping of the destination matched.' }),
      status: among(STATUSES),
    },
    { code: CODE },
  ),
);
const FOUND_EVENT = named(
  'FoundEvent',
  object(LOGGED.members, { ...LOGGED.more, outcomes: list(BRIEF_OUTCOME) }),
);
const FOUND_EVENTS = named(
  'FoundEvents',
  object(
    {
      events: list(FOUND_EVENT),
      scanned: whole({ description: 'Number of events searched.' }),
      complete: { ...yes(), description: 'Whether there are no more.' },
    },
    { next: whole({ description: 'The `before`, or `after`, of the next page.' }) },
  ),
);

const STEP = named(
  'Step',
  object(
    {
      destination: text(),
      mappingId: text({ description: 'Empty when no mapping of the destination matched.' }),
      status: among(STATUSES),
      attempts: whole(),
      exchanges: list(EXCHANGE),
    },
    {
      mappingVersion: whole(),
      at: AT,
      dueAt: AT,
      firstFailedAt: AT,
      code: CODE,
      message: text(),
      remedy: text(),
      field: text(),
      deadLetterId: whole(),
      payload: anything('The payload, for a dead letter.'),
      payloadCut: yes(),
      correction: {
        ...object({ event: EVENT, at: AT }),
        description: 'The corrected copy that this item uses in place of the event.',
      },
    },
  ),
);

const STORY_MEMBERS = {
  seq: whole(),
  messageId: text(),
  sourceId: text(),
  receivedAt: text(),
  event: EVENT,
  steps: list(STEP),
};
const STORY = named(
  'Story',
  object(STORY_MEMBERS, {
    others: list(object(STORY_MEMBERS), { description: 'Events of the same messageId from other sources.' }),
  }),
);
const GAP = named('Gap', object({ destination: text(), seq: whole(), through: whole(), code: CODE, at: AT }));
/** An event that was refused. */
export const REFUSAL = named(
  'Refusal',
  object(
    { at: text(), path: text(), issues: list(ISSUE) },
    {
      sourceId: text(),
      messageId: text(),
      remedy: text({ description: 'The remedy for the first of them.' }),
    },
  ),
);

/** An event with its position in the log. */
export type LoggedEvent = TypeOf<typeof LOGGED_EVENT>;

/** An event found by a search, with a summary of its outcomes. */
export type FoundEvent = TypeOf<typeof FOUND_EVENT>;

/** The result of a search for events. */
export type FoundEvents = TypeOf<typeof FOUND_EVENTS>;

/** An event and all its outcomes. */
export type Story = TypeOf<typeof STORY>;

/** The outcome of an event for one mapping of a destination. */
export type Step = TypeOf<typeof STEP>;

/** One HTTP exchange with a destination. */
export type Exchange = TypeOf<typeof EXCHANGE>;

/** An event that was refused. */
export type Refusal = TypeOf<typeof REFUSAL>;

/** Routes of events: accepted events, their outcomes, and refusals. */
export const EVENT_ROUTES = {
  'GET /api/events': route({
    does: 'Events of the log, newest first, or in order `after` a position: all, or those that match filters and a trigger, `where`. A search ends after a limited number of events, and returns where to continue.',
    query: members({
      limit: LIMIT,
      before: whole(),
      after: whole(),
      from: MOMENT,
      to: MOMENT,
      sourceId: NAME,
      type: among(EVENT_TYPES),
      event: NAME,
      user: NAME,
      destination: NAME,
      mappingId: NAME,
      outcome: among(STATUSES),
      code: NAME,
      where: text({ minLength: 1 }),
      outcomes: yes(),
    }),
    answer: FOUND_EVENTS,
    errors: ['trigger_syntax', 'trigger_unknown_word', 'trigger_too_large'],
  }),
  'GET /api/events/:id': route({
    does: 'The history of an event, by its messageId: the event, and for each mapping the requests, responses and reasons.',
    answer: STORY,
    errors: ['request_not_found'],
  }),
  'GET /api/gaps': route({
    does: 'Ranges of the log that were dropped for a destination, because its backlog was too long.',
    query: members({ destination: NAME, after: whole(), limit: LIMIT }),
    answer: list(GAP),
  }),
  'GET /api/refusals': route({
    does: 'Recently refused events, newest first: all, or those of a source.',
    query: members({ limit: LIMIT, sourceId: NAME }),
    answer: list(REFUSAL),
  }),
} as const;
