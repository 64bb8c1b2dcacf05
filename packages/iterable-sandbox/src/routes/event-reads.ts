import { formatDate } from '../model/dates.ts';
import { badEmail, badParams, common, json, type Reply } from '../model/errors.ts';
import { isEmail } from '../model/identifiers.ts';
import { isObject, type JsonObject } from '../json.ts';
import { spellEmail, type Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { chain, type StoredEvent, type StoredPurchase } from '../model/stored.ts';
import { unknownUserId } from './user-reads.ts';

function head(project: Project, stored: StoredEvent | StoredPurchase): JsonObject {
  const { email, userId } = stored.owner;
  const at = formatDate(stored.receivedAt);
  return {
    _id: stored.id,
    id: stored.id,
    ...(email === undefined ? {} : { email: spellEmail(email, project.switches) }),
    ...(userId === undefined ? {} : { userId }),
    createdAt: formatDate(stored.createdAt),
    eventUpdatedAt: formatDate(stored.updatedAt),
    ...(stored.campaignId === undefined ? {} : { campaignId: stored.campaignId }),
    ...(stored.templateId === undefined ? {} : { templateId: stored.templateId }),
    itblInternal: { documentCreatedAt: at, documentUpdatedAt: formatDate(stored.updatedAt) },
  };
}

function parsed(text: string | undefined): JsonObject {
  const value: unknown = text === undefined ? {} : JSON.parse(text);
  return isObject(value) ? value : {};
}

/** A custom event as the read endpoints give it. */
export function readableEvent(project: Project, event: StoredEvent): JsonObject {
  return {
    eventName: event.name,
    eventType: 'customEvent',
    ...head(project, event),
    dataFields: parsed(event.fields),
  };
}

/** A purchase as the read endpoints give it: system events are flat. */
function readablePurchase(project: Project, purchase: StoredPurchase): JsonObject {
  return {
    ...parsed(purchase.fields),
    eventType: 'purchase',
    ...head(project, purchase),
    total: purchase.total,
    // The text was made from the items of the request.
    shoppingCartItems: JSON.parse(purchase.items) as JsonObject[],
  };
}

interface Dated {
  readonly at: number;
  readonly read: () => JsonObject;
}

function eventsOf(project: Project, owner: Profile, custom: boolean, limit: number): JsonObject[] {
  const { visibilityDelayMs } = project.settings;
  const seen = project.now() - visibilityDelayMs;
  const all: Dated[] = [];
  if (custom) {
    for (const event of chain(owner.lastEvent)) {
      if (event.receivedAt <= seen)
        all.push({ at: event.createdAt, read: () => readableEvent(project, event) });
    }
  }
  for (const purchase of chain(owner.lastPurchase)) {
    if (purchase.receivedAt <= seen)
      all.push({ at: purchase.createdAt, read: () => readablePurchase(project, purchase) });
  }
  all.sort((a, b) => b.at - a.at);
  return all.slice(0, limit).map((one) => one.read());
}

function limitOf(call: ReceivedCall): number | Reply {
  const given = call.query.get('limit');
  if (given === null) return 30;
  const limit = Number(given);
  return Number.isInteger(limit) && limit >= 1 && limit <= 200
    ? limit
    : badParams('limit must be between 1 and 200');
}

function listed(call: ReceivedCall, profile: Profile | undefined): Reply {
  const limit = limitOf(call);
  if (typeof limit !== 'number') return limit;
  return json({ events: profile === undefined ? [] : eventsOf(call.project, profile, true, limit) });
}

function byEmail(call: ReceivedCall): Reply {
  const email = call.params[0]!;
  if (!isEmail(email)) return badEmail(email);
  return listed(call, call.project.byEmail.first(email.toLowerCase()));
}

function byUserId(call: ReceivedCall): Reply {
  const profile = call.project.byUserId.first(call.params[0]!);
  return profile === undefined ? unknownUserId(call.project, call.params[0]!) : listed(call, profile);
}

/** export/userEvents: one JSON object per line; custom events only when asked for. */
function exportUser(call: ReceivedCall): Reply {
  const { project, query } = call;
  const email = query.get('email');
  const userId = query.get('userId');
  if (email === null && userId === null) return badParams('Either email or userId must be specified');
  if (email !== null && !isEmail(email)) return badEmail(email);
  const profile =
    email === null ? project.byUserId.first(userId!) : project.byEmail.first(email.toLowerCase());
  if (profile === undefined) {
    return email === null
      ? unknownUserId(project, userId!)
      : common(400, 'UnknownEmailError', `User does not exist. Email: ${email} UserId: `);
  }
  const events = eventsOf(project, profile, query.get('includeCustomEvents') === 'true', Infinity);
  const body = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return { status: 200, body, type: 'application/x-json-stream' };
}

const reads = perSecond(100);

/** Reading the events of one user. */
export const eventReadRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/events/byUserId/{userId}', limits: reads, handle: byUserId },
  { method: 'GET', path: '/api/events/{email}', limits: reads, handle: byEmail },
  // A 429 is declared for it without a figure.
  { method: 'GET', path: '/api/export/userEvents', unpublishedLimit: true, handle: exportUser },
];
