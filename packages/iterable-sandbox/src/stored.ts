import type { Profile } from './profile.ts';

/** A custom event in memory. Its dataFields are kept as JSON text: a fraction of the size of the objects. */
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

interface Link<T> {
  owner: Profile;
  before: T | undefined;
}

/** A chain of events or purchases, newest first. */
export function* chain<T extends Link<T>>(last: T | undefined): Generator<T> {
  for (let at = last; at !== undefined; at = at.before) yield at;
}

/** The chain without one link; returns the new last link. */
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

/** Gives a whole chain to another owner, behind what that owner already has; returns the owner's last link. */
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
