import type { CarriedWrite, TimerWrite } from '@waybill/delivery';
import { type HeldState, heldText, textOf } from './held.ts';
import { readRow, type UserRow, writeRow } from './user.ts';

/** The stored data of a user during a step. */
export interface StepRow extends Omit<UserRow, 'state'> {
  readonly state: HeldState | undefined;
  /** The due time of the first timer; infinite without any. */
  readonly next: number;
}

/** A user of a step. */
export interface StepUser {
  readonly key: string;
  /** The user as stored. */
  readonly kept: StepRow;
  readonly bytes: Uint8Array | undefined;
  row: StepRow;
  /** Whether the step has read more than the key that the user is stored under. */
  isTouched: boolean;
  /** Timers that were set or cancelled, by due time and name. */
  timers: Map<string, StepTimer> | undefined;
}

interface StepTimer {
  readonly name: string;
  readonly due: number;
  readonly isSet: boolean;
}

type Timers = StepRow['timers'];

/** A user without stored data. */
const NOTHING: StepRow = Object.freeze({
  state: undefined,
  who: {},
  timers: {},
  next: Number.POSITIVE_INFINITY,
  turns: 0,
});

/** Returns a user at the start of a step. */
export function beginUser(key: string, bytes: Uint8Array | undefined): StepUser {
  const kept = bytes === undefined ? NOTHING : heldRow(readRow(bytes));
  return { key, kept, bytes, row: kept, isTouched: false, timers: undefined };
}

function heldRow(row: UserRow): StepRow {
  const state = row.state === undefined ? undefined : heldText(row.state);
  return { ...row, state, next: nextOf(row.timers) };
}

/** A row that points to the key where a user is stored. */
export function aliasOf(is: string): StepRow {
  return { ...NOTHING, is };
}

/** Returns the due time of the first of some timers. */
export function nextOf(timers: Timers): number {
  let next = Number.POSITIVE_INFINITY;
  for (const name of Object.keys(timers)) next = Math.min(next, timers[name]!);
  return next;
}

/** Returns timers updated by a result: the same object when nothing changes. */
export function timersAfter(
  user: StepUser,
  before: Timers,
  told: Readonly<Record<string, number | null>>,
): Timers {
  let after: Record<string, number> | undefined;
  for (const name of Object.keys(told)) {
    const due = told[name] ?? undefined;
    const last = (after ?? before)[name];
    if (last === due) continue;
    if (last !== undefined) noteTimer(user, name, last, false);
    if (due === undefined) after = without(after ?? before, name);
    else {
      after = { ...(after ?? before), [name]: due };
      noteTimer(user, name, due, true);
    }
  }
  return after ?? before;
}

/** Returns timers without one of them. */
export function without(timers: Timers, name: string): Record<string, number> {
  const { [name]: _gone, ...left } = timers;
  return left;
}

/** Sets or cancels a timer. */
export function noteTimer(user: StepUser, name: string, due: number, isSet: boolean): void {
  user.timers ??= new Map();
  const key = `${due} ${name}`;
  // Timers set by the step itself are not in the store yet.
  if (!isSet && user.timers.get(key)?.isSet === true && user.kept.timers[name] !== due)
    user.timers.delete(key);
  else user.timers.set(key, { name, due, isSet });
}

/** Returns the timers of a user to write. */
export function timersOf({ key, timers }: StepUser): readonly TimerWrite[] {
  if (timers === undefined) return [];
  return [...timers.values()].map(({ name, due, isSet }) => timerWrite(key, name, due, isSet));
}

/** The stored value of a timer: it is set. */
const SET = new Uint8Array([1]);

/** Sets or cancels a timer in the store. */
export function timerWrite(user: string, name: string, due: number, isSet: boolean): TimerWrite {
  const key = JSON.stringify([user, name]);
  return isSet ? { key, due, value: SET } : { key, due };
}

/**
 * Returns the writes of a user: none for a user without stored data before and after, and none for an unchanged one unless `all` is
 * set.
 */
export function writeOf({ key, row, bytes }: StepUser, all: boolean): CarriedWrite | undefined {
  const value = writeRow(row, row.state === undefined ? undefined : textOf(row.state));
  if (value === undefined) return bytes === undefined ? undefined : { key };
  const isSame = !all && bytes !== undefined && Buffer.compare(value, bytes) === 0;
  return isSame ? undefined : { key, value };
}
