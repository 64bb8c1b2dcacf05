import type { Issue } from '../result/issue.ts';

/** How a project identifies its users. */
export const PROJECT_TYPES = ['email', 'userId', 'hybrid'] as const;

/** How a project identifies its users: by e-mail address, by user ID, or by either. */
export type ProjectType = (typeof PROJECT_TYPES)[number];

/** The identifiers that a payload carries, unchecked. */
export interface Identifiers {
  readonly email?: unknown;
  readonly userId?: unknown;
  /** Name of the field that contains them, when they are not at the top level: paths in messages begin with it. */
  readonly within?: string | undefined;
}

/** The identifiers a payload may be sent with. */
export interface Identity {
  /** The identifier that names the profile. */
  readonly by: 'email' | 'userId';
  /** A well-formed address; absent when there is none. */
  readonly email?: string;
  /** A valid user ID; absent when there is none. */
  readonly userId?: string;
  /** What was left out and why. */
  readonly notes: readonly string[];
}

/** An identity, or why there is none. */
export type IdentityResult =
  { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly issue: Issue };

/**
 * Chooses the identifier by project type. An e-mail project prefers the address and falls back to the user ID; a
 * user-ID project accepts only the user ID; a hybrid project prefers the user ID, because addresses change, and falls
 * back to the address. A malformed identifier next to a valid one is left out with a note; without a valid one the
 * result is an issue that names the fix.
 */
export function resolveIdentity(input: Identifiers & { readonly projectType: ProjectType }): IdentityResult {
  const email = checkEmail(input.email);
  const userId = checkUserId(input.userId);
  const order = ORDER[input.projectType];
  const by = leading(order, email, userId);
  if (by !== undefined) {
    const identity: Mutable<Identity> = { by, notes: NO_NOTES };
    if (email.value !== undefined) identity.email = email.value;
    if (userId.value !== undefined) identity.userId = userId.value;
    const notes: string[] = [];
    if (email.problem !== undefined) notes.push(`The e-mail address was left out: ${email.problem}`);
    if (userId.problem !== undefined) notes.push(`The user ID was left out: ${userId.problem}`);
    if (notes.length > 0) identity.notes = notes;
    return { ok: true, identity };
  }

  const at = (name: string): string => (input.within === undefined ? name : `${input.within}.${name}`);

  if (order.includes('email') && email.problem !== undefined) {
    return refuse(
      'identity_invalid_email',
      at('email'),
      `The e-mail address cannot be used: ${email.problem}`,
    );
  }
  if (userId.problem !== undefined) {
    return refuse('identity_invalid_user_id', at('userId'), `The user ID cannot be used: ${userId.problem}`);
  }
  return refuse('identity_missing', '', MISSING[input.projectType]);
}

/** The first identifier that is present, in the given order. */
function leading(
  order: readonly ('email' | 'userId')[],
  email: Checked,
  userId: Checked,
): 'email' | 'userId' | undefined {
  for (const name of order) {
    if ((name === 'email' ? email : userId).value !== undefined) return name;
  }
  return undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NO_NOTES: readonly string[] = Object.freeze([]);

const ORDER: Readonly<Record<ProjectType, readonly ('email' | 'userId')[]>> = {
  email: ['email', 'userId'],
  userId: ['userId'],
  hybrid: ['userId', 'email'],
};

const MISSING: Readonly<Record<ProjectType, string>> = {
  email: 'An e-mail project needs an e-mail address, or the user ID of a known user. Map one of the two.',
  userId:
    'A user-ID project needs a user ID. Map one; an e-mail address alone does not identify a user there.',
  hybrid: 'A hybrid project needs an e-mail address or a user ID. Map one of the two.',
};

interface Checked {
  readonly value?: string;
  readonly problem?: string;
}

/** One @, a local part of up to 64 characters without spaces, and a domain of dotted labels. */
const EMAIL =
  /^[^\s@<>(),;:\\"[\]]{1,64}@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

const ABSENT: Checked = Object.freeze({});

function checkEmail(value: unknown): Checked {
  if (value === undefined || value === null || value === '') return ABSENT;
  if (typeof value !== 'string') return { problem: 'it is not a string.' };
  const address = value.trim();
  if (address.length > 254 || !EMAIL.test(address) || /(^\.)|(\.\.)|(\.@)/.test(address)) {
    return { problem: `"${shorten(value)}" is not a well-formed e-mail address.` };
  }
  return { value: address };
}

function checkUserId(value: unknown): Checked {
  if (value === undefined || value === null || value === '') return ABSENT;
  if (typeof value !== 'string' && typeof value !== 'number') return { problem: 'it is not a string.' };
  const id = String(value);
  if (id.length > 52) return { problem: `it has ${id.length} characters; the maximum is 52.` };
  if (!/^[\x20-\x7e]*[\x21-\x7e]$/.test(id)) {
    return { problem: `"${shorten(id)}" is not printable ASCII, or ends with a space.` };
  }
  return { value: id };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function refuse(code: Issue['code'], path: string, message: string): IdentityResult {
  return { ok: false, issue: { code, path, message } };
}
