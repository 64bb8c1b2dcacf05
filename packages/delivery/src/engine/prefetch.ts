import {
  isHistorical,
  type Pipeline,
  type Prepared,
  type Recall,
  recalling,
  type RecallMany,
} from '@waybill/core';
import type { LoggedEvent } from '../stores/log.ts';

/** Events of the log, with what a pipeline makes of them as far as that is known already. */
export interface Chunk {
  readonly events: readonly LoggedEvent[];
  /** By place; absent where nothing is for the lane, an error where nothing can be made of it. */
  readonly prepared: readonly (Prepared | Error | undefined)[];
}

/** Where a chunk begins and which pipeline it is for. */
export interface ChunkStart {
  readonly after: number;
  readonly limit: number;
  readonly pipeline: Pipeline;
  /** Sources whose events are for the lane; undefined means all. */
  readonly sources: ReadonlySet<string> | undefined;
}

/** Makes the next chunk ready while the calls of the one before are on their way. */
export interface Prefetch {
  /** Reads and prepares a chunk, to be taken later. */
  make(start: ChunkStart): Promise<void>;
  /** The chunk of this place: made ready, as far as that was possible, or just read. */
  take(start: ChunkStart): Promise<Chunk>;
  /** Prepares what has not been, with what is remembered: all steps before have been entered. */
  complete(chunk: Chunk, start: ChunkStart): Promise<Chunk>;
  /** Drops what was made ready. */
  clear(): void;
}

/** Reads and prepares one chunk ahead. Only a whole chunk is held: a shorter one could have more events by then. */
export function createPrefetch(
  read: (start: ChunkStart) => Promise<readonly LoggedEvent[]>,
  recallMany: RecallMany,
): Prefetch {
  let held: (Chunk & { readonly start: ChunkStart }) | undefined;
  /** Prepares what depends on what is remembered: that is read in one go, once all steps before have been entered. */
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

/** What can be made of events without what is remembered: the steps before may still change that. */
function prepareAll(events: readonly LoggedEvent[], start: ChunkStart): Chunk['prepared'] {
  let asked = false;
  const recall: Recall = () => {
    asked = true;
    return undefined;
  };
  return events.map((logged) => {
    // What is of the past may wait for long.
    if (!isFor(logged, start) || isHistorical(logged.event)) return undefined;
    asked = false;
    const prepared = prepare(logged, start, recall);
    return asked ? undefined : prepared;
  });
}

/** Whether an event can be read, and is of a source of the lane. */
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
