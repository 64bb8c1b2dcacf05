import {
  type ConsentChange,
  type ConsentDecision,
  decideConsent,
  type KnownConsent,
} from '@waybill/commerce';

/** The decision for a person and a channel. */
export interface KeptConsent extends KnownConsent {
  /** Whether the shop must still be updated. */
  readonly pending?: boolean;
  /** Whether the shop has confirmed it: its next change is later. */
  readonly agreed?: boolean;
}

/** The prefix of keys of decisions. */
export const CONSENT = 'decision ';

/** Returns the key of a decision. */
export function consentKey(channel: string, email: string): string {
  return `${CONSENT}${channel} ${email.trim().toLowerCase()}`;
}

/** Parses a stored decision. */
export function readConsent(kept: Uint8Array | undefined): KeptConsent {
  return kept === undefined ? {} : (JSON.parse(Buffer.from(kept).toString()) as KeptConsent);
}

/** Decides about a change, considering whether the shop has confirmed the current state. */
export function decide(
  before: KeptConsent,
  change: ConsentChange,
): Pick<ConsentDecision, 'because'> & { readonly kept: KeptConsent } {
  const { pending = false, agreed = false, ...known } = before;
  const { because, known: next, write } = decideConsent(known, change);
  if (write?.side === 'shop') return { because, kept: { ...next, pending: true } };
  const isKnownToTheShop = change.side === 'shop' && because !== 'older' && because !== 'final';
  if (isKnownToTheShop) return { because, kept: { ...next, agreed: true } };
  return { because, kept: { ...next, ...(pending ? { pending } : {}), ...(agreed ? { agreed } : {}) } };
}

/**
 * The same for a change of the shop without a time: it is later than what the shop had confirmed. Otherwise the order is
 * unknown, and an opt-in does not count.
 */
export function decideNow(
  before: KeptConsent,
  change: Omit<ConsentChange, 'at'>,
  now: number,
): ReturnType<typeof decide> {
  const { current, agreed } = before;
  if (agreed !== true || current === undefined) return decide(before, change);
  return decide({ ...before, current: { ...current, at: current.at ?? 0 } }, { ...change, at: now });
}
