import type { LoggedEvent } from '../../store/port.ts';

/** Chunks that are held: one for each of a few lanes. */
const HELD = 4;
/** Milliseconds after a chunk was asked for: by then its reader has sent it and waits for answers. */
const PATIENCE = 1;

type Read = (after: number, limit: number, maxBytes: number) => readonly LoggedEvent[];

/** Reads a log ahead of its readers. */
export interface Ahead {
  readonly read: Read;
  stop(): void;
}

/**
 * Reads the next chunk while the lane waits for its destination, so that it need not wait for the disk and the JSON
 * parser after that. Lanes at the same place share a chunk. Only whole chunks are held: they never change.
 */
export function createAhead(read: Read): Ahead {
  const held = new Map<string, readonly LoggedEvent[]>();
  let stopped = false;
  const name = (after: number, limit: number, maxBytes: number): string => `${after} ${limit} ${maxBytes}`;
  const prepare = (after: number, limit: number, maxBytes: number): void => {
    const key = name(after, limit, maxBytes);
    if (stopped || held.has(key)) return;
    const events = read(after, limit, maxBytes);
    if (events.length < limit) return;
    held.set(key, events);
    for (const oldest of held.keys()) {
      if (held.size <= HELD) break;
      held.delete(oldest);
    }
  };
  return {
    read(after, limit, maxBytes) {
      const events = held.get(name(after, limit, maxBytes)) ?? read(after, limit, maxBytes);
      const last = events.at(-1);
      // A reader that asks for little, or got less than it asked for, has time.
      if (limit >= 100 && last !== undefined && events.length >= limit) {
        setImmediate(() => setTimeout(() => prepare(last.seq, limit, maxBytes), PATIENCE).unref());
      }
      return events;
    },
    stop() {
      stopped = true;
      held.clear();
    },
  };
}
