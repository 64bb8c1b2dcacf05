import { tooManyItems } from '../http/batch-size.ts';
import { BulkResult } from '../model/bulk-result.ts';
import { badParams, common, json, success, type Reply } from '../model/errors.ts';
import { FieldCheck } from '../model/field-check.ts';
import {
  admit,
  checkChange,
  isAnonymous,
  locate,
  refusalReply,
  type Identity,
  type Target,
  type Refusal,
} from '../model/identity.ts';
import type { Outcome } from '../model/item-log.ts';
import type { JsonObject } from '../json.ts';
import { changesNothing } from '../model/no-op.ts';
import { writeFields, type Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import type { QueueName } from '../model/queues.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

/** A user in users/update and commerce calls. */
export interface UserItem extends Identity {
  readonly dataFields?: JsonObject | null;
  readonly mergeNestedObjects?: boolean | null;
  readonly createNewFields?: boolean | null;
}

/** The shape of one user, alone or in a list. */
export const userShape = shape({
  email: 'string',
  userId: 'string',
  dataFields: 'object',
  preferUserId: 'boolean',
  mergeNestedObjects: 'boolean',
  createNewFields: 'boolean',
});

/** The 400 for a user without any identifier, with the service's message. */
export function anonymousUser(): Reply {
  return badParams('Either email or userId must be set: ApiUserUpdateRequest(None,None,None,None)');
}

/** The result of an accepted user write. */
export interface Written {
  readonly refused?: undefined;
  /** False when the profile was already equal. */
  readonly changed: boolean;
}

const changed: Written = { changed: true };
const unchanged: Written = { changed: false };

/** Returns the target of a user write, or why there is none. */
function findPlace(project: Project, user: UserItem): Target | Refusal {
  const place = locate(project, user, 'upsert');
  if (place.refused !== undefined) return place;
  return checkChange(project, place, user.dataFields) ?? checkPhone(project, user.dataFields) ?? place;
}

/**
 * Writes a user with checked types, at once or from its queue. `then` continues with the
 * written profile.
 */
export function upsert(
  project: Project,
  queue: QueueName,
  user: UserItem,
  then?: (profile: Profile) => void,
): Written | Refusal {
  const place = findPlace(project, user);
  if (place.refused !== undefined) return place;
  const same = project.switches.noOpLists === 'listed' && changesNothing(project, place, user);
  if (!project.queues.delays(queue)) {
    perform(project, place, user, then);
  } else {
    project.queues.add(queue, () => {
      // The owners of identifiers may have changed while the write waited.
      const later = findPlace(project, user);
      if (later.refused !== undefined) return false;
      perform(project, later, user, then);
      return true;
    });
  }
  return same ? unchanged : changed;
}

function perform(
  project: Project,
  place: Target,
  user: UserItem,
  then: ((profile: Profile) => void) | undefined,
): void {
  const profile = admit(project, place, user.dataFields);
  writeFields(profile, user.dataFields, user.mergeNestedObjects === true, project.now());
  then?.(profile);
  project.written(profile);
}

function checkPhone(project: Project, dataFields: JsonObject | null | undefined): Refusal | undefined {
  const phone = dataFields?.phoneNumber ?? undefined;
  if (phone === undefined || project.switches.phoneNumber !== 'e164') return undefined;
  return typeof phone === 'string' && /^\+[1-9]\d{6,14}$/.test(phone) ? undefined : { refused: 'invalid' };
}

/** Records a user write in the item log. */
export function noteUser(call: ReceivedCall, user: UserItem, outcome: Outcome): void {
  call.project.log.note({
    endpoint: call.logged,
    email: user.email ?? undefined,
    userId: user.userId ?? undefined,
    id: undefined,
    name: undefined,
    createdAt: undefined,
    marker: user.dataFields?.seq,
    outcome,
  });
}

function update(call: ReceivedCall): Reply {
  const { project } = call;
  const user = call.body as UserItem; // fits(userShape)
  if (isAnonymous(user)) return anonymousUser();
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  check.inspect(project.fields.user, user.dataFields, user.createNewFields);
  const failure = check.failure();
  if (failure !== undefined) return failure;
  const result = upsert(project, call.queue, user);
  if (result.refused !== undefined) {
    noteUser(call, user, result.refused);
    project.stats.took(call.endpoint, 0, 1);
    if (result.refused === 'invalid' && result.email === undefined && result.userId === undefined) {
      return badParams('Invalid phoneNumber: an E.164 number is required');
    }
    return refusalReply(project, result, 'users');
  }
  check.commit();
  noteUser(call, user, 'accepted');
  project.stats.took(call.endpoint, 1, 0);
  return success('User updated.');
}

function bulkUpdate(call: ReceivedCall): Reply {
  const { project } = call;
  const { createNewFields } = call.body as { createNewFields?: boolean | null }; // fits(bulkShape)
  const users = call.body.users as UserItem[]; // fits(bulkShape)
  if (users.length === 0) return common(400, 'InvalidEmailAddressError', 'Emails invalid: ');
  const tooMany = tooManyItems(users.length, project.switches);
  if (tooMany !== undefined) return tooMany;
  if (users.some(isAnonymous)) return anonymousUser();
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  const perItem = project.switches.typeConflictInBulk === 'item';
  const conflicting = new Set<UserItem>();
  for (const user of users) {
    if (!check.inspect(project.fields.user, user.dataFields, createNewFields) && perItem)
      conflicting.add(user);
  }
  const failure = perItem ? check.limitFailure() : check.failure();
  if (failure !== undefined) return failure;
  const created = check.commit();
  const result = new BulkResult(project.switches);
  const knownOnly = call.body.updateOnly === true && project.switches.updateOnly === 'honoured';
  for (const user of users) noteUser(call, user, bulkItem(call, user, result, conflicting, knownOnly));
  project.stats.took(call.endpoint, result.success, result.fail);
  return json(result.users(created, check.filteredOut()));
}

function bulkItem(
  call: ReceivedCall,
  user: UserItem,
  result: BulkResult,
  conflicting: Set<UserItem>,
  knownOnly: boolean,
): Outcome {
  const { project } = call;
  if (conflicting.has(user)) return result.refuseData(user.email ?? undefined, user.userId ?? undefined);
  if (knownOnly) {
    const place = locate(project, user, 'existing');
    if (place.refused !== undefined) return result.refuse(place, 'users');
  }
  const written = upsert(project, call.queue, user);
  if (written.refused === undefined) return result.take(user, written.changed);
  if (written.refused === 'notFound' && written.userId !== undefined)
    return result.refuseUnknownUserId(written.userId);
  if (written.refused === 'invalid' && written.email === undefined && written.userId === undefined) {
    return result.refuseData(user.email ?? undefined, user.userId ?? undefined);
  }
  return result.refuse(written, 'users');
}

/** users/update and users/bulkUpdate. */
export const userWriteRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/users/update',
    shape: userShape,
    limits: perSecond(500),
    keys: 'mobile',
    handle: update,
  },
  {
    method: 'POST',
    path: '/api/users/bulkUpdate',
    shape: shape({ users: [userShape], createNewFields: 'boolean' }),
    limits: perSecond(5),
    bytes: 'limited',
    queue: 'bulk',
    handle: bulkUpdate,
  },
];
