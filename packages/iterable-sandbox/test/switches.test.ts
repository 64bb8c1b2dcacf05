import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { SandboxOptions } from '../src/index.ts';
import { defaultSwitches, describeSwitches } from '../src/switches.ts';
import { start, type Subject } from './harness.ts';

type Row = [string, string, SandboxOptions, (subject: Subject) => Promise<unknown>, unknown];

const user = { userId: 'u' };
const event = { ...user, eventName: 'E' };

const conflictingBulk = async ({ post }: Subject) => {
  await post('users/update', { ...user, dataFields: { n: 1 } });
  const users = [{ userId: 'v', dataFields: { n: 'x' } }, { userId: 'w' }];
  const { status, body } = await post('users/bulkUpdate', { users });
  return [status, body.failedUpdates?.invalidDataUserIds];
};

const unknownRead = async ({ get }: Subject) => {
  const { status, body, text } = await get('users/byUserId/nobody');
  return [status, body.code ?? text];
};

const purchaseParams = async ({ post }: Subject) =>
  (await post('commerce/trackPurchase', { user, items: [], total: 1, id: 'o' })).body.params;

const decimalAfterWhole = async ({ post, get }: Subject) => {
  await post('users/update', { ...user, dataFields: { n: 10 } });
  const { status } = await post('users/update', { ...user, dataFields: { n: 10.5 } });
  return [status, (await get('users/byUserId/u')).body.user.dataFields.n];
};

const localPhone = async ({ post }: Subject) => {
  const dataFields = { phoneNumber: '555 12 34' };
  const single = await post('users/update', { ...user, dataFields });
  const bulk = await post('users/bulkUpdate', { users: [{ ...user, dataFields }] });
  return [single.status, bulk.body.failedUpdates.invalidDataUserIds];
};

const mixedCase = async ({ post, byEmail }: Subject) => {
  await post('users/update', { email: 'Ann@Example.com' });
  const bulk = await post('users/bulkUpdate', { users: [{ email: 'Foo@' }] });
  return [(await byEmail('ann@example.com')).email, bulk.body.failedUpdates.invalidEmails];
};

const dotted = async ({ post, get }: Subject) => {
  await post('users/update', { ...user, dataFields: { 'a.b': 1, a: { c: 2 } } });
  const { dataFields } = (await get('users/byUserId/u')).body.user;
  return [dataFields.a, dataFields['a.b']];
};

const unknownUserIdInBulk = async ({ post }: Subject) => {
  const { failedUpdates } = (await post('users/bulkUpdate', { users: [user] })).body;
  return [failedUpdates.invalidUserIds, failedUpdates.notFoundUserIds];
};

const bigTrackBulk = async ({ post }: Subject) =>
  (await post('events/trackBulk', { events: [{ ...event, dataFields: { x: 'x'.repeat(4_000_000) } }] }))
    .status;

const conflict = async ({ post }: Subject) => {
  await post('users/update', { email: 'a@example.com' });
  await post('users/update', user);
  const { failedUpdates } = (await post('users/bulkUpdate', { users: [{ ...user, email: 'a@example.com' }] }))
    .body;
  return [failedUpdates.conflictEmails, failedUpdates.conflictUserIds];
};

const emailless = async ({ post, get }: Subject) => {
  await post('users/update', user);
  return (await get('users/byUserId/u')).body.user.email;
};

const oddId = async ({ post }: Subject) => (await post('events/track', { ...event, id: 'a_b' })).status;

const trackUserId = async ({ post, control }: Subject) => {
  const { status } = await post('events/track', event);
  return [status, (await control('stats')).body.users];
};

const emailProject = { projectType: 'email' } as const;
const table: Row[] = [
  ['trackBulkBytes', 'limited', {}, bigTrackBulk, 413],
  ['trackBulkBytes', 'unlimited', {}, bigTrackBulk, 200],
  ['conflictList', 'userIds', {}, conflict, [[], ['u']]],
  ['conflictList', 'emails', {}, conflict, [['a@example.com'], []]],
  ['conflictList', 'both', {}, conflict, [['a@example.com'], ['u']]],
  ['typeConflictInBulk', 'request', {}, conflictingBulk, [400, undefined]],
  ['typeConflictInBulk', 'item', {}, conflictingBulk, [200, ['v']]],
  ['unknownUserIdRead', 'play', {}, unknownRead, [400, 'error.users.noUserWithIdExists']],
  ['unknownUserIdRead', 'text', {}, unknownRead, [400, 'No user with that id exists!']],
  ['unknownUserIdRead', 'UnknownUserIdError', {}, unknownRead, [400, 'UnknownUserIdError']],
  ['purchaseIdPlace', 'params', {}, purchaseParams, { id: 'o' }],
  ['purchaseIdPlace', 'nowhere', {}, purchaseParams, null],
  ['trackUnknownUserId', 'notFound', emailProject, trackUserId, [400, 0]],
  ['trackUnknownUserId', 'parked', emailProject, trackUserId, [200, 0]],
  ['doubleIntoLong', 'refused', {}, decimalAfterWhole, [400, 10]],
  ['doubleIntoLong', 'accepted', {}, decimalAfterWhole, [200, 10.5]],
  ['phoneNumber', 'unchecked', {}, localPhone, [200, []]],
  ['phoneNumber', 'e164', {}, localPhone, [400, ['u']]],
  ['emailCase', 'lowered', {}, mixedCase, ['ann@example.com', ['foo@']]],
  ['emailCase', 'asSent', {}, mixedCase, ['Ann@Example.com', ['Foo@']]],
  ['dottedKeys', 'literal', {}, dotted, [{ c: 2 }, 1]],
  ['dottedKeys', 'split', {}, dotted, [{ c: 2, b: 1 }, undefined]],
  ['bulkUnknownUserId', 'invalidUserIds', emailProject, unknownUserIdInBulk, [['u'], []]],
  ['bulkUnknownUserId', 'notFoundUserIds', emailProject, unknownUserIdInBulk, [[], ['u']]],
  ['missingEmail', 'empty', {}, emailless, ''],
  ['missingEmail', 'omitted', {}, emailless, undefined],
  ['eventIdCharset', 'unchecked', {}, oddId, 200],
  ['eventIdCharset', 'enforced', {}, oddId, 400],
];

describe('each reading of an open question', () => {
  it.each(table)('%s: %s', async (name, reading, options, act, expected) => {
    expect(await act(await start({ ...options, switches: { [name]: reading } }))).toEqual(expected);
  });

  it('can be chosen while the sandbox runs', async () => {
    const subject = await start();
    expect(await oddId(subject)).toBe(200);
    await subject.control('switches', { eventIdCharset: 'enforced' });
    expect(await oddId(subject)).toBe(400);
  });

  it('is refused when it does not exist', async () => {
    await expect(start({ switches: { retryAfter: 'maybe' } })).rejects.toThrow('cannot be "maybe"');
  });
});

describe('the README', () => {
  it('names every switch with all its readings, the default in bold', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +/g, ' ');
    for (const [name, { readings, point }] of Object.entries(describeSwitches(defaultSwitches()))) {
      const [first, ...others] = readings;
      expect(readme).toContain(`| ${point} | \`${name}\` |`);
      expect(readme).toContain(
        `| **\`${first}\`**, ${others.map((reading) => `\`${reading}\``).join(', ')} |`,
      );
    }
  });
});
