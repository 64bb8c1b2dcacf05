import { CODE, CONNECTION, SOURCE_FAILURE } from './issues.ts';
import { members, route } from './route.ts';
import {
  among,
  AT,
  list,
  MOMENT,
  NAME,
  named,
  number,
  object,
  text,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const STREAM = named(
  'Stream',
  object(
    {
      source: text(),
      stream: text(),
      read: whole({ description: 'Events that were read; rows, of a shop.' }),
      ended: yes(),
    },
    {
      backfill: text({ description: 'The ID of a back-fill; absent for a poll.' }),
      failure: SOURCE_FAILURE,
      mode: {
        ...among(['poll', 'feed', 'sweep', 'backfill', 'webhook', 'export']),
        description:
          'How a stream of a shop is read; `feed` for a list of changes of the shop, `webhook` if only the webhook reports it, `export` if Iterable also exports it.',
      },
      total: whole({
        description:
          'Number of rows according to the shop, requested when a back-fill starts, and again at its end.',
      }),
      perSecond: number({ description: 'Rows of a back-fill a second, since the server was started.' }),
      secondsLeft: whole({ description: 'Remaining time of a back-fill at that rate.' }),
      waiting: whole({ description: 'Rows that a webhook has named and that have not been read yet.' }),
      setAside: whole({ description: 'Rows that were set aside.' }),
      waitsUntil: {
        ...AT,
        description:
          'Epoch milliseconds: until when the shop is not called, because of its limits or a failure.',
      },
    },
  ),
);

const SOURCE_KEY = named(
  'SourceKey',
  object({
    writeKey: text({ description: 'The key that clients send.' }),
    earlier: list(object({ until: AT }), {
      description: 'Until when earlier keys are accepted, newest first.',
    }),
  }),
);

const WEBHOOK = named(
  'SourceWebhook',
  object(
    {},
    {
      address: text({
        description: 'The address that the shop calls; absent while WAYBILL_PUBLIC_URL is not set.',
      }),
      at: { ...AT, description: 'Epoch milliseconds: when the registration was last checked.' },
      message: text({ description: 'The result, or why the server does not manage the webhook.' }),
      failure: SOURCE_FAILURE,
    },
  ),
);

const SET_ASIDE = named(
  'SetAside',
  object(
    {
      key: text({ description: 'Identifies it within the source.' }),
      stream: text(),
      at: AT,
      code: CODE,
      message: text(),
    },
    {
      row: text({ description: 'The ID of the row; absent if the shop could not return it.' }),
      text: text({
        description:
          'The row as the shop returned it, without data that must not be stored; cut if it is long.',
      }),
    },
  ),
);

/** The status of a stream of a source: its poll and back-fill. */
export type Stream = TypeOf<typeof STREAM>;

const GONE = ['request_not_found'] as const;

/** Routes of reading sources. */
export const SOURCE_ROUTES = {
  'POST /api/sources/:id/key': route({
    role: 'edit',
    does: 'Shows the write key of a source or, with `rotate`, replaces it; the old key is accepted for another `keptHours`, 24 by default; with 0, no earlier key is accepted. Both are recorded in the audit log.',
    body: members({
      rotate: yes(),
      keptHours: whole({
        maximum: 720,
        description: 'Hours for which the old key is accepted after a rotation.',
      }),
    }),
    answer: SOURCE_KEY,
    errors: ['request_not_found', 'source_key_fixed', 'workspace_not_stored', 'workspace_version_conflict'],
  }),
  'GET /api/sources/:id/streams': route({
    does: 'The state of the polls and back-fills of a source.',
    answer: list(STREAM),
    errors: GONE,
  }),
  'POST /api/sources/:id/backfill': route({
    role: 'send',
    does: 'Back-fills a source: all of its streams if none are named, and everything without `from`.',
    body: members({ streams: list(NAME, { maxItems: 100 }), from: MOMENT }),
    answer: list(STREAM),
    errors: GONE,
  }),
  'POST /api/sources/:id/read': route({
    role: 'send',
    does: 'Reads a shop now, before its next poll is due; with `sweeps`, also the rows of the last days, because some changes do not update the time of a row.',
    body: members({ sweeps: yes() }),
    answer: list(STREAM),
    errors: GONE,
  }),
  'GET /api/sources/:id/webhook': route({
    does: 'Whether a shop calls its webhook, which is checked when its source starts, and daily.',
    answer: WEBHOOK,
    errors: GONE,
  }),
  'GET /api/sources/:id/set-aside': route({
    does: 'The rows of a shop that were set aside, newest first: they cannot be converted, or the shop cannot return them. The 200 newest are kept.',
    answer: list(SET_ASIDE),
    errors: GONE,
  }),
  'POST /api/sources/:id/set-aside/read': route({
    role: 'send',
    does: 'Reads rows that were set aside again: those of the keys, or all if there are none. A row that can be converted is removed from the list.',
    body: members({ keys: list(text({ minLength: 1, maxLength: 2_000 }), { maxItems: 200 }) }),
    answer: object({ reading: whole({ description: 'How many rows are read again.' }) }),
    errors: GONE,
  }),
  'POST /api/sources/:id/test': route({
    role: 'edit',
    does: 'Tests the settings of a source with a real call.',
    answer: CONNECTION,
    errors: GONE,
  }),
} as const;
