import { badEmail, badParams, badUserId, common, type Reply } from './errors.ts';
import { isEmail, isUserId } from './identifiers.ts';
import type { JsonObject } from '../json.ts';
import type { Profile } from './profile.ts';
import type { Project } from './project.ts';

/** The identifiers of an item. */
export interface Identity {
  readonly email?: string | null;
  readonly userId?: string | null;
  readonly preferUserId?: boolean | null;
}

/** The purpose of finding a user: a write that creates profiles, a custom event, or something only for known users. */
export type Purpose = 'upsert' | 'event' | 'existing';

/** Why an item has no profile. Only the invalid identifiers are set. */
export interface Refusal {
  readonly refused: 'invalid' | 'conflict' | 'forgotten' | 'notFound';
  readonly email?: string | undefined;
  readonly userId?: string | undefined;
}

/** The target of an item: an existing profile, or the identifiers of the one to create. */
export interface Target {
  readonly refused?: undefined;
  readonly profile: Profile | undefined;
  readonly email: string | undefined;
  readonly userId: string | undefined;
}

/** True when an item carries no identifier at all, which makes the whole request fail. */
export function isAnonymous(identity: Identity): boolean {
  return (identity.email ?? undefined) === undefined && (identity.userId ?? undefined) === undefined;
}

/** Finds the target of an item without changes. */
export function locate(project: Project, identity: Identity, purpose: Purpose): Target | Refusal {
  const email = identity.email ?? undefined;
  const userId = identity.userId ?? undefined;
  // A malformed email fails despite a valid userId.
  if (email !== undefined && !isEmail(email)) return { refused: 'invalid', email };
  if (userId !== undefined && !isUserId(userId)) return { refused: 'invalid', userId };
  const forgotten = isForgotten(project, email, userId);
  if (forgotten !== undefined) return forgotten;
  switch (project.type) {
    case 'email':
      return inEmailProject(project, email, userId, identity.preferUserId === true, purpose);
    case 'userId':
      return inUserIdProject(project, email, userId, purpose);
    case 'hybrid':
      return inHybridProject(project, email, userId, purpose);
  }
}

function isForgotten(
  project: Project,
  email: string | undefined,
  userId: string | undefined,
): Refusal | undefined {
  const { forgottenEmails, forgottenUserIds } = project;
  if (email !== undefined && forgottenEmails.size > 0 && forgottenEmails.has(email.toLowerCase())) {
    return { refused: 'forgotten', email };
  }
  if (userId !== undefined && forgottenUserIds.size > 0 && forgottenUserIds.has(userId)) {
    return { refused: 'forgotten', userId };
  }
  return undefined;
}

function inEmailProject(
  project: Project,
  email: string | undefined,
  userId: string | undefined,
  preferUserId: boolean,
  purpose: Purpose,
): Target | Refusal {
  if (email !== undefined) {
    const profile = project.byEmail.first(email.toLowerCase());
    if (profile === undefined && purpose !== 'upsert') return { refused: 'notFound', email };
    return { profile, email, userId };
  }
  // userIds are not unique here; the first profile gets the write.
  const profile = project.byUserId.first(userId!);
  if (profile !== undefined) return { profile, email: undefined, userId };
  if (purpose === 'upsert' && preferUserId) {
    const digits = Math.floor(project.random() * 1e9);
    return {
      profile: undefined,
      email: `${userId!.replace(/[^A-Za-z0-9._-]/g, '_')}+${digits}@placeholder.email`,
      userId,
    };
  }
  return { refused: 'notFound', userId };
}

function inUserIdProject(
  project: Project,
  email: string | undefined,
  userId: string | undefined,
  purpose: Purpose,
): Target | Refusal {
  // An email does not identify users here.
  if (userId === undefined) return { refused: 'invalid', email };
  const profile = project.byUserId.first(userId);
  if (profile === undefined && purpose === 'existing') return { refused: 'notFound', userId };
  return { profile, email, userId };
}

function inHybridProject(
  project: Project,
  email: string | undefined,
  userId: string | undefined,
  purpose: Purpose,
): Target | Refusal {
  const emailWins = email !== undefined && project.switches.bothIds === 'emailWins';
  const usedUserId = emailWins ? undefined : userId;
  const byEmail = email === undefined ? undefined : project.byEmail.first(email.toLowerCase());
  const byUserId = usedUserId === undefined ? undefined : project.byUserId.first(usedUserId);
  if (byEmail !== undefined && byUserId !== undefined && byEmail !== byUserId) {
    return { refused: 'conflict', email, userId };
  }
  const profile = byEmail ?? byUserId;
  const unmade = purpose === 'event' && userId === undefined && project.switches.trackNewEmail === 'notFound';
  if (profile === undefined && (purpose === 'existing' || unmade)) {
    return email === undefined ? { refused: 'notFound', userId } : { refused: 'notFound', email };
  }
  return { profile, email, userId: usedUserId };
}

/** Checks the identifiers inside dataFields, which change who a profile is. */
export function checkChange(
  project: Project,
  place: Target,
  dataFields: JsonObject | null | undefined,
): Refusal | undefined {
  if (dataFields === null || dataFields === undefined) return undefined;
  const email = project.type === 'email' ? undefined : (dataFields.email ?? undefined);
  const userId = dataFields.userId ?? undefined;
  if (email === undefined && userId === undefined) return undefined;
  if (email !== undefined && !isEmail(email)) return { refused: 'invalid', email: String(email) };
  if (userId !== undefined && !isUserId(userId)) return { refused: 'invalid', userId: String(userId) };
  const forgotten = isForgotten(project, email, userId);
  if (forgotten !== undefined) return forgotten;
  if (email !== undefined && project.type === 'hybrid') {
    const holder = project.byEmail.first(email.toLowerCase());
    if (holder !== undefined && holder !== place.profile) return { refused: 'conflict', email };
  }
  if (userId !== undefined && project.type !== 'email') {
    const holder = project.byUserId.first(userId);
    if (holder !== undefined && holder !== place.profile) return { refused: 'conflict', userId };
  }
  return undefined;
}

/** Returns the profile of a target, created if needed, with the identifiers of the item written to it. */
export function admit(project: Project, place: Target, dataFields?: JsonObject | null): Profile {
  let { profile } = place;
  if (profile === undefined) {
    profile = project.create(place.email, place.userId);
  } else {
    // A different spelling of the same address is not a change.
    if (place.email !== undefined && profile.email?.toLowerCase() !== place.email.toLowerCase()) {
      project.setEmail(profile, place.email);
    }
    if (place.userId !== undefined) project.setUserId(profile, place.userId);
  }
  if (dataFields !== null && dataFields !== undefined) {
    // checkChange has refused everything that is not a well-formed identifier.
    if (project.type !== 'email' && isEmail(dataFields.email)) project.setEmail(profile, dataFields.email);
    if (isUserId(dataFields.userId)) project.setUserId(profile, dataFields.userId);
  }
  return profile;
}

/** Returns the answer of a single call to a refusal. */
export function refusalReply(project: Project, refusal: Refusal, family: 'users' | 'other'): Reply {
  const { email, userId } = refusal;
  switch (refusal.refused) {
    case 'invalid':
      if (email === undefined) return badUserId(userId ?? '');
      return isEmail(email) ? badParams('A userId is required in a userId-based project') : badEmail(email);
    case 'conflict':
      return common(
        409,
        'ExternalKeyConflict',
        `Identifier belongs to another user: ${email ?? userId ?? ''}`,
      );
    case 'forgotten': {
      const { forgottenStatus } = project.switches;
      const status =
        forgottenStatus === 'byEndpoint' ? (family === 'users' ? 409 : 400) : Number(forgottenStatus);
      return common(status, 'ForgottenUserError', `User has been forgotten: ${email ?? userId ?? ''}`);
    }
    case 'notFound':
      return common(
        400,
        email === undefined ? 'UnknownUserIdError' : 'UnknownEmailError',
        `User does not exist. Email: ${email ?? ''} UserId: ${userId ?? ''}`,
      );
  }
}
