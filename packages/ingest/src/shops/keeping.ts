import type { ResolvedSource } from '@waybill/core';
import type { Lease } from '@waybill/delivery';
import { createOwner } from '../owner.ts';
import { ASIDE_KEY, type Asides } from './aside.ts';
import { createHints, type Hints, MOST_HINTS } from './hints.ts';
import type { ShopInput } from './input.ts';
import type { Limiter } from './limiter.ts';
import { createSettle, type Step } from './settle.ts';
import type { ShopCursor } from './tasks.ts';

/** The stored data of a source in the log, and its lease. */
export interface Keeping {
  readonly hints: Hints;
  readonly cursor: ShopCursor;
  /** The number of steps with news. */
  readonly news: number;
  /** Returns the lease; undefined while another holder has it. */
  lease(): Promise<Lease<string> | undefined>;
  /** Handles a takeover by another holder: starts over. */
  lost(): void;
  /** Reads the status written by the holder of the lease. */
  look(): Promise<void>;
  release(): Promise<void>;
  /** Writes the results of a step; returns the number of events. */
  write(lease: Lease<string>, step: Step): Promise<number>;
  /** Continues from another cursor, written with the next step. */
  goOn(cursor: ShopCursor): void;
  /** Whether there are call counts that must survive a restart. */
  isCounting(): boolean;
}

/** How often call counts of long periods are stored when nothing else is. */
const KEEP_EVERY = 300_000;

/** Returns the owner of the data of a source. */
export function ownerOf(source: string): string {
  return `source ${source}`;
}

/** Creates the stored data of a source. */
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
  /** Webhooks and the loop need the lease at any time; it is acquired once. */
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
