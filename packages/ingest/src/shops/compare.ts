import { isDeepStrictEqual } from 'node:util';
import type { ShopGone, ShopKind, ShopState, SourceEvent } from '@waybill/core';
import type { ChangeContext } from '@waybill/commerce';
import { compareTimes } from './run.ts';

/** Says which events follow when a thing of a shop was like this and is like that now. */
export type Changes = (
  before: ShopState | undefined,
  after: ShopState | ShopGone,
  context: ChangeContext,
) => readonly SourceEvent[];

/** Names other things of which events tell more when they are known. */
export type References = (
  state: ShopState | ShopGone,
) => readonly { readonly kind: ShopKind; readonly id: string }[];

/** A state as it is kept: of what is gone, only that it is. */
export interface KeptState {
  readonly state: ShopState | ShopGone;
  /** The same as JSON. */
  readonly text: string;
}

/** States by their keys. */
export type KeptStates = ReadonlyMap<string, KeptState>;

/** What follows from states: events, and what is to be kept now. */
export interface Compared {
  readonly events: readonly SourceEvent[];
  readonly kept: KeptStates;
}

/** The key that a state is kept under. */
export function stateKey({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return `${kind} ${id}`;
}

/**
 * Compares states of one row with those that were kept. One that is older changes nothing, and equal ones make nothing. Events of
 * things that a back-fill sees first are marked as history. Throws what `changes` throws.
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

/** Members may stand in another order: whoever reads it back compares what it says. */
function saysTheSame(text: string, last: KeptState): boolean {
  return text === last.text || isDeepStrictEqual(JSON.parse(text), JSON.parse(last.text));
}

/** Of what is gone it is kept how new it was, by the clock of the shop: what was read before that is told from what is there again. */
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
 * Whether it is the word of one time without its lists, or a tick in a checkout beside a no: two rows may tell of it, and the one must
 * not undo the other in turns.
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
