import { type Lease, type Leases, type Log, shareOut } from '@waybill/delivery';
import { LEASE } from './membership.ts';

/** The right to write for sources and processors, shared out among processes. */
export interface SharedOwners extends Leases<string> {
  /** Whether this process works for an owner. */
  has(name: string): boolean;
  /** Those that this process works for. */
  held(): readonly string[];
  /** Leaves what is for another process by now. */
  rebalance(): void;
  stop(): void;
}

/** What sharing them out takes. */
export interface SharedOwnersInput {
  readonly owners: Log['owners'];
  readonly carried: Log['carried'];
  /** Names this process. */
  readonly member: string;
  /** Who shares what is of the kind of an owner. */
  readonly members: (name: string) => readonly string[];
  /** Of which kind an owner is: each is shared out by itself. */
  readonly kindOf: (name: string) => string;
  /** Whether this process may give an owner its place that has none, whoever is to work for it then. */
  readonly mayBegin: (name: string) => boolean;
  /** Told when something was left to others. */
  readonly onLeft: () => void;
  readonly onError: (error: unknown) => void;
}

/** An owner that was not asked for during so many milliseconds has nobody who works for it, in any process. */
const FORGOTTEN = 10_000;

/**
 * Gives owners to those of which they are the share. Every process asks for all owners, again and again; so each knows the same ones, and
 * comes to the same answer. What was taken is held on to here, and left as soon as it is for another: whoever still writes for it then
 * is refused by its epoch, and what it was about to do is done again.
 */
export function createSharedOwners(input: SharedOwnersInput): SharedOwners {
  const { owners, member, onError } = input;
  const held = new Map<string, Lease<string>>();
  const asked = new Map<string, number>();
  /** Owners that have a place in the log. */
  const begun = new Set<string>();

  const isMine = (name: string): boolean => {
    const present = performance.now();
    for (const [one, at] of asked) if (present - at > FORGOTTEN) asked.delete(one);
    const kind = input.kindOf(name);
    const alike = [...asked.keys(), ...held.keys()].filter((one) => input.kindOf(one) === kind);
    return shareOut(alike, input.members(name)).get(name) === member;
  };
  /** One that was never worked for gets its place at once, wherever it was added. */
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
