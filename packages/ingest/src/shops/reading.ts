import type { DeletionRequest, Hint, SourceContext } from '@waybill/core';
import type { Loop } from '../loop.ts';
import type { SetAside } from './aside.ts';
import type { ShopStatus } from './status.ts';
import type { SubscriptionStatus } from './subscription.ts';
import type { Past, Task } from './tasks.ts';
import type { Visitors } from './storefront/visitors.ts';

/** A shop that is read. */
export interface ShopReading extends Loop {
  /** Takes hints in; resolves when they are durable, or `full`. */
  take(hints: readonly Hint[]): Promise<'taken' | 'full'>;
  /** Reads these parts of the past, each once. */
  backfill(pasts: readonly Past[]): void;
  /** Reads at once what is read again and again in these ways. */
  readNow(modes: readonly Task['mode'][]): void;
  status(): readonly ShopStatus[];
  subscription(): SubscriptionStatus;
  /** Rows that were set aside, the newest first. */
  asides(): readonly SetAside[];
  /** Reads rows again that were set aside: those of the keys, all when absent. Answers how many. */
  again(keys?: readonly string[]): Promise<number>;
  /** Removes what is kept of somebody. */
  erase(who: DeletionRequest): Promise<void>;
  /** What the functions of its author are handed: calls wait for their turn. */
  context(): SourceContext;
  /** The visitors of its storefront. */
  readonly visitors: Visitors;
}
