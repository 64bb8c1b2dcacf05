import { describe, expect, it } from 'vitest';
import type { ProjectType } from '../src/index.ts';
import { start, type Answer, type Subject } from './harness.ts';

const email = 'ann@example.com';
const userId = 'u1';

type Who = { email?: string; userId?: string; preferUserId?: boolean };

const item = { id: 's1', name: 'Shoe', price: 10.5, quantity: 1 };
const endpoints: Record<string, (subject: Subject, who: Who) => Promise<Answer>> = {
  'users/update': ({ post }, who) => post('users/update', who),
  'users/bulkUpdate': ({ post }, who) => post('users/bulkUpdate', { users: [who] }),
  'users/updateSubscriptions': ({ post }, who) =>
    post('users/updateSubscriptions', { ...who, unsubscribedChannelIds: [1] }),
  'events/track': ({ post }, who) => post('events/track', { ...who, eventName: 'Seen' }),
  'events/trackBulk': ({ post }, who) =>
    post('events/trackBulk', { events: [{ ...who, eventName: 'Seen' }] }),
  'commerce/updateCart': ({ post }, who) => post('commerce/updateCart', { user: who, items: [item] }),
  'commerce/trackPurchase': ({ post }, who) =>
    post('commerce/trackPurchase', { user: who, items: [item], total: 10.5 }),
};

async function profiles(subject: Subject): Promise<number> {
  return (await subject.control('stats')).body.users;
}

describe('an unknown user gets a profile', () => {
  const upserts = Object.keys(endpoints).filter((name) => !name.startsWith('events/'));
  const created: [ProjectType, string, Who][] = [
    ...upserts.map((name): [ProjectType, string, Who] => ['email', name, { email }]),
    ...['users/update', 'users/bulkUpdate', 'commerce/updateCart', 'commerce/trackPurchase'].map(
      (name): [ProjectType, string, Who] => ['email', name, { userId, preferUserId: true }],
    ),
    ...Object.keys(endpoints).map((name): [ProjectType, string, Who] => ['userId', name, { userId }]),
    ...Object.keys(endpoints).map((name): [ProjectType, string, Who] => ['hybrid', name, { userId }]),
    ...Object.keys(endpoints).map((name): [ProjectType, string, Who] => ['hybrid', name, { email }]),
  ];
  it.each(created)('in a %s project by %s with %j', async (projectType, name, who) => {
    const subject = await start({ projectType });
    expect((await endpoints[name]!(subject, who)).status).toBe(200);
    expect(await profiles(subject)).toBe(1);
  });
});

describe('an unknown user gets no profile', () => {
  const refused: [ProjectType, string, Who, number, string | undefined][] = [
    ['email', 'users/update', { userId }, 400, 'UnknownUserIdError'],
    ['email', 'users/updateSubscriptions', { userId }, 400, 'UnknownUserIdError'],
    ['email', 'commerce/updateCart', { userId }, 400, 'UnknownUserIdError'],
    ['email', 'commerce/trackPurchase', { userId }, 400, 'UnknownUserIdError'],
    ['email', 'events/track', { userId }, 400, 'UnknownUserIdError'],
    ['email', 'events/track', { email }, 200, 'Success'],
    ['email', 'events/trackBulk', { email }, 200, undefined],
    ['email', 'events/trackBulk', { userId }, 200, undefined],
    ['email', 'users/bulkUpdate', { userId }, 200, undefined],
    ['userId', 'users/update', { email }, 400, 'BadParams'],
    ['userId', 'events/track', { email }, 400, 'BadParams'],
    ['userId', 'users/bulkUpdate', { email }, 200, undefined],
  ];
  it.each(refused)('in a %s project by %s with %j', async (projectType, name, who, status, code) => {
    const subject = await start({ projectType });
    const answer = await endpoints[name]!(subject, who);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await profiles(subject)).toBe(0);
  });
});

describe('malformed identifiers', () => {
  const bad: [Who, string][] = [
    [{ email: 'foo@' }, 'InvalidEmailAddressError'],
    [{ email: '000' }, 'InvalidEmailAddressError'],
    [{ email: 'user @x.com' }, 'InvalidEmailAddressError'],
    [{ email: '' }, 'InvalidEmailAddressError'],
    [{ userId: '' }, 'InvalidUserIdError'],
    [{ userId: 'u'.repeat(53) }, 'InvalidUserIdError'],
    [{ userId: 'u ' }, 'InvalidUserIdError'],
    [{ userId: 'ü' }, 'InvalidUserIdError'],
    [{ email: 'foo@', userId }, 'InvalidEmailAddressError'],
    [{}, 'BadParams'],
  ];
  it.each(bad)('%j are refused by every single call as %s', async (who, code) => {
    const subject = await start();
    for (const [name, call] of Object.entries(endpoints)) {
      if (name.includes('ulk')) continue;
      const answer = await call(subject, who);
      expect([name, answer.status, answer.body.code]).toEqual([name, 400, code]);
    }
    expect(await profiles(subject)).toBe(0);
  });

  it('fail only their own item in a bulk call, in the new and the old list', async () => {
    const { post } = await start();
    const users = [{ email: 'foo@' }, { email }, { userId: 'u ' }];
    expect((await post('users/bulkUpdate', { users })).body).toMatchObject({
      successCount: 1,
      failCount: 2,
      invalidEmails: ['foo@'],
      invalidUserIds: ['u '],
      failedUpdates: { invalidEmails: ['foo@'], invalidUserIds: ['u '] },
    });
  });
});

describe('emails and userIds', () => {
  it('compares emails without case and userIds with case', async () => {
    const { post, byEmail, control } = await start();
    await post('users/update', { email: 'Ann@Example.com', dataFields: { a: 1 } });
    await post('users/update', { email: 'ann@example.COM', dataFields: { b: 2 } });
    expect((await byEmail('ANN@example.com'))!).toMatchObject({ email, dataFields: { a: 1, b: 2 } });
    await post('users/update', { userId: 'U' });
    await post('users/update', { userId: 'u' });
    expect((await control('stats')).body.users).toBe(3);
  });

  it('makes a placeholder address for preferUserId in an email-based project', async () => {
    const { post, get } = await start({ projectType: 'email', random: () => 0.5 });
    await post('users/update', { userId, preferUserId: true });
    const { body } = await get('users/byUserId/u1');
    expect(body.user.email).toBe('u1+500000000@placeholder.email');
  });

  it('overwrites the userId of an email-based profile when both are sent', async () => {
    const { post, byEmail } = await start({ projectType: 'email' });
    await post('users/update', { email, userId: 'first' });
    await post('events/track', { email, userId: 'second', eventName: 'Seen' });
    expect((await byEmail(email))!.userId).toBe('second');
  });

  it('lets profiles of an email-based project share a userId: the first gets the writes, delete takes all', async () => {
    const { post, byEmail, call, control } = await start({ projectType: 'email' });
    await post('users/update', { email, userId });
    await post('users/update', { email: 'b@example.com', userId });
    await post('users/update', { userId, dataFields: { n: 1 } });
    expect((await byEmail(email))!.dataFields.n).toBe(1);
    await call('DELETE', '/api/users/byUserId/u1');
    expect((await control('stats')).body.users).toBe(0);
  });
});

describe('a hybrid project with both identifiers', () => {
  it('answers 409 when they belong to two profiles, and names the conflict in bulk', async () => {
    const { post } = await start();
    await post('users/update', { email });
    await post('users/update', { userId });
    for (const [path, body] of [
      ['users/update', { email, userId }],
      ['commerce/updateCart', { user: { email, userId }, items: [] }],
    ] as const) {
      const answer = await post(path, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'ExternalKeyConflict']);
    }
    const bulk = await post('users/bulkUpdate', { users: [{ email, userId }] });
    expect(bulk.body).toMatchObject({
      failCount: 1,
      failedUpdates: { conflictUserIds: [userId], conflictEmails: [] },
    });
  });

  it('joins the missing identifier to the existing profile', async () => {
    const { post, byEmail } = await start();
    await post('users/update', { email, dataFields: { n: 1 } });
    await post('users/update', { email, userId });
    expect((await byEmail(email))!).toMatchObject({ userId, dataFields: { n: 1 } });
  });

  it('under the other reading uses the email and drops the userId', async () => {
    const { post, byEmail, control } = await start({ switches: { bothIds: 'emailWins' } });
    await post('users/update', { userId });
    await post('users/update', { email, userId });
    expect((await byEmail(email))!.userId).toBeUndefined();
    expect((await control('stats')).body.users).toBe(2);
  });
});

describe('changing an identifier through dataFields', () => {
  it.each(['hybrid', 'userId'] as const)(
    'gives a %s profile another email and userId',
    async (projectType) => {
      const { post, get } = await start({ projectType });
      await post('users/update', { userId, dataFields: { email, n: 1 } });
      await post('users/update', { userId, dataFields: { userId: 'u2' } });
      const { body } = await get('users/byUserId/u2');
      expect(body.user).toMatchObject({ email, userId: 'u2', dataFields: { n: 1 } });
      expect((await get('users/byUserId/u1')).status).toBe(400);
    },
  );

  it('is a conflict in a hybrid project when the value is in use', async () => {
    const { post } = await start();
    await post('users/update', { email, userId: 'other' });
    const single = await post('users/update', { userId, dataFields: { email } });
    expect([single.status, single.body.code]).toEqual([409, 'ExternalKeyConflict']);
    const users = [
      { userId: 'x', dataFields: { email } },
      { userId: 'y', dataFields: { userId: 'other' } },
      { userId: 'z', dataFields: { email: 'foo@' } },
    ];
    expect((await post('users/bulkUpdate', { users })).body).toMatchObject({
      failCount: 3,
      failedUpdates: { conflictEmails: [email], conflictUserIds: ['other'], invalidEmails: ['foo@'] },
    });
  });

  it('needs no uniqueness of the email in a userId-based project', async () => {
    const { post, get } = await start({ projectType: 'userId' });
    await post('users/update', { userId: 'a', dataFields: { email } });
    expect((await post('users/update', { userId: 'b', dataFields: { email } })).status).toBe(200);
    expect((await get('users/byUserId/b')).body.user.email).toBe(email);
  });
});

describe('users/updateEmail', () => {
  it('moves profile, events and purchases', async () => {
    const { post, get, byEmail } = await start({ projectType: 'email' });
    await post('users/update', { email, dataFields: { n: 1 } });
    await post('events/track', { email, eventName: 'Seen' });
    await post('users/updateEmail', { currentEmail: email, newEmail: 'new@example.com' });
    expect(await byEmail(email)).toBeUndefined();
    expect((await byEmail('new@example.com'))!.dataFields.n).toBe(1);
    expect((await get('events/new@example.com')).body.events).toHaveLength(1);
  });

  const failures: [object, string, string][] = [
    [
      { currentEmail: 'x@example.com', newEmail: 'y@example.com' },
      'BadParams',
      'Cannot change user Some(x@example.com) to y@example.com. User does not exist',
    ],
    [
      { currentEmail: 'foo@', newEmail: 'y@example.com' },
      'InvalidEmailAddressError',
      'Invalid currentEmail foo@',
    ],
    [{ currentEmail: email, newEmail: 'foo@' }, 'InvalidEmailAddressError', 'Invalid email: foo@'],
    [
      { currentEmail: email, newEmail: 'taken@example.com' },
      'EmailAlreadyExists',
      'Email already exists: taken@example.com',
    ],
    [{ newEmail: 'y@example.com' }, 'BadParams', 'Either currentEmail or currentUserId must be specified'],
  ];
  it.each(failures)('refuses %j', async (body, code, msg) => {
    const { post } = await start({ projectType: 'email' });
    await post('users/update', { email });
    await post('users/update', { email: 'taken@example.com' });
    expect((await post('users/updateEmail', body)).body).toMatchObject({ code, msg });
  });

  it('prefers the address when the userId is sent as well', async () => {
    const { post, byEmail } = await start({ projectType: 'email' });
    await post('users/update', { email, userId });
    await post('users/updateEmail', {
      currentEmail: email,
      currentUserId: 'nobody',
      newEmail: 'n@example.com',
    });
    expect((await byEmail('n@example.com'))!.userId).toBe(userId);
  });

  it('is refused outside email-based projects, unless the switch allows it', async () => {
    const { post } = await start({ projectType: 'hybrid' });
    await post('users/update', { email });
    expect((await post('users/updateEmail', { currentEmail: email, newEmail: 'n@example.com' })).status).toBe(
      400,
    );
    const open = await start({ projectType: 'hybrid', switches: { updateEmailElsewhere: 'allowed' } });
    await open.post('users/update', { email });
    expect(
      (await open.post('users/updateEmail', { currentEmail: email, newEmail: 'n@example.com' })).status,
    ).toBe(200);
  });
});
