import { badParams, common, json, noSuchPath, success, type Reply } from '../model/errors.ts';
import { admit, isAnonymous, locate, refusalReply, type Identity, type Refusal } from '../model/identity.ts';
import { spellEmail, type Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import type { ReceivedCall, Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

interface Subscriptions extends Identity {
  readonly emailListIds?: number[] | null;
  readonly unsubscribedChannelIds?: number[] | null;
  readonly unsubscribedMessageTypeIds?: number[] | null;
  readonly subscribedMessageTypeIds?: number[] | null;
}

const subscriptionsShape = shape({
  email: 'string',
  userId: 'string',
  emailListIds: 'integers',
  unsubscribedChannelIds: 'integers',
  unsubscribedMessageTypeIds: 'integers',
  subscribedMessageTypeIds: 'integers',
  campaignId: 'integer',
  templateId: 'integer',
  validateChannelAlignment: 'boolean',
});

/** The profile field with the static lists of a user. */
export function listField(project: Project): 'emailListIds' | 'userListIds' {
  return project.type === 'email' ? 'emailListIds' : 'userListIds';
}

/** Adds an id to a number list of the profile. */
export function addId(profile: Profile, field: string, id: number): void {
  const held = profile.fields[field];
  const ids = Array.isArray(held) ? held : [];
  if (!ids.includes(id)) profile.fields[field] = [...ids, id];
}

/** Removes an id from a number list of the profile; false when it was not there. */
export function removeId(profile: Profile, field: string, id: number): boolean {
  const held = profile.fields[field];
  if (!Array.isArray(held) || !held.includes(id)) return false;
  profile.fields[field] = held.filter((other) => other !== id);
  return true;
}

/** Every present list replaces the stored one; an absent one is unchanged. */
function write({ project, queue }: ReceivedCall, request: Subscriptions): Refusal | undefined {
  // A preferUserId is not part of these requests, so it must not slip through.
  const { email = null, userId = null } = request;
  const identity: Identity = { email, userId };
  const place = locate(project, identity, 'upsert');
  if (place.refused !== undefined) return place;
  project.queues.run(queue, () => {
    const later = locate(project, identity, 'upsert');
    if (later.refused !== undefined) return false;
    replace(project, admit(project, later), request);
    return true;
  });
  return undefined;
}

function replace(project: Project, profile: Profile, request: Subscriptions): void {
  const { emailListIds, unsubscribedChannelIds, unsubscribedMessageTypeIds } = request;
  if (emailListIds) profile.fields[listField(project)] = emailListIds;
  if (unsubscribedChannelIds) profile.fields.unsubscribedChannelIds = unsubscribedChannelIds;
  if (unsubscribedMessageTypeIds) profile.fields.unsubscribedMessageTypeIds = unsubscribedMessageTypeIds;
  profile.updatedAt = project.now();
  project.written(profile);
}

function unusable(request: Subscriptions): Reply | undefined {
  if (isAnonymous(request)) return badParams('Either email or userId must be specified');
  // Opt-in message types are a feature the sandbox project does not have.
  if (request.subscribedMessageTypeIds)
    return badParams('Opt-in message types are not enabled for this project');
  return undefined;
}

function update(call: ReceivedCall): Reply {
  const request = call.body as Subscriptions; // fits(subscriptionsShape)
  const wrong = unusable(request);
  if (wrong !== undefined) return wrong;
  const refusal = write(call, request);
  call.project.stats.took(call.endpoint, refusal === undefined ? 1 : 0, refusal === undefined ? 0 : 1);
  return refusal === undefined ? success() : refusalReply(call.project, refusal, 'users');
}

function bulkUpdate(call: ReceivedCall): Reply {
  const { project } = call;
  const requests = call.body.updateSubscriptionsRequests as Subscriptions[]; // fits(list of subscriptionsShape)
  const wrong = requests.map(unusable).find((reply) => reply !== undefined);
  if (wrong !== undefined) return wrong;
  const invalidEmails: string[] = [];
  const invalidUserIds: string[] = [];
  let failCount = 0;
  for (const request of requests) {
    const refusal = write(call, request);
    if (refusal === undefined) continue;
    failCount += 1;
    if (refusal.email !== undefined) invalidEmails.push(spellEmail(refusal.email, project.switches));
    else if (refusal.userId !== undefined) invalidUserIds.push(refusal.userId);
  }
  project.stats.took(call.endpoint, requests.length - failCount, failCount);
  return json({
    successCount: requests.length - failCount,
    failCount,
    invalidEmails,
    invalidUserIds,
    validEmailFailures: [],
    validUserIdFailures: [],
  });
}

const fieldOfGroup = new Map([
  ['messageType', 'unsubscribedMessageTypeIds'],
  ['messageChannel', 'unsubscribedChannelIds'],
]);

/** One user of the subscription group endpoints: lists contain subscribed users, other groups unsubscribed ones. */
function move(
  project: Project,
  identity: Identity,
  group: string,
  id: number,
  join: boolean,
): Refusal | undefined {
  const place = locate(project, identity, 'upsert');
  if (place.refused !== undefined) return place;
  const profile = admit(project, place);
  const outField = fieldOfGroup.get(group);
  if (join === (outField === undefined)) addId(profile, outField ?? listField(project), id);
  else removeId(profile, outField ?? listField(project), id);
  profile.updatedAt = project.now();
  project.written(profile);
  return undefined;
}

function group(call: ReceivedCall, identities: Identity[], join: boolean): Reply {
  const [name, id] = [call.params[0]!, Number(call.params[1])];
  // A project that does not have the feature has no such paths.
  if (!call.project.settings.subscriptionGroups) return noSuchPath(call.method, call.endpoint);
  if (name !== 'emailList' && !fieldOfGroup.has(name))
    return badParams(`Unknown subscription group: ${name}`);
  if (!Number.isInteger(id)) return badParams(`Invalid subscription group id: ${call.params[1]}`);
  for (const identity of identities) {
    const refusal = move(call.project, identity, name, id, join);
    if (refusal !== undefined && identities.length === 1) return refusalReply(call.project, refusal, 'users');
  }
  return common(202, call.project.switches.acceptedCode, '');
}

function groupBulk(call: ReceivedCall): Reply {
  const action = call.query.get('action');
  if (action !== 'subscribe' && action !== 'unsubscribe')
    return badParams('action must be subscribe or unsubscribe');
  const { users, usersByUserId } = call.body as { users?: string[] | null; usersByUserId?: string[] | null }; // fits
  const identities = [
    ...(users ?? []).map((email) => ({ email })),
    ...(usersByUserId ?? []).map((userId) => ({ userId })),
  ];
  return group(call, identities, action === 'subscribe');
}

const groupPath = '/api/subscriptions/{group}/{id}';

/** Subscriptions of users, one at a time, in bulk and by group. */
export const subscriptionRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/users/updateSubscriptions',
    shape: subscriptionsShape,
    unpublishedLimit: true,
    keys: 'mobile',
    handle: update,
  },
  {
    method: 'POST',
    path: '/api/users/bulkUpdateSubscriptions',
    shape: shape({ updateSubscriptionsRequests: [subscriptionsShape] }),
    unpublishedLimit: true,
    bytes: 'limited',
    queue: 'bulk',
    handle: bulkUpdate,
  },
  {
    method: 'PUT',
    path: groupPath,
    shape: shape({ users: 'strings', usersByUserId: 'strings' }),
    handle: groupBulk,
  },
  ...(['PATCH', 'DELETE'] as const).flatMap((method): Route[] => [
    {
      method,
      path: `${groupPath}/user/{email}`,
      handle: (call) => group(call, [{ email: call.params[2]! }], method === 'PATCH'),
    },
    {
      method,
      path: `${groupPath}/byUserId/{userId}`,
      handle: (call) => group(call, [{ userId: call.params[2]! }], method === 'PATCH'),
    },
  ]),
];
