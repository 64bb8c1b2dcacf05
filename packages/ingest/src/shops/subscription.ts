import type { ResolvedSource, SourceContext } from '@waybill/core';
import { asked } from './read-task.ts';

/** The status of the webhook registration. */
export interface SubscriptionStatus {
  /** Its URL; absent while the public URL of this server is unknown. */
  readonly address?: string;
  /** When it was last checked, in epoch milliseconds. */
  readonly at?: number;
  readonly message?: string;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Ensures the webhook registration: at the start, and daily. */
export interface Subscription {
  /** Checks it when due. Never throws. */
  see(): Promise<void>;
  /** The time of the next check, in epoch milliseconds. */
  dueAt(): number;
  status(): SubscriptionStatus;
}

const DAY = 86_400_000;
const TRY_AGAIN = 600_000;

/** Creates the subscription of a source. */
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

/** Returns why there is no registration. */
function without(noHints: boolean, byHand: boolean, nowhere: boolean): Pick<SubscriptionStatus, 'message'> {
  if (noHints) return { message: 'This platform calls no webhooks: it is polled.' };
  if (nowhere)
    return {
      message:
        'The public address of this server is unknown, so no webhook can be registered: set WAYBILL_PUBLIC_URL.',
    };
  return byHand ? { message: 'Register the webhook in the shop manually.' } : {};
}
