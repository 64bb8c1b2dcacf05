import { cut, type Event } from '@waybill/core';

/** The stored data of one user of a processor. */
export interface UserRow {
  /** The state as JSON, so that mutations of a parsed value have no effect here. Undefined without a state. */
  readonly state: string | undefined;
  /** The identity of the user, for the events derived from a timer. */
  readonly who: Who;
  /** Due times of timers by name, in epoch milliseconds. */
  readonly timers: Readonly<Record<string, number>>;
  /** The number of times that timers of the user were set or fired: distinguishes two set to the same time. */
  readonly turns: number;
  /** The notes of the processor, the newest first. */
  readonly notes?: readonly Note[];
  /** The key that the same user is now stored under; all other members are empty then. */
  readonly is?: string;
}

/** The reason why a processor did or skipped something. */
export interface Note {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: string;
}

/** The identifiers of a user in their latest events. */
export interface Who {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
}

/** The maximum number of notes per user, and the maximum length of a note. */
const MOST_NOTES = 10;
const LONGEST_NOTE = 200;

const DECODER = new TextDecoder();

/** A user without stored data. */
const NOBODY: UserRow = Object.freeze({ state: undefined, who: {}, timers: {}, turns: 0 });

/**
 * Separates the metadata of a row from the state, so that neither is a string within the other: JSON has no line break outside of
 * escapes. In rows of older versions the state is a string in the metadata.
 */
const BREAK = '\n';

/** Reads a row. */
export function readRow(bytes: Uint8Array | undefined): UserRow {
  if (bytes === undefined) return NOBODY;
  const text = DECODER.decode(bytes);
  const end = text.indexOf(BREAK);
  const { state, who, timers, turns, notes, is } = JSON.parse(
    end < 0 ? text : text.slice(0, end),
  ) as Partial<UserRow>;
  return {
    state: end < 0 ? state : text.slice(end + 1),
    who: who ?? NOBODY.who,
    timers: timers ?? NOBODY.timers,
    turns: turns ?? 0,
    ...(notes === undefined ? {} : { notes }),
    ...(is === undefined ? {} : { is }),
  };
}

/** The letter after `{"` of a row that is an alias. */
const I = 'i'.charCodeAt(0);

/** Returns the key that the user of a row is now stored under, without reading other members. */
export function aliasIn(bytes: Uint8Array): string | undefined {
  return bytes[2] === I ? readRow(bytes).is : undefined;
}

/** Returns the bytes of a row with a state; undefined when there is nothing to store. */
export function writeRow(row: Omit<UserRow, 'state'>, state: string | undefined): Uint8Array | undefined {
  if (row.is !== undefined) return aliasBytes(row.is);
  const { who, timers, turns, notes } = row;
  if (isEmpty({ state, timers })) return undefined;
  // Small rows share a buffer: a separate one would cost more than the row.
  const beside = JSON.stringify({ who, timers, turns, notes });
  return Buffer.from(state === undefined ? beside : beside + BREAK + state);
}

/** Every processor uses the same aliases of a user. */
let lastAlias: { readonly is: string; readonly bytes: Uint8Array } | undefined;

function aliasBytes(is: string): Uint8Array {
  if (lastAlias?.is !== is) lastAlias = { is, bytes: Buffer.from(JSON.stringify({ is })) };
  return lastAlias.bytes;
}

/** Whether a row has no data that could be moved to another key. */
export function isEmpty({
  state,
  timers,
}: {
  readonly state: unknown;
  readonly timers: UserRow['timers'];
}): boolean {
  return state === undefined && Object.keys(timers).length === 0;
}

/** Returns the notes of a user with a new one. */
export function noted(
  notes: readonly Note[] = [],
  note: string | undefined,
  at: number,
): { readonly notes?: readonly Note[] } {
  const all = note === undefined ? notes : [{ at, note: cut(note, LONGEST_NOTE) }, ...notes];
  return all.length === 0 ? {} : { notes: all.slice(0, MOST_NOTES) };
}

/** An event, and the address in its traits. */
interface Named {
  readonly event: Pick<Event, 'userId' | 'anonymousId'>;
  readonly email: string | undefined;
}

/** Returns the identity of a user after an event: the same object when nothing changes. */
export function whoAfter(before: Who, { event: { userId, anonymousId }, email }: Named): Who {
  const isEmailNew = email !== undefined && email !== before.email;
  const isUserNew = userId !== undefined && userId !== before.userId;
  const isVisitorNew = anonymousId !== undefined && anonymousId !== before.anonymousId;
  if (!isEmailNew && !isUserNew && !isVisitorNew) return before;
  return {
    ...before,
    ...(isUserNew ? { userId } : {}),
    ...(isVisitorNew ? { anonymousId } : {}),
    ...(isEmailNew ? { email } : {}),
  };
}

/**
 * Returns the identity of the user of a key: an account is identified by its ID, also when its events so far were those of a visitor.
 */
export function whoUnder(key: string, who: Who): Who {
  return who.userId === undefined && key.startsWith('u:') ? { userId: key.slice(2), ...who } : who;
}
