import { isDeepStrictEqual } from 'node:util';
import type { ShopGone, ShopKind, ShopState, SourceEvent } from '@waybill/core';
import type { ChangeContext } from '@waybill/commerce';
import { compareTimes } from './run.ts';

/** Returns the events between two states of an object of a shop. */
export type Changes = (
  before: ShopState | undefined,
  after: ShopState | ShopGone,
  context: ChangeContext,
) => readonly SourceEvent[];

/** Returns other objects that enrich events when known. */
export type References = (
  state: ShopState | ShopGone,
) => readonly { readonly kind: ShopKind; readonly id: string }[];

/** A stored state: of a deleted object, only that it is deleted. */
export interface KeptState {
  readonly state: ShopState | ShopGone;
  /** The same as JSON. */
  readonly text: string;
}

/** States by key. */
export type KeptStates = ReadonlyMap<string, KeptState>;

/** The result of comparing states: events, and states to store. */
export interface Compared {
  readonly events: readonly SourceEvent[];
  readonly kept: KeptStates;
}

/** Returns the key of a state. */
export function stateKey({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

/**
 * Compares states of a row with the stored ones. Older and equal ones have no effect. Events of objects first seen by a
 * back-fill are marked as historical. Throws what `changes` throws.
 */
export function compare(
  states: readonly (ShopState | ShopGone)[],
  known: KeptStates,
  input: { readonly changes: Changes; readonly context: ChangeContext; readonly historical: boolean },
): Compared {
  const events: SourceEvent[] = [];
  const kept = new Map<string, KeptState>();
  for (const after of states) {
    const key = stateKey(after);
    const last = kept.get(key) ?? known.get(key);
    if (last !== undefined && isOlder(after, last.state)) continue;
    const text = JSON.stringify(after);
    if (last !== undefined && saysTheSame(text, last)) continue;
    const before = last === undefined || 'gone' in last.state ? undefined : last.state;
    if ('gone' in after && before === undefined) continue;
    const made = input.changes(before, after, input.context);
    events.push(...(input.historical && before === undefined ? made.map(historical) : made));
    if ('gone' in after) {
      const gone = goneAfter(after, before);
      kept.set(key, { state: gone, text: JSON.stringify(gone) });
    } else kept.set(key, { state: after, text });
  }
  return { events, kept };
}

/** Members may be in another order: readers compare the content. */
function saysTheSame(text: string, last: KeptState): boolean {
  return text === last.text || isDeepStrictEqual(JSON.parse(text), JSON.parse(last.text));
}

/**
 * For a deleted object the time of its last state is stored, by the clock of the shop, to distinguish outdated reads from a
 * re-created object.
 */
export function goneAfter(after: ShopGone, before: ShopState | undefined): ShopGone {
  const at = after.at ?? (before === undefined ? undefined : timeOf(before));
  return at === undefined ? after : { ...after, at };
}

function isOlder(after: ShopState | ShopGone, last: ShopState | ShopGone): boolean {
  const [one, other] = [timeOf(after), timeOf(last)];
  if (one === undefined || other === undefined) return false;
  const order = compareTimes(one, other);
  return order < 0 || (order === 0 && ('gone' in last || saysLess(after, last)));
}

/**
 * Whether it is the same consent without its lists, or a ticked box next to an opt-out: two rows may contain it, and must not
 * alternate.
 */
function saysLess(after: ShopState | ShopGone, last: ShopState): boolean {
  if ('gone' in after || after.kind !== 'consent' || last.kind !== 'consent') return false;
  if (after.state !== last.state) return after.origin === 'checkout' && last.state === 'unsubscribed';
  return after.lists === undefined && last.lists !== undefined;
}

function timeOf(state: ShopState | ShopGone): string | undefined {
  if ('gone' in state || state.kind === 'consent') return state.at;
  return 'updatedAt' in state ? state.updatedAt : undefined;
}

function historical(event: SourceEvent): SourceEvent {
  return { ...event, context: { ...event.context, historical: true } };
}
