import type { Event } from '@waybill/core';
import type { Lease, Leases } from './leases.ts';

/** An event in the log. */
export interface LoggedEvent {
  /** Position in the log: never reused, ascending within a partition. */
  readonly seq: number;
  /** 0 when absent. */
  readonly partition?: number;
  readonly sourceId: string;
  /** Meaningless when the event is damaged. */
  readonly event: Event;
  /** Why the event cannot be read although the log should have it. */
  readonly damage?: string;
  /** The last position of a damaged stretch. */
  readonly through?: number;
}

/** An event to be appended. */
export interface LogEntry {
  readonly sourceId: string;
  /** May be parsed lazily: read it only when nothing else suffices. */
  readonly event: Event;
  /** The event as JSON, if already serialised. */
  readonly text?: string;
  /** Its messageId, if already read. */
  readonly messageId?: string;
}

/** The result of an append. */
export interface Appended {
  /** False when the log already has an event of the same source and messageId. */
  readonly accepted: boolean;
}

/** What a source or a processor writes atomically with its events. */
export interface Carry {
  /** The owner; refused with an older epoch than the current one. */
  readonly lease: Lease<string>;
  /** The cursor of the owner, in its own format. */
  readonly cursor?: string;
  readonly state?: readonly CarriedWrite[];
  readonly timers?: readonly TimerWrite[];
  /** Whether other owners have values under the same keys: a store may keep them together. */
  readonly sharesKeys?: boolean;
}

/** A value of an owner, which replaces the previous one; without a value it is removed. */
export interface CarriedWrite {
  readonly key: string;
  readonly value?: Uint8Array;
}

/** A timer of an owner, identified by key and due time. Without a value it is removed. */
export interface TimerWrite {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly due: number;
  readonly value?: Uint8Array;
}

/** A timer that has not been removed yet. */
export type Timer = Required<TimerWrite>;

/** The carried data of an owner. */
export interface Carried {
  readonly cursor?: string;
  /** Values of the requested keys; absent ones are left out. */
  readonly state: ReadonlyMap<string, Uint8Array>;
}

/** Values by owner and key; absent ones are left out. */
export type CarriedOf = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;

/** A page of values of an owner, in the order of their keys. */
export interface CarriedPage {
  /** Values of later keys; all when absent. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Selects timers of an owner, the earliest first. */
export interface TimerFilter {
  /** Epoch milliseconds, inclusive; all when absent. */
  readonly dueBy?: number;
  readonly limit: number;
}

/** Selects events to read. */
export type LogQuery =
  | {
      /** Events after a position, in order: at most `limit` of them and about `maxBytes` of JSON. */
      readonly after: number;
      readonly limit: number;
      readonly maxBytes?: number;
      /** Only events of this partition; of every partition when absent. */
      readonly partition?: number;
    }
  | {
      /**
       * Events before a position, the newest first, of every partition: at most `limit` of them and about `maxBytes` of JSON.
       */
      readonly before: number;
      readonly limit: number;
      readonly maxBytes?: number;
    }
  | {
      /** Events that arrived within a period, both ends included, after a position, in order, of every partition. */
      readonly arrived: Period;
      readonly after: number;
      readonly limit: number;
    }
  /** Events by their positions, ascending; missing ones are left out. */
  | { readonly seqs: readonly number[] }
  /** Every event with this messageId, from any source. */
  | { readonly messageId: string };

/**
 * The event log: appended to by the accepting side, read by lanes and processors.
 *
 * **Visibility.** Positions are given within a commit, and commits may end in another order. A read never returns a position
 * of a partition while an earlier one of it can still appear: a reader at a position has seen all before it. A read of
 * every partition keeps that for all of them.
 *
 * **Durability.** What an append has answered for is in every later read, also after a crash. What a crash cut off is there
 * whole or not at all, so it can be appended again: its messageIds tell.
 */
export interface Log {
  /** Makes events durable. Resolves after their commit; concurrent calls share commits. */
  append(entries: readonly LogEntry[]): Promise<readonly Appended[]>;
  /**
   * The same, with a carry of their owner in the same commit. `stale` when another holder has taken over the owner: then
   * nothing was written.
   */
  append(entries: readonly LogEntry[], carry: Carry): Promise<readonly Appended[] | 'stale'>;
  read(query: LogQuery): Promise<readonly LoggedEvent[]>;
  /** Returns the last position that a read can return, of a partition or, when absent, of all; 0 for an empty log. */
  lastSeq(partition?: number): Promise<number>;
  /** Returns the first and the last position within a period of arrival, both ends included; undefined when there is none. */
  span(period: Period): Promise<LogSpan | undefined>;
  /**
   * Never assigns a position up to this one. A damaged disk can lose the newest events while a lane has already processed them:
   * if their positions were reused, the lane would skip the new events.
   */
  startAfter(seq: number): Promise<void>;
  /** Returns the extent of the log. */
  extent(): Promise<LogExtent>;
  /**
   * Inspects a few of the oldest events and removes expired ones. Call it again with the `next` of its result until there is
   * none. The last position stays known.
   */
  prune(limits: PruneLimits): Promise<Pruned>;
  /** The leases of owners: sources and processors. */
  readonly owners: Leases<string>;
  /** Returns the cursor of an owner, and the values of some keys. */
  carried(owner: string, keys: readonly string[]): Promise<Carried>;
  /** Returns the values of some keys, for each of some owners. */
  carriedOf(owners: readonly string[], keys: readonly string[]): Promise<CarriedOf>;
  /** Returns the values of an owner, page by page: keys are in the order of their UTF-8 bytes. */
  carriedAfter(owner: string, page: CarriedPage): Promise<readonly Required<CarriedWrite>[]>;
  timers(owner: string, filter: TimerFilter): Promise<readonly Timer[]>;
  /** Small durable values, such as the progress of lanes. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** A period, both ends included, in epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A stretch of the log. */
export interface LogSpan {
  readonly first: number;
  readonly last: number;
}

/** The extent of a log. */
export interface LogExtent {
  /** Bytes in use, ids included. */
  readonly bytes: number;
  /** The oldest event's position and time of arrival; absent for an empty log. */
  readonly firstSeq?: number;
  readonly oldestAt?: number;
  /** Bytes of one of the newest events, on average. */
  readonly eventBytes?: number;
}

/** Limits of the retention of a log: nothing after `upTo` is removed; before it, events that exceed the age or size. */
export interface PruneLimits {
  readonly upTo: number;
  /** Epoch milliseconds: earlier events may be removed. */
  readonly before: number;
  /** The size in bytes above which the oldest may be removed, regardless of age. */
  readonly maxBytes: number;
  /** Returns positions from `first` to `last` that must stay, ascending. */
  readonly keep: (first: number, last: number) => Promise<readonly number[]>;
  /** Where to continue. */
  readonly after?: number;
}

/** The result of a step of pruning. */
export interface Pruned {
  readonly removed: number;
  /** The position up to which pruning is complete; absent when nothing was expired. */
  readonly through?: number;
  /** Where to continue; absent when pruning is complete. */
  readonly next?: number;
}
