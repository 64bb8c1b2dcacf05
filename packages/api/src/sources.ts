import { CODE, CONNECTION } from './issues.ts';
import { members, route } from './route.ts';
import { AT, list, MOMENT, NAME, named, object, text, type TypeOf, whole, yes } from './schema.ts';

const STREAM = named(
  'Stream',
  object(
    { source: text(), stream: text(), read: whole({ description: 'Events that were read.' }), ended: yes() },
    {
      backfill: text({ description: 'The id of a back-fill; absent for a poll.' }),
      failure: object({ code: CODE, message: text() }),
    },
  ),
);

const SOURCE_KEY = named(
  'SourceKey',
  object({
    writeKey: text({ description: 'The key that clients send.' }),
    earlier: list(object({ until: AT }), {
      description: 'Until when the keys are taken that it had before, the newest first.',
    }),
  }),
);

/** How a poll or a back-fill of a source stands. */
export type Stream = TypeOf<typeof STREAM>;

const GONE = ['request_not_found'] as const;

/** Routes of how sources are read. */
export const SOURCE_ROUTES = {
  'POST /api/sources/:id/key': route({
    role: 'edit',
    does: 'Shows the write key of a source or, with `rotate`, makes another one in its place; the one before is taken for `keptHours` more, 24 when absent, and with 0 no earlier one is. Either is in the audit log.',
    body: members({
      rotate: yes(),
      keptHours: whole({
        maximum: 720,
        description: 'Hours for which the key before is taken after a rotation.',
      }),
    }),
    answer: SOURCE_KEY,
    errors: ['request_not_found', 'source_key_fixed', 'workspace_not_stored', 'workspace_version_conflict'],
  }),
  'GET /api/sources/:id/streams': route({
    does: 'How the polls and back-fills of a source stand.',
    answer: list(STREAM),
    errors: GONE,
  }),
  'POST /api/sources/:id/backfill': route({
    role: 'send',
    does: 'Reads the past of a source: all of its streams when none are named, and everything when there is no `from`.',
    body: members({ streams: list(NAME, { maxItems: 100 }), from: MOMENT }),
    answer: list(STREAM),
    errors: GONE,
  }),
  'POST /api/sources/:id/test': route({
    role: 'edit',
    does: 'Tries the settings of a source for real.',
    answer: CONNECTION,
    errors: GONE,
  }),
} as const;
