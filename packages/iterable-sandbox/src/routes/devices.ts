import { badParams, common, success, type Reply } from '../model/errors.ts';
import { admit, isAnonymous, locate, refusalReply, type Identity } from '../model/identity.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Profile } from '../model/profile.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';

const MOST = 500;
const platforms = new Set(['APNS', 'APNS_SANDBOX', 'GCM']);

interface Device {
  readonly token: string;
  readonly platform: string;
  readonly applicationName: string;
  readonly dataFields?: JsonObject | null;
}

function held(profile: Profile, field: 'devices' | 'browserTokens'): JsonObject[] {
  const list = profile.fields[field];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** Adds an entry to a list of the profile whose entries are identified by token; creates unknown users. */
function register(
  call: ReceivedCall,
  identity: Identity,
  field: 'devices' | 'browserTokens',
  entry: JsonObject & { token: Json },
): Reply {
  const { project } = call;
  if (isAnonymous(identity)) return badParams('Either email or userId must be specified');
  const place = locate(project, identity, 'upsert');
  if (place.refused !== undefined) return refusalReply(project, place, 'users');
  const old = place.profile === undefined ? [] : held(place.profile, field);
  const others = old.filter(({ token }) => token !== entry.token);
  if (others.length >= MOST) return badParams(`A user can have at most ${MOST} ${field}`);
  const profile = admit(project, place);
  profile.fields[field] = [...others, entry];
  profile.updatedAt = project.now();
  project.written(profile);
  return success();
}

function registerDevice(call: ReceivedCall): Reply {
  const { email = null, userId = null, preferUserId = null } = call.body as Identity; // fits(shape)
  const device = call.body.device as unknown as Device; // fits(shape)
  const { token, platform, applicationName, dataFields } = device;
  // The service's answer in the only known recording.
  if (token === '') return common(500, 'GenericError', 'An error occurred');
  if (!platforms.has(platform)) return badParams(`Unknown platform: ${platform}`);
  const entry = { token, platform, applicationName, endpointEnabled: true, ...dataFields };
  return register(call, { email, userId, preferUserId }, 'devices', entry);
}

function registerBrowser(call: ReceivedCall): Reply {
  // Only device tokens can make a placeholder user.
  const { email = null, userId = null } = call.body as Identity; // fits(shape)
  const entry = { token: call.body.browserToken as string };
  return register(call, { email, userId }, 'browserTokens', entry);
}

function disable(call: ReceivedCall): Reply {
  const { project, body } = call;
  const identity = body as Identity; // fits(shape)
  let holders: Iterable<Profile> = project.profiles;
  if (!isAnonymous(identity)) {
    const place = locate(project, identity, 'existing');
    if (place.refused !== undefined) return refusalReply(project, place, 'users');
    holders = [place.profile!]; // locate for 'existing' gives only profiles that exist
  }
  for (const profile of holders) {
    for (const device of held(profile, 'devices')) {
      if (device.token !== body.token) continue;
      device.endpointEnabled = false;
      project.written(profile);
    }
  }
  return success();
}

const without = [
  'inAppConsume',
  'trackInAppOpen',
  'trackInAppClick',
  'trackInAppClose',
  'trackInAppDelivery',
  'trackPushOpen',
  'trackWebPushClick',
];

const client = { method: 'POST', keys: 'clientOnly' } as const;
const who = { email: 'string', userId: 'string' } as const;

/** Endpoints for apps and browsers only; what they report about messages has no effect. */
export const deviceRoutes: readonly Route[] = [
  {
    ...client,
    path: '/api/users/registerDeviceToken',
    shape: shape({
      ...who,
      preferUserId: 'boolean',
      device: shape({
        token: 'string!',
        platform: 'string!',
        applicationName: 'string!',
        dataFields: 'object',
      }),
    }),
    limits: perSecond(500),
    handle: registerDevice,
  },
  {
    ...client,
    path: '/api/users/registerBrowserToken',
    shape: shape({ ...who, browserToken: 'string!' }),
    handle: registerBrowser,
  },
  {
    ...client,
    path: '/api/users/disableDevice',
    shape: shape({ ...who, token: 'string!' }),
    handle: disable,
  },
  ...without.map((name): Route => ({ ...client, path: `/api/events/${name}`, handle: () => success() })),
];
