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

/** The parts of a state that tell whose it is and where it belongs. */
export interface Owned {
  readonly kind: ShopKind;
  readonly id: string;
  readonly customer?: ShopPerson | undefined;
  readonly store?: ShopStore | undefined;
}

/** Who an event is about, in the terms of events. */
export interface Who {
  readonly userId?: string | undefined;
  readonly anonymousId?: string | undefined;
  /** E-mail address, names and telephone number, as far as they are known. */
  readonly traits: Readonly<Record<string, unknown>>;
}

/** The customer as the shop has them now, else as the order or cart says. */
export function personOf(customer: ShopPerson | undefined, { known }: ChangeContext): ShopPerson | undefined {
  const kept = customer?.id === undefined ? undefined : known?.('customer', customer.id);
  if (customer === undefined || kept === undefined) return customer;
  const { id, externalId, email, phone, firstName, lastName } = kept;
  return { ...customer, ...withoutAbsent({ id, externalId, email, phone, firstName, lastName }) };
}

/** The user id by the settings of the source. None is made up: guests have one only where it is the e-mail address. */
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

/** A telephone number in the international way; the address tells the country, else the settings do. */
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
 * Who a thing belongs to. Without a user id an event has the id of the visitor; where the shop has none, one that follows from the
 * e-mail address, else from the thing itself, so that what belongs together stays in order.
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
