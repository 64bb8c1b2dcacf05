import type { Identifiers } from './resolve.ts';

/** Where payloads contain identifiers: names of members of the payload, or of the object `within`. */
export interface IdentifierMembers<E extends string = string, U extends string = E, W extends string = E> {
  readonly email?: E;
  readonly userId?: U;
  readonly within?: W;
}

/** Reads the identifiers of a payload, and states where they are. */
export interface MemberIdentifiers<P = unknown> {
  (payload: P): Identifiers;
  readonly members: IdentifierMembers;
}

/**
 * Returns the `identifiers` of an action whose payloads contain them unchanged. As it states where, Waybill reads them itself, instead of
 * asking the process of the action's module about each payload.
 */
export function identifiersAt<const N extends string>(
  members: IdentifierMembers<N>,
): MemberIdentifiers<{ readonly [K in N]?: unknown }> {
  const { email, userId, within } = members;
  const read = (payload: unknown): Identifiers => {
    const holder = (within === undefined ? payload : (payload as Members)[within]) as Members | undefined;
    return {
      email: email === undefined ? undefined : holder?.[email],
      userId: userId === undefined ? undefined : holder?.[userId],
      within,
    };
  };
  return Object.assign(read, { members: Object.freeze({ ...members }) });
}

type Members = Readonly<Record<string, unknown>>;

/** Returns where the payloads of an action contain identifiers; undefined if only its code knows. */
export function identifierMembers(identifiers: unknown): IdentifierMembers | undefined {
  const members = (identifiers as Partial<MemberIdentifiers> | undefined)?.members as Members | undefined;
  if (typeof identifiers !== 'function' || typeof members !== 'object' || members === null) return undefined;
  const named = (['email', 'userId', 'within'] as const).filter((name) => members[name] !== undefined);
  if (!named.every((name) => typeof members[name] === 'string')) return undefined;
  return Object.fromEntries(named.map((name) => [name, members[name]]));
}
