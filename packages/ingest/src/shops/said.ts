import {
  type ConsentChange,
  type ConsentDecision,
  decideConsent,
  type KnownConsent,
} from '@waybill/commerce';

/** What is kept of a person and a channel. */
export interface Said extends KnownConsent {
  /** The shop is still to be told. */
  readonly pending?: boolean;
  /** The shop was seen to say the same: what it says next is later. */
  readonly agreed?: boolean;
}

/** What keys of what people said begin with. */
export const SAID = 'said ';

/** The key that it is kept under. */
export function saidKey(channel: string, email: string): string {
  return `${SAID}${channel} ${email.trim().toLowerCase()}`;
}

/** Reads what was kept. */
export function saidOf(kept: Uint8Array | undefined): Said {
  return kept === undefined ? {} : (JSON.parse(Buffer.from(kept).toString()) as Said);
}

/** What follows from a change, with whether the shop knows. */
export function heard(
  before: Said,
  change: ConsentChange,
): Pick<ConsentDecision, 'because'> & { readonly said: Said } {
  const { pending = false, agreed = false, ...known } = before;
  const { because, known: next, write } = decideConsent(known, change);
  if (write?.side === 'shop') return { because, said: { ...next, pending: true } };
  const isKnownToTheShop = change.side === 'shop' && because !== 'older' && because !== 'final';
  if (isKnownToTheShop) return { because, said: { ...next, agreed: true } };
  return { because, said: { ...next, ...(pending ? { pending } : {}), ...(agreed ? { agreed } : {}) } };
}

/**
 * The same for a change of the shop that has no time: it is later than what the shop was seen to agree with. Otherwise nobody knows, and
 * a yes does not count.
 */
export function heardNow(
  before: Said,
  change: Omit<ConsentChange, 'at'>,
  now: number,
): ReturnType<typeof heard> {
  const { current, agreed } = before;
  if (agreed !== true || current === undefined) return heard(before, change);
  return heard({ ...before, current: { ...current, at: current.at ?? 0 } }, { ...change, at: now });
}
