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

/** The limits of retention. Zero disables a limit. */
export interface RetentionLimits {
  /** The days that events, their outcomes and exchanges are kept. */
  readonly days: number;
  /** The gigabytes of the log above which the oldest events are removed. */
  readonly gigabytes: number;
  /** The gigabytes of events that may wait for one destination, while others work. */
  readonly backlogGigabytes: number;
  /** The gigabytes of outcomes above which the oldest events are removed with theirs. */
  readonly outcomeGigabytes: number;
  readonly deadLetterDays: number;
  /** The gigabytes of dead letters above which the oldest are removed. */
  readonly deadLetterGigabytes: number;
}

/** The default limits. */
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
/** The number of runs between full scans of outcomes: those of removed dead letters are among old ones. */
const WHOLE = 60;
/** The lag of lanes, in events, below which dead letters are the cause of a log that is too large. */
const NEARLY_ALL = 100_000;

/** The share of the maximum backlog at which a warning is logged. */
const NEAR = 0.8;

/** Keeps log and state within their limits. */
export interface Retention {
  /** Removes expired data; resolves with the number of removed events. */
  run(): Promise<number>;
  /** Returns destinations near or above their maximum backlog. */
  behind(): readonly string[];
  stop(): void;
}

/** The inputs of retention. */
export interface RetentionInput {
  readonly limits: RetentionLimits;
  readonly log: Log;
  readonly state: State;
  /** Removes from the state, in the thread that writes it. */
  readonly retain: (limits: StateLimits) => Promise<Retained>;
  /** The maximum number of waiting events of one destination, while others work; 0 for no limit. */
  readonly backlogEvents: number;
  /** All destinations, including disabled ones, which keep their events. */
  readonly destinations: () => readonly { readonly id: string; readonly enabled: boolean }[];
  /** The progress of processors by partition: later events stay. */
  readonly processed: () => Promise<readonly number[]>;
  /** Makes a destination give up its events up to a position. */
  readonly expire: (destination: string, through: number) => Promise<void>;
  /** Called when a destination is near its maximum backlog. */
  readonly onBehind: (destination: string, events: number, most: number) => void;
  readonly now: () => number;
  /** Runs unless another process does: two would remove the same. */
  readonly ifFree: IfFree;
  readonly onRemoved: (events: number, retained: Retained) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Creates the retention, which removes expired data periodically, in small steps, so that neither accepting nor delivering is
 * blocked. Unprocessed events of a destination stay, and so does every event that a waiting item or a dead letter needs.
 */
export function createRetention(input: RetentionInput): Retention {
  const { limits, log, state } = input;
  let running: Promise<number> | undefined;
  let stopped = false;
  let runs = 0;
  /** Outcomes up to here were inspected. */
  let reached = 0;
  let behind: readonly string[] = [];

  const limit = (gigabytes: number): number =>
    gigabytes > 0 ? gigabytes * 2 ** 30 : Number.POSITIVE_INFINITY;
  const ago = (days: number): number => (days > 0 ? input.now() - days * DAY : 0);

  /** Returns the end of the log, and the positions of started destinations. */
  const standing = async (): Promise<{ last: number; cursors: ReadonlyMap<string, number> }> => {
    const { last, destinations } = await standingsOf({ log, state });
    return { last, cursors: new Map(destinations.map(({ destination, cursor }) => [destination, cursor])) };
  };

  /** The maximum bytes of the log: outcomes are removed with their events, so too many of them cost the oldest events. */
  const logLimit = async (): Promise<number> => {
    const most = limit(limits.outcomeGigabytes);
    const { outcomes } = await state.sizes();
    return Math.min(
      limit(limits.gigabytes),
      outcomes > most ? ((await log.extent()).bytes * most) / outcomes : Number.POSITIVE_INFINITY,
    );
  };
  /**
   * Makes destinations with too large a backlog give up the oldest events, while another one works: without any, the intake is
   * closed instead, and nothing is lost.
   */
  const expireBacklogs = async (): Promise<void> => {
    const { last, cursors } = await standing();
    const { bytes, firstSeq = last, eventBytes = 1 } = await log.extent();
    // The lower of the two: neither large current events nor a few old ones may displace others.
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
    // Dead letters are the cause when a log is too large although everything was processed.
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
