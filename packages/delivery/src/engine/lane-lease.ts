import type { Lease } from '../stores/leases.ts';
import type { LaneKey, State } from '../stores/state.ts';

/** The right of this engine to work on a lane. */
export interface LaneLease {
  /**
   * Returns the current epoch of the lane, acquiring the lease when it is free; undefined while another engine has the lane.
   */
  hold(): Promise<number | undefined>;
  /**
   * Whether no other engine can have taken over since an epoch: checked before each call, because the process may have been
   * suspended.
   */
  isSure(epoch: number): boolean;
  /** Renews the lease; an engine that has lost it starts over when the lane is free. */
  renew(): Promise<void>;
  /** A settlement under an epoch was refused. */
  lost(epoch: number | undefined): void;
  /** Another engine may have released the lane: the next `hold` tries to acquire it. */
  tryAgain(): void;
  /** Releases the lane. */
  release(): Promise<void>;
}

/** The inputs of a lease. */
export interface LaneLeaseInput {
  readonly leases: State['leases'];
  readonly key: LaneKey;
  readonly holder: string;
  /** Milliseconds. */
  readonly ttl: number;
  /** Whether other engines work on the same state: only then does an expired lease block calls. */
  readonly shared: boolean;
}

/** The delay before trying again to acquire the lane of another engine, in milliseconds. */
const ASK_AGAIN = 500;

/** Creates the lease of a lane, not yet acquired. */
export function createLaneLease({ leases, key, holder, ttl, shared }: LaneLeaseInput): LaneLease {
  let lease: Lease<LaneKey> | undefined;
  /** Acquired once for all callers: a second epoch would fence off the first. */
  let taking: Promise<Lease<LaneKey> | undefined> | undefined;
  /** The end of the lease, by the monotonic clock. */
  let sureUntil = 0;
  let askFrom = 0;
  const take = async (): Promise<Lease<LaneKey> | undefined> => {
    const asked = performance.now();
    const taken = await leases.acquire(key, holder, ttl);
    if (taken === undefined) askFrom = asked + ASK_AGAIN;
    else sureUntil = asked + ttl;
    return taken;
  };
  return {
    async hold() {
      if (lease !== undefined) return lease.epoch;
      if (taking === undefined && performance.now() < askFrom) return undefined;
      taking ??= take().finally(() => {
        taking = undefined;
      });
      const taken = await taking;
      lease ??= taken;
      return lease?.epoch;
    },
    isSure: (epoch) => !shared || (lease?.epoch === epoch && performance.now() < sureUntil),
    async renew() {
      const held = lease;
      if (held === undefined) return;
      const asked = performance.now();
      if (await leases.renew(held, ttl)) sureUntil = Math.max(sureUntil, asked + ttl);
      else if (lease === held) lease = undefined;
    },
    lost(epoch) {
      if (lease?.epoch === epoch) lease = undefined;
    },
    tryAgain() {
      askFrom = 0;
    },
    async release() {
      const held = lease;
      lease = undefined;
      if (held !== undefined) await leases.release(held);
    },
  };
}
