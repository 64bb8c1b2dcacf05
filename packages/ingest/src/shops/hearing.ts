import type { ChangeContext } from '@waybill/commerce';
import type { ResolvedSource, ShopGone, ShopSettings, ShopState, SourceEvent } from '@waybill/core';
import type { CarriedWrite } from '@waybill/delivery';
import type { Changes } from './compare.ts';
import { heard, heardNow, type Said, saidKey, saidOf } from './said.ts';

/** Hears what the shop says about channels in one step, and judges by what was said in Iterable. */
export interface Hearing {
  /** The keys of what has to be known. */
  keysOf(state: ShopState | ShopGone): readonly string[];
  load(kept: ReadonlyMap<string, Uint8Array>): void;
  /** The events of a change but for those that tell nothing new: the echo of a write, and what counts no more. */
  readonly judging: (changes: Changes) => Changes;
  writes(): readonly CarriedWrite[];
}

/** Whether a shop is told what is said in Iterable. */
export function isTold({ settings }: Pick<ResolvedSource, 'settings'>): boolean {
  return (settings as ShopSettings).writeConsent === true;
}

/** Makes the hearing of a step; undefined for a shop that is not told. */
export function createHearing(source: ResolvedSource): Hearing | undefined {
  if (!isTold(source)) return undefined;
  const said = new Map<string, Said>();
  const changed = new Set<string>();
  const judge = (key: string, { properties = {} }: SourceEvent, { now }: ChangeContext): boolean => {
    const { state, consented_at: time } = properties as Readonly<Record<string, string>>;
    const change = { side: 'shop', state: state === 'subscribed' ? state : 'unsubscribed' } as const;
    const at = Date.parse(time ?? '');
    const before = said.get(key) ?? {};
    const next = Number.isNaN(at) ? heardNow(before, change, now) : heard(before, { ...change, at });
    said.set(key, next.said);
    changed.add(key);
    return !['echo', 'older', 'final'].includes(next.because);
  };
  return {
    keysOf: (state) => keyOf(state) ?? [],
    load(kept) {
      for (const [key, value] of kept) said.set(key, saidOf(value));
    },
    judging: (changes) => (before, after, context) => {
      const events = changes(before, after, context);
      const [key] = keyOf(after) ?? (before === undefined ? undefined : keyOf(before)) ?? [];
      return key === undefined ? events : events.filter((event) => judge(key, event, context));
    },
    writes: () => [...changed].map((key) => ({ key, value: Buffer.from(JSON.stringify(said.get(key))) })),
  };
}

function keyOf(state: ShopState | ShopGone): readonly [string] | undefined {
  if ('gone' in state || state.kind !== 'consent' || state.customer?.email === undefined) return undefined;
  return [saidKey(state.channel, state.customer.email)];
}
