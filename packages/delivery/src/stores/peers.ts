import type { Leases } from './leases.ts';
import type { PartAsk } from './limit-parts.ts';

/*
 * What the processes of one installation have between them. Only drivers that allow several processes have it; whoever finds none is
 * the only one.
 */

/** Something that one process tells the others. It may be lost: whoever listens looks by itself too, now and then. */
export interface Signal {
  /** What it is about. */
  readonly topic:
    'log' | 'lanes' | 'owners' | 'members' | 'workspace' | 'sessions' | 'backfills' | 'hurry' | 'letters';
  /** What there is to know beside that. JSON of a few hundred characters at most. */
  readonly about?: unknown;
}

/** Something that was left for whoever works for a source. */
export interface Letter {
  readonly id: number;
  readonly owner: string;
  readonly text: string;
}

/** The processes of an installation, as far as they know of each other. */
export interface Peers {
  /**
   * Says that a member of a role is there for `ttl` milliseconds; answers all members of the role that are, in one order for all. With 0 it
   * says nothing, and only asks.
   */
  beat(role: string, member: string, ttl: number): Promise<readonly string[]>;
  /** Takes a member out at once. */
  leave(role: string, member: string): Promise<void>;
  /**
   * Asks for parts of limits that members share, each for `ttl` milliseconds; answers by name what the member may use from now on. What
   * one holds is not given to another.
   */
  divide(member: string, asks: readonly PartAsk[], ttl: number): Promise<ReadonlyMap<string, number>>;
  /** Tells the other processes. */
  tell(signal: Signal): Promise<void>;
  /** Hears what other processes tell, until the function that it returns is called; what is told while the connection is lost is missed. */
  hear(on: (signal: Signal) => void): () => void;
  /** Leaves something for whoever works for an owner; durable when it resolves. `full` when too much waits there already. */
  post(owner: string, text: string): Promise<'taken' | 'full'>;
  /** What was left for some owners, the oldest first. Each is left until it is removed: it may be read more than once. */
  letters(owners: readonly string[], limit: number): Promise<readonly Letter[]>;
  remove(ids: readonly number[]): Promise<void>;
  /** Who does what only one process may do at a time, by the name of that. */
  readonly turns: Leases<string>;
}
