import { describe, expect, it } from 'vitest';
import type { Event } from '@waybill/core';
import { ADA, type Body, DELIVERED, identify, PROJECT_TYPES, refused, shop } from './support.ts';

const NEW = 'ada@new.example.com';
const MAPPED = { newEmail: { '@path': '$.traits.new_email' } };

const change = (projectType: string, traits: Body = {}): Event =>
  identify(ADA.userId, { ...(projectType === 'userId' ? {} : { email: ADA.email }), ...traits });

describe('a new address in Upsert User', () => {
  it.each(PROJECT_TYPES)(
    'changes the address of the profile, and nothing twice (%s)',
    async (projectType) => {
      const { send, action, sandbox, profile } = await shop({ projectType, remembers: true });
      await send(identify(ADA.userId, { email: ADA.email }));
      const act = action('updateUser', { ...MAPPED, dataFields: {} });
      expect(await act(change(projectType, { new_email: NEW }))).toEqual([DELIVERED]);
      expect(sandbox.project.profiles.size).toBe(1);
      expect(await profile({ userId: ADA.userId })).toMatchObject({ email: NEW });
      // The answer may have been lost.
      expect(await act.attempt(2, change(projectType, { new_email: NEW }))).toEqual([DELIVERED]);
      expect(sandbox.project.profiles.size).toBe(1);
    },
  );

  it('lets other data follow a minute later in an e-mail project', async () => {
    const { send, action, sandbox, profile } = await shop({ projectType: 'email' });
    await send(identify(ADA.userId, { email: ADA.email }));
    const act = action('updateUser', MAPPED);
    const event = change('email', { new_email: NEW, plan: 'pro' });
    expect(await act(event)).toEqual([expect.objectContaining({ status: 'retry', afterMs: 60_000 })]);
    expect(await act.attempt(2, event)).toEqual([DELIVERED]);
    expect(sandbox.project.profiles.size).toBe(1);
    expect(await profile({ email: NEW })).toMatchObject({ dataFields: { plan: 'pro' } });
  });

  it.each(PROJECT_TYPES)(
    'is refused when it is malformed or taken, without affecting others (%s)',
    async (projectType) => {
      const { send, action } = await shop({ projectType });
      const act = action('updateUser', MAPPED);
      await send(identify(ADA.userId, { email: ADA.email }), identify('u-2', { email: 'bob@example.com' }));
      expect(
        await act(
          change(projectType, { new_email: 'no address' }),
          identify('u-3', { email: 'eve@example.com' }),
        ),
      ).toEqual([refused('identity_invalid_email', { field: 'newEmail' }), DELIVERED]);
      const [taken] = await act(change(projectType, { new_email: 'bob@example.com' }));
      // Addresses need not be unique in a user-ID project.
      if (projectType === 'userId') expect(taken).toEqual(DELIVERED);
      else expect(taken).toEqual(refused('destination_identity_conflict'));
    },
  );
});
