import { CODE, CONNECTION } from './issues.ts';
import { members, route } from './route.ts';
import { list, MOMENT, NAME, named, object, text, type TypeOf, whole, yes } from './schema.ts';

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

/** How a poll or a back-fill of a source stands. */
export type Stream = TypeOf<typeof STREAM>;

const GONE = ['request_not_found'] as const;

/** Routes of how sources are read. */
export const SOURCE_ROUTES = {
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
