import { type Identity, type Outcome, rejected } from '@waybill/core';

import { sendBulk } from '../api/bulk/send.ts';
import { waitOrReject } from '../api/waiting.ts';
import { type Context, projectTypeOf } from '../settings.ts';
import { isKnown, knownKey, mayVanish, remember } from './known-users.ts';
import { readProfiles } from './read-profiles.ts';
import { againByUserId } from './refused-address.ts';
import { usersEndpoint } from './write-users.ts';

/** An event's user and the attempt it is sent with. */
export interface EventUser {
  readonly identity: Identity;
  readonly attempt: number;
}

/** The result of making sure of the profile of one user: the calls it took, and why the event cannot follow. */
export interface Ensured {
  readonly problem?: Outcome;
  readonly exchanges: readonly number[];
}

/**
 * Makes sure of the profiles that events need. Iterable may answer "Success" to an event of a user it does not know and
 * keep nothing of it, so no event is sent before its profile is known to be there: it is made, or, where the settings
 * want none made, looked for. Users that were made or found lately cost nothing.
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

/** Whether missing profiles are made. That choice is one of e-mail projects; in others an event makes them anyway. */
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
    // A user who changes nothing is there.
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

/** What to tell of a user whom Iterable does not know, and for whom no profile is to be made. */
export const UNKNOWN_USER =
  'Iterable does not know the user. An event creates no profile in an e-mail project: send identify with the e-mail address first.';

function unknown(attempt: number, field: string, { settings }: Context): Outcome {
  const code = 'destination_user_not_found';
  return settings.unknownUsers === 'wait'
    ? waitOrReject(code, UNKNOWN_USER, attempt, field)
    : rejected(code, UNKNOWN_USER, field);
}

/** The profile with nothing but what names it: whoever is known already keeps everything. */
function userOf({ by, email, userId }: Identity, { settings }: Context): Readonly<Record<string, unknown>> {
  if (by === 'userId') return { userId, preferUserId: true };
  return userId === undefined || projectTypeOf(settings) !== 'email' ? { email } : { email, userId };
}
