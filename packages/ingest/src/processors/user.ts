import type { Event } from '@waybill/core';

/** What is kept of one user of a processor. */
export interface UserRow {
  /** The state as JSON: who mutates what was parsed changes nothing here. Undefined when none is kept. */
  readonly state: string | undefined;
  /** Who the user is, for the events that are derived of a timer. */
  readonly who: Who;
  /** Due times of timers by name, in epoch milliseconds. */
  readonly timers: Readonly<Record<string, number>>;
  /** How many events and timers of the user have been worked on: tells apart two timers that are set to the same time. */
  readonly turns: number;
}

/** What identifies a user, as their latest events have it. */
export interface Who {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
}

/** A user of whom nothing is kept. */
const NOBODY: UserRow = Object.freeze({ state: undefined, who: {}, timers: {}, turns: 0 });

/** Reads a row. */
export function readRow(bytes: Uint8Array | undefined): UserRow {
  if (bytes === undefined) return NOBODY;
  return { state: undefined, ...(JSON.parse(new TextDecoder().decode(bytes)) as Omit<UserRow, 'state'>) };
}

/** The bytes of a row; undefined when there is nothing to keep. */
export function writeRow(row: UserRow): Uint8Array | undefined {
  if (row.state === undefined && Object.keys(row.timers).length === 0) return undefined;
  return new TextEncoder().encode(JSON.stringify(row));
}

/** Who a user is after an event of theirs. */
export function whoAfter(before: Who, { userId, anonymousId, traits, context }: Event): Who {
  const known = context?.['traits'] as { readonly email?: unknown } | null | undefined;
  const email = traits?.['email'] ?? known?.email;
  return {
    ...before,
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    ...(typeof email === 'string' ? { email } : {}),
  };
}
