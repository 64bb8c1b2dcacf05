import type { DeletionRequest, Hint } from '@waybill/core';
import type { Leases } from '@waybill/delivery';
import type { Visit } from './shops/storefront/visitors.ts';
import type { Task } from './shops/tasks.ts';

/** What is asked of the process that works for a source or a processor. */
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
  /** Leaves something for whoever works for an owner, or will; `full` when too much waits there. Durable when it resolves. */
  ask(owner: string, asked: Asked): Promise<'taken' | 'full'>;
  /** The leases without regard to who is to have what: for what nobody works for any more. */
  readonly owners: Leases<string>;
}
