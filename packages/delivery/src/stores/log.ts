import type { Event } from '@waybill/core';
import type { Lease, Leases } from './leases.ts';

/** An event in the log. */
export interface LoggedEvent {
  /** Position in the log: never reused, ascending within a partition. */
  readonly seq: number;
  /** 0 when absent. */
  readonly partition?: number;
  readonly sourceId: string;
  /** Of no meaning when the event is damaged. */
  readonly event: Event;
  /** Why the event cannot be read, though the log should have it. */
  readonly damage?: string;
  /** For a damaged stretch of which nothing is known: its last position. */
  readonly through?: number;
}

/** An event to be appended. */
export interface LogEntry {
  readonly sourceId: string;
  /** It may be read from its text when it is asked for: ask only where nothing else tells. */
  readonly event: Event;
  /** The event as JSON, where that was made already. */
  readonly text?: string;
  /** Its messageId, where that was read already. */
  readonly messageId?: string;
}

/** What became of an appended event. */
export interface Appended {
  /** False when an event of the same source and messageId is in the log already. */
  readonly accepted: boolean;
}

/** What a source or a processor writes together with the events it appends: all of it, or nothing. */
export interface Carry {
  /** Whose it is; one that works under an older epoch than the owner has by now is refused. */
  readonly lease: Lease<string>;
  /** How far the owner has come, in its own words. */
  readonly cursor?: string;
  readonly state?: readonly CarriedWrite[];
  readonly timers?: readonly TimerWrite[];
}

/** A value of an owner, in place of the one before; without a value it is forgotten. */
export interface CarriedWrite {
  readonly key: string;
  readonly value?: Uint8Array;
}

/** A timer of an owner: one of a key and a due time. Without a value it is removed. */
export interface TimerWrite {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly due: number;
  readonly value?: Uint8Array;
}

/** A timer that has not been removed yet. */
export type Timer = Required<TimerWrite>;

/** What an owner has carried. */
export interface Carried {
  readonly cursor?: string;
  /** Values of the keys that were asked for; absent ones are left out. */
  readonly state: ReadonlyMap<string, Uint8Array>;
}

/** Which values of an owner, in the order of their keys. */
export interface CarriedPage {
  /** Those of later keys; all when absent. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Which timers of an owner, the earliest first. */
export interface TimerFilter {
  /** Epoch milliseconds, inclusive; all when absent. */
  readonly dueBy?: number;
  readonly limit: number;
}

/** Which events to read. */
export type LogQuery =
  | {
      /** Events after a position, in order: at most `limit` of them and about `maxBytes` of text. */
      readonly after: number;
      readonly limit: number;
      readonly maxBytes?: number;
      /** Events of this one alone; of every partition when absent. */
      readonly partition?: number;
    }
  | {
      /** Events before a position, the newest first, of every partition: at most `limit` of them and about `maxBytes` of text. */
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
  /** Every event of this messageId, from any source. */
  | { readonly messageId: string };

/**
 * The event log: appended to by the accepting side, read by lanes and processors.
 *
 * **Visibility.** Positions are given within a commit, and commits may end in another order. A read never returns a position
 * of a partition while an earlier one of it can still appear: whoever has read up to a position has seen all before it. A read of
 * every partition keeps that for all of them.
 *
 * **Durability.** What an append has answered for is in every later read, also after a crash. What a crash cut off is there
 * whole or not at all, so it can be appended again: its messageIds tell.
 */
export interface Log {
  /** Makes events durable. Resolves after the commit that holds them; concurrent calls share commits. */
  append(entries: readonly LogEntry[]): Promise<readonly Appended[]>;
  /**
   * The same, with what their owner writes in the same commit. `stale` when another holder has taken the owner over: then
   * neither the events nor the rest were written.
   */
  append(entries: readonly LogEntry[], carry: Carry): Promise<readonly Appended[] | 'stale'>;
  read(query: LogQuery): Promise<readonly LoggedEvent[]>;
  /** The last position that a read can return, of a partition or, when absent, of every one; 0 for an empty one. */
  lastSeq(partition?: number): Promise<number>;
  /** The first and the last position of what arrived within a period, both ends included; undefined when nothing did. */
  span(period: Period): Promise<LogSpan | undefined>;
  /**
   * Gives no position up to this one from now on. A damaged disk can take the newest events from the log while a lane has
   * dealt with them already: given again, their positions would be skipped.
   */
  startAfter(seq: number): Promise<void>;
  /** How much the log holds. */
  extent(): Promise<LogExtent>;
  /**
   * Looks at a few of the oldest events and removes those that may go. Call it again with the `next` of its answer until
   * there is none. The last position stays known.
   */
  prune(limits: PruneLimits): Promise<Pruned>;
  /** Who works for which owner: a source or a processor. */
  readonly owners: Leases<string>;
  /** What an owner has carried: its cursor, and the values of some keys. */
  carried(owner: string, keys: readonly string[]): Promise<Carried>;
  /** The values of an owner, page by page: keys are in the order of their UTF-8 bytes. */
  carriedAfter(owner: string, page: CarriedPage): Promise<readonly Required<CarriedWrite>[]>;
  timers(owner: string, filter: TimerFilter): Promise<readonly Timer[]>;
  /** Small durable values beside the events, such as how far the lanes had got. */
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** From when to when, both ends included; epoch milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** A stretch of the log. */
export interface LogSpan {
  readonly first: number;
  readonly last: number;
}

/** How much a log holds. */
export interface LogExtent {
  /** Bytes in use, ids included. */
  readonly bytes: number;
  /** The oldest event's position and time of arrival; absent for an empty log. */
  readonly firstSeq?: number;
  readonly oldestAt?: number;
  /** Bytes of one of the newest events, on average. */
  readonly eventBytes?: number;
}

/** Which events may leave a log: none after `upTo`; before it, those that are too old or too much. */
export interface PruneLimits {
  readonly upTo: number;
  /** Epoch milliseconds: what arrived earlier may go. */
  readonly before: number;
  /** Bytes from which on the oldest may go, whatever their age. */
  readonly maxBytes: number;
  /** Positions from `first` to `last` that stay in any case, ascending. */
  readonly keep: (first: number, last: number) => Promise<readonly number[]>;
  /** Where to go on. */
  readonly after?: number;
}

/** What a step of pruning did. */
export interface Pruned {
  readonly removed: number;
  /** Up to here only what was to be kept is left; absent when nothing was old or too much. */
  readonly through?: number;
  /** Where to go on; absent when everything that may go is gone. */
  readonly next?: number;
}
