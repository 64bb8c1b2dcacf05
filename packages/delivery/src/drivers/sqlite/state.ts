import type { Lease, Leases } from '../../stores/leases.ts';
import type { LaneKey, LanePlace, RetryFilter, State } from '../../stores/state.ts';
import type { RetryRow } from '../../stores/rows.ts';
import type { StateFile } from './state-store.ts';

/** Adapts a state in a file to the port. Calls are synchronous, on the thread that owns the file. */
export function stateOf(file: StateFile, now: () => number): State {
  const retries = (filter: RetryFilter): readonly RetryRow[] => {
    if ('seqs' in filter) return file.retriesAt(filter.seqs);
    const { destination } = filter.lane;
    if ('user' in filter) return file.retriesOf(destination, filter.user, filter.limit);
    return file.dueRetries(destination, filter.dueBy, filter.limit);
  };
  const place = ({ destination }: LaneKey): LanePlace => {
    const [cursor, nextDue] = [file.cursor(destination), file.nextDue(destination)];
    return {
      waiting: file.waiting(destination),
      ...(cursor === undefined ? {} : { cursor }),
      ...(nextDue === undefined ? {} : { nextDue }),
    };
  };
  return {
    leases: leasesOf(file, now),
    lane: async (key) => place(key),
    settle: async (settlement) => file.settle(settlement),
    retries: async (filter) => retries(filter),
    parked: async ({ destination }) => file.parkedKeys(destination),
    outcomes: async (seqs) => file.outcomesOf(seqs),
    lastKnown: async (destination) => file.lastKnown(destination),
    gaps: async (filter) => file.gaps(filter),
    deadLetters: async (filter) => file.deadLetters(filter),
    exchanges: async (ids) => file.exchanges(ids),
    conflicts: async (filter) => file.conflicts(filter),
    requeue: async (ids, at, correction) => file.requeue(ids, at, correction),
    corrections: async (seqs) => file.corrections(seqs),
    discard: async (ids) => file.discard(ids),
    reserve: async (count) => file.reserve(count),
    stats: async () => file.stats(),
    hasLanes: async () => file.hasLanes(),
    drop: async (destination, at) => file.drop(destination, at),
    recall: async (destination, places) => places.map((one) => file.recall(destination, one)),
    forget: async (filter) => file.forget(filter),
    kept: async (destination) => file.keptOf(destination),
    keep: async (destination, rows) => file.keep(destination, rows),
    prune: async (limits) => file.prune(limits),
    needed: async (first, last) => file.needed(first, last),
    sizes: async () => file.sizes(),
    get: async (key) => file.get(key),
    set: async (key, value) => file.set(key, value),
  };
}

/** The log has one partition, so a lane is its destination. */
function leasesOf({ leases }: StateFile, now: () => number): Leases<LaneKey> {
  return {
    async acquire(key, holder, ttl): Promise<Lease<LaneKey> | undefined> {
      const epoch = leases.acquire(key.destination, holder, { now: now(), ttl });
      return epoch === undefined ? undefined : { key, epoch };
    },
    renew: async ({ key, epoch }, ttl) => leases.renew(key.destination, epoch, now() + ttl),
    release: async ({ key, epoch }) => leases.release(key.destination, epoch),
  };
}
