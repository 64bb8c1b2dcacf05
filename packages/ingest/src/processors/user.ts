import { cut, type Event } from '@waybill/core';

/** What is kept of one user of a processor. */
export interface UserRow {
  /** The state as JSON: who mutates what was parsed changes nothing here. Undefined when none is kept. */
  readonly state: string | undefined;
  /** Who the user is, for the events that are derived of a timer. */
  readonly who: Who;
  /** Due times of timers by name, in epoch milliseconds. */
  readonly timers: Readonly<Record<string, number>>;
  /** How often timers of the user were set or fired: tells apart two that are set to the same time. */
  readonly turns: number;
  /** What the processor has said of them, the newest first. */
  readonly notes?: readonly Note[];
  /** The key under which the same person is kept by now; all the rest is empty then. */
  readonly is?: string;
}

/** Why a processor did something, or left it. */
export interface Note {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly note: string;
}

/** What identifies a user, as their latest events have it. */
export interface Who {
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly email?: string;
}

/** Notes that are kept of a user, and how long one may be. */
const MOST_NOTES = 10;
const LONGEST_NOTE = 200;

const DECODER = new TextDecoder();

/** A user of whom nothing is kept. */
const NOBODY: UserRow = Object.freeze({ state: undefined, who: {}, timers: {}, turns: 0 });

/**
 * Between what is kept beside a state and the state, so that neither is text within the other: JSON has no line break outside of escapes.
 * In rows of older versions the state is a text among the rest.
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

/** The letter after `{"` of a row that says where a person is kept. */
const I = 'i'.charCodeAt(0);

/** The key under which the person of a row is kept by now; it tells without reading the others. */
export function aliasIn(bytes: Uint8Array): string | undefined {
  return bytes[2] === I ? readRow(bytes).is : undefined;
}

/** The bytes of a row with a state; undefined when there is nothing to keep. */
export function writeRow(row: Omit<UserRow, 'state'>, state: string | undefined): Uint8Array | undefined {
  if (row.is !== undefined) return aliasBytes(row.is);
  const { who, timers, turns, notes } = row;
  if (isEmpty({ state, timers })) return undefined;
  // Small ones share a piece of memory: a piece for each costs more than the row.
  const beside = JSON.stringify({ who, timers, turns, notes });
  return Buffer.from(state === undefined ? beside : beside + BREAK + state);
}

/** Every processor says the same of the keys of one person. */
let lastAlias: { readonly is: string; readonly bytes: Uint8Array } | undefined;

function aliasBytes(is: string): Uint8Array {
  if (lastAlias?.is !== is) lastAlias = { is, bytes: Buffer.from(JSON.stringify({ is })) };
  return lastAlias.bytes;
}

/** Whether nothing is kept that another key could have. */
export function isEmpty({
  state,
  timers,
}: {
  readonly state: unknown;
  readonly timers: UserRow['timers'];
}): boolean {
  return state === undefined && Object.keys(timers).length === 0;
}

/** The notes of a user with a new one. */
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

/** Who a user is after an event of theirs: the same object where it says nothing new. */
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

/** Who the user of a key is: an account is known by its id, also where its events so far were those of a visitor. */
export function whoUnder(key: string, who: Who): Who {
  return who.userId === undefined && key.startsWith('u:') ? { userId: key.slice(2), ...who } : who;
}
