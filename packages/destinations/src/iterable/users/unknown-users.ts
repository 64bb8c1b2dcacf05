import { type Identity, type Outcome, rejected } from '@waybill/core';

import { sendBulk } from '../api/bulk/send.ts';
import { waitOrReject } from '../api/waiting.ts';
import { type Context, projectTypeOf } from '../settings.ts';
import { isKnown, knownKey, mayVanish, remember } from './known-users.ts';
import { readProfiles } from './read-profiles.ts';
import { againByUserId } from './refused-address.ts';
import { usersEndpoint } from './write-users.ts';

/** The user of an event, and its attempt. */
export interface EventUser {
  readonly identity: Identity;
  readonly attempt: number;
}

/** The result of ensuring the profile of a user: the calls, and why the event cannot be sent. */
export interface Ensured {
  readonly problem?: Outcome;
  readonly exchanges: readonly number[];
}

/**
 * Ensures the profiles that events need. Iterable may answer "Success" to an event of an unknown user and drop it, so no event
 * is sent before its profile is known to exist: it is created, or, if the settings forbid that, searched for. Recently created
 * or found users need no call.
 */
export async function ensureProfiles(
  users: readonly (EventUser | undefined)[],
  context: Context,
): Promise<readonly (Ensured | undefined)[]> {
  if (projectTypeOf(context.settings) === 'userId') return users.map(() => undefined);
  const wanted = new Map<string, EventUser>();
  for (const user of users) {
    if (user === undefined || !mayVanish(user.identity, context)) continue;
    const key = knownKey(user.identity);
    if (!wanted.has(key) && !(await isKnown(key, context))) wanted.set(key, user);
  }
  if (wanted.size === 0) return users.map(() => undefined);
  const open = [...wanted.values()];
  const ensured = makesProfiles(context) ? await make(open, context) : await find(open, context);
  const made = new Map<string, Ensured>();
  for (const [index, key] of [...wanted.keys()].entries()) {
    const one = ensured[index]!;
    made.set(key, one);
    if (one.problem === undefined) await remember(key, context);
  }
  return users.map((user) => (user === undefined ? undefined : made.get(knownKey(user.identity))));
}

/** Whether missing profiles are created. The setting is for e-mail projects; in others an event creates them anyway. */
function makesProfiles({ settings }: Context): boolean {
  return projectTypeOf(settings) !== 'email' || (settings.unknownUsers ?? 'create') === 'create';
}

async function make(users: readonly EventUser[], context: Context): Promise<readonly Ensured[]> {
  const identities = users.map(({ identity }) => identity);
  const endpoint = usersEndpoint({}, context);
  const bodyOf = (_index: number, identity: Identity): ReturnType<typeof userOf> => userOf(identity, context);
  const bodies = identities.map((identity) => userOf(identity, context));
  const sent = await sendBulk(bodies, endpoint, context);
  const outcomes = await againByUserId(sent, identities, bodyOf, endpoint, context);
  return outcomes.map((outcome) => {
    if (outcome.status === 'delivered') return { exchanges: outcome.exchanges ?? [] };
    // A user without changes exists.
    return outcome.status === 'skipped' ? { exchanges: [] } : { problem: outcome, exchanges: [] };
  });
}

async function find(users: readonly EventUser[], context: Context): Promise<readonly Ensured[]> {
  const read = await readProfiles(
    users.map(({ identity }) => identity),
    context,
  );
  return read.map((profile, index) => {
    if (profile.kind === 'failed') return { problem: profile.outcome, exchanges: [] };
    const exchanges = [profile.exchange];
    if (profile.known) return { exchanges };
    const { attempt, identity } = users[index]!;
    return { problem: { ...unknown(attempt, identity.by, context), exchanges }, exchanges: [] };
  });
}

/** The message for an unknown user for whom no profile may be created. */
export const UNKNOWN_USER =
  'Iterable does not know the user. An event creates no profile in an e-mail project: send identify with the e-mail address first.';

function unknown(attempt: number, field: string, { settings }: Context): Outcome {
  const code = 'destination_user_not_found';
  return settings.unknownUsers === 'wait'
    ? waitOrReject(code, UNKNOWN_USER, attempt, field)
    : rejected(code, UNKNOWN_USER, field);
}

/** The profile with its identifiers only: an existing one keeps everything. */
function userOf({ by, email, userId }: Identity, { settings }: Context): Readonly<Record<string, unknown>> {
  if (by === 'userId') return { userId, preferUserId: true };
  return userId === undefined || projectTypeOf(settings) !== 'email' ? { email } : { email, userId };
}
