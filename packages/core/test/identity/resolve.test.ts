import { describe, expect, it } from 'vitest';
import { type ProjectType, resolveIdentity } from '../../src/identity/resolve.ts';

const LONG = 'u'.repeat(53);

/** Identifiers present, then the result for each project type: email, userId, hybrid. */
const TABLE: readonly [string, { email?: unknown; userId?: unknown }, string, string, string][] = [
  ['none', {}, 'identity_missing', 'identity_missing', 'identity_missing'],
  ['empty and null', { email: '', userId: null }, 'identity_missing', 'identity_missing', 'identity_missing'],
  ['email', { email: 'a@b.co' }, 'email a@b.co', 'identity_missing', 'email a@b.co'],
  ['userId', { userId: 'u1' }, 'userId u1', 'userId u1', 'userId u1'],
  ['both', { email: 'a@b.co', userId: 'u1' }, 'email a@b.co u1', 'userId a@b.co u1', 'userId a@b.co u1'],
  [
    'malformed email',
    { email: 'a@b' },
    'identity_invalid_email',
    'identity_missing',
    'identity_invalid_email',
  ],
  [
    'malformed email and userId',
    { email: 'a b@c.de', userId: 'u1' },
    'userId u1 !',
    'userId u1 !',
    'userId u1 !',
  ],
  [
    'long userId',
    { userId: LONG },
    'identity_invalid_user_id',
    'identity_invalid_user_id',
    'identity_invalid_user_id',
  ],
  [
    'email and long userId',
    { email: 'a@b.co', userId: LONG },
    'email a@b.co !',
    'identity_invalid_user_id',
    'email a@b.co !',
  ],
  ['a number as userId', { userId: 42 }, 'userId 42', 'userId 42', 'userId 42'],
  [
    'userId with a space at its end',
    { userId: 'u ' },
    'identity_invalid_user_id',
    'identity_invalid_user_id',
    'identity_invalid_user_id',
  ],
];

function told(projectType: ProjectType, identifiers: { email?: unknown; userId?: unknown }): string {
  const result = resolveIdentity({ projectType, ...identifiers });
  if (!result.ok) return result.issue.code;
  const { by, email, userId, notes } = result.identity;
  return [by, email, userId, notes.length > 0 ? '!' : undefined]
    .filter((part) => part !== undefined)
    .join(' ');
}

describe('the identity of a payload', () => {
  describe.each(TABLE)('with %s', (_name, identifiers, byEmail, byUserId, hybrid) => {
    it('in an e-mail project', () => expect(told('email', identifiers)).toBe(byEmail));
    it('in a user-ID project', () => expect(told('userId', identifiers)).toBe(byUserId));
    it('in a hybrid project', () => expect(told('hybrid', identifiers)).toBe(hybrid));
  });

  it.each([
    'ada@example.com',
    'a+tag@gmail.com',
    'ADA@EXAMPLE.COM',
    "o'neil@example.co.uk",
    'müller@exämple.de',
    'x_y-z.1@a-b.example',
  ])('accepts %s as an address', (email) => expect(told('email', { email })).toBe(`email ${email}`));

  it.each([
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@@example.com',
    'a da@example.com',
    'ada@example..com',
    '.a@b.co',
    'a..b@c.de',
    7,
    {},
  ])('does not accept %p as an address', (email) =>
    expect(told('email', { email })).toBe('identity_invalid_email'),
  );

  it('names a remedy for a missing identifier', () => {
    const result = resolveIdentity({ projectType: 'userId', email: 'a@b.co' });
    expect(result).toMatchObject({ ok: false, issue: { message: expect.stringContaining('Map one') } });
  });
});
