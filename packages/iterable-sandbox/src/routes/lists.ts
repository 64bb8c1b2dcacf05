import { tooManyItems } from '../http/batch-size.ts';
import { BulkResult } from '../model/bulk-result.ts';
import { badParams, common, json, success, text, type Reply } from '../model/errors.ts';
import { FieldCheck } from '../model/field-check.ts';
import { isAnonymous, locate, type Identity } from '../model/identity.ts';
import type { Outcome } from '../model/item-log.ts';
import { spellEmail, type Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import { perMinute, perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';
import { addId, listField, removeId } from './subscriptions.ts';
import { anonymousUser, noteUser, upsert, userShape, type UserItem } from './user-writes.ts';

/** The 400 for a list that does not exist; its code is "Success". */
function invalidList(project: Project, listId: number): Reply {
  return common(400, 'Success', `error.lists.invalidListId(${listId})`, { projectId: project.id, listId });
}

/** Whether a call can see a list: a new one may take a moment to be known everywhere. */
function isKnown(project: Project, listId: number): boolean {
  const list = project.lists.get(listId);
  return list !== undefined && project.now() - list.createdAt >= project.settings.visibilityDelayMs;
}

function members(project: Project, listId: number): Profile[] {
  const field = listField(project);
  return [...project.profiles].filter((profile) => {
    const ids = profile.fields[field];
    return Array.isArray(ids) && ids.includes(listId);
  });
}

function getLists(call: ReceivedCall): Reply {
  const lists = [...call.project.lists.values()].map((list) => ({ ...list, listType: 'Standard' }));
  return json({ lists });
}

function createList(call: ReceivedCall): Reply {
  const { project } = call;
  const { name, description } = call.body as { name: string; description?: string | null }; // fits(shape)
  const id = project.takeListId();
  project.lists.set(id, { id, name, description: description ?? undefined, createdAt: project.now() });
  return json({ listId: id });
}

function deleteList(call: ReceivedCall): Reply {
  const { project } = call;
  const id = Number(call.params[0]);
  if (!project.lists.has(id)) return badParams(`List ${call.params[0]} does not exist`);
  for (const profile of members(project, id)) removeId(profile, listField(project), id);
  project.lists.delete(id);
  return success();
}

function subscribe(call: ReceivedCall): Reply {
  const { project } = call;
  const { listId, updateExistingUsersOnly } = call.body as {
    listId: number;
    updateExistingUsersOnly?: boolean | null;
  };
  const subscribers = call.body.subscribers as UserItem[]; // both fit the shape of the route
  if (!isKnown(project, listId)) return invalidList(project, listId);
  const wrong = tooManyItems(subscribers.length, project.switches) ?? anonymous(subscribers);
  if (wrong !== undefined) return wrong;
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  for (const user of subscribers) check.inspect(project.fields.user, user.dataFields);
  const failure = check.failure();
  if (failure !== undefined) return failure;
  const created = check.commit();
  const result = new BulkResult(project.switches);
  const knownOnly = updateExistingUsersOnly === true && project.type !== 'email';
  for (const user of subscribers) noteUser(call, user, subscribeOne(call, user, listId, knownOnly, result));
  project.stats.took(call.endpoint, result.success, result.fail);
  return json(result.users(created, check.filteredOut()));
}

function subscribeOne(
  call: ReceivedCall,
  user: UserItem,
  listId: number,
  knownOnly: boolean,
  result: BulkResult,
): Outcome {
  const { project } = call;
  const field = listField(project);
  let member = false;
  const place = locate(project, user, 'existing');
  if (place.refused === undefined) {
    const ids = place.profile!.fields[field]; // locate for 'existing' gives only profiles that exist
    member = Array.isArray(ids) && ids.includes(listId);
  } else if (knownOnly) {
    return result.refuse(place, 'users');
  }
  const written = upsert(project, call.queue, user, (profile) => addId(profile, field, listId));
  if (written.refused !== undefined) return result.refuse(written, 'users');
  return result.take(user, written.changed || !member);
}

function unsubscribe(call: ReceivedCall): Reply {
  const { project } = call;
  const { listId, channelUnsubscribe } = call.body as { listId: number; channelUnsubscribe?: boolean | null };
  const subscribers = call.body.subscribers as Identity[]; // both fit the shape of the route
  if (!isKnown(project, listId)) return invalidList(project, listId);
  const wrong = tooManyItems(subscribers.length, project.switches) ?? anonymous(subscribers);
  if (wrong !== undefined) return wrong;
  const result = new BulkResult(project.switches);
  for (const user of subscribers) {
    noteUser(call, user, unsubscribeOne(call, user, listId, channelUnsubscribe === true, result));
  }
  project.stats.took(call.endpoint, result.success, result.fail);
  return json(result.users([], []));
}

function unsubscribeOne(
  call: ReceivedCall,
  user: Identity,
  listId: number,
  channelToo: boolean,
  result: BulkResult,
): Outcome {
  const { project } = call;
  const place = locate(project, user, 'existing');
  const lenient = project.switches.unsubscribeNonMember === 'success';
  if (place.refused !== undefined) {
    // An unknown address counted as a success in the one recording there is; an unknown userId never does.
    if (place.refused === 'notFound' && place.email !== undefined && lenient) {
      return result.take(user, false);
    }
    return result.refuse(place, 'users');
  }
  const profile = place.profile!; // locate for 'existing' gives only profiles that exist
  const ids = profile.fields[listField(project)];
  const member = Array.isArray(ids) && ids.includes(listId);
  if (!member && !lenient) {
    return result.refuse(
      { refused: 'notFound', ...(user.email ? { email: user.email } : { userId: user.userId! }) },
      'users',
    );
  }
  project.queues.run(call.queue, () => {
    removeId(profile, listField(project), listId);
    if (channelToo) addId(profile, 'unsubscribedChannelIds', 1);
    project.written(profile);
    return project.profiles.has(profile);
  });
  return result.take(user, member || channelToo);
}

function anonymous(users: readonly Identity[]): Reply | undefined {
  return users.some(isAnonymous) ? anonymousUser() : undefined;
}

function size(call: ReceivedCall): Reply {
  const id = Number(call.params[0]);
  return isKnown(call.project, id)
    ? text(`${members(call.project, id).length}`)
    : invalidList(call.project, id);
}

/** lists/getUsers and lists/previewUsers: one identifier per line. */
function users(call: ReceivedCall): Reply {
  const { project, query } = call;
  const id = Number(query.get('listId'));
  if (!isKnown(project, id)) return invalidList(project, id);
  const preferUserId = query.get('preferUserId') === 'true';
  const lines = members(project, id).map(({ email, userId }) => {
    const spelled = email === undefined ? undefined : spellEmail(email, project.switches);
    return preferUserId ? (userId ?? spelled) : (spelled ?? userId);
  });
  const wanted = Number(query.get('size') ?? query.get('maxResults') ?? Infinity);
  return text(lines.slice(0, Number.isNaN(wanted) ? Infinity : wanted).join('\n'));
}

/** Static lists. */
export const listRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/lists', limits: perSecond(100), keys: 'readOnly', handle: getLists },
  {
    method: 'POST',
    path: '/api/lists',
    shape: shape({ name: 'string!', description: 'string' }),
    handle: createList,
  },
  {
    method: 'POST',
    path: '/api/lists/subscribe',
    shape: shape({ listId: 'integer!', subscribers: [userShape], updateExistingUsersOnly: 'boolean' }),
    unpublishedLimit: true,
    bytes: 'limited',
    queue: 'bulk',
    handle: subscribe,
  },
  {
    method: 'POST',
    path: '/api/lists/unsubscribe',
    shape: shape({
      listId: 'integer!',
      subscribers: [shape({ email: 'string', userId: 'string' })],
      campaignId: 'integer',
      channelUnsubscribe: 'boolean',
    }),
    unpublishedLimit: true,
    bytes: 'limited',
    queue: 'bulk',
    handle: unsubscribe,
  },
  { method: 'GET', path: '/api/lists/getUsers', limits: perMinute(5), handle: users },
  { method: 'GET', path: '/api/lists/previewUsers', limits: perMinute(5), handle: users },
  { method: 'GET', path: '/api/lists/{listId}/size', limits: perMinute(5), keys: 'readOnly', handle: size },
  { method: 'DELETE', path: '/api/lists/{listId}', handle: deleteList },
];
