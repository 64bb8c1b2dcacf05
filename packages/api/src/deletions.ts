import { OUTCOME } from './issues.ts';
import { members, route } from './route.ts';
import { among, AT, LIMIT, list, named, NAME, object, text, type TypeOf, whole, yes } from './schema.ts';

const DELETION = named('Deletion', object({ destination: text(), outcome: OUTCOME }));

const RECORD = named(
  'DeletionRecord',
  object(
    {
      id: whole(),
      kind: among(['deleted', 'lifted']),
      at: AT,
      by: text({ description: 'The name of the token.' }),
      attempt: whole(),
      suppressed: yes(),
    },
    {
      userId: text(),
      email: text(),
      anonymousId: text(),
      destinations: {
        ...list(DELETION),
        description: 'Absent while destinations are called, and if that was interrupted.',
      },
    },
  ),
);
const PERSON = { userId: NAME, email: NAME, anonymousId: NAME };
const FULL = ['deletion_limit'] as const;

/** A deletion of a person, or its end: their events are accepted again. */
export type DeletionRecord = TypeOf<typeof RECORD>;

/** Routes of deletion requests. */
export const DELETION_ROUTES = {
  'POST /api/deletions': route({
    role: 'send',
    does: 'Removes the stored data of a user from shops, and asks every destination that supports it to delete them, once; after an outcome `retry`, make the request again. Events of the user are refused from then on, unless `suppress` is false.',
    body: members({ ...PERSON, attempt: whole({ minimum: 1, maximum: 1_000 }), suppress: yes() }),
    answer: list(DELETION),
    errors: FULL,
  }),
  'GET /api/deletions': route({
    does: 'The deletions, newest first: who was deleted, where and when; all, or those of one user.',
    query: members({ ...PERSON, before: whole({ minimum: 1 }), limit: LIMIT }),
    answer: list(RECORD),
  }),
  'POST /api/deletions/lift': route({
    role: 'send',
    does: 'Accepts events of a user again, after they were refused because of a deletion.',
    body: members(PERSON),
    answer: RECORD,
    errors: [...FULL, 'request_not_found'],
  }),
} as const;
