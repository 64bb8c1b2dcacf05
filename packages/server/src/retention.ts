import type { EventLog, StateStore } from '@waybill/delivery';

/** How long events stay in the log. Zero switches a limit off. */
export interface RetentionLimits {
  readonly days: number;
  readonly gigabytes: number;
}

/** The limits unless configured otherwise. */
export const RETENTION: RetentionLimits = { days: 30, gigabytes: 50 };

const DAY = 24 * 60 * 60 * 1000;
const EVERY = 60_000;

/** Keeps a log within its limits. */
export interface Retention {
  /** Removes what may go; resolves with how many events went. */
  run(): Promise<number>;
  stop(): void;
}

/**
 * Removes old events from time to time, a few at a time, so that accepting is not held up. What a destination has not
 * dealt with stays, and so does every event that a waiting item or a dead letter needs.
 */
export function createRetention(input: {
  readonly limits: RetentionLimits;
  readonly log: EventLog;
  readonly state: StateStore;
  /** Ids of all destinations, disabled ones too: those keep their events. */
  readonly lanes: () => readonly string[];
  readonly now: () => number;
  readonly onRemoved: (events: number) => void;
  readonly onError: (error: unknown) => void;
}): Retention {
  const { limits, log, state } = input;
  let running: Promise<number> | undefined;
  let stopped = false;

  const work = async (): Promise<number> => {
    const before = limits.days > 0 ? input.now() - limits.days * DAY : 0;
    const maxBytes = limits.gigabytes > 0 ? limits.gigabytes * 2 ** 30 : Number.POSITIVE_INFINITY;
    const upTo = Math.min(log.lastSeq(), ...input.lanes().map((lane) => state.cursor(lane) ?? 0));
    const keep = (first: number, last: number): readonly number[] => state.needed(first, last);
    let removed = 0;
    for (let after: number | undefined = 0; after !== undefined && !stopped;) {
      const step = log.prune({ upTo, before, maxBytes, keep, after });
      removed += step.removed;
      after = step.next;
      await breathe();
    }
    return removed;
  };
  const run = (): Promise<number> => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
  const timer = setInterval(() => {
    run().then((removed) => {
      if (removed > 0) input.onRemoved(removed);
    }, input.onError);
  }, EVERY);
  timer.unref();
  return {
    run,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
