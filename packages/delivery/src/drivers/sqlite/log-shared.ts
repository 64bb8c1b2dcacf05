import type { LoggedEvent } from '../../stores/log.ts';

/** Chunks that are known: one for each of a few lanes. */
const KNOWN = 4;

type Read = (after: number, limit: number, maxBytes: number) => readonly LoggedEvent[];

/**
 * Lanes at the same place of a log share what one of them has read. Only whole chunks are shared, which never change, and
 * only for as long as a lane holds on to them.
 */
export function shareChunks(read: Read): Read {
  const known = new Map<string, WeakRef<readonly LoggedEvent[]>>();
  return (after, limit, maxBytes) => {
    const key = `${after} ${limit} ${maxBytes}`;
    const shared = known.get(key)?.deref();
    if (shared !== undefined) return shared;
    const events = read(after, limit, maxBytes);
    if (limit > 1 && events.length === limit) {
      known.delete(key);
      known.set(key, new WeakRef(events));
      for (const oldest of known.keys()) {
        if (known.size <= KNOWN) break;
        known.delete(oldest);
      }
    }
    return events;
  };
}
