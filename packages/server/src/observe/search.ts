import { type CompiledTrigger, type ErrorCode, type Event, type EventType, orderKey } from '@waybill/core';
import type { Log, LoggedEvent, LogSpan, State, StoryStep } from '@waybill/delivery';

/** The short outcome of an event for one mapping. */
export interface BriefOutcome {
  readonly destination: string;
  readonly mappingId: string;
  readonly status: StoryStep['status'];
  readonly code?: ErrorCode;
}

/** A search in the log; absent members match everything. */
export interface EventSearch {
  readonly where?: CompiledTrigger;
  readonly sourceId?: string;
  readonly type?: EventType;
  /** The name of a track event, of a page or of a screen. */
  readonly event?: string;
  /** By order key: `u:…`, `e:…` or `a:…`. */
  readonly user?: string;
  /** The period of arrival; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** With an outcome that matches all of these. */
  readonly outcome?: Partial<BriefOutcome>;
  /** In order from here. Without it, newest first. */
  readonly after?: number;
  /** Newest first, before here. */
  readonly before?: number;
  readonly limit: number;
  /** Whether to include the outcomes. */
  readonly outcomes?: boolean;
}

/** A found event. */
export interface FoundEvent extends LoggedEvent {
  readonly outcomes?: readonly BriefOutcome[];
}

/** The result of a search. */
export interface FoundEvents {
  readonly events: readonly FoundEvent[];
  /** The `before`, or `after`, of the next page. */
  readonly next?: number;
  /** Number of events searched. */
  readonly scanned: number;
  /** Whether there are no more. */
  readonly complete: boolean;
}

/** The limits of a search before it returns a page: it runs on the thread that accepts events. */
const SEARCH_LIMITS = { events: 20_000, milliseconds: 250, bytes: 4 * 2 ** 20 };

/** The number of events, and of characters, per read. */
const CHUNK = { events: 500, bytes: 512 * 1024 };

/** The stores that a search reads. */
export interface SearchStores {
  readonly log: Pick<Log, 'read' | 'span'>;
  readonly state: Pick<State, 'outcomes' | 'retries'>;
}

/** Searches the log, in small steps, until enough events were found or inspected. */
export async function searchEvents(
  { log, state }: SearchStores,
  search: EventSearch,
  limits: typeof SEARCH_LIMITS = SEARCH_LIMITS,
): Promise<FoundEvents> {
  const { after, before = Number.MAX_SAFE_INTEGER, limit } = search;
  const span = await spanOf(log, search);
  const began = performance.now();
  const found: FoundEvent[] = [];
  let [scanned, bytes] = [0, 0];
  let place = after === undefined ? Math.min(before, span.last + 1) : Math.max(after, span.first - 1);
  for (;;) {
    const room = isNarrow(search) ? CHUNK.events : Math.min(CHUNK.events, limit - found.length);
    const size = { limit: room, maxBytes: CHUNK.bytes };
    const chunk = await log.read(
      after === undefined ? { before: place, ...size } : { after: place, ...size },
    );
    const within = chunk.filter(({ seq }) => seq >= span.first && seq <= span.last);
    const wanted = new Map((await wantedOf(within, search, state)).map((one) => [one.seq, one]));
    for (const { seq, through = seq } of within) {
      scanned += 1;
      place = after === undefined ? seq : through;
      const one = wanted.get(seq);
      if (one === undefined) continue;
      found.push(one);
      bytes += JSON.stringify(one.event).length;
      if (found.length >= limit || bytes >= limits.bytes)
        return { events: found, next: place, scanned, complete: false };
    }
    if (chunk.length === 0 || within.length < chunk.length)
      // Followers of the log continue from its end.
      return { events: found, scanned, complete: true, ...(after === undefined ? {} : { next: place }) };
    if (scanned >= limits.events || performance.now() - began > limits.milliseconds)
      return { events: found, next: place, scanned, complete: false };
    // Yields, so that events are accepted.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The range of the log to search. */
async function spanOf(log: SearchStores['log'], { from, to }: EventSearch): Promise<LogSpan> {
  if (from === undefined && to === undefined) return { first: 1, last: Number.MAX_SAFE_INTEGER - 1 };
  const period = { from: from ?? 0, to: to ?? Number.MAX_SAFE_INTEGER };
  return (await log.span(period)) ?? { first: 1, last: 0 };
}

/** Whether some events are left out. */
function isNarrow({ where, sourceId, type, event, user, from, to, outcome }: EventSearch): boolean {
  return [where, sourceId, type, event, user, from, to, outcome].some((one) => one !== undefined);
}

function isWanted({ sourceId, event, damage }: LoggedEvent, search: EventSearch): boolean {
  if (!isNarrow(search)) return true;
  if (damage !== undefined) return false;
  const { where, type, event: name, user, from, to } = search;
  return (
    (search.sourceId === undefined || search.sourceId === sourceId) &&
    (type === undefined || type === event.type) &&
    (name === undefined || name === event.event || name === event.name) &&
    (user === undefined || isOf(event, user)) &&
    arrivedWithin(event, from, to) &&
    (where === undefined || where(event))
  );
}

/** Whether an event belongs to a user: by order key, or by the identifier itself. */
function isOf(event: Event, user: string): boolean {
  const id = user.slice(2);
  return (
    orderKey(event) === user ||
    (user.startsWith('u:') && event.userId === id) ||
    (user.startsWith('a:') && event.anonymousId === id)
  );
}

/** Filters by arrival: the positions of a period are those of whole blocks, and a clock may have been set back. */
function arrivedWithin({ receivedAt }: Event, from = 0, to = Number.MAX_SAFE_INTEGER): boolean {
  if (from === 0 && to === Number.MAX_SAFE_INTEGER) return true;
  const at = Date.parse(receivedAt);
  return at >= from && at <= to;
}

/** Returns the matching events, with their outcomes if requested. */
async function wantedOf(
  events: readonly LoggedEvent[],
  search: EventSearch,
  state: SearchStores['state'],
): Promise<readonly FoundEvent[]> {
  const { outcome, outcomes = false } = search;
  const candidates = events.filter((one) => isWanted(one, search));
  if (candidates.length === 0 || (outcome === undefined && !outcomes)) return candidates;
  const became = await briefOutcomes(
    candidates.map(({ seq }) => seq),
    state,
  );
  return candidates.flatMap((one): readonly FoundEvent[] => {
    const own = became.get(one.seq) ?? [];
    if (outcome !== undefined && !own.some((each) => isLike(each, outcome))) return [];
    return [outcomes ? { ...one, outcomes: own } : one];
  });
}

function isLike(one: BriefOutcome, wanted: Partial<BriefOutcome>): boolean {
  return (['destination', 'mappingId', 'status', 'code'] as const).every(
    (name) => wanted[name] === undefined || wanted[name] === one[name],
  );
}

/** The outcomes of events, by position. */
async function briefOutcomes(
  seqs: readonly number[],
  state: SearchStores['state'],
): Promise<ReadonlyMap<number, readonly BriefOutcome[]>> {
  const became = new Map<number, BriefOutcome[]>();
  const waiting = (await state.retries({ seqs })).map((row) => ({ ...row, status: 'waiting' as const }));
  for (const { seq, destination, mappingId, status, code } of [...(await state.outcomes(seqs)), ...waiting]) {
    const own = became.get(seq) ?? [];
    became.set(seq, own);
    own.push({ destination, mappingId, status, ...(code === undefined ? {} : { code }) });
  }
  return became;
}
