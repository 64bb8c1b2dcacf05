import { SOURCE_FAILURE } from './issues.ts';
import { members, route } from './route.ts';
import { among, anything, AT, list, named, object, record, text, type TypeOf, whole, yes } from './schema.ts';

const COUNTED = {
  counts: object({ added: whole(), changed: whole(), removed: whole() }),
  rows: whole({ description: 'Rows of the current result.' }),
  before: whole({ description: 'Rows of the previous result.' }),
};
const RUN = { ...COUNTED, run: whole({ description: 'The number of the run.' }), at: AT };
const SAMPLES = list(
  object({
    kind: among(['added', 'changed', 'removed']),
    key: text(),
    row: record(anything('A column.')),
  }),
  { description: 'Sample rows of each kind.' },
);

const STANDING = named(
  'Audience',
  object(
    {},
    {
      last: object(RUN),
      sending: object({ ...RUN, sent: whole({ description: 'Changes that have become events.' }) }),
      held: {
        ...object({ ...RUN, samples: SAMPLES }),
        description: 'A run that would remove more rows than allowed, and waits for confirmation.',
      },
      failure: SOURCE_FAILURE,
    },
  ),
);

const DRY_RUN = named(
  'AudienceDryRun',
  object({
    ...COUNTED,
    samples: SAMPLES,
    held: { ...yes(), description: 'Whether the run would wait for confirmation.' },
  }),
);

/** The status of an audience source. */
export type Audience = TypeOf<typeof STANDING>;

/** The result of a dry run of an audience source. */
export type AudienceDryRun = TypeOf<typeof DRY_RUN>;

const KEPT = named(
  'KeptAudience',
  object(
    {
      id: text({ description: 'The ID of the audience in events: `computation_id`, or the key.' }),
      externalId: text({ description: 'Its ID at the destination.' }),
    },
    {
      key: text(),
      /** The time when it was created or set. */
      at: AT,
      isSet: {
        ...yes(),
        description: 'Whether somebody has set the ID: it is used without checking it at the destination.',
      },
    },
  ),
);
const AUDIENCE_ID = text({ minLength: 1, maxLength: 1_000 });

/** An audience whose ID at a destination is stored. */
export type KeptAudience = TypeOf<typeof KEPT>;

const GONE = ['request_not_found'] as const;

/** Routes of audience sources. */
export const AUDIENCE_ROUTES = {
  'GET /api/sources/:id/audience': route({
    does: 'The status of an audience source: its last run, the run whose changes are being sent, and a run that waits for confirmation.',
    answer: STANDING,
    errors: GONE,
  }),
  'POST /api/sources/:id/audience/dry-run': route({
    role: 'send',
    does: 'Compares the rows with the previous result, without any effect: returns how many were added, changed and removed, with samples of each.',
    answer: DRY_RUN,
    errors: [
      ...GONE,
      'source_failed',
      'audience_engine_missing',
      'audience_file_forbidden',
      'audience_file_invalid',
      'audience_file_changed',
      'audience_url_invalid',
      'audience_database_forbidden',
      'audience_database_unreachable',
      'audience_column_missing',
      'audience_query_invalid',
      'audience_query_failed',
      'audience_key_invalid',
      'audience_limit_reached',
    ],
  }),
  'POST /api/sources/:id/audience/run': route({
    role: 'send',
    does: 'Runs an audience source at once instead of when it is due; with `reset`, it starts over and every row counts as added.',
    body: members({ reset: yes() }),
    answer: STANDING,
    errors: GONE,
  }),
  'POST /api/sources/:id/audience/confirm': route({
    role: 'send',
    does: 'Confirms a waiting run: its changes are sent, although it removes more rows than allowed.',
    body: members({}, { run: whole({ minimum: 1, description: 'The number of the run to confirm.' }) }),
    answer: STANDING,
    errors: [...GONE, 'audience_run_gone'],
  }),
  'GET /api/destinations/:id/audiences': route({
    does: 'The audiences that were created at a destination, with their stored IDs.',
    answer: list(KEPT),
    errors: GONE,
  }),
  'POST /api/destinations/:id/audiences/set': route({
    role: 'edit',
    does: 'Sets the ID of an audience that exists at the destination: the audience is neither created nor looked up.',
    body: members({}, { id: AUDIENCE_ID, externalId: text({ minLength: 1, maxLength: 1_000 }) }),
    answer: list(KEPT),
    errors: GONE,
  }),
  'POST /api/destinations/:id/audiences/forget': route({
    role: 'edit',
    does: 'Forgets the ID of an audience: its next event creates it again. Nothing is removed at the destination.',
    body: members({}, { id: AUDIENCE_ID }),
    answer: list(KEPT),
    errors: GONE,
  }),
} as const;
