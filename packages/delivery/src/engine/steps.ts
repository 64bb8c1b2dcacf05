import {
  orderKey,
  type Pipeline,
  type Prepared,
  type Recall,
  rejected,
  type ReadyItem,
  type PreparedItem,
} from '@waybill/core';
import type { LoggedEvent, RetryRow, StateStore } from '../store/port.ts';
import type { Chunk } from './ahead.ts';
import type { Ledger } from './ledger.ts';
import type { Shares } from './shares.ts';
import { type Delivery, toWork, type Work } from './work.ts';

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

/** Prepares new events: what ends at once goes into the ledger, what can be sent is returned. */
export function prepareEvents({ events, prepared }: Chunk, input: PrepareInput, ledger: Ledger): Work[] {
  const works: Work[] = [];
  const room = createDepth(input.depth);
  const take = (work: Work): void => {
    if (input.parked.has(work.orderKey) || !room.takes(work)) ledger.park(work);
    else works.push(work);
  };
  for (let at = 0; at < events.length; at += 1) {
    const logged = events[at]!;
    if (logged.damage !== undefined) {
      ledger.unreadable(logged);
      continue;
    }
    if (input.sources !== undefined && !input.sources.has(logged.sourceId)) continue;
    prepareEvent({ logged, known: prepared[at] }, input, ledger, take);
  }
  return works;
}

/** Prepares one event and hands over what can be sent, one after the other. */
function prepareEvent(
  { logged, known }: { readonly logged: LoggedEvent; readonly known?: Prepared | undefined },
  { pipeline, recall }: Pick<PrepareInput, 'pipeline' | 'recall'>,
  ledger: Ledger,
  take: (work: Work) => void,
): void {
  let prepared: Prepared;
  try {
    prepared = known ?? pipeline.prepare(logged.event, recall);
  } catch (error) {
    const user = orderKey(logged.event);
    const whole = { logged, mappingId: WHOLE_EVENT, position: 0, orderKey: user, attempts: 0 };
    ledger.conclude(whole, { outcome: broken(error), attempts: 0 });
    return;
  }
  if ('skipped' in prepared) {
    ledger.unmatched(logged.seq, prepared.skipped.code);
    return;
  }
  const { items } = prepared;
  for (let position = 0; position < items.length; position += 1) {
    const item = items[position]!;
    const { mappingId, orderKey } = item;
    const delivery: Delivery = { logged, mappingId, position, orderKey, attempts: 0 };
    if (isReady(item, delivery, ledger)) take(toWork(delivery, item));
  }
}

/** Prepares waiting rows again, with the mappings as they are now. */
export function prepareRows(
  rows: readonly RetryRow[],
  events: ReadonlyMap<number, LoggedEvent>,
  input: Pick<PrepareInput, 'pipeline' | 'depth' | 'recall'>,
  ledger: Ledger,
): Work[] {
  const { pipeline, recall } = input;
  const room = createDepth(input.depth);
  return rows.flatMap((row) => {
    const logged = events.get(row.seq);
    const delivery: Delivery = {
      logged: logged ?? gone(row),
      mappingId: row.mappingId,
      position: row.position,
      orderKey: row.orderKey,
      attempts: row.attempts,
      waits: true,
      ...(row.firstFailedAt === undefined ? {} : { firstFailedAt: row.firstFailedAt }),
    };
    if (logged === undefined) {
      const outcome = rejected('retries_exhausted', 'The event is no longer in the log.');
      ledger.conclude(delivery, { outcome, attempts: row.attempts });
      return [];
    }
    if (logged.damage !== undefined) {
      const outcome = rejected('event_unreadable', logged.damage);
      ledger.conclude(delivery, { outcome, attempts: row.attempts });
      return [];
    }
    if (row.mappingId === WHOLE_EVENT) {
      unfold(delivery, input, ledger);
      return [];
    }
    try {
      const item = pipeline.prepareOne(logged.event, row.mappingId, row.attempts + 1, recall);
      if (!isReady(item, delivery, ledger)) return [];
      const work = toWork(delivery, item);
      return room.takes(work) ? [work] : [];
    } catch (error) {
      ledger.conclude(delivery, { outcome: broken(error), attempts: row.attempts });
      return [];
    }
  });
}

/** An event that could not be prepared is taken apart anew; its items take the place of the one row. */
function unfold(whole: Delivery, input: Pick<PrepareInput, 'pipeline' | 'recall'>, ledger: Ledger): void {
  const works: Work[] = [];
  prepareEvent(whole, input, ledger, (work) => works.push(work));
  ledger.drop(whole);
  for (const work of works) ledger.park(work);
}

/** Whether an item can be sent; one that ended goes into the ledger. */
function isReady(item: PreparedItem, delivery: Delivery, ledger: Ledger): item is ReadyItem {
  if (item.kind === 'ready') return true;
  const { outcome, payload } = item;
  const attempts = outcome.status === 'retry' ? delivery.attempts + 1 : delivery.attempts;
  ledger.conclude(delivery, { outcome, attempts, ...(payload === undefined ? {} : { payload }) });
  return false;
}

/** Counts the calls that one user's items need one after the other, as planning will arrange them. */
function createDepth(limit: number): { takes(work: Work): boolean } {
  const users = new Map<string, { depth: number; action: string }>();
  return {
    takes(work) {
      const { action, maxItems, oneItemPerUser } = work.rule;
      const user = users.get(work.orderKey);
      if (user === undefined) {
        users.set(work.orderKey, { depth: 1, action });
        return limit >= 1;
      }
      const shares = user.action === action && maxItems > 1 && !oneItemPerUser;
      if (!shares) user.depth += 1;
      user.action = action;
      return user.depth <= limit;
    },
  };
}

/** Which rows a step may take. */
export interface DueInput {
  readonly now: number;
  readonly limit: number;
  /** Users whose rows are taken before their time; those that are taken are removed from the set. */
  readonly hurried: Set<string>;
  /** Users with a call under way. */
  readonly flying: ReadonlySet<string>;
  /** How many rows of a user are worth reading. */
  readonly shares: Pick<Shares, 'of'>;
}

/** Rows of users whose turn it is: the first row of each, and rows behind it. */
export function dueRows(
  state: StateStore,
  lane: string,
  { now, limit, hurried, flying, shares }: DueInput,
): { readonly heads: readonly RetryRow[]; readonly behind: readonly RetryRow[] } {
  const heads = state
    .dueRetries(lane, now, limit + flying.size)
    .filter((row) => !flying.has(row.orderKey))
    .slice(0, limit);
  for (const { orderKey } of heads) hurried.delete(orderKey);
  for (const user of hurried) {
    if (heads.length >= limit) break;
    hurried.delete(user);
    if (!flying.has(user)) heads.push(...state.retriesOf(lane, user, 1));
  }
  const behind: RetryRow[] = [];
  for (const head of heads) {
    const room = limit - heads.length - behind.length;
    // Every user with a due row gets a fair share of what follows.
    const fair = Math.max(8, Math.ceil(limit / heads.length));
    const share = Math.min(room, fair, shares.of(head.orderKey));
    if (share <= 0) break;
    behind.push(...state.retriesOf(lane, head.orderKey, share + 1).slice(1));
  }
  return { heads, behind };
}

/** Stands for an event that the log no longer has. */
function gone(row: RetryRow): LoggedEvent {
  const event = { type: 'track', messageId: '', timestamp: '', receivedAt: '' } as const;
  return { seq: row.seq, sourceId: '', event };
}

function broken(error: unknown): ReturnType<typeof rejected> {
  return rejected('mapping_failed', error instanceof Error ? error.message : String(error));
}
