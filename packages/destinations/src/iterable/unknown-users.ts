import type { Identity, Outcome } from '@waybill/core';

import { sendBulk } from './bulk.ts';
import { instanceOf } from './instance.ts';
import { normalEmail } from './profile.ts';
import { type Context, projectTypeOf } from './settings.ts';
import { usersEndpoint } from './upsert-user.ts';

/** How long a profile that was made or found is taken to be there. */
const KNOWN_FOR = 3_600_000;

/** What came of making the profile of one user: the calls it took, and why the event cannot follow. */
export interface Ensured {
  readonly problem?: Outcome;
  readonly exchanges: readonly number[];
}

/**
 * Makes the profiles that events of an e-mail project need, where the settings ask for it: an event alone makes none
 * there. Users that were made or found lately are left out, so that most calls need no second one.
 */
export async function ensureProfiles(
  identities: readonly (Identity | undefined)[],
  context: Context,
): Promise<readonly (Ensured | undefined)[]> {
  const { settings } = context;
  if (projectTypeOf(settings) !== 'email' || settings.unknownUsers !== 'create') {
    return identities.map(() => undefined);
  }
  const { knownUsers } = instanceOf(context);
  const wanted = new Map<string, Identity>();
  for (const identity of identities) {
    if (identity === undefined) continue;
    const key = keyOf(identity);
    if ((knownUsers.get(key) ?? 0) < context.now()) wanted.set(key, identity);
  }
  const made = new Map<string, Ensured>();
  if (wanted.size > 0) {
    const users = [...wanted.values()];
    const outcomes = await sendBulk(users.map(userOf), usersEndpoint({}, context), context);
    for (const [index, key] of [...wanted.keys()].entries()) {
      const outcome = outcomes[index]!;
      if (outcome.status === 'delivered') {
        knownUsers.set(key, context.now() + KNOWN_FOR);
        made.set(key, { exchanges: outcome.exchanges ?? [] });
      } else {
        made.set(key, { problem: outcome, exchanges: [] });
      }
    }
  }
  return identities.map((identity) => (identity === undefined ? undefined : made.get(keyOf(identity))));
}

/** Forgets that a user is known, because Iterable says otherwise. */
export function forgetKnown(identity: Identity, context: Context): void {
  instanceOf(context).knownUsers.delete(keyOf(identity));
}

/** The profile with nothing but what names it: whoever is known already keeps everything. */
function userOf({ by, email, userId }: Identity): Readonly<Record<string, unknown>> {
  if (by === 'userId') return { userId, preferUserId: true };
  return userId === undefined ? { email } : { email, userId };
}

function keyOf({ by, email, userId }: Identity): string {
  return by === 'email' ? `e ${normalEmail(email!)}` : `u ${userId}`;
}
