import type { ShopGone, ShopPerson, ShopSettings, ShopState } from '@waybill/core';
import { userIdOf } from './subject.ts';

/** A person by all known identifiers. */
export interface Named {
  /** IDs of their accounts in the shop. */
  readonly customers: ReadonlySet<string>;
  /** Addresses in lower case. */
  readonly emails: ReadonlySet<string>;
  /** User IDs of their events. */
  readonly userIds: ReadonlySet<string>;
}

/** Whether a state of a shop belongs to a person. */
export function isWhose(state: ShopState | ShopGone, named: Named, settings: ShopSettings): boolean {
  const person = personIn(state);
  if (person === undefined) return false;
  const { id, email } = person;
  const userId = userIdOf(person, { settings });
  return (
    (id !== undefined && named.customers.has(id)) ||
    (email !== undefined && named.emails.has(email.trim().toLowerCase())) ||
    (userId !== undefined && named.userIds.has(userId))
  );
}

/** Adds the identifiers in a state of a person: an account has an ID and an address. */
export function namedBy(state: ShopState | ShopGone, { customers, emails, userIds }: Named): Named {
  const { id, email } = state.kind === 'customer' ? (personIn(state) ?? {}) : {};
  return {
    customers: id === undefined ? customers : new Set([...customers, id]),
    emails: email === undefined ? emails : new Set([...emails, email.trim().toLowerCase()]),
    userIds,
  };
}

function personIn(state: ShopState | ShopGone): ShopPerson | undefined {
  if ('gone' in state) return undefined;
  if (state.kind === 'customer') return state;
  return 'customer' in state ? state.customer : undefined;
}
