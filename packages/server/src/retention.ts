import {
  dealtWith,
  type Log,
  type Pruned,
  standingsOf,
  type State,
  type StateLimits,
} from '@waybill/delivery';
import type { IfFree } from './peers/turn.ts';
import type { Retained } from './delivery/retain.ts';

/** How long things are kept. Zero switches a limit off. */
export interface RetentionLimits {
  /** Days that events, their outcomes and exchanges stay. */
  readonly days: number;
  /** Gigabytes of the log, from which on the oldest events go. */
  readonly gigabytes: number;
  /** Gigabytes of events that may wait for one destination, while others work. */
  readonly backlogGigabytes: number;
  /** Gigabytes of outcomes, from which on the oldest events go with theirs. */
  readonly outcomeGigabytes: number;
  readonly deadLetterDays: number;
  /** Gigabytes of dead letters, from which on the oldest go. */
  readonly deadLetterGigabytes: number;
}

/** The limits unless configured otherwise. */
export const RETENTION: RetentionLimits = {
  days: 30,
  gigabytes: 50,
  backlogGigabytes: 40,
  outcomeGigabytes: 20,
  deadLetterDays: 90,
  deadLetterGigabytes: 5,
};

const DAY = 24 * 60 * 60 * 1000;
const EVERY = 60_000;
/** Runs from one look at all outcomes to the next: those of dead letters that are gone stand among old ones. */
const WHOLE = 60;
/** Events that lanes may lag behind when a log that is too large is so because of dead letters. */
const NEARLY_ALL = 100_000;

/** The share of what may wait for a destination from which on that is said. */
const NEAR = 0.8;

/** Keeps log and state within their limits. */
export interface Retention {
  /** Removes what may go; resolves with how many events went. */
  run(): Promise<number>;
  /** Destinations that are near, or over, the limit of what may wait for them. */
  behind(): readonly string[];
  stop(): void;
}

/** What retention works on. */
export interface RetentionInput {
  readonly limits: RetentionLimits;
  readonly log: Log;
  readonly state: State;
  /** Removes from the state, where it is written. */
  readonly retain: (limits: StateLimits) => Promise<Retained>;
  /** Events that may wait for one destination, while others work; 0 for no limit. */
  readonly backlogEvents: number;
  /** All destinations, disabled ones too: those keep their events. */
  readonly destinations: () => readonly { readonly id: string; readonly enabled: boolean }[];
  /** By partition, the position up to which processors have worked: what comes after it stays. */
  readonly processed: () => Promise<readonly number[]>;
  /** Has a destination give up its events up to a position. */
  readonly expire: (destination: string, through: number) => Promise<void>;
  /** Told when a destination has come near to the limit of what may wait for it. */
  readonly onBehind: (destination: string, events: number, most: number) => void;
  readonly now: () => number;
  /** Removes unless another process does: two would remove the same. */
  readonly ifFree: IfFree;
  readonly onRemoved: (events: number, retained: Retained) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Removes what is old or too much from time to time, a little at a time, so that neither accepting nor delivering is held
 * up. What a destination has not dealt with stays, and so does every event that a waiting item or a dead letter needs.
 */
export function createRetention(input: RetentionInput): Retention {
  const { limits, log, state } = input;
  let running: Promise<number> | undefined;
  let stopped = false;
  let runs = 0;
  /** Outcomes up to here have been inspected. */
  let reached = 0;
  let behind: readonly string[] = [];

  const limit = (gigabytes: number): number =>
    gigabytes > 0 ? gigabytes * 2 ** 30 : Number.POSITIVE_INFINITY;
  const ago = (days: number): number => (days > 0 ? input.now() - days * DAY : 0);

  /** Where the log ends, and where the destinations stand that have begun. */
  const standing = async (): Promise<{ last: number; cursors: ReadonlyMap<string, number> }> => {
    const { last, destinations } = await standingsOf({ log, state });
    return { last, cursors: new Map(destinations.map(({ destination, cursor }) => [destination, cursor])) };
  };

  /** Bytes that the log may have: outcomes leave with their events, so too many of them cost the oldest events. */
  const logLimit = async (): Promise<number> => {
    const most = limit(limits.outcomeGigabytes);
    const { outcomes } = await state.sizes();
    return Math.min(
      limit(limits.gigabytes),
      outcomes > most ? ((await log.extent()).bytes * most) / outcomes : Number.POSITIVE_INFINITY,
    );
  };
  /**
   * Has destinations that are too far behind give up the oldest of what waits for them, as long as another one works: without
   * any the intake is closed instead, and nothing is lost.
   */
  const expireBacklogs = async (): Promise<void> => {
    const { last, cursors } = await standing();
    const { bytes, firstSeq = last, eventBytes = 1 } = await log.extent();
    // Whichever is less: neither large events of the moment nor few old ones may cost others their place.
    const each = Math.min(eventBytes, bytes / (last - firstSeq + 1));
    const most = Math.floor(
      Math.min(input.backlogEvents || Number.POSITIVE_INFINITY, limit(limits.backlogGigabytes) / each),
    );
    const destinations = input
      .destinations()
      .map((one) => ({ ...one, lag: last - (cursors.get(one.id) ?? last) }));
    const before = new Set(behind);
    behind = destinations.filter(({ lag }) => lag > most * NEAR).map(({ id }) => id);
    for (const { id, lag } of destinations) {
      if (behind.includes(id) && !before.has(id)) input.onBehind(id, lag, most);
    }
    if (!destinations.some(({ enabled, lag }) => enabled && lag <= most)) return;
    for (const { id, lag } of destinations) if (lag > most) await input.expire(id, last - most);
  };
  const pruneLog = async (upTo: number): Promise<{ removed: number; through: number }> => {
    const keep = (first: number, last: number): Promise<readonly number[]> => state.needed(first, last);
    const [before, maxBytes] = [ago(limits.days), await logLimit()];
    let [removed, through] = [0, 0];
    for (let after: number | undefined = 0; after !== undefined && !stopped;) {
      const step: Pruned = await log.prune({ upTo, before, maxBytes, keep, after });
      removed += step.removed;
      through = step.through ?? through;
      after = step.next;
      await breathe();
    }
    return { removed, through: Math.max(through, ((await log.extent()).firstSeq ?? 1) - 1) };
  };
  const pruneState = async (through: number, upTo: number): Promise<Retained> => {
    const after = runs % WHOLE === 0 ? 0 : Math.min(reached, through);
    runs += 1;
    // A log that is too large although everything was dealt with is so because of what dead letters need.
    const share =
      (await log.lastSeq()) - upTo < NEARLY_ALL ? limit(limits.gigabytes) / (await log.extent()).bytes : 1;
    const most = limit(limits.deadLetterGigabytes);
    const retained = await input.retain({
      after,
      outcomesUpTo: through,
      deadLettersBefore: ago(limits.deadLetterDays),
      maxDeadLetterBytes: share < 1 ? Math.min(most, (await state.sizes()).deadLetters * share) : most,
      exchangesBefore: ago(limits.days),
    });
    reached = through;
    return retained;
  };
  const work = async (): Promise<number> => {
    await expireBacklogs();
    return (await input.ifFree(remove)) ?? 0;
  };
  const remove = async (): Promise<number> => {
    const { last, cursors } = await standing();
    const reached = await input.processed();
    const processed = reached.map((cursor, partition) => ({ partition, cursor }));
    const upTo = Math.min(
      last,
      await dealtWith(log, processed, last),
      ...input.destinations().map(({ id }) => cursors.get(id) ?? 0),
    );
    const { removed, through } = await pruneLog(upTo);
    if (stopped) return removed;
    input.onRemoved(removed, await pruneState(through, upTo));
    return removed;
  };
  const run = (): Promise<number> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => {
    run().catch((error: unknown) => {
      if (!stopped) input.onError(error);
    });
  }, EVERY);
  timer.unref();
  return {
    run,
    behind: () => behind,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
