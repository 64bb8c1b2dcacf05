import { badEmail, badParams, common, json, success, type Reply } from '../model/errors.ts';
import { isEmail, isUserId } from '../model/identifiers.ts';
import type { Identity } from '../model/identity.ts';
import { hashed } from '../model/project.ts';
import { perSecond, type ReceivedCall, type Limit, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

/** Deleting an unknown address succeeds. */
function deleteByEmail(call: ReceivedCall): Reply {
  const { project } = call;
  const email = call.params[0]!;
  if (project.type === 'userId') return badParams('Users of a userId-based project are deleted by userId');
  if (!isEmail(email)) return badEmail(email);
  const profile = project.byEmail.first(email.toLowerCase());
  if (profile === undefined) return success();
  project.remove(profile);
  return success(`All users associated with ${email} were successfully deleted`);
}

/** Deleting an unknown userId is an error; a shared userId deletes all its users. */
function deleteByUserId(call: ReceivedCall): Reply {
  const { project } = call;
  const userId = call.params[0]!;
  const profiles = project.byUserId.all(userId);
  if (profiles.length === 0) return badParams(`User does not exist. Email:  UserId: ${userId}`);
  for (const profile of profiles) project.remove(profile);
  return success(`All users associated with ${userId} were successfully deleted`);
}

/** Returns the identifier for forgetting in this project, or the 400. */
function subject(call: ReceivedCall): { email?: string; userId?: string } | Reply {
  const { type } = call.project;
  const { email, userId } = call.body as Identity; // fits(shape)
  if (typeof email === 'string' && type !== 'userId') return isEmail(email) ? { email } : badEmail(email);
  if (typeof userId === 'string' && type !== 'email') {
    return isUserId(userId) ? { userId } : common(400, 'InvalidUserIdError', `Invalid userId: ${userId}`);
  }
  return badParams(`${type === 'userId' ? 'userId' : 'email'} must be specified`);
}

function forget(call: ReceivedCall): Reply {
  const { project } = call;
  const who = subject(call);
  if ('status' in who) return who;
  const profiles =
    who.email === undefined
      ? project.byUserId.all(who.userId!)
      : project.byEmail.all(who.email.toLowerCase());
  if (profiles.length === 0) {
    return common(
      400,
      'GenericError',
      `Cannot forget: user does not exist: ${who.email ?? who.userId ?? ''}`,
    );
  }
  for (const profile of profiles) {
    // In a hybrid project both identifiers of the person are blocked, not only the one that was named.
    if (profile.email !== undefined && project.type !== 'userId')
      project.forgottenEmails.add(profile.email.toLowerCase());
    if (profile.userId !== undefined && project.type !== 'email')
      project.forgottenUserIds.add(profile.userId);
    project.remove(profile);
  }
  return success();
}

function unforget(call: ReceivedCall): Reply {
  const who = subject(call);
  if ('status' in who) return who;
  if (who.email !== undefined) call.project.forgottenEmails.delete(who.email.toLowerCase());
  if (who.userId !== undefined) call.project.forgottenUserIds.delete(who.userId);
  return success();
}

const three = perSecond(3);
const threeAndDaily: readonly Limit[] = [...three, { amount: 1000, seconds: 86_400, per: 'project' }];
const subjectShape = shape({ email: 'string', userId: 'string' });

/** Deleting and forgetting: deleting does not stop later writes, forgetting does. */
export const removalRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/users/forget', shape: subjectShape, limits: threeAndDaily, handle: forget },
  {
    method: 'POST',
    path: '/api/users/unforget',
    shape: subjectShape,
    limits: threeAndDaily,
    handle: unforget,
  },
  {
    method: 'GET',
    path: '/api/users/forgotten',
    limits: three,
    handle: ({ project }) =>
      project.type === 'userId'
        ? badParams('Not available in userId-based projects')
        : json({ hashedEmails: [...project.forgottenEmails].map(hashed) }),
  },
  {
    method: 'GET',
    path: '/api/users/forgottenUserIds',
    limits: three,
    handle: ({ project }) =>
      project.type === 'email'
        ? badParams('Not available in email-based projects')
        : json({ hashedUserIds: [...project.forgottenUserIds].map(hashed) }),
  },
  { method: 'DELETE', path: '/api/users/byUserId/{userId}', limits: perSecond(100), handle: deleteByUserId },
  { method: 'DELETE', path: '/api/users/{email}', limits: perSecond(100), handle: deleteByEmail },
];
