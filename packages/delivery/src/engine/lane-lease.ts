import type { Lease } from '../stores/leases.ts';
import type { LaneKey, State } from '../stores/state.ts';

/** The right of this engine to work on a lane. */
export interface LaneLease {
  /** The epoch under which the lane may work now, taken when it is free; undefined while another engine has the lane. */
  hold(): Promise<number | undefined>;
  /** Whether nobody can have taken over from an epoch until now: asked before each call, as a process may have been held up for long. */
  isSure(epoch: number): boolean;
  /** Keeps the lane; an engine that finds that another has taken over starts over when the lane is free. */
  renew(): Promise<void>;
  /** A settlement under an epoch was refused. */
  lost(epoch: number | undefined): void;
  /** Another engine may have left the lane: the next one who asks tries to take it. */
  tryAgain(): void;
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
  /** Whether other engines work on the same state: only then does a lease that is not renewed in time keep calls back. */
  readonly shared: boolean;
}

/** How long a lane that another engine has is not asked for again, in milliseconds. */
const ASK_AGAIN = 500;

/** The lease of a lane; it is not taken yet. */
export function createLaneLease({ leases, key, holder, ttl, shared }: LaneLeaseInput): LaneLease {
  let lease: Lease<LaneKey> | undefined;
  /** Taken once, whoever asks: a second epoch would fence off the first. */
  let taking: Promise<Lease<LaneKey> | undefined> | undefined;
  /** Until then nobody else has it, by the clock that never stands still and is never set. */
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
