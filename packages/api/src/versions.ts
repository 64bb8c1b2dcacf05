import { CHANGED } from './refused.ts';
import { route, members, type Route } from './route.ts';
import { among, anything, AT, LIMIT, list, named, object, text, type TypeOf, whole, yes } from './schema.ts';

const AUTHOR = { by: text(), from: text(), at: AT };
const NOTE = { note: text() };
const VERSION = { ...AUTHOR, version: whole(), change: whole(), removed: yes() };
const SHORT = named('Version', object(VERSION, NOTE));
const FULL = named(
  'FullVersion',
  object(VERSION, { ...NOTE, content: anything('Absent if it was removed, or is no longer stored.') }),
);
const CHANGE = named(
  'Change',
  object(
    { ...AUTHOR, id: whole(), writes: list(object({ name: text() }, { before: whole(), after: whole() })) },
    NOTE,
  ),
);
/** One difference. */
export const DIFFERENCE = named(
  'Difference',
  object(
    { what: among(['added', 'removed', 'changed', 'secret']), path: text() },
    { from: anything(), to: anything() },
  ),
);
const DIFF = object({ from: whole(), to: whole(), changes: list(DIFFERENCE), text: text() });
const PAGE = members({ before: whole(), limit: LIMIT });
const RANGE = members({ to: whole() }, { from: whole() });
const NOTED = members({ note: text({ minLength: 1, maxLength: 1_000 }) });
const GONE = ['request_not_found'] as const;

/** A version, without its content. */
export type Version = TypeOf<typeof SHORT>;

/** A version, with its content. */
export type FullVersion = TypeOf<typeof FULL>;

/** A change in the audit log. */
export type Change = TypeOf<typeof CHANGE>;

type Versions<At extends string> = {
  readonly [K in `GET ${At}/versions`]: Route<TypeOf<typeof PAGE>, unknown, readonly Version[]>;
} & {
  readonly [K in `GET ${At}/versions/:version`]: Route<unknown, unknown, FullVersion>;
} & {
  readonly [K in `GET ${At}/diff`]: Route<TypeOf<typeof RANGE>, unknown, TypeOf<typeof DIFF>>;
} & {
  readonly [K in `POST ${At}/versions/:version/restore`]: Route<TypeOf<typeof NOTED>, unknown, FullVersion>;
};

const NUMBERED = { version: whole() };

/** The routes of one kind of versioned resource. */
function versionsOf<const At extends string>(at: At, what: string): Versions<At> {
  return {
    [`GET ${at}/versions`]: route({
      does: `The versions of ${what}, newest first.`,
      query: PAGE,
      answer: list(SHORT),
      errors: GONE,
    }),
    [`GET ${at}/versions/:version`]: route({
      does: `One version of ${what}, with its content.`,
      params: NUMBERED,
      answer: FULL,
      errors: GONE,
    }),
    [`GET ${at}/diff`]: route({
      does: `What differs between two versions of ${what}; the second is the current one if it is not given.`,
      query: RANGE,
      answer: DIFF,
      errors: GONE,
    }),
    [`POST ${at}/versions/:version/restore`]: route({
      does: `Restores the content of a version of ${what}, as a new version.`,
      query: NOTED,
      params: NUMBERED,
      edits: true,
      answer: FULL,
      errors: CHANGED,
    }),
  } as unknown as Versions<At>;
}

/** Routes of history: versions, their differences, restoring, and the audit log. */
export const VERSION_ROUTES = {
  ...versionsOf('/api/workspace', 'the workspace'),
  ...versionsOf('/api/sources/:id', 'a source'),
  ...versionsOf('/api/processors/:id', 'a processor'),
  ...versionsOf('/api/destinations/:id', 'a destination'),
  ...versionsOf('/api/destinations/:id/mappings/:mapping', 'a mapping'),
  'GET /api/destinations/:id/changes': route({
    does: 'Who last changed each mapping of a destination, and when, without mappings that were never edited.',
    answer: list(object({ mapping: text(), version: whole(), ...AUTHOR }, NOTE)),
    errors: GONE,
  }),
  'GET /api/audit': route({ does: 'Every change, newest first.', query: PAGE, answer: list(CHANGE) }),
} as const;
