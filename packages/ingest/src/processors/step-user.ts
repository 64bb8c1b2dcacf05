import type { CarriedWrite, TimerWrite } from '@waybill/delivery';
import { type HeldState, heldText, textOf } from './held.ts';
import { readRow, type UserRow, writeRow } from './user.ts';

/** What is kept of a user, while a step goes on. */
export interface StepRow extends Omit<UserRow, 'state'> {
  readonly state: HeldState | undefined;
  /** When the first of the timers is due; infinite when there is none. */
  readonly next: number;
}

/** A user of a step. */
export interface StepUser {
  readonly key: string;
  /** As they are kept in the store. */
  readonly kept: StepRow;
  readonly bytes: Uint8Array | undefined;
  row: StepRow;
  /** Whether the step has looked at more than where they are kept. */
  isTouched: boolean;
  /** Timers that were set or taken back, by due time and name. */
  timers: Map<string, StepTimer> | undefined;
}

interface StepTimer {
  readonly name: string;
  readonly due: number;
  readonly isSet: boolean;
}

type Timers = StepRow['timers'];

/** Of a user of whom nothing is kept. */
const NOTHING: StepRow = Object.freeze({
  state: undefined,
  who: {},
  timers: {},
  next: Number.POSITIVE_INFINITY,
  turns: 0,
});

/** A user as a step finds them. */
export function beginUser(key: string, bytes: Uint8Array | undefined): StepUser {
  const kept = bytes === undefined ? NOTHING : heldRow(readRow(bytes));
  return { key, kept, bytes, row: kept, isTouched: false, timers: undefined };
}

function heldRow(row: UserRow): StepRow {
  const state = row.state === undefined ? undefined : heldText(row.state);
  return { ...row, state, next: nextOf(row.timers) };
}

/** A row that says that a person is kept under another key. */
export function aliasOf(is: string): StepRow {
  return { ...NOTHING, is };
}

/** When the first of some timers is due. */
export function nextOf(timers: Timers): number {
  let next = Number.POSITIVE_INFINITY;
  for (const name of Object.keys(timers)) next = Math.min(next, timers[name]!);
  return next;
}

/** Timers with what an answer says of them: the same object where that is nothing new. */
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

/** Timers without one of them. */
export function without(timers: Timers, name: string): Record<string, number> {
  const { [name]: _gone, ...left } = timers;
  return left;
}

/** Sets a timer, or takes it back. */
export function noteTimer(user: StepUser, name: string, due: number, isSet: boolean): void {
  user.timers ??= new Map();
  const key = `${due} ${name}`;
  // What the step itself has set is not in the store yet.
  if (!isSet && user.timers.get(key)?.isSet === true && user.kept.timers[name] !== due)
    user.timers.delete(key);
  else user.timers.set(key, { name, due, isSet });
}

/** What is to be written of the timers of a user. */
export function timersOf({ key, timers }: StepUser): readonly TimerWrite[] {
  if (timers === undefined) return [];
  return [...timers.values()].map(({ name, due, isSet }) => timerWrite(key, name, due, isSet));
}

/** What the store keeps of a timer: that it is set. */
const SET = new Uint8Array([1]);

/** Sets a timer in the store, or takes it back. */
export function timerWrite(user: string, name: string, due: number, isSet: boolean): TimerWrite {
  const key = JSON.stringify([user, name]);
  return isSet ? { key, due, value: SET } : { key, due };
}

/** What is to be written of a user: nothing of whom nothing is or was kept, and of whom the same is unless `all` is wanted. */
export function writeOf({ key, row, bytes }: StepUser, all: boolean): CarriedWrite | undefined {
  const value = writeRow(row, row.state === undefined ? undefined : textOf(row.state));
  if (value === undefined) return bytes === undefined ? undefined : { key };
  const isSame = !all && bytes !== undefined && Buffer.compare(value, bytes) === 0;
  return isSame ? undefined : { key, value };
}
