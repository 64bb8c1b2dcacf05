/** A side with consent of a person: the shop, or Iterable. */
export type ConsentSide = 'shop' | 'iterable';

/** A change of consent of a person for a channel. */
export interface ConsentChange {
  readonly side: ConsentSide;
  readonly state: 'subscribed' | 'unsubscribed';
  /** Epoch milliseconds; absent where the side only has the state, without its time. */
  readonly at?: number;
  /** Why, where it is more than a choice: a spam complaint, STOP by SMS, or an undeliverable address. */
  readonly why?: 'complaint' | 'stop' | 'bounce';
  /** Whether it is known to be a choice of the person instead of an echo of our write. */
  readonly own?: boolean;
}

/** The stored consent of a person for a channel. */
export interface KnownConsent {
  readonly current?: ConsentChange;
  /** Writes to a side that were not echoed yet. */
  readonly written?: readonly { readonly side: ConsentSide; readonly state: ConsentChange['state'] }[];
}

/** The decision about a change: the reason, what to store, and what to write to the other side. */
export interface ConsentDecision {
  readonly because: 'first' | 'newer' | 'unsubscribed' | 'same' | 'echo' | 'bounce' | 'final' | 'older';
  readonly known: KnownConsent;
  readonly write?: { readonly side: ConsentSide; readonly state: ConsentChange['state'] };
}

/** The maximum number of remembered writes: more never wait for their echo at once. */
const MOST_WRITTEN = 4;

/**
 * Decides which choice takes precedence. The latest one does; but a complaint or a STOP stays until the person opts in again in
 * Iterable, which received it, and any other unsubscribe gives way only to a choice that is known to be later. Between choices
 * of the same time, or without one, an opt-out wins. A bounce is nobody's choice. Our own writes come back as changes, and are
 * recognised. Pure.
 */
export function decideConsent(known: KnownConsent, change: ConsentChange): ConsentDecision {
  const { current, written = [] } = known;
  if (change.why === 'bounce') return { because: 'bounce', known };
  const echo = written.findIndex(({ side, state }) => side === change.side && state === change.state);
  if (echo !== -1 && change.why === undefined && change.own !== true) {
    // Earlier writes are no longer echoed.
    const left = written.filter(({ side }, index) => side !== change.side || index > echo);
    return { because: 'echo', known: { ...known, written: left } };
  }
  const because = judged(current, change);
  if (because === 'older' || because === 'final') return { because, known };
  // The same choice with more weight, or later, is the base for further changes.
  const waiting = written.filter(({ side }) => side !== change.side);
  const next: KnownConsent = { current: change, written: waiting };
  if (because === 'same') return { because, known: weightier(current!, change) ? next : known };
  const side = change.side === 'shop' ? 'iterable' : 'shop';
  const write = { side, state: change.state } as const;
  return { because, known: { ...next, written: [...waiting, write].slice(-MOST_WRITTEN) }, write };
}

function judged(current: ConsentChange | undefined, change: ConsentChange): ConsentDecision['because'] {
  if (current === undefined) return 'first';
  if (current.state === change.state) return 'same';
  const isFinal = (one: ConsentChange): boolean => one.why === 'complaint' || one.why === 'stop';
  if (isFinal(current)) return change.side === 'iterable' && isLater(change, current) ? 'newer' : 'final';
  // Iterable knows the order of choices made there.
  if (isFinal(change))
    return current.side === 'iterable' && isLater(current, change) ? 'older' : 'unsubscribed';
  if (isLater(change, current)) return 'newer';
  const saysNo = change.state === 'unsubscribed';
  // The order of the two is unknown: an opt-out wins.
  return saysNo && !isLater(current, change) ? 'unsubscribed' : 'older';
}

function isLater(one: ConsentChange, other: ConsentChange): boolean {
  return one.at !== undefined && other.at !== undefined && one.at > other.at;
}

/** Whether the same state has more weight than before: it is final, or later. */
function weightier(current: ConsentChange, change: ConsentChange): boolean {
  return change.why !== undefined || (current.why === undefined && isLater(change, current));
}
