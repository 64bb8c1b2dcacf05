import {
  type ConsentChange,
  type ConsentDecision,
  decideConsent,
  type KnownConsent,
} from '@waybill/commerce';

/** What was decided for a person and a channel. */
export interface KeptConsent extends KnownConsent {
  /** The shop is still to be told. */
  readonly pending?: boolean;
  /** The shop was seen to say the same: what it says next is later. */
  readonly agreed?: boolean;
}

/** How the keys of decisions begin. */
export const CONSENT = 'decision ';

/** The key that it is kept under. */
export function consentKey(channel: string, email: string): string {
  return `${CONSENT}${channel} ${email.trim().toLowerCase()}`;
}

/** Reads what was kept. */
export function readConsent(kept: Uint8Array | undefined): KeptConsent {
  return kept === undefined ? {} : (JSON.parse(Buffer.from(kept).toString()) as KeptConsent);
}

/** What follows from a change, with whether the shop knows. */
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
 * The same for a change of the shop that has no time: it is later than what the shop was seen to agree with. Otherwise nobody knows, and
 * a yes does not count.
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
