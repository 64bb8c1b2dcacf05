import {
  orderKey,
  type Pipeline,
  type Prepared,
  type Recall,
  rejected,
  type ReadyItem,
  type PreparedItem,
} from '@waybill/core';
import type { LoggedEvent, RetryRow } from '../store/port.ts';
import type { Chunk } from './prefetch.ts';
import type { SettlementBuilder } from './settlement.ts';
import { type Delivery, toWork, type Work } from '../work.ts';

/** Mapping id of a delivery whose event could not be prepared at all. */
const WHOLE_EVENT = '';

/** What preparing needs of the lane. */
export interface PrepareInput {
  readonly pipeline: Pipeline;
  /** Ids of the sources the destination receives from; undefined means all. */
  readonly sources: ReadonlySet<string> | undefined;
  /** Users with waiting rows: their new items go behind those. */
  readonly parked: ReadonlySet<string>;
  /** Calls one after the other that one user may cause. */
  readonly depth: number;
  /** What is remembered of users, for payloads that lack the identifier the project type needs. */
  readonly recall?: Recall;
}

/** Prepares new events: what ends at once goes into the settlement, what can be sent is returned. */
export function prepareEvents(
  { events, prepared }: Chunk,
  input: PrepareInput,
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
    prepareEvent({ logged, known: prepared[at] }, input, settlement, take);
  }
  return works;
}

/** Prepares one event and hands over what can be sent, one after the other. */
function prepareEvent(
  { logged, known }: { readonly logged: LoggedEvent; readonly known?: Prepared | undefined },
  { pipeline, recall }: Pick<PrepareInput, 'pipeline' | 'recall'>,
  settlement: SettlementBuilder,
  take: (work: Work) => void,
): void {
  let prepared: Prepared;
  try {
    prepared = known ?? pipeline.prepare(logged.event, recall);
  } catch (error) {
    const user = orderKey(logged.event);
    const whole = { logged, mappingId: WHOLE_EVENT, position: 0, user, attempts: 0 };
    settlement.conclude(whole, { outcome: broken(error), attempts: 0 });
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

/** Prepares waiting rows again, with the mappings as they are now. */
export function prepareRows(
  rows: readonly RetryRow[],
  events: ReadonlyMap<number, LoggedEvent>,
  input: Pick<PrepareInput, 'pipeline' | 'depth' | 'recall'>,
  settlement: SettlementBuilder,
): Work[] {
  const { pipeline, recall } = input;
  const room = createDepth(input.depth);
  return rows.flatMap((row) => {
    const logged = events.get(row.seq);
    const delivery: Delivery = {
      logged: logged ?? gone(row),
      mappingId: row.mappingId,
      position: row.position,
      user: row.user,
      attempts: row.attempts,
      waits: true,
      ...(row.firstFailedAt === undefined ? {} : { firstFailedAt: row.firstFailedAt }),
    };
    if (logged === undefined) {
      const outcome = rejected('retries_exhausted', 'The event is no longer in the log.');
      settlement.conclude(delivery, { outcome, attempts: row.attempts });
      return [];
    }
    if (logged.damage !== undefined) {
      const outcome = rejected('event_unreadable', logged.damage);
      settlement.conclude(delivery, { outcome, attempts: row.attempts });
      return [];
    }
    if (row.mappingId === WHOLE_EVENT) {
      unfold(delivery, input, settlement);
      return [];
    }
    try {
      const item = pipeline.prepareOne(logged.event, row.mappingId, row.attempts + 1, recall);
      if (!isReady(item, delivery, settlement)) return [];
      const work = toWork(delivery, item);
      return room.takes(work) ? [work] : [];
    } catch (error) {
      settlement.conclude(delivery, { outcome: broken(error), attempts: row.attempts });
      return [];
    }
  });
}

/** An event that could not be prepared is taken apart anew; its items take the place of the one row. */
function unfold(
  whole: Delivery,
  input: Pick<PrepareInput, 'pipeline' | 'recall'>,
  settlement: SettlementBuilder,
): void {
  const works: Work[] = [];
  prepareEvent(whole, input, settlement, (work) => works.push(work));
  settlement.drop(whole);
  for (const work of works) settlement.park(work);
}

/** Whether an item can be sent; one that ended goes into the settlement. */
function isReady(item: PreparedItem, delivery: Delivery, settlement: SettlementBuilder): item is ReadyItem {
  if (item.kind === 'ready') return true;
  const { outcome, payload } = item;
  const attempts = outcome.status === 'retry' ? delivery.attempts + 1 : delivery.attempts;
  settlement.conclude(delivery, { outcome, attempts, ...(payload === undefined ? {} : { payload }) });
  return false;
}

/** Counts the calls that one user's items need one after the other, as planning will arrange them. */
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

/** Stands for an event that the log no longer has. */
function gone(row: RetryRow): LoggedEvent {
  const event = { type: 'track', messageId: '', timestamp: '', receivedAt: '' } as const;
  return { seq: row.seq, sourceId: '', event };
}

function broken(error: unknown): ReturnType<typeof rejected> {
  return rejected('mapping_failed', error instanceof Error ? error.message : String(error));
}
