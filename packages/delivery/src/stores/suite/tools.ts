import type { Event } from '@waybill/core';
import type { DeadLetterRow, RetryRow } from '../rows.ts';
import type { Log, LoggedEvent } from '../log.ts';
import type { LaneKey } from '../state.ts';
import type { Stores, StoresOptions, StoreSupports } from '../stores.ts';

/** How the suite opens stores. */
export interface StoreSuiteInput {
  readonly supports: StoreSupports;
  /** Opens the stores of a name; a durable driver finds earlier data of that name. */
  open(name: string, options: StoresOptions): Promise<Stores>;
}

/** The functions of a test runner that the suite uses, as in Jest and Vitest. */
export interface SuiteTools {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  readonly expect: (actual: unknown) => {
    toEqual(expected: unknown): void;
    toMatchObject(expected: object): void;
    toThrow(): void;
  };
}

/** A clock that a test sets. */
export interface SuiteClock {
  now: number;
}

/** The context of every topic of the suite. */
export interface SuiteContext extends SuiteTools, StoreSuiteInput {
  /** Opens stores under a unique name, and closes them afterwards. */
  withStores(body: (stores: Stores, name: string, clock: SuiteClock) => Promise<void>): Promise<void>;
  /** Reads every partition. */
  read(
    log: Log,
    query: { readonly after: number; readonly limit: number; readonly maxBytes?: number },
  ): Promise<readonly LoggedEvent[]>;
  /** Returns the last position of all partitions. */
  lastSeq(log: Log): Promise<number>;
}

/** The deduplication window of the suite's logs, in milliseconds. */
export const WINDOW = 1_000;

const AT = '2025-06-01T12:00:00.000Z';

/** Creates the context of the suite from a driver's input. */
export function suiteContext(input: StoreSuiteInput, tools: SuiteTools): SuiteContext {
  let names = 0;
  const all = Array.from({ length: input.supports.partitions }, (_, partition) => partition);
  return {
    ...tools,
    supports: input.supports,
    open: (name, options) => input.open(name, options),
    read: async (log, query) => {
      const rows = await Promise.all(all.map((partition) => log.read({ ...query, partition })));
      return rows.flat().sort((a, b) => a.seq - b.seq);
    },
    lastSeq: async (log) => Math.max(...(await Promise.all(all.map((partition) => log.lastSeq(partition))))),
    async withStores(body) {
      const name = `suite${(names += 1)}`;
      const clock = { now: 10_000 };
      const stores = await input.open(name, suiteOptions(clock));
      try {
        await body(stores, name, clock);
      } finally {
        await stores.close();
      }
    },
  };
}

/** Returns the options with which the suite opens stores. */
export function suiteOptions(clock: SuiteClock): StoresOptions {
  return { writes: ['log', 'state'], now: () => clock.now, dedupeWindowMs: WINDOW };
}

/** Creates a track event. */
export function event(messageId: string, properties: Record<string, unknown> = {}, userId = 'u'): Event {
  const times = { timestamp: AT, receivedAt: AT };
  return { type: 'track', event: 'Done', messageId, userId, ...times, properties };
}

/** Returns the lane of a destination. */
export function key(destination: string, partition = 0): LaneKey {
  return { destination, partition };
}

/** Creates a waiting row. */
export function retry(seq: number, changes: Partial<RetryRow> = {}): RetryRow {
  const base = { destination: 'l', mappingId: 'm', position: 0, user: 'u:a', attempts: 0, dueAt: 100 };
  return { ...base, seq, ...changes };
}

/** Creates a dead letter. */
export function deadLetter(seq: number, changes: Partial<DeadLetterRow> = {}): DeadLetterRow {
  return {
    destination: 'l',
    seq,
    mappingId: 'm',
    position: 0,
    messageId: `id${seq}`,
    sourceId: 's',
    user: 'u:a',
    at: 50,
    code: 'destination_rejected',
    message: 'No.',
    attempts: 1,
    exchangeIds: [],
    ...changes,
  };
}

/** Whether an operation was refused. */
export function refused(operation: Promise<unknown>): Promise<boolean> {
  return operation.then(
    () => false,
    () => true,
  );
}
