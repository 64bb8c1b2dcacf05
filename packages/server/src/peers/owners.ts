import { type Lease, type Leases, type Log, shareOut } from '@waybill/delivery';
import { LEASE } from './membership.ts';

/** The leases of sources and processors, assigned among processes. */
export interface SharedOwners extends Leases<string> {
  /** Whether this process works for an owner. */
  has(name: string): boolean;
  /** The owners of this process. */
  held(): readonly string[];
  /** Releases owners that are now assigned to another process. */
  rebalance(): void;
  stop(): void;
}

/** The inputs of the assignment. */
export interface SharedOwnersInput {
  readonly owners: Log['owners'];
  readonly carried: Log['carried'];
  /** Names this process. */
  readonly member: string;
  /** Returns the members for the kind of an owner. */
  readonly members: (name: string) => readonly string[];
  /** Returns the kind of an owner: each is assigned separately. */
  readonly kindOf: (name: string) => string;
  /** Whether this process may initialise a new owner, regardless of its assignment. */
  readonly mayBegin: (name: string) => boolean;
  /** Called when an owner was released to others. */
  readonly onLeft: () => void;
  readonly onError: (error: unknown) => void;
}

/** The time without requests, in milliseconds, after which an owner has no worker in any process. */
const FORGOTTEN = 10_000;

/**
 * Assigns owners to processes. Every process requests all owners, again and again; so each knows the same ones, and computes
 * the same assignment. Leases are kept here, and released as soon as an owner is assigned elsewhere: late writes are then
 * refused by their epoch, and the work is repeated.
 */
export function createSharedOwners(input: SharedOwnersInput): SharedOwners {
  const { owners, member, onError } = input;
  const held = new Map<string, Lease<string>>();
  const asked = new Map<string, number>();
  /** Owners with a cursor in the log. */
  const begun = new Set<string>();

  const isMine = (name: string): boolean => {
    const present = performance.now();
    for (const [one, at] of asked) if (present - at > FORGOTTEN) asked.delete(one);
    const kind = input.kindOf(name);
    const alike = [...asked.keys(), ...held.keys()].filter((one) => input.kindOf(one) === kind);
    return shareOut(alike, input.members(name)).get(name) === member;
  };
  /** A new owner is initialised at once, wherever it was added. */
  const isNew = async (name: string): Promise<boolean> => {
    if (begun.has(name)) return false;
    const { cursor } = await input.carried(name, []);
    if (cursor === undefined || cursor === '') return true;
    begun.add(name);
    return false;
  };
  const leave = async (lease: Lease<string>): Promise<void> => {
    held.delete(lease.key);
    await owners.release(lease);
    input.onLeft();
  };
  const renew = async (lease: Lease<string>): Promise<void> => {
    const renewed = await owners.renew(lease, LEASE);
    if (!renewed && held.get(lease.key) === lease) held.delete(lease.key);
  };
  const rebalance = (): void => {
    for (const lease of held.values()) if (!isMine(lease.key)) leave(lease).catch(onError);
  };
  const timer = setInterval(() => {
    rebalance();
    for (const lease of held.values()) renew(lease).catch(onError);
  }, LEASE / 3).unref();

  return {
    async acquire(name) {
      asked.set(name, performance.now());
      if (!isMine(name) && !(input.mayBegin(name) && (await isNew(name)))) return undefined;
      const lease = await owners.acquire(name, member, LEASE);
      if (lease !== undefined) held.set(name, lease);
      return lease;
    },
    renew: (lease) => Promise.resolve(held.get(lease.key)?.epoch === lease.epoch),
    async release(lease) {
      if (held.get(lease.key)?.epoch === lease.epoch) await leave(lease);
      else await owners.release(lease);
    },
    has: (name) => held.has(name),
    held: () => [...held.keys()],
    rebalance,
    stop: () => clearInterval(timer),
  };
}
