import type { DeletionRequest, Hint } from '@waybill/core';
import type { Leases } from '@waybill/delivery';
import type { Visit } from './shops/storefront/visitors.ts';
import type { Task } from './shops/tasks.ts';

/** A request to the process that works for a source or a processor. */
export type Asked =
  | { readonly kind: 'hints'; readonly hints: readonly Hint[] }
  | { readonly kind: 'visits'; readonly visits: readonly Visit[] }
  | { readonly kind: 'read'; readonly modes: readonly Task['mode'][] }
  | { readonly kind: 'again'; readonly keys?: readonly string[] }
  | { readonly kind: 'erase'; readonly who: DeletionRequest };

/** Other processes that may work for sources and processors of the same log; absent where this is the only one. */
export interface Elsewhere {
  /** Whether this process works for an owner. */
  isHere(owner: string): boolean;
  /**
   * Sends a request to the process that works, or will work, for an owner; `full` when too many wait. Durable when it resolves.
   */
  ask(owner: string, asked: Asked): Promise<'taken' | 'full'>;
  /** The leases regardless of assignment: for owners without a process. */
  readonly owners: Leases<string>;
}
