import type { Change, Explanation, Identity, MappingConfig, MappingExplanation } from '@waybill/core';
import { FORECAST } from './dead-letters.ts';
import { EXCHANGE } from './events.ts';
import { CHANGE, IDENTITY, MAPPING, TRIGGER } from './explanations.ts';
import { ISSUE, OUTCOME } from './issues.ts';
import { CHANGED } from './refused.ts';
import { members, route } from './route.ts';
import {
  among,
  anything,
  either,
  list,
  NAME,
  named,
  object,
  record,
  text,
  typed,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const CONFIG = typed<MappingConfig>({
  type: 'object',
  description: 'A mapping as in the workspace, saved or not.',
});
const CALL = typed<Readonly<Record<string, unknown>>>({
  type: 'object',
  description: 'A call of the Segment spec.',
});
const MOST = { minItems: 1, maxItems: 100 };
const SAMPLE = either(
  object({ messageIds: list(NAME, MOST) }),
  object({ last: whole({ minimum: 1, maximum: 1_000 }) }, { where: text({ minLength: 1 }) }),
  object({ events: list(CALL, MOST) }),
);

const REQUEST = object({ method: text(), url: text(), headers: record(text()) }, { body: text() });
const END = {
  outcome: OUTCOME,
  payload: anything('The payload that would be sent; if there is an outcome, the payload up to then.'),
};
const TRIED_EVENT = named(
  'TriedEvent',
  object(
    { messageId: text(), type: text(), matched: yes() },
    {
      event: text({ description: 'The name of a track event, of a page or of a screen.' }),
      user: text({ description: 'The user ID, else the anonymous ID.' }),
      ...END,
      explanation: object(
        { trigger: typed<Explanation>(TRIGGER) },
        { mapping: typed<MappingExplanation>(MAPPING) },
      ),
      changes: typed<readonly Change[]>(list(CHANGE)),
      issues: list(ISSUE),
      identity: typed<Identity>(IDENTITY),
      requests: list(REQUEST, {
        description: 'Absent if none were requested. None was sent; each was answered 200 with {}.',
      }),
      call: whole({ description: 'The index of its call among the calls that all events would need.' }),
      changed: { ...yes(), description: 'Whether the result of `against` differs.' },
      before: object({ matched: yes() }, END),
    },
  ),
);
const TRIED = named(
  'Tried',
  object({
    events: list(TRIED_EVENT),
    totals: object(
      {
        events: whole(),
        matched: whole(),
        outcomes: list(FORECAST),
        calls: whole({ description: 'The number of calls if all of them had arrived at once.' }),
      },
      {
        changed: whole({ description: 'Events for which `against` has another result.' }),
        before: list(FORECAST, { description: 'The same as `outcomes`, for `against`.' }),
      },
    ),
    complete: { ...yes(), description: 'Whether all requested events were tried before the time limit.' },
  }),
);
const SENT = named(
  'SentTest',
  object({ outcome: OUTCOME, exchanges: list(EXCHANGE) }, { payload: anything() }),
);

/** The results of a mapping for some events. */
export type Tried = TypeOf<typeof TRIED>;

/** The result of a mapping for one event. */
export type TriedEvent = TypeOf<typeof TRIED_EVENT>;

/** The outcome of an event that was sent to try a mapping. */
export type SentTest = TypeOf<typeof SENT>;

/** Routes that try a mapping, saved or not. */
export const TRY_ROUTES = {
  'POST /api/destinations/:id/try': route({
    role: 'read',
    does: 'The results of a mapping, saved or not, for events of the log or given events, and the differences from another mapping (`against`). Sends nothing. The first 100 results are returned in full, unless `brief`; with `requests`, also the requests of the first 20.',
    body: members(
      { requests: yes(), brief: yes(), against: either(among(['live']), CONFIG) },
      {
        mapping: CONFIG,
        sample: SAMPLE,
      },
    ),
    answer: TRIED,
    errors: [...CHANGED, 'event_invalid'],
  }),
  'POST /api/destinations/:id/send-test': route({
    role: 'send',
    does: 'Sends one real event with a mapping, saved or not, as a test, and returns the request and response. The event is not added to the log, and nothing about it is stored.',
    body: members({}, { mapping: CONFIG, event: CALL }),
    answer: SENT,
    errors: [...CHANGED, 'event_invalid'],
  }),
} as const;
