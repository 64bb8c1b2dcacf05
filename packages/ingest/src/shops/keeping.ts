import type { ResolvedSource } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import { createOwner } from '../owner.ts';
import { ASIDE_KEY, type Asides } from './aside.ts';
import { createHints, type Hints, MOST_HINTS } from './hints.ts';
import type { ShopInput } from './input.ts';
import type { Limiter } from './limiter.ts';
import { createSettle, type Step } from './settle.ts';
import type { ShopCursor } from './tasks.ts';

/** What a source keeps in the log, and the right to write it. */
export interface Keeping {
  readonly hints: Hints;
  readonly cursor: ShopCursor;
  /** How often a step has brought something new. */
  readonly news: number;
  /** The lease; undefined while another holder has it. */
  lease(): Promise<Lease<string> | undefined>;
  /** Another holder has taken over: begins anew. */
  lost(): void;
  /** Looks how it stands with the holder that has the lease. */
  look(): Promise<void>;
  release(): Promise<void>;
  /** Writes what a step has brought; answers how many events that were. */
  write(lease: Lease<string>, step: Step): Promise<number>;
  /** Goes on from another cursor, which is written with the next step. */
  goOn(cursor: ShopCursor): void;
  /** Whether calls were counted that a restart must not forget. */
  isCounting(): boolean;
}

/** How often calls that are counted over long periods are kept, while nothing else is. */
const KEEP_EVERY = 300_000;

/** Who owns what is kept of a source. */
export function ownerOf(source: string): string {
  return `source ${source}`;
}

/** Keeps what a source has come to. */
export function createKeeping(
  source: ResolvedSource,
  input: ShopInput,
  { asides, limiter }: { readonly asides: Asides; readonly limiter: Limiter },
): Keeping {
  const { log, now } = input;
  const settle = createSettle({ source, asides, ...input });
  let keptAt = now();
  let news = 0;
  let cursor: ShopCursor = { newest: {}, tasks: {}, calls: {} };
  const owner = createOwner({
    name: ownerOf(source.id),
    holder: input.holder,
    log,
    now,
    async onTaken({ key }) {
      const { cursor: kept, state } = await log.carried(key, [ASIDE_KEY]);
      asides.load(state.get(ASIDE_KEY));
      hints.load(await log.timers(key, { limit: 2 * MOST_HINTS }));
      if (kept !== undefined) cursor = JSON.parse(kept) as ShopCursor;
      limiter.restore(cursor.calls);
    },
  });
  let taking: Promise<Lease<string> | undefined> | undefined;
  /** Webhooks and the loop ask for the lease at any time; it is taken once. */
  const leaseOf = (): Promise<Lease<string> | undefined> => {
    taking ??= owner.lease().finally(() => {
      taking = undefined;
    });
    return taking;
  };
  const hints = createHints(async (timers) => {
    const lease = await leaseOf();
    const stored = lease === undefined ? 'stale' : await log.append([], { lease, timers });
    if (stored !== 'stale') return;
    owner.lost();
    throw new Error('Another server reads this source.');
  });
  return {
    hints,
    get cursor() {
      return cursor;
    },
    get news() {
      return news;
    },
    lease: leaseOf,
    lost: () => owner.lost(),
    async look() {
      const { cursor: kept, state } = await log.carried(owner.name, [ASIDE_KEY]);
      asides.load(state.get(ASIDE_KEY));
      if (kept !== undefined && kept !== '') cursor = JSON.parse(kept) as ShopCursor;
    },
    release: () => owner.release(),
    async write(lease, step) {
      const settled = await settle(lease, step);
      if (settled === 'stale') {
        owner.lost();
        return 0;
      }
      if (settled.isNew) news += 1;
      if (step.cursor !== undefined) {
        cursor = step.cursor;
        if (step.idle !== true) keptAt = now();
      }
      return settled.events;
    },
    goOn(next) {
      cursor = next;
    },
    isCounting: () => now() - keptAt >= KEEP_EVERY && Object.keys(limiter.counts()).length > 0,
  };
}
