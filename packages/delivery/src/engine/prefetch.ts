import type { Pipeline, Prepared, Recall } from '@waybill/core';
import type { LoggedEvent } from '../store/port.ts';

/** Events of the log, with what a pipeline makes of them as far as that is known already. */
export interface Chunk {
  readonly events: readonly LoggedEvent[];
  /** By place; absent where it depends on what is remembered by then, or cannot be made. */
  readonly prepared: readonly (Prepared | undefined)[];
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
  make(start: ChunkStart): void;
  /** The chunk of this place, made ready or just read. */
  take(start: ChunkStart): Chunk;
  /** Drops what was made ready. */
  clear(): void;
}

/** Reads and prepares one chunk ahead. Only a whole chunk is held: a shorter one could have more events by then. */
export function createPrefetch(read: (start: ChunkStart) => readonly LoggedEvent[]): Prefetch {
  let held: (Chunk & { readonly start: ChunkStart }) | undefined;

  return {
    clear() {
      held = undefined;
    },
    make(start) {
      held = undefined;
      const events = read(start);
      if (events.length < start.limit) return;
      held = { start, events, prepared: prepareAll(events, start) };
    },
    take(start) {
      const found = held;
      held = undefined;
      if (found !== undefined && isSame(found.start, start)) return found;
      return { events: read(start), prepared: [] };
    },
  };
}

function prepareAll(
  events: readonly LoggedEvent[],
  { pipeline, sources }: ChunkStart,
): readonly (Prepared | undefined)[] {
  let asked = false;
  // The steps before this one may still change what is remembered.
  const recall: Recall = () => {
    asked = true;
    return undefined;
  };
  return events.map(({ event, sourceId, damage }) => {
    if (damage !== undefined) return undefined;
    if (sources !== undefined && !sources.has(sourceId)) return undefined;
    asked = false;
    try {
      const prepared = pipeline.prepare(event, recall);
      return asked ? undefined : prepared;
    } catch {
      return undefined;
    }
  });
}

function isSame(one: ChunkStart, other: ChunkStart): boolean {
  return one.after === other.after && one.limit === other.limit && one.pipeline === other.pipeline;
}
