import type { SendContext } from '@waybill/core';
import type { AroundKind } from './result.ts';
import type { upstreamOf } from './upstream.ts';

/** One question that is put to both sides. */
export interface Asked {
  readonly kind: AroundKind;
  readonly name: string;
  /** `auth` is what its platform puts into the settings of an account that signs in by OAuth. */
  readonly theirs: (runtime: Runtime, settings: object, auth: object) => Promise<unknown>;
  readonly ours: (context: SendContext) => Promise<unknown>;
}

/** Upstream's runtime for one definition. */
export type Runtime = ReturnType<typeof upstreamOf>;
const nothing = (): void => undefined;

/** What upstream's platform passes besides settings and payload. */
export const PLATFORM = {
  features: {},
  statsContext: {
    statsClient: { incr: nothing, set: nothing, histogram: nothing, observe: nothing },
    tags: [],
  },
  logger: { debug: nothing, info: nothing, warn: nothing, error: nothing, crit: nothing, log: nothing },
};

/** The result of a failed question; messages differ between both sides. */
export const FAILED = 'failed';

/** Settings without those of a connection by OAuth. */
export function withoutAuth(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !/^oauth(?:_|$)/.test(name)));
}
