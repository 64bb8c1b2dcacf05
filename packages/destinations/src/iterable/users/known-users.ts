import type { Identity } from '@waybill/core';

import { normalEmail } from '../api/identifiers.ts';
import { instanceOf } from '../fields/instance.ts';
import { type Context, projectTypeOf } from '../settings.ts';

/** How long a created or found profile is assumed to exist: Iterable does not report deletions. */
const KNOWN_FOR = 24 * 3_600_000;

/** Whether Iterable may drop an event of this user when they are unknown. */
export function mayVanish({ by }: Identity, { settings }: Context): boolean {
  const type = projectTypeOf(settings);
  // A hybrid project creates profiles for user IDs; for addresses nothing is documented.
  return type === 'email' || (type === 'hybrid' && by === 'email');
}

/** Returns the memory key of a user. */
export function knownKey({ by, email, userId }: Identity): string {
  return by === 'email' ? `e ${normalEmail(email!)}` : `u ${userId}`;
}

/** Whether the user of a key was created or found recently, also before a restart. */
export async function isKnown(key: string, context: Context): Promise<boolean> {
  const { knownUsers } = instanceOf(context);
  const until = knownUsers.get(key);
  if (until !== undefined) return until > context.now();
  const kept = Number((await context.memory?.get(`known ${key}`)) ?? 0);
  if (!(kept > context.now())) return false;
  knownUsers.set(key, kept);
  return true;
}

/** Remembers that the user of a key has a profile. */
export async function remember(key: string, context: Context): Promise<void> {
  const until = context.now() + KNOWN_FOR;
  instanceOf(context).knownUsers.set(key, until);
  await context.memory?.set(`known ${key}`, String(until));
}

/** Records that the user has a profile, written by another action. */
export function noteKnown(identity: Identity, context: Context): void {
  const type = projectTypeOf(context.settings);
  if (!mayVanish(identity, context)) return;
  const { knownUsers } = instanceOf(context);
  const until = context.now() + KNOWN_FOR;
  knownUsers.set(knownKey(identity), until);
  if (type === 'email' && identity.userId !== undefined) knownUsers.set(`u ${identity.userId}`, until);
}

/** Forgets that a user is known, because the profile is gone or about to be. */
export async function forgetKnown(identity: Identity, context: Context): Promise<void> {
  const keys = [
    ...(identity.email === undefined ? [] : [`e ${normalEmail(identity.email)}`]),
    ...(identity.userId === undefined ? [] : [`u ${identity.userId}`]),
  ];
  for (const key of keys) {
    instanceOf(context).knownUsers.delete(key);
    await context.memory?.set(`known ${key}`, undefined);
  }
}
