import type { Lease } from '../stores/leases.ts';
import type { LaneKey, State } from '../stores/state.ts';

/** The right of this engine to work on a lane. */
export interface LaneLease {
  /** The epoch under which the lane may work now, taken when it is free; undefined while another engine has the lane. */
  hold(): Promise<number | undefined>;
  /** Holds on; whoever finds that another engine has taken over begins anew when the lane is free. */
  renew(): Promise<void>;
  /** A settlement under an epoch was refused. */
  lost(epoch: number | undefined): void;
  /** Leaves the lane to others. */
  release(): Promise<void>;
}

/** What a lease is for. */
export interface LaneLeaseInput {
  readonly leases: State['leases'];
  readonly key: LaneKey;
  readonly holder: string;
  /** Milliseconds. */
  readonly ttl: number;
}

/** The lease of a lane; it is not taken yet. */
export function createLaneLease({ leases, key, holder, ttl }: LaneLeaseInput): LaneLease {
  let lease: Lease<LaneKey> | undefined;
  /** Taken once, whoever asks: a second epoch would fence off the first. */
  let taking: Promise<Lease<LaneKey> | undefined> | undefined;
  return {
    async hold() {
      if (lease !== undefined) return lease.epoch;
      taking ??= leases.acquire(key, holder, ttl).finally(() => {
        taking = undefined;
      });
      const taken = await taking;
      lease ??= taken;
      return lease?.epoch;
    },
    async renew() {
      const held = lease;
      if (held === undefined || (await leases.renew(held, ttl))) return;
      if (lease === held) lease = undefined;
    },
    lost(epoch) {
      if (lease?.epoch === epoch) lease = undefined;
    },
    async release() {
      const held = lease;
      lease = undefined;
      if (held !== undefined) await leases.release(held);
    },
  };
}
