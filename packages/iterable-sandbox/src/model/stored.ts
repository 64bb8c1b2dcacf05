import type { Profile } from './profile.ts';

export type { StoredEvent, StoredPurchase } from './profile.ts';

interface Link<T> {
  owner: Profile;
  before: T | undefined;
}

/** A chain of events or purchases, newest first. */
export function* chain<T extends Link<T>>(last: T | undefined): Generator<T> {
  for (let at = last; at !== undefined; at = at.before) yield at;
}

/** Removes a link from a chain; returns the new last link. */
export function unlink<T extends Link<T>>(last: T | undefined, gone: T): T | undefined {
  if (last === gone) return gone.before;
  for (let at = last; at !== undefined; at = at.before) {
    if (at.before === gone) {
      at.before = gone.before;
      break;
    }
  }
  return last;
}

/** Moves a whole chain to another owner, after the existing links; returns the owner's last link. */
export function adopt<T extends Link<T>>(
  last: T | undefined,
  taken: T | undefined,
  owner: Profile,
): T | undefined {
  for (const link of chain(taken)) link.owner = owner;
  if (last === undefined) return taken;
  let oldest = last;
  while (oldest.before !== undefined) oldest = oldest.before;
  oldest.before = taken;
  return last;
}
