import type { SandboxOptions, SwitchName } from '../src/index.ts';
import type { Subject } from './harness.ts';

/** A switch, an interpretation, a project, the steps, and the check. */
export type Reading = [SwitchName, string, SandboxOptions, (subject: Subject) => Promise<unknown>, unknown];

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

const milliseconds = async ({ post, get }: Subject) => {
  await post('events/track', { ...event, createdAt: Date.UTC(2024, 0, 1) });
  const { createdAt } = (await get('events/byUserId/u')).body.events[0];
  return createdAt === '2024-01-01 00:00:00 +00:00' ? 'this age' : 'far future';
};

const itemsTaken = async ({ post }: Subject) => {
  const events = Array.from({ length: 1002 }, () => event);
  const taken = [];
  for (const size of [1000, 1001, 1002]) {
    const { status, body } = await post('events/trackBulk', { events: events.slice(0, size) });
    taken.push(status === 200 ? size : body.code);
  }
  return taken;
};

const exhausted = { limits: true, now: () => 0 };
const afterTheLimit = async ({ post }: Subject) => {
  for (let call = 0; call < 10; call += 1) await post('events/trackBulk', { events: [] });
  return post('events/trackBulk', { events: [] });
};
const retryHeader = async (subject: Subject) => (await afterTheLimit(subject)).headers.get('retry-after');
const limitBody = async (subject: Subject) => {
  const { body, text } = await afterTheLimit(subject);
  return body.code === undefined ? text : [body.code, body.params];
};

const bothIdentifiers = async ({ post, get }: Subject) => {
  await post('users/update', { email: 'a@example.com', userId: 'u', dataFields: { n: 1 } });
  return (await get('users/byUserId/u')).status;
};

const disallowed = async ({ post, control }: Subject) => {
  await control('settings', { disallowedEventNames: ['No'] });
  const { body } = await post('events/trackBulk', { events: [event, { ...event, eventName: 'No' }] });
  return [body.successCount, body.failCount, body.disallowedEventNames];
};

const forgottenUser = async ({ post }: Subject) => {
  await post('users/update', user);
  await post('users/forget', user);
  const [update, track] = [await post('users/update', user), await post('events/track', event)];
  return [update.status, track.status, update.body.code, track.body.code];
};

const trackEmail = async ({ post, control, get }: Subject) => {
  const one = { email: 'a@example.com', eventName: 'E' };
  const single = await post('events/track', one);
  const bulk = await post('events/trackBulk', { events: [one] });
  const { users } = (await control('stats')).body;
  await post('users/update', { email: one.email });
  const kept = (await get('events/a@example.com')).body.events.length;
  return [single.status, bulk.body.failedUpdates.notFoundEmails, users, kept];
};

const isoDate = async ({ post, get }: Subject) => {
  await post('users/update', { ...user, dataFields: { at: '2024-01-02T03:04:05Z' } });
  return (await get('users/getFields')).body.fields.at;
};

const negative = async ({ post }: Subject) => {
  const items = [{ id: 's', name: 'S', price: 1, quantity: -1 }];
  const statuses = [];
  statuses.push((await post('commerce/trackPurchase', { user, items: [], total: -1 })).status);
  statuses.push((await post('commerce/updateCart', { user, items })).status);
  return statuses;
};

const oversize = async ({ post }: Subject) => {
  const users = [{ ...user, dataFields: { x: 'x'.repeat(4_000_000) } }];
  const { status, body } = await post('users/bulkUpdate', { users });
  return [status, body.code];
};

const manyCarts = async ({ post }: Subject) => {
  const statuses = new Set<number>();
  for (let call = 0; call < 501; call += 1)
    statuses.add((await post('commerce/updateCart', { user, items: [] })).status);
  return [...statuses];
};

const nonMember = async ({ post }: Subject) => {
  const { listId } = (await post('lists', { name: 'VIP' })).body;
  await post('users/update', user);
  const { body } = await post('lists/unsubscribe', { listId, subscribers: [user] });
  return [body.successCount, body.failedUpdates.notFoundUserIds];
};

const emailElsewhere = async ({ post }: Subject) => {
  await post('users/update', { email: 'a@example.com' });
  return (await post('users/updateEmail', { currentEmail: 'a@example.com', newEmail: 'b@example.com' }))
    .status;
};

const wrongTotal = async ({ post }: Subject) =>
  (await post('commerce/trackPurchase', { user, items: [], total: '1' })).body.params;

const sameAgain = async ({ post }: Subject) => {
  const { listId } = (await post('lists', { name: 'VIP' })).body;
  const users = [
    { email: 'a@example.com', dataFields: { a: { b: 1 }, tags: ['x'], gone: null } },
    { userId: 'v', dataFields: { n: 1 } },
  ];
  await post('users/bulkUpdate', { users });
  users[1]!.dataFields = { n: 2 } as never;
  const bulk = (await post('users/bulkUpdate', { users })).body;
  const list = { listId, subscribers: [{ userId: 'v' }] };
  const joined = (await post('lists/subscribe', list)).body.noOpUserIds;
  const again = (await post('lists/subscribe', list)).body.noOpUserIds;
  await post('lists/unsubscribe', list);
  const left = (await post('lists/unsubscribe', list)).body.noOpUserIds;
  return [bulk.successCount, bulk.noOpEmails, bulk.noOpUserIds, joined, again, left];
};

const onlyKnown = async ({ post, control }: Subject) => {
  await post('users/update', { userId: 'known' });
  const users = [{ userId: 'known', dataFields: { n: 1 } }, { userId: 'new' }];
  const { body } = await post('users/bulkUpdate', { users, updateOnly: true });
  return [body.successCount, body.failedUpdates.notFoundUserIds, (await control('stats')).body.users];
};

const newEmail = async ({ post, control }: Subject) => {
  const { status } = await post('events/track', { email: 'a@example.com', eventName: 'E' });
  return [status, (await control('stats')).body.users];
};

const oneItem = async ({ post, call, get }: Subject) => {
  await post('catalogs/Shoes');
  await call('PUT', '/api/catalogs/Shoes/items/s1', { value: { price: 1 } });
  const { body } = await get('catalogs/Shoes/items/s1');
  return [body.value, body.params?.value];
};

const groupCode = async ({ call }: Subject) => {
  const { status, body } = await call('PATCH', '/api/subscriptions/messageChannel/1/byUserId/u');
  return [status, body.code];
};

const emailProject = { projectType: 'email' } as const;
const nothing = [undefined, undefined, undefined, undefined, undefined];

/** Every interpretation of every open question, with its check. */
export const readings: Reading[] = [
  ['createdAtUnit', 'seconds', {}, milliseconds, 'far future'],
  ['createdAtUnit', 'detected', {}, milliseconds, 'this age'],
  ['maxBulkItems', '1000', {}, itemsTaken, [1000, 'BatchTooLarge', 'BatchTooLarge']],
  ['maxBulkItems', '1001', {}, itemsTaken, [1000, 1001, 'BatchTooLarge']],
  ['maxBulkItems', 'unlimited', {}, itemsTaken, [1000, 1001, 1002]],
  ['retryAfter', 'absent', exhausted, retryHeader, null],
  ['retryAfter', 'present', exhausted, retryHeader, '1'],
  [
    'rateLimitBody',
    'figures',
    exhausted,
    limitBody,
    ['RateLimitExceeded', { rateLimitLimit: 10, rateLimitRemaining: 0, rateLimitReset: 1 }],
  ],
  ['rateLimitBody', 'empty', exhausted, limitBody, ['RateLimitExceeded', {}]],
  ['rateLimitBody', 'text', exhausted, limitBody, 'Too Many Requests'],
  ['bothIds', 'together', {}, bothIdentifiers, 200],
  ['bothIds', 'emailWins', {}, bothIdentifiers, 400],
  ['disallowedRaisesFailCount', 'yes', {}, disallowed, [1, 1, ['No']]],
  ['disallowedRaisesFailCount', 'no', {}, disallowed, [1, 0, ['No']]],
  [
    'forgottenStatus',
    'byEndpoint',
    {},
    forgottenUser,
    [409, 400, 'ForgottenUserError', 'ForgottenUserError'],
  ],
  ['forgottenStatus', '400', {}, forgottenUser, [400, 400, 'ForgottenUserError', 'ForgottenUserError']],
  ['forgottenStatus', '409', {}, forgottenUser, [409, 409, 'ForgottenUserError', 'ForgottenUserError']],
  ['trackUnknownEmail', 'parked', emailProject, trackEmail, [200, [], 0, 2]],
  ['trackUnknownEmail', 'notFound', emailProject, trackEmail, [400, ['a@example.com'], 0, 0]],
  ['isoWithoutMillis', 'date', {}, isoDate, 'date'],
  ['isoWithoutMillis', 'string', {}, isoDate, 'string'],
  ['negativeAmounts', 'accepted', {}, negative, [200, 200]],
  ['negativeAmounts', 'refused', {}, negative, [400, 400]],
  ['oversizeStatus', '413', {}, oversize, [413, 'BatchTooLarge']],
  ['oversizeStatus', '400', {}, oversize, [400, 'BatchTooLarge']],
  ['unpublishedLimits', 'none', exhausted, manyCarts, [200]],
  ['unpublishedLimits', '500', exhausted, manyCarts, [200, 429]],
  ['unsubscribeNonMember', 'success', {}, nonMember, [1, []]],
  ['unsubscribeNonMember', 'notFound', {}, nonMember, [0, ['u']]],
  ['updateEmailElsewhere', 'refused', {}, emailElsewhere, 400],
  ['updateEmailElsewhere', 'allowed', {}, emailElsewhere, 200],
  ['jsonErrorForm', 'phrase', {}, wrongTotal, { 'obj.total': 'Number value expected' }],
  ['jsonErrorForm', 'lists', {}, wrongTotal, { 'obj.total': [{ msg: 'error.expected.jsnumber', args: [] }] }],
  ['noOpLists', 'absent', {}, sameAgain, [2, ...nothing]],
  ['noOpLists', 'listed', {}, sameAgain, [2, ['a@example.com'], [], [], ['v'], ['v']]],
  ['updateOnly', 'ignored', {}, onlyKnown, [2, [], 2]],
  ['updateOnly', 'honoured', {}, onlyKnown, [1, ['new'], 1]],
  ['trackNewEmail', 'created', {}, newEmail, [200, 1]],
  ['trackNewEmail', 'notFound', {}, newEmail, [400, 0]],
  ['catalogItemRead', 'bare', {}, oneItem, [{ price: 1 }, undefined]],
  ['catalogItemRead', 'wrapped', {}, oneItem, [undefined, { price: 1 }]],
  ['acceptedCode', 'Success', {}, groupCode, [202, 'Success']],
  ['acceptedCode', 'Accepted', {}, groupCode, [202, 'Accepted']],
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
