import {
  type Event,
  orderKey,
  type Pipeline,
  type Prepared,
  type Recall,
  rejected,
  type ReadyItem,
  type PreparedItem,
  skipped,
} from '@waybill/core';
import type { EventOf } from '../corrections.ts';
import type { LoggedEvent } from '../stores/log.ts';
import type { RetryRow } from '../stores/rows.ts';
import type { Chunk } from './prefetch.ts';
import type { SettlementBuilder } from './settlement.ts';
import { type Delivery, toWork, unprepared, WHOLE_EVENT, type Work } from '../work.ts';

/** The inputs of `enterEvents` from the lane. */
export interface EnterInput {
  /** IDs of the sources the destination receives from; undefined means all. */
  readonly sources: ReadonlySet<string> | undefined;
  /** Users with waiting rows: their new items queue behind those. */
  readonly parked: ReadonlySet<string>;
  /** The maximum number of consecutive calls for one user. */
  readonly depth: number;
  /** Whether the person of an event was deleted, so that nothing about them is sent. */
  readonly suppressed: (event: Event) => boolean;
}

/** Enters the events of a chunk: items that end go into the settlement, items to send are returned. */
export function enterEvents(
  { events, prepared }: Chunk,
  input: EnterInput,
  settlement: SettlementBuilder,
): Work[] {
  const works: Work[] = [];
  const room = createDepth(input.depth);
  const take = (work: Work): void => {
    if (input.parked.has(work.user) || !room.takes(work)) settlement.park(work);
    else works.push(work);
  };
  for (let at = 0; at < events.length; at += 1) {
    const logged = events[at]!;
    if (logged.damage !== undefined) {
      settlement.unreadable(logged);
      continue;
    }
    if (input.sources !== undefined && !input.sources.has(logged.sourceId)) continue;
    // Checked now instead of at preparation: the person may have been deleted since.
    if (input.suppressed(logged.event)) {
      settlement.unmatched(logged.seq, 'deletion_suppressed');
      continue;
    }
    enterEvent(logged, prepared[at]!, settlement, take);
  }
  return works;
}

/** Enters one event and yields the items to send. */
function enterEvent(
  logged: LoggedEvent,
  prepared: Prepared | Error,
  settlement: SettlementBuilder,
  take: (work: Work) => void,
): void {
  if (prepared instanceof Error) {
    const whole = { logged, mappingId: WHOLE_EVENT, position: 0, user: orderKey(logged.event), attempts: 0 };
    settlement.conclude(whole, { outcome: unprepared(prepared), attempts: 0 });
    return;
  }
  if ('skipped' in prepared) {
    settlement.unmatched(logged.seq, prepared.skipped.code);
    return;
  }
  const { items } = prepared;
  for (let position = 0; position < items.length; position += 1) {
    const item = items[position]!;
    const { mappingId, user } = item;
    const delivery: Delivery = { logged, mappingId, position, user, attempts: 0 };
    if (isReady(item, delivery, settlement)) take(toWork(delivery, item));
  }
}

/** A waiting row with its event and its result with the current mappings. */
interface PreparedRow {
  readonly row: RetryRow;
  readonly logged: LoggedEvent | undefined;
  /** The result of the whole event where the mapping is unknown; absent when the event is missing. */
  readonly made?: PreparedItem | Prepared | Error;
}

/** Prepares waiting rows again; without side effects, so that it can be repeated with more remembered values. */
export function prepareRows(
  rows: readonly RetryRow[],
  eventOf: EventOf,
  { pipeline, recall }: { readonly pipeline: Pipeline; readonly recall: Recall },
): readonly PreparedRow[] {
  return rows.map((row) => {
    const logged = eventOf(row);
    if (logged === undefined || logged.damage !== undefined) return { row, logged };
    try {
      const made =
        row.mappingId === WHOLE_EVENT
          ? pipeline.prepare(logged.event, recall)
          : pipeline.prepareOne(logged.event, row.mappingId, row.attempts + 1, recall);
      return { row, logged, made };
    } catch (error) {
      return { row, logged, made: error instanceof Error ? error : new Error(String(error)) };
    }
  });
}

/** Enters prepared rows: items that end go into the settlement, items to send are returned. */
export function enterRows(
  rows: readonly PreparedRow[],
  { depth, suppressed }: Pick<EnterInput, 'depth' | 'suppressed'>,
  settlement: SettlementBuilder,
): Work[] {
  const room = createDepth(depth);
  return rows.flatMap(({ row, logged, made }) => {
    const delivery: Delivery = {
      logged: logged ?? gone(row),
      mappingId: row.mappingId,
      position: row.position,
      user: row.user,
      attempts: row.attempts,
      waits: true,
      ...(row.firstFailedAt === undefined ? {} : { firstFailedAt: row.firstFailedAt }),
    };
    if (made === undefined) {
      const outcome =
        logged?.damage === undefined
          ? rejected('retries_exhausted', 'The event is no longer in the log.')
          : rejected('event_unreadable', logged.damage);
      settlement.conclude(delivery, { outcome, attempts: row.attempts });
      return [];
    }
    if (suppressed(delivery.logged.event)) {
      settlement.conclude(delivery, { outcome: skipped('deletion_suppressed'), attempts: row.attempts });
      return [];
    }
    if (made instanceof Error) {
      settlement.conclude(delivery, { outcome: unprepared(made), attempts: row.attempts });
      return [];
    }
    if (!('kind' in made)) {
      unfold(delivery, made, settlement);
      return [];
    }
    if (!isReady(made, delivery, settlement)) return [];
    const work = toWork(delivery, made);
    return room.takes(work) ? [work] : [];
  });
}

/** Splits an event that could not be prepared before; its items replace the single row. */
function unfold(whole: Delivery, prepared: Prepared, settlement: SettlementBuilder): void {
  const works: Work[] = [];
  enterEvent(whole.logged, prepared, settlement, (work) => works.push(work));
  settlement.drop(whole);
  for (const work of works) settlement.park(work);
}

/** Whether an item can be sent; an ended one goes into the settlement. */
function isReady(item: PreparedItem, delivery: Delivery, settlement: SettlementBuilder): item is ReadyItem {
  if (item.kind === 'ready') return true;
  const { outcome, payload } = item;
  const attempts = outcome.status === 'retry' ? delivery.attempts + 1 : delivery.attempts;
  settlement.conclude(delivery, { outcome, attempts, ...(payload === undefined ? {} : { payload }) });
  return false;
}

/** Counts the consecutive calls for the items of one user, as the planner will arrange them. */
function createDepth(limit: number): { takes(work: Work): boolean } {
  const users = new Map<string, { depth: number; action: string }>();
  return {
    takes(work) {
      const { action, maxItems, oneItemPerUser } = work.rule;
      const user = users.get(work.user);
      if (user === undefined) {
        users.set(work.user, { depth: 1, action });
        return limit >= 1;
      }
      const shares = user.action === action && maxItems > 1 && !oneItemPerUser;
      if (!shares) user.depth += 1;
      user.action = action;
      return user.depth <= limit;
    },
  };
}

/** A placeholder for an event that the log no longer has. */
function gone(row: RetryRow): LoggedEvent {
  const event = { type: 'track', messageId: '', timestamp: '', receivedAt: '' } as const;
  return { seq: row.seq, sourceId: '', event };
}
