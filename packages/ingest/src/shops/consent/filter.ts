import type { ChangeContext } from '@waybill/commerce';
import type { ResolvedSource, ShopGone, ShopSettings, ShopState, SourceEvent } from '@waybill/core';
import type { CarriedWrite } from '@waybill/delivery';
import type { Changes } from '../compare.ts';
import { decide, decideNow, type KeptConsent, consentKey, readConsent } from './kept.ts';

/** Decides about the consents of a step, considering choices in Iterable. */
export interface ConsentFilter {
  /** Returns the keys of the required states. */
  keysOf(state: ShopState | ShopGone): readonly string[];
  load(kept: ReadonlyMap<string, Uint8Array>): void;
  /** Returns the events of a change without redundant ones: echoes of writes, and outdated choices. */
  readonly filtered: (changes: Changes) => Changes;
  writes(): readonly CarriedWrite[];
}

/** Whether choices in Iterable are written to the shop. */
export function writesConsent({ settings }: Pick<ResolvedSource, 'settings'>): boolean {
  return (settings as ShopSettings).writeConsent === true;
}

/** Creates the filter of a step; undefined for a shop without write-back. */
export function createConsentFilter(source: ResolvedSource): ConsentFilter | undefined {
  if (!writesConsent(source)) return undefined;
  const decisions = new Map<string, KeptConsent>();
  const changed = new Set<string>();
  const judge = (
    key: string,
    { properties = {} }: SourceEvent,
    { now, wasThere }: Pick<ChangeContext, 'now'> & { readonly wasThere: boolean },
  ): boolean => {
    const { state, consented_at: time } = properties as Readonly<Record<string, string>>;
    const change = { side: 'shop', state: state === 'subscribed' ? state : 'unsubscribed' } as const;
    const at = Date.parse(time ?? '');
    const before = decisions.get(key) ?? {};
    const next = Number.isNaN(at) ? decideNow(before, change, now) : decide(before, { ...change, at });
    // A write for an address applies to each of its stores: another one shows it.
    const isShownAgain = wasThere && next.because === 'same' && before.current?.side === 'iterable';
    decisions.set(key, isShownAgain ? { ...before, agreed: true } : next.kept);
    changed.add(key);
    return !isShownAgain && !['echo', 'older', 'final'].includes(next.because);
  };
  return {
    keysOf: (state) => keyOf(state) ?? [],
    load(kept) {
      for (const [key, value] of kept) decisions.set(key, readConsent(value));
    },
    filtered: (changes) => (before, after, context) => {
      const events = changes(before, after, context);
      const [key] = keyOf(after) ?? (before === undefined ? undefined : keyOf(before)) ?? [];
      const { now } = context;
      const wasThere = before !== undefined;
      return key === undefined ? events : events.filter((event) => judge(key, event, { now, wasThere }));
    },
    writes: () =>
      [...changed].map((key) => ({ key, value: Buffer.from(JSON.stringify(decisions.get(key))) })),
  };
}

function keyOf(state: ShopState | ShopGone): readonly [string] | undefined {
  if ('gone' in state || state.kind !== 'consent' || state.customer?.email === undefined) return undefined;
  return [consentKey(state.channel, state.customer.email)];
}
