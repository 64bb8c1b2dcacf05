import type { Leases } from './leases.ts';
import type { PartAsk } from './limit-parts.ts';

/*
 * Coordination between the processes of one installation. Only drivers for several processes provide it; a process without it
 * is the only one.
 */

/** A signal from one process to the others. It may be lost: receivers also poll from time to time. */
export interface Signal {
  /** The topic. */
  readonly topic:
    'log' | 'lanes' | 'owners' | 'members' | 'workspace' | 'sessions' | 'backfills' | 'hurry' | 'letters';
  /** Further data: JSON of a few hundred characters at most. */
  readonly about?: unknown;
}

/** A message for the process that works for a source. */
export interface Letter {
  readonly id: number;
  readonly owner: string;
  readonly text: string;
}

/** Coordination between the processes of an installation. */
export interface Peers {
  /**
   * Announces a member of a role for `ttl` milliseconds; returns all current members of the role, in the same order for all.
   * With 0 it only returns the members.
   */
  beat(role: string, member: string, ttl: number): Promise<readonly string[]>;
  /** Removes a member at once. */
  leave(role: string, member: string): Promise<void>;
  /**
   * Requests parts of shared limits, each for `ttl` milliseconds; returns by name what the member may use from now on. A held
   * part is not given to another member.
   */
  divide(member: string, asks: readonly PartAsk[], ttl: number): Promise<ReadonlyMap<string, number>>;
  /** Sends a signal to the other processes. */
  tell(signal: Signal): Promise<void>;
  /** Receives signals of other processes until the returned function is called; signals during a lost connection are missed. */
  hear(on: (signal: Signal) => void): () => void;
  /** Sends a message to the process that works for an owner; durable when it resolves. `full` when too many wait. */
  post(owner: string, text: string): Promise<'taken' | 'full'>;
  /** Returns the messages for some owners, the oldest first. Each stays until it is removed: it may be read more than once. */
  letters(owners: readonly string[], limit: number): Promise<readonly Letter[]>;
  remove(ids: readonly number[]): Promise<void>;
  /** Leases for exclusive work, by name. */
  readonly turns: Leases<string>;
}
