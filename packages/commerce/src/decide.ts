/** A side that knows what a person wants: the shop, or Iterable. */
export type ConsentSide = 'shop' | 'iterable';

/** What became known of a person and a channel. */
export interface ConsentChange {
  readonly side: ConsentSide;
  readonly state: 'subscribed' | 'unsubscribed';
  /** Epoch milliseconds; absent where the side tells the state alone, and not since when. */
  readonly at?: number;
  /** Why, where it is more than a choice: a complaint about spam, STOP by SMS, or an address that no mail reaches. */
  readonly why?: 'complaint' | 'stop' | 'bounce';
  /** Whether it is known to be none of what was written to that side: a person did it. */
  readonly own?: boolean;
}

/** What is kept of a person and a channel. */
export interface KnownConsent {
  readonly current?: ConsentChange;
  /** What was written to a side and has not come back from it yet. */
  readonly written?: readonly { readonly side: ConsentSide; readonly state: ConsentChange['state'] }[];
}

/** What follows from a change: why, what is to be kept, and what the other side is to be told. */
export interface ConsentDecision {
  readonly because: 'first' | 'newer' | 'unsubscribed' | 'same' | 'echo' | 'bounce' | 'final' | 'older';
  readonly known: KnownConsent;
  readonly write?: { readonly side: ConsentSide; readonly state: ConsentChange['state'] };
}

/** As many writes are remembered: more do not wait for their echo at once. */
const MOST_WRITTEN = 4;

/**
 * Decides whose word counts. The latest does; but a complaint or a STOP stands until the person says otherwise in Iterable, which heard
 * it, and any other unsubscribe gives way only to what is known to be later. Between choices of the same time, or without one, no wins. A
 * bounce is nobody's choice. What was written to a side comes back from it as a change, and is known by that. Pure.
 */
export function decideConsent(known: KnownConsent, change: ConsentChange): ConsentDecision {
  const { current, written = [] } = known;
  if (change.why === 'bounce') return { because: 'bounce', known };
  const echo = written.findIndex(({ side, state }) => side === change.side && state === change.state);
  if (echo !== -1 && change.why === undefined && change.own !== true) {
    // What was written before it shows no more.
    const left = written.filter(({ side }, index) => side !== change.side || index > echo);
    return { because: 'echo', known: { ...known, written: left } };
  }
  const because = judged(current, change);
  if (because === 'older' || because === 'final') return { because, known };
  // The same with more weight, or later, is what further changes are held against.
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
  // Iterable knows the order of what was said to it.
  if (isFinal(change))
    return current.side === 'iterable' && isLater(current, change) ? 'older' : 'unsubscribed';
  if (isLater(change, current)) return 'newer';
  const saysNo = change.state === 'unsubscribed';
  // Nobody knows which of the two is later: then no wins.
  return saysNo && !isLater(current, change) ? 'unsubscribed' : 'older';
}

function isLater(one: ConsentChange, other: ConsentChange): boolean {
  return one.at !== undefined && other.at !== undefined && one.at > other.at;
}

/** Whether the same state counts for more than before: it is final, or later. */
function weightier(current: ConsentChange, change: ConsentChange): boolean {
  return change.why !== undefined || (current.why === undefined && isLater(change, current));
}
