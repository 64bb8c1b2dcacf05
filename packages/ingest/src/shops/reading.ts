import type { DeletionRequest, Hint, SourceContext } from '@waybill/core';
import type { Loop } from '../loop.ts';
import type { SetAside } from './aside.ts';
import type { ShopStatus } from './status.ts';
import type { SubscriptionStatus } from './subscription.ts';
import type { Past, Task } from './tasks.ts';
import type { Visitors } from './storefront/visitors.ts';

/** The running reader of a shop. */
export interface ShopReading extends Loop {
  /** Adds hints; resolves when they are durable, or `full`. */
  take(hints: readonly Hint[]): Promise<'taken' | 'full'>;
  /** Starts back-fills, each once. */
  backfill(pasts: readonly Past[]): void;
  /** Runs recurring tasks of these kinds now. */
  readNow(modes: readonly Task['mode'][]): void;
  status(): readonly ShopStatus[];
  subscription(): SubscriptionStatus;
  /** Returns rows that were set aside, newest first. */
  asides(): readonly SetAside[];
  /** Reads rows again that were set aside: by key, or all. Returns their number. */
  again(keys?: readonly string[]): Promise<number>;
  /** Erases a person. */
  erase(who: DeletionRequest): Promise<void>;
  /** The context of the author's functions: calls wait for their turn. */
  context(): SourceContext;
  /** The visitors of its storefront. */
  readonly visitors: Visitors;
}
