import { type DynamicAnswer, HOOKS } from '@waybill/core';
import { ISSUE } from './issues.ts';
import { members, route } from './route.ts';
import {
  among,
  AT,
  either,
  LIMIT,
  list,
  named,
  NAME,
  number,
  object,
  text,
  typed,
  type TypeOf,
  whole,
  yes,
} from './schema.ts';

const CHOICE = object({ label: text(), value: either(text(), number()) }, { description: text() });
const CHOICES = named(
  'Choices',
  typed<DynamicAnswer & { readonly readAt?: number }>(
    either(
      object(
        {
          choices: list(CHOICE),
          readAt: whole({ description: 'When they were read from the account, in epoch milliseconds.' }),
        },
        { nextPage: text() },
      ),
      object({ error: ISSUE }),
    ),
  ),
);
const CONFLICT = named(
  'FieldConflict',
  object(
    {
      id: whole(),
      destination: text(),
      seq: whole(),
      mappingId: text(),
      user: text(),
      field: text(),
      rule: among(['destination', 'sources', 'latest']),
      sourceId: text(),
      at: AT,
    },
    { keptSourceId: text() },
  ),
);
const PAGED = typed<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 10_000 });
const FILLED = typed<Readonly<Record<string, unknown>> | null>({ type: 'object', nullable: true });
const GONE = ['request_not_found'] as const;

/** A value that was not sent, because another owner of its field takes precedence. */
export type FieldConflict = TypeOf<typeof CONFLICT>;

/** Routes of single users, and of the fields of the account. */
export const USER_ROUTES = {
  'POST /api/destinations/:id/resync': route({
    role: 'send',
    does: 'Clears the record of what was delivered, so that mappings that send only changes send everything once.',
    body: members({ mappingId: NAME, user: NAME }),
    answer: object({ forgotten: whole() }),
    errors: GONE,
  }),
  'POST /api/destinations/:id/choices': route({
    role: 'edit',
    does: 'The choices of a dynamic field, read from the account: of an action, or of a `hook` of it with the `inputs` so far. A field within a list has its index (`lists[0].id`), the names of members of an object are `traits.__keys__`. Answers are cached for ten minutes, unless `fresh`; `readAt` says when.',
    body: members(
      { hook: among(HOOKS), payload: FILLED, inputs: FILLED, query: PAGED, page: PAGED, fresh: yes() },
      { action: NAME, field: NAME },
    ),
    answer: CHOICES,
    errors: GONE,
  }),
  'GET /api/conflicts': route({
    does: 'Values that were not sent because of the rules of who may set a field.',
    query: members({ destination: NAME, limit: LIMIT }),
    answer: list(CONFLICT),
  }),
} as const;
