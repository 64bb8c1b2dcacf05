import type { LoggedEvent } from '../../stores/log.ts';

/** The number of shared chunks: one for each of a few lanes. */
const KNOWN = 4;

type Read = (after: number, limit: number, maxBytes: number) => readonly LoggedEvent[];

/**
 * Lanes at the same position of a log share the chunks that one of them reads. Only complete chunks are shared, which never
 * change, and only while a lane references them.
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
