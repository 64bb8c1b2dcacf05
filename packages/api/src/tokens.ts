import { ROLES } from './role.ts';
import { members, route } from './route.ts';
import { among, AT, list, named, object, text, typed, type TypeOf } from './schema.ts';

const SESSION = named(
  'Session',
  object(
    { name: text({ description: 'The name of the token.' }), role: among(ROLES) },
    {
      csrf: text({
        description:
          'The token that a page sends as `x-csrf-token` with every change; absent for a bearer token.',
      }),
      expiresAt: AT,
    },
  ),
);
const TOKEN = named(
  'Token',
  object(
    { name: text(), role: among(ROLES) },
    {
      createdAt: AT,
      createdBy: text(),
      usedAt: typed<number>({ ...AT, description: 'When it was last used since the server was started.' }),
    },
  ),
);
const NEW_TOKEN = named(
  'NewToken',
  object({
    name: text(),
    role: among(ROLES),
    token: text({ description: 'The token; it is shown only once.' }),
  }),
);
/** Printable characters, with single spaces between them. */
const TOKEN_NAME = text({ maxLength: 64, pattern: '^[^\\s\\p{C}]([^\\p{C}]*[^\\s\\p{C}])?$' });

/** The signed-in user. */
export type Session = TypeOf<typeof SESSION>;

/** A token of the admin API, without the token itself. */
export type Token = TypeOf<typeof TOKEN>;

/** A token that was just created. */
export type NewToken = TypeOf<typeof NEW_TOKEN>;

const NOTHING = typed<undefined>({});

/** Routes of access: browser sessions and tokens. */
export const TOKEN_ROUTES = {
  'POST /api/session': route({
    does: 'Signs a browser in: the response sets a cookie that pages cannot read.',
    body: members({ token: text({ maxLength: 512 }) }),
    role: 'anyone',
    answer: SESSION,
  }),
  'GET /api/session': route({ does: 'Who is signed in.', answer: SESSION }),
  'DELETE /api/session': route({
    does: 'Signs out: the session ends, and stays ended after a restart of the server.',
    role: 'read',
    status: 204,
    answer: NOTHING,
    errors: ['workspace_not_stored'],
  }),
  'GET /api/tokens': route({
    does: 'The tokens: names, roles and use, but not the tokens themselves.',
    role: 'admin',
    answer: list(TOKEN),
  }),
  'POST /api/tokens': route({
    does: 'Creates a token; only this response contains it.',
    body: members({}, { name: TOKEN_NAME, role: among(ROLES) }),
    role: 'admin',
    status: 201,
    answer: NEW_TOKEN,
    errors: ['token_name_taken', 'token_limit', 'workspace_not_stored', 'workspace_version_conflict'],
  }),
  'POST /api/tokens/:id/rotate': route({
    does: 'Replaces the token of this name, which may be `admin`; the old token and its sessions end at once.',
    role: 'admin',
    answer: NEW_TOKEN,
    errors: ['request_not_found', 'token_fixed', 'workspace_not_stored', 'workspace_version_conflict'],
  }),
  'DELETE /api/tokens/:id': route({
    does: 'Removes a token; its sessions end at once.',
    role: 'admin',
    status: 204,
    answer: NOTHING,
    errors: ['request_not_found', 'workspace_not_stored', 'workspace_version_conflict'],
  }),
} as const;
