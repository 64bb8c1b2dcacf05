import { describe, expect, it } from 'vitest';
import { type ProjectType, resolveIdentity } from '@waybill/core';

import { userBody, type UserInput } from '../../src/iterable/users/profile.ts';

function build(projectType: ProjectType, input: UserInput): { body: unknown; notes: readonly string[] } {
  const resolved = resolveIdentity({ projectType, email: input.email, userId: input.userId });
  if (!resolved.ok) throw new Error(resolved.issue.message);
  return userBody(input, resolved.identity, { type: projectType });
}

describe('the identifiers inside the data fields', () => {
  it.each([
    [
      'another address of a hybrid user changes it',
      'hybrid',
      { userId: 'u-1', dataFields: { email: 'new@example.com' } },
      { userId: 'u-1', dataFields: { email: 'new@example.com' } },
    ],
    [
      'another address than the one that finds the profile changes it',
      'hybrid',
      { email: 'old@example.com', dataFields: { email: 'new@example.com' } },
      { email: 'old@example.com', dataFields: { email: 'new@example.com' } },
    ],
    [
      'another user ID of an e-mail project changes it',
      'email',
      { email: 'ada@example.com', dataFields: { userId: 'u-2' } },
      { email: 'ada@example.com', dataFields: { userId: 'u-2' } },
    ],
    [
      'the address that leads is not repeated',
      'hybrid',
      { email: 'ada@example.com', dataFields: { email: 'ada@example.com', plan: 'pro' } },
      { email: 'ada@example.com', dataFields: { plan: 'pro' } },
    ],
    [
      'the user ID that leads is not repeated',
      'userId',
      { userId: 'u-1', dataFields: { userId: 'u-1' } },
      { userId: 'u-1' },
    ],
    [
      'null takes the address away from a user who has an ID',
      'hybrid',
      { userId: 'u-1', dataFields: { email: null } },
      { userId: 'u-1', dataFields: { email: null } },
    ],
    [
      'null does not take away the identifier that finds the profile',
      'hybrid',
      { email: 'ada@example.com', dataFields: { email: null } },
      { email: 'ada@example.com' },
    ],
    [
      'null does not take away the user ID that finds the profile',
      'hybrid',
      { userId: 'u-1', dataFields: { userId: null } },
      { userId: 'u-1' },
    ],
    [
      'a phone number goes to its own data field',
      'hybrid',
      { userId: 'u-1', phoneNumber: '+1' },
      { userId: 'u-1', dataFields: { phoneNumber: '+1' } },
    ],
    [
      'null removes the phone number',
      'hybrid',
      { userId: 'u-1', phoneNumber: null },
      { userId: 'u-1', dataFields: { phoneNumber: null } },
    ],
    [
      'a phone number that is not given is not sent',
      'hybrid',
      { userId: 'u-1', phoneNumber: undefined, dataFields: { phoneNumber: 'kept' } },
      { userId: 'u-1', dataFields: { phoneNumber: 'kept' } },
    ],
  ] as const)('%s', (_what, projectType, input, expected) => {
    expect(build(projectType, input)).toEqual({ body: expected, notes: [] });
  });

  it('are omitted with a warning when they are malformed', () => {
    expect(
      build('hybrid', { userId: 'u-1', dataFields: { email: 'ada@', userId: 'é', plan: 'pro' } }),
    ).toEqual({
      body: { userId: 'u-1', dataFields: { plan: 'pro' } },
      notes: [
        expect.stringContaining('email in the data fields was left out'),
        expect.stringContaining('userId in the data'),
      ],
    });
  });

  it('change no address in an e-mail project, with a warning', () => {
    expect(build('email', { email: 'old@example.com', dataFields: { email: 'new@example.com' } })).toEqual({
      body: { email: 'old@example.com' },
      notes: [expect.stringContaining('does not change an address this way')],
    });
  });

  it('are read without changing the payload', () => {
    const dataFields = Object.freeze({ email: 'ada@example.com', at: '2026-03-01T10:00:00Z' });
    build('hybrid', Object.freeze({ userId: 'u-1', email: 'ada@example.com', dataFields }));
    expect(dataFields).toEqual({ email: 'ada@example.com', at: '2026-03-01T10:00:00Z' });
  });
});
