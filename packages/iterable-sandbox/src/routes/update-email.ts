import { badParams, common, success, type Reply } from '../model/errors.ts';
import { isEmail } from '../model/identifiers.ts';
import { locate, refusalReply } from '../model/identity.ts';
import type { ReceivedCall, Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

/** Moves a profile, with everything that belongs to it, to another address. */
function updateEmail(call: ReceivedCall): Reply {
  const { project } = call;
  if (project.type !== 'email' && project.switches.updateEmailElsewhere === 'refused') {
    return badParams('users/updateEmail is for email-based projects; use users/update with dataFields.email');
  }
  const body = call.body as { newEmail: string; currentEmail?: string | null; currentUserId?: string | null }; // fits
  const { newEmail, currentUserId } = body;
  const currentEmail = body.currentEmail ?? undefined;
  if (currentEmail === undefined && (currentUserId ?? undefined) === undefined) {
    return badParams('Either currentEmail or currentUserId must be specified');
  }
  if (currentEmail !== undefined && !isEmail(currentEmail)) {
    return common(400, 'InvalidEmailAddressError', `Invalid currentEmail ${currentEmail}`);
  }
  if (!isEmail(newEmail)) return common(400, 'InvalidEmailAddressError', `Invalid email: ${newEmail}`);
  // With both given the address decides.
  const profile =
    currentEmail === undefined
      ? project.byUserId.first(currentUserId!)
      : project.byEmail.first(currentEmail.toLowerCase());
  if (profile === undefined) {
    const old = currentEmail ?? currentUserId ?? '';
    return badParams(`Cannot change user Some(${old}) to ${newEmail}. User does not exist`);
  }
  // Only the "forgotten" answer of locate matters for the new address.
  const place = locate(project, { email: newEmail }, 'upsert');
  if (place.refused === 'forgotten') return refusalReply(project, place, 'users');
  const holder = project.byEmail.first(newEmail.toLowerCase());
  if (holder !== undefined && holder !== profile) {
    return common(400, 'EmailAlreadyExists', `Email already exists: ${newEmail}`);
  }
  project.queues.run(call.queue, () => {
    const first = project.byEmail.first(newEmail.toLowerCase());
    if (!project.profiles.has(profile) || (first !== undefined && first !== profile)) return false;
    project.setEmail(profile, newEmail);
    profile.createdAt = profile.updatedAt = project.now();
    project.written(profile);
    return true;
  });
  project.stats.took(call.endpoint, 1, 0);
  return success();
}

/** users/updateEmail. */
export const updateEmailRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/users/updateEmail',
    shape: shape({ newEmail: 'string!', currentEmail: 'string', currentUserId: 'string' }),
    unpublishedLimit: true,
    keys: 'mobile',
    handle: updateEmail,
  },
];
