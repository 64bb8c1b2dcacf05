import { formatDate } from './dates.ts';
import { bare, isObject, type Json, type JsonObject } from '../json.ts';
import type { Switches } from './switches.ts';

/** A custom event in memory. Its dataFields are stored as JSON strings: a fraction of the size of objects. */
export interface StoredEvent {
  readonly id: string;
  owner: Profile;
  name: string;
  createdAt: number;
  receivedAt: number;
  updatedAt: number;
  fields: string | undefined;
  campaignId: number | undefined;
  templateId: number | undefined;
  /** The owner's event received before this one. */
  before: StoredEvent | undefined;
}

/** A purchase in memory; items and dataFields as JSON text. */
export interface StoredPurchase {
  readonly id: string;
  owner: Profile;
  total: number;
  items: string;
  createdAt: number;
  receivedAt: number;
  updatedAt: number;
  fields: string | undefined;
  campaignId: number | undefined;
  templateId: number | undefined;
  /** The owner's purchase received before this one. */
  before: StoredPurchase | undefined;
}

/** A user profile, with the ends of its chains. */
export class Profile {
  email: string | undefined;
  userId: string | undefined;
  readonly fields: JsonObject = bare();
  createdAt: number;
  updatedAt: number;
  cart: Json[] | undefined;
  lastEvent: StoredEvent | undefined;
  lastPurchase: StoredPurchase | undefined;
  /** Earlier readable forms, kept only while the project has a visibility delay. */
  past: PastView[] | undefined;

  constructor(email: string | undefined, userId: string | undefined, now: number) {
    this.email = email;
    this.userId = userId;
    this.createdAt = now;
    this.updatedAt = now;
  }
}

/** The readable form of a profile from some time on. */
export interface PastView {
  readonly from: number;
  readonly view: string;
}

/** Fields the service manages itself; dataFields cannot write them. */
export const MANAGED: ReadonlySet<string> = new Set([
  'email',
  'userId',
  'itblInternal',
  'devices',
  'browserTokens',
  'shoppingCartItems',
]);

/** Writes dataFields: null removes, objects merge one level deep when asked for, everything else replaces. */
export function writeFields(
  profile: Profile,
  dataFields: JsonObject | null | undefined,
  merge: boolean,
  now: number,
): void {
  profile.updatedAt = now;
  if (dataFields === null || dataFields === undefined) return;
  const { fields } = profile;
  for (const key of Object.keys(dataFields)) {
    if (MANAGED.has(key)) continue;
    const value = dataFields[key]!;
    if (value === null) delete fields[key];
    else fields[key] = mergedOneLevel(fields[key], value, merge);
  }
}

/** Returns the value of a field after a write: only objects can merge, one level deep. */
export function mergedOneLevel(old: Json | undefined, update: Json, merge: boolean): Json {
  if (!isObject(update)) return update;
  const merged = bare();
  if (merge && isObject(old)) for (const key of Object.keys(old)) merged[key] = old[key]!;
  for (const key of Object.keys(update)) {
    if (update[key] === null) delete merged[key];
    else merged[key] = update[key]!;
  }
  return merged;
}

/** Returns an address as spelled in answers. */
export function spellEmail(email: string, switches: Switches): string {
  return switches.emailCase === 'lowered' ? email.toLowerCase() : email;
}

/** Returns the profile as the read endpoints do: `{email, userId?, dataFields}`. */
export function readable(profile: Profile, switches: Switches): JsonObject {
  const email = profile.email === undefined ? undefined : spellEmail(profile.email, switches);
  const { userId } = profile;
  const dataFields = bare();
  Object.assign(dataFields, profile.fields);
  dataFields.signupDate ??= formatDate(profile.createdAt);
  dataFields.signupSource ??= 'API';
  dataFields.profileUpdatedAt = formatDate(profile.updatedAt);
  if (email !== undefined) dataFields.email = email;
  if (userId !== undefined) dataFields.userId = userId;
  if (profile.cart !== undefined) dataFields.shoppingCartItems = profile.cart;
  dataFields.itblInternal = {
    documentCreatedAt: formatDate(profile.createdAt),
    documentUpdatedAt: formatDate(profile.updatedAt),
    ...(email === undefined ? {} : { emailDomain: email.slice(email.lastIndexOf('@') + 1) }),
  };
  const user: JsonObject = {};
  if (email !== undefined) user.email = email;
  else if (switches.missingEmail === 'empty') user.email = '';
  if (userId !== undefined) user.userId = userId;
  user.dataFields = dataFields;
  return user;
}

/** The profile as a reader sees it at `now` when writes become visible only after `delayMs`. */
export function visible(
  profile: Profile,
  switches: Switches,
  now: number,
  delayMs: number,
): JsonObject | undefined {
  if (delayMs === 0 || profile.past === undefined) return readable(profile, switches);
  const seen = profile.past.findLast((view) => view.from <= now - delayMs);
  // The text was made from a JsonObject by notePast.
  return seen === undefined ? undefined : (JSON.parse(seen.view) as JsonObject);
}

/** Stores the current readable form, and drops those that no reader can see. */
export function notePast(profile: Profile, switches: Switches, now: number, delayMs: number): void {
  const past = (profile.past ??= []);
  past.push({ from: now, view: JSON.stringify(readable(profile, switches)) });
  const oldest = past.findLastIndex((view) => view.from <= now - delayMs);
  if (oldest > 0) past.splice(0, oldest);
}
