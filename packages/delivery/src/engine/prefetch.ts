import {
  isHistorical,
  type Pipeline,
  type Prepared,
  type Recall,
  recalling,
  type RecallMany,
} from '@waybill/core';
import type { LoggedEvent } from '../stores/log.ts';

/** Events of the log, with their pipeline results, if known already. */
export interface Chunk {
  readonly events: readonly LoggedEvent[];
  /** By index; absent where nothing is for the lane, an error where preparation failed. */
  readonly prepared: readonly (Prepared | Error | undefined)[];
}

/** The start of a chunk, and its pipeline. */
export interface ChunkStart {
  readonly after: number;
  readonly limit: number;
  readonly pipeline: Pipeline;
  /** Sources of the lane; undefined means all. */
  readonly sources: ReadonlySet<string> | undefined;
}

/** Prepares the next chunk during the calls of the previous one. */
export interface Prefetch {
  /** Reads and prepares a chunk for later. */
  make(start: ChunkStart): Promise<void>;
  /** Returns the chunk at this position: prefetched, or read now. */
  take(start: ChunkStart): Promise<Chunk>;
  /** Prepares the rest, with remembered values: all earlier steps are done. */
  complete(chunk: Chunk, start: ChunkStart): Promise<Chunk>;
  /** Drops the prefetched chunk. */
  clear(): void;
}

/** Creates the prefetch of one chunk. Only a full chunk is prefetched: a shorter one could have more events later. */
export function createPrefetch(
  read: (start: ChunkStart) => Promise<readonly LoggedEvent[]>,
  recallMany: RecallMany,
): Prefetch {
  let held: (Chunk & { readonly start: ChunkStart }) | undefined;
  /** Prepares what depends on remembered values, which are read in one call when all earlier steps are done. */
  const complete = async ({ events, prepared }: Chunk, start: ChunkStart): Promise<Chunk> => {
    const open: number[] = [];
    for (let at = 0; at < events.length; at += 1) {
      if (prepared[at] === undefined && isFor(events[at]!, start)) open.push(at);
    }
    if (open.length === 0) return { events, prepared };
    const all = [...prepared];
    const made = await recalling(
      (recall) => open.map((at) => prepare(events[at]!, start, recall)),
      recallMany,
    );
    for (const [n, at] of open.entries()) all[at] = made[n];
    return { events, prepared: all };
  };

  return {
    clear() {
      held = undefined;
    },
    async make(start) {
      held = undefined;
      const events = await read(start);
      if (events.length < start.limit) return;
      held = { start, events, prepared: prepareAll(events, start) };
    },
    async take(start) {
      const found = held;
      held = undefined;
      if (found !== undefined && isSame(found.start, start)) return found;
      return { events: await read(start), prepared: [] };
    },
    complete,
  };
}

/** Prepares events that do not depend on remembered values, which earlier steps may still change. */
function prepareAll(events: readonly LoggedEvent[], start: ChunkStart): Chunk['prepared'] {
  let asked = false;
  const recall: Recall = () => {
    asked = true;
    return undefined;
  };
  return events.map((logged) => {
    // Historical events may wait long.
    if (!isFor(logged, start) || isHistorical(logged.event)) return undefined;
    asked = false;
    const prepared = prepare(logged, start, recall);
    return asked ? undefined : prepared;
  });
}

/** Whether an event is readable and from a source of the lane. */
export function isFor({ damage, sourceId }: LoggedEvent, { sources }: Pick<ChunkStart, 'sources'>): boolean {
  return damage === undefined && (sources === undefined || sources.has(sourceId));
}

function prepare({ event }: LoggedEvent, { pipeline }: ChunkStart, recall: Recall): Prepared | Error {
  try {
    return pipeline.prepare(event, recall);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function isSame(one: ChunkStart, other: ChunkStart): boolean {
  return one.after === other.after && one.limit === other.limit && one.pipeline === other.pipeline;
}
