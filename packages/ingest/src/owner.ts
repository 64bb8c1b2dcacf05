import type { Lease, Log } from '@waybill/delivery';

/** The lease of a source or a processor, acquired on demand and kept. */
export interface Owner {
  readonly name: string;
  /** Returns the lease; undefined while another holder has it. */
  lease(): Promise<Lease<string> | undefined>;
  /** Handles a takeover by another holder: starts over. */
  lost(): void;
  release(): Promise<void>;
}

/** The duration of a lease, in milliseconds. */
const TTL = 60_000;

/** Creates an owner in a log. */
export function createOwner(input: {
  readonly name: string;
  readonly holder: string;
  readonly log: Pick<Log, 'owners'>;
  readonly now: () => number;
  /** Called when the lease is acquired: cached state may be outdated. */
  readonly onTaken: (lease: Lease<string>) => Promise<void>;
}): Owner {
  const { name, holder, log, now } = input;
  let held: Lease<string> | undefined;
  let renewAt = 0;
  return {
    name,
    async lease() {
      if (held !== undefined && now() < renewAt) return held;
      if (held !== undefined && (await log.owners.renew(held, TTL))) {
        renewAt = now() + TTL / 3;
        return held;
      }
      held = await log.owners.acquire(name, holder, TTL);
      renewAt = now() + TTL / 3;
      if (held !== undefined) await input.onTaken(held);
      return held;
    },
    lost() {
      held = undefined;
    },
    async release() {
      if (held !== undefined) await log.owners.release(held);
      held = undefined;
    },
  };
}
