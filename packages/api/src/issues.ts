import { ERRORS, type ErrorCode, type Issue, type Outcome } from '@waybill/core';
import { among, AT, either, list, named, number, object, text, typed, type TypeOf, whole } from './schema.ts';

/** A code of the registry. */
export const CODE = named(
  'Code',
  typed<ErrorCode>(text({ enum: Object.keys(ERRORS), description: 'A code of the registry.' })),
);

/** A problem at one place. */
export const ISSUE = named(
  'Issue',
  typed<Issue>(
    object(
      { code: CODE, path: text({ description: 'The path; empty for the whole.' }), message: text() },
      { offset: whole(), line: whole(), column: whole() },
    ),
  ),
);

/** The outcome of one item. */
export const OUTCOME = named(
  'Outcome',
  typed<Outcome>(
    object(
      { status: among(['delivered', 'skipped', 'rejected', 'retry']) },
      {
        code: CODE,
        message: text(),
        note: text(),
        field: text(),
        afterMs: number(),
        exchanges: list(whole()),
      },
    ),
  ),
);

/** A version, or only its number when it is no longer stored. */
const NUMBERED = object(
  { version: whole() },
  {
    by: text(),
    from: text(),
    at: whole(),
    note: text(),
    change: whole(),
    removed: { type: 'boolean' },
    content: {},
  },
);

/** The body of every failed answer. */
export const FAILURE = named(
  'Failure',
  object({
    success: among([false]),
    error: object(
      { code: CODE, message: text(), remedy: text() },
      {
        issues: list(ISSUE),
        issueCount: whole({ description: 'The total number, if `issues` has only the first of them.' }),
        conflict: object({ what: text(), yours: NUMBERED, current: NUMBERED }),
      },
    ),
  }),
);

/** The body of a failed answer. */
export type Failure = TypeOf<typeof FAILURE>;

const CLOCK_OFFSET = whole({
  minimum: -Number.MAX_SAFE_INTEGER,
  description:
    'How far the clock of the destination is ahead of that of the server, in milliseconds, according to its responses; absent if none has a time.',
});

/** Whether the settings of a destination work. */
export const CONNECTION = named(
  'Connection',
  either(
    object({ ok: among([true]) }, { message: text(), clockOffset: CLOCK_OFFSET }),
    object(
      { ok: among([false]), issue: ISSUE, remedy: text({ description: 'The remedy.' }) },
      { clockOffset: CLOCK_OFFSET },
    ),
  ),
);

/** Why a source could not be read. */
export const SOURCE_FAILURE = object(
  { code: CODE, message: text() },
  {
    at: { ...AT, description: 'Epoch milliseconds: when the attempt was made, if known.' },
    remedy: text({ description: 'The remedy.' }),
  },
);
