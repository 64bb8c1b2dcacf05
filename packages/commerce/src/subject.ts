import {
  e164,
  type ShopAddress,
  type ShopKind,
  type ShopPerson,
  type ShopStore,
  withoutAbsent,
} from '@waybill/core';
import type { ChangeContext } from './context.ts';
import { digest, messageIdOf } from './version.ts';

/** The parts of a state about its owner and store. */
export interface Owned {
  readonly kind: ShopKind;
  readonly id: string;
  readonly customer?: ShopPerson | undefined;
  readonly store?: ShopStore | undefined;
}

/** The identity of an event. */
export interface Who {
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  /** E-mail address, names and telephone number, where known. */
  readonly traits: Readonly<Record<string, unknown>>;
}

/** Returns the current customer from the shop, else from the order or cart. */
export function personOf(customer: ShopPerson | undefined, { known }: ChangeContext): ShopPerson | undefined {
  const kept = customer?.id === undefined ? undefined : known?.('customer', customer.id);
  if (customer === undefined || kept === undefined) return customer;
  const { id, externalId, email, phone, firstName, lastName } = kept;
  return { ...customer, ...withoutAbsent({ id, externalId, email, phone, firstName, lastName }) };
}

/**
 * Returns the user ID by the settings of the source. It is never invented: guests have one only where it is the e-mail address.
 */
export function userIdOf(
  person: ShopPerson | undefined,
  { settings }: Pick<ChangeContext, 'settings'>,
): string | undefined {
  const { id, externalId, email } = person ?? {};
  const chosen =
    settings.identity === 'email'
      ? email?.trim().toLowerCase()
      : settings.identity === 'external'
        ? externalId
        : id && `${settings.userIdPrefix ?? ''}${id}`;
  return chosen === '' ? undefined : chosen;
}

/** Returns a telephone number in E.164; the country comes from the address, else from the settings. */
export function phoneOf(
  phone: string | undefined,
  addresses: readonly (ShopAddress | undefined)[],
  { settings }: Pick<ChangeContext, 'settings'>,
): string | undefined {
  const own = phone === undefined ? addresses : [{ ...addresses.find((one) => one?.country), phone }];
  for (const address of own) {
    const found = address?.phone && e164(address.phone, address.country ?? settings.phoneCountry);
    if (found) return found;
  }
  return undefined;
}

/**
 * Returns the identity of an object. Without a user ID an event has the ID of the visitor; where the shop has none, one derived
 * from the e-mail address, else from the object itself, so that related events stay in order.
 */
export function whoOf(
  state: Owned,
  context: ChangeContext,
  addresses: readonly (ShopAddress | undefined)[] = [],
  visitor: readonly [ShopKind, string] = [state.kind, state.id],
): Who {
  const person = personOf(state.customer, context);
  const userId = userIdOf(person, context);
  const { email, firstName, lastName, phone } = person ?? {};
  const traits = withoutAbsent({ email, firstName, lastName, phone: phoneOf(phone, addresses, context) });
  if (person?.anonymousId !== undefined || userId !== undefined)
    return { userId, anonymousId: person?.anonymousId, traits };
  const anonymousId =
    email === undefined
      ? messageIdOf(context, visitor[0], [visitor[1]])
      : messageIdOf(context, 'guest', [digest(email.toLowerCase())]);
  return { anonymousId, traits };
}
