import { tooManyItems } from '../http/batch-size.ts';
import { BulkResult } from '../model/bulk-result.ts';
import { badParams, json, success, type Reply } from '../model/errors.ts';
import { FieldCheck } from '../model/field-check.ts';
import {
  admit,
  isAnonymous,
  locate,
  refusalReply,
  type Identity,
  type Target,
  type Refusal,
} from '../model/identity.ts';
import type { Outcome } from '../model/item-log.ts';
import type { JsonObject } from '../json.ts';
import type { Profile } from '../model/profile.ts';
import type { Project } from '../model/project.ts';
import { perSecond, type ReceivedCall, type Route } from '../http/route.ts';
import { shape } from '../http/shape.ts';
import { unlink, type StoredEvent } from '../model/stored.ts';

/** An event as accepted by events/track. */
export interface EventItem extends Identity {
  readonly eventName: string;
  readonly id?: string | null;
  readonly createdAt?: number | null;
  readonly dataFields?: JsonObject | null;
  readonly campaignId?: number | null;
  readonly templateId?: number | null;
  readonly createNewFields?: boolean | null;
}

const eventShape = shape({
  eventName: 'string!',
  email: 'string',
  userId: 'string',
  id: 'string',
  createdAt: 'integer',
  dataFields: 'object',
  campaignId: 'integer',
  templateId: 'integer',
  createNewFields: 'boolean',
});

/** Returns the problem of an event or purchase ID, if any. */
export function badId(project: Project, id: string | null | undefined): Reply | undefined {
  if (id === null || id === undefined) return undefined;
  // A character takes at most four bytes, so short ids need no counting.
  if (id.length > 128 && Buffer.byteLength(id) > 512) return badParams('id must be at most 512 bytes');
  if (project.switches.eventIdCharset === 'enforced' && !/^[A-Za-z0-9-]+$/.test(id)) {
    return badParams('id may contain only letters, digits and hyphens');
  }
  return undefined;
}

/** Returns the time of `createdAt`, in milliseconds; without one, the time of receipt. */
export function createdAtMs(
  project: Project,
  createdAt: number | null | undefined,
  receivedAt: number,
): number {
  if (createdAt === null || createdAt === undefined) return receivedAt;
  // Above 1e11 seconds a date is past the year 5138: the other interpretation reads that as milliseconds.
  if (project.switches.createdAtUnit === 'detected' && createdAt > 1e11) return createdAt;
  return createdAt * 1000;
}

/** What was decided about an event or purchase on acceptance, possibly before it is stored. */
export interface Accepted {
  readonly id: string;
  readonly receivedAt: number;
}

/** Settles the id and the moment of an event or purchase. */
export function accept({ project, at }: ReceivedCall, item: { readonly id?: string | null }): Accepted {
  return { id: item.id ?? project.makeId(), receivedAt: at };
}

/** Stores an event, or updates the one that already has its id. */
export function storeEvent(
  project: Project,
  owner: Profile,
  event: EventItem,
  name: string,
  { id, receivedAt: now }: Accepted,
): void {
  if (project.keepEvents === 'counts') {
    project.eventCounts.set(id, (project.eventCounts.get(id) ?? 0) + 1);
    return;
  }
  const known = event.id === null || event.id === undefined ? undefined : project.events.get(id);
  const fields = event.dataFields ? JSON.stringify(event.dataFields) : undefined;
  if (known !== undefined) {
    known.name = name;
    known.updatedAt = now;
    if (fields !== undefined) known.fields = fields;
    if (event.createdAt !== null && event.createdAt !== undefined)
      known.createdAt = createdAtMs(project, event.createdAt, now);
    if (event.campaignId !== null && event.campaignId !== undefined) known.campaignId = event.campaignId;
    if (event.templateId !== null && event.templateId !== undefined) known.templateId = event.templateId;
    if (known.owner !== owner) {
      known.owner.lastEvent = unlink(known.owner.lastEvent, known);
      known.owner = owner;
      known.before = owner.lastEvent;
      owner.lastEvent = known;
    }
    return;
  }
  const stored: StoredEvent = {
    id,
    owner,
    name,
    createdAt: createdAtMs(project, event.createdAt, now),
    receivedAt: now,
    updatedAt: now,
    fields,
    campaignId: event.campaignId ?? undefined,
    templateId: event.templateId ?? undefined,
    before: owner.lastEvent,
  };
  project.events.add(id, stored);
  owner.lastEvent = stored;
}

/** Whether an event for an unknown identifier is kept until a user has it. */
function parks(project: Project, refusal: Refusal): boolean {
  if (refusal.refused !== 'notFound' || project.type !== 'email') return false;
  const { trackUnknownEmail, trackUnknownUserId } = project.switches;
  return (refusal.email === undefined ? trackUnknownUserId : trackUnknownEmail) === 'parked';
}

function put(
  project: Project,
  place: Target | Refusal,
  event: EventItem,
  name: string,
  accepted: Accepted,
): void {
  const owner = place.refused === undefined ? admit(project, place) : project.park(place.email, place.userId);
  storeEvent(project, owner, event, name, accepted);
}

/** Accepts an event with checked types; returns its ID, or why it has no target. */
function take(call: ReceivedCall, event: EventItem, name: string): string | Refusal {
  const { project, queue } = call;
  const place = locate(project, event, 'event');
  if (place.refused !== undefined && !parks(project, place)) return place;
  const accepted = accept(call, event);
  if (!project.queues.delays(queue)) {
    put(project, place, event, name, accepted);
    return accepted.id;
  }
  project.queues.add(queue, () => {
    // The user may have changed while the event waited.
    const later = locate(project, event, 'event');
    if (later.refused !== undefined && !parks(project, later)) return false;
    put(project, later, event, name, accepted);
    return true;
  });
  return accepted.id;
}

function note(
  call: ReceivedCall,
  event: EventItem,
  name: string,
  id: string | undefined,
  outcome: Outcome,
): void {
  call.project.log.note({
    endpoint: call.logged,
    email: event.email ?? undefined,
    userId: event.userId ?? undefined,
    id: id ?? event.id ?? undefined,
    name,
    createdAt: event.createdAt ?? undefined,
    marker: event.dataFields?.seq,
    outcome,
  });
}

/** The whole-request 400 for an event that could never be stored. */
function unusable(project: Project, event: EventItem): Reply | undefined {
  if (event.eventName === '') return badParams('eventName must not be empty');
  if (isAnonymous(event)) return badParams('Either email or userId must be specified in a track call');
  return badId(project, event.id);
}

function track(call: ReceivedCall): Reply {
  const { project } = call;
  const event = call.body as unknown as EventItem; // fits(eventShape)
  const wrong = unusable(project, event);
  if (wrong !== undefined) return wrong;
  const memory = project.fields.event(event.eventName);
  if (project.settings.disallowedEventNames.includes(memory.name)) {
    note(call, event, memory.name, undefined, 'disallowed');
    project.stats.took(call.endpoint, 0, 1);
    return success(`Event name ${memory.name} is disallowed from tracking in this project.`);
  }
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  check.inspect(memory, event.dataFields, event.createNewFields);
  const failure = check.failure();
  if (failure !== undefined) return failure;
  const taken = take(call, event, memory.name);
  if (typeof taken !== 'string') {
    note(call, event, memory.name, undefined, taken.refused);
    project.stats.took(call.endpoint, 0, 1);
    return refusalReply(project, taken, 'other');
  }
  check.commit();
  note(call, event, memory.name, taken, 'accepted');
  project.stats.took(call.endpoint, 1, 0);
  return success(`Event with id: ${taken} tracked.`, { id: taken });
}

function trackBulk(call: ReceivedCall): Reply {
  const { project } = call;
  const events = call.body.events as unknown as EventItem[]; // fits(list of eventShape)
  const tooMany = tooManyItems(events.length, project.switches);
  if (tooMany !== undefined) return tooMany;
  const check = new FieldCheck(project.fields, project.settings, project.switches);
  for (const event of events) {
    const wrong = unusable(project, event);
    if (wrong !== undefined) return wrong;
    check.inspect(project.fields.event(event.eventName), event.dataFields, event.createNewFields);
  }
  const failure = check.failure();
  if (failure !== undefined) return failure;
  const created = check.commit();
  const result = new BulkResult(project.switches);
  const { disallowedEventNames } = project.settings;
  for (const event of events) {
    // The remembered copy of the name: one string for all events instead of one each.
    const { name } = project.fields.event(event.eventName);
    if (disallowedEventNames.length > 0 && disallowedEventNames.includes(name)) {
      note(call, event, name, undefined, result.disallow(name));
      continue;
    }
    const taken = take(call, event, name);
    if (typeof taken === 'string') {
      result.success += 1;
      note(call, event, name, taken, 'accepted');
    } else {
      note(call, event, name, undefined, result.refuse(taken, 'events'));
    }
  }
  project.stats.took(call.endpoint, result.success, events.length - result.success);
  return json(result.events(created, check.filteredOut()));
}

/** events/track and events/trackBulk. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/events/track',
    shape: eventShape,
    limits: perSecond(2000),
    keys: 'mobile',
    handle: track,
  },
  {
    method: 'POST',
    path: '/api/events/trackBulk',
    shape: shape({ events: [eventShape] }),
    limits: perSecond(10),
    bytes: 'trackBulk',
    queue: 'bulk',
    handle: trackBulk,
  },
];
