import { badEmail, badParams, common, json, playError, text, type Reply } from '../model/errors.ts';
import { isEmail } from '../model/identifiers.ts';
import { visible } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';

/** GET users/{email} and users/getByEmail: an unknown address is a 200 with an empty object. */
function byEmail(call: ReceivedCall, email: string | null): Reply {
  if (email === null) return badParams('email is required');
  if (!isEmail(email)) return badEmail(email);
  const { project } = call;
  const profile = project.byEmail.first(email.toLowerCase());
  const user =
    profile && visible(profile, project.switches, project.now(), project.settings.visibilityDelayMs);
  return json(user === undefined ? {} : { user });
}

function byUserId(call: ReceivedCall, userId: string | null): Reply {
  if (userId === null) return badParams('userId is required');
  const { project } = call;
  const profile = project.byUserId.first(userId);
  const user =
    profile && visible(profile, project.switches, project.now(), project.settings.visibilityDelayMs);
  return user === undefined ? unknownUserId(project, userId) : json({ user });
}

/** The 400 for a read by an unknown userId, for which the sources have three different bodies. */
export function unknownUserId(project: Project, userId: string): Reply {
  const words = 'No user with that id exists!';
  switch (project.switches.unknownUserIdRead) {
    case 'text':
      return text(words, 400);
    case 'UnknownUserIdError':
      return common(400, 'UnknownUserIdError', `User does not exist. Email:  UserId: ${userId}`);
    default:
      return playError(400, 'BadRequest', words, 'error.users.noUserWithIdExists', [userId]);
  }
}

function getFields(call: ReceivedCall): Reply {
  const fields = Object.fromEntries(call.project.fields.user.types);
  return json({ fields });
}

const reads = perSecond(100);

/** Reading profiles and the user schema. */
export const userReadRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/users/getByEmail',
    limits: reads,
    handle: (call) => byEmail(call, call.query.get('email')),
  },
  {
    method: 'GET',
    path: '/api/users/byUserId',
    limits: reads,
    handle: (call) => byUserId(call, call.query.get('userId')),
  },
  { method: 'GET', path: '/api/users/getFields', limits: perSecond(3), keys: 'readOnly', handle: getFields },
  {
    method: 'GET',
    path: '/api/users/getSentMessages',
    limits: perSecond(3),
    // The sandbox sends nothing, so nothing was sent.
    handle: () => json({ messages: [] }),
  },
  {
    method: 'GET',
    path: '/api/users/byUserId/{userId}',
    limits: reads,
    handle: (call) => byUserId(call, call.params[0]!),
  },
  {
    method: 'GET',
    path: '/api/users/{email}',
    limits: reads,
    handle: (call) => byEmail(call, call.params[0]!),
  },
];
