import type { ResolvedSource, SourceContext } from '@waybill/core';
import { asked } from './read-task.ts';

/** Whether the shop calls the webhook. */
export interface SubscriptionStatus {
  /** Where it calls; absent while nobody has said where this server is reached. */
  readonly address?: string;
  /** Epoch milliseconds: when that was last seen to. */
  readonly at?: number;
  readonly message?: string;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Sees that the shop calls the webhook: at the start, and daily. */
export interface Subscription {
  /** Sees to it when that is due. Never throws. */
  see(): Promise<void>;
  /** Epoch milliseconds. */
  dueAt(): number;
  status(): SubscriptionStatus;
}

const DAY = 86_400_000;
const TRY_AGAIN = 600_000;

/** Keeps the subscription of a source. */
export function createSubscription(input: {
  readonly source: ResolvedSource;
  readonly context: () => SourceContext;
  readonly now: () => number;
  readonly address: ((source: string) => string) | undefined;
}): Subscription {
  const { source, context, now } = input;
  const { subscribe, hints } = source.source!.shop!;
  const address = input.address?.(source.id);
  let dueAt = subscribe === undefined || address === undefined ? Infinity : 0;
  let status: SubscriptionStatus = {
    ...(address === undefined ? {} : { address }),
    ...without(hints === undefined, subscribe === undefined, address === undefined),
  };
  return {
    dueAt: () => dueAt,
    status: () => status,
    async see() {
      if (now() < dueAt || subscribe === undefined || address === undefined) return;
      const told = await asked(() => subscribe(address, context()));
      const at = now();
      dueAt = at + ('failure' in told ? TRY_AGAIN : DAY);
      if ('failure' in told) {
        const { code, message } = told.failure;
        status = { address, at, failure: { code, message } };
      } else status = { address, at, message: told.message };
    },
  };
}

/** Why nobody sees to it. */
function without(noHints: boolean, byHand: boolean, nowhere: boolean): Pick<SubscriptionStatus, 'message'> {
  if (noHints) return { message: 'This platform calls no webhooks: it is polled.' };
  if (nowhere)
    return {
      message:
        'The public address of this server is unknown, so no webhook can be registered: set WAYBILL_PUBLIC_URL.',
    };
  return byHand ? { message: 'The webhook must be registered in the shop by hand.' } : {};
}
