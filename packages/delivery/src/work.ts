import { type Outcome, type PlannedItem, type ReadyItem, rejected } from '@waybill/core';
import type { LoggedEvent } from './stores/log.ts';

/** Mapping id of a delivery whose event could not be prepared at all. */
export const WHOLE_EVENT = '';

/** The outcome of an event or item whose preparation threw. */
export function unprepared(error: unknown): ReturnType<typeof rejected> {
  return rejected('mapping_failed', error instanceof Error ? error.message : String(error));
}

/** One delivery of a lane: an event, a mapping, and the number of attempts. */
export interface Delivery {
  readonly logged: LoggedEvent;
  readonly mappingId: string;
  readonly position: number;
  readonly user: string;
  /** The number of earlier attempts. */
  readonly attempts: number;
  readonly firstFailedAt?: number;
  /** Whether it has a row in `retries`. */
  readonly waits?: boolean;
}

/** A delivery with its payload, ready to be planned into calls. */
export interface Work extends Delivery, PlannedItem {
  readonly ready: ReadyItem;
}

/** The result of a sent item. */
export interface Sent {
  readonly work: Work;
  readonly outcome: Outcome;
  /** IDs of its exchanges. */
  readonly exchangeIds: readonly number[];
  /** Whether it ended before it reached the destination, and says nothing about it. */
  readonly untried?: true;
}

/** Joins a delivery with its pipeline result. */
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
