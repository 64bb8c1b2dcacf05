import { type Outcome, type PlannedItem, type ReadyItem, rejected } from '@waybill/core';
import type { LoggedEvent } from './stores/log.ts';

/** Mapping id of a delivery whose event could not be prepared at all. */
export const WHOLE_EVENT = '';

/** How an event or an item ends whose preparation threw. */
export function unprepared(error: unknown): ReturnType<typeof rejected> {
  return rejected('mapping_failed', error instanceof Error ? error.message : String(error));
}

/** One delivery a lane has to make: an event, a mapping, and how often it has been tried. */
export interface Delivery {
  readonly logged: LoggedEvent;
  readonly mappingId: string;
  readonly position: number;
  readonly user: string;
  /** Attempts made before this one. */
  readonly attempts: number;
  readonly firstFailedAt?: number;
  /** Whether a row of `retries` holds it. */
  readonly waits?: boolean;
}

/** A delivery with its payload made, ready to be planned into calls. */
export interface Work extends Delivery, PlannedItem {
  readonly ready: ReadyItem;
}

/** What became of one item that was sent. */
export interface Sent {
  readonly work: Work;
  readonly outcome: Outcome;
  /** Ids of its exchanges. */
  readonly exchangeIds: readonly number[];
  /** Whether it ended before it reached the destination: then it says nothing of that. */
  readonly untried?: true;
}

/** A delivery joined with what the pipeline made of it. */
export function toWork(delivery: Delivery, ready: ReadyItem): Work {
  const { logged, mappingId, position, user, attempts, firstFailedAt, waits } = delivery;
  const { item, rule, bytes, group } = ready;
  const work = { logged, mappingId, position, user, attempts, ready, item, rule, bytes, group };
  if (waits === undefined && firstFailedAt === undefined) return work;
  return {
    ...work,
    ...(waits === undefined ? {} : { waits }),
    ...(firstFailedAt === undefined ? {} : { firstFailedAt }),
  };
}
