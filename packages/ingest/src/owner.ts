import type { Lease, Log } from '@waybill/delivery';

/** The right to write for a source or a processor, taken when it is needed and held on to. */
export interface Owner {
  readonly name: string;
  /** The lease; undefined while another holder has it. */
  lease(): Promise<Lease<string> | undefined>;
  /** Another holder has taken over: begins anew. */
  lost(): void;
  release(): Promise<void>;
}

/** How long others wait for a holder that is gone, in milliseconds. */
const TTL = 60_000;

/** An owner in a log. */
export function createOwner(input: {
  readonly name: string;
  readonly holder: string;
  readonly log: Pick<Log, 'owners'>;
  readonly now: () => number;
  /** Called when the owner is taken: what is known of it may be of another holder's time. */
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
