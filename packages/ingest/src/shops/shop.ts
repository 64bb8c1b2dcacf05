import type { DeletionRequest, ResolvedSource } from '@waybill/core';
import { createLoop, createQueue } from '../loop.ts';
import type { ShopInput } from './input.ts';
import { createReader, erase, work } from './reader.ts';
import type { ShopReading } from './reading.ts';
import { statusOf } from './status.ts';
import type { Past } from './tasks.ts';

/** Reads a shop: one loop under one lease, so that everything is compared in the order of reading. */
export function readShop(source: ResolvedSource, pasts: readonly Past[], input: ShopInput): ShopReading {
  const reader = createReader(source, pasts, input);
  const { keeping, standings, agenda, pages, limiter } = reader;
  const { now } = input;
  const alone = createQueue();
  const loop = createLoop({
    work: () => alone(() => work(reader, input)),
    onError(error) {
      keeping.lost();
      pages.forget();
      const message = error instanceof Error ? error.message : String(error);
      standings.failed(standings.whole, 'shop', { status: 'retry', code: 'source_failed', message });
      return Math.max(1, standings.whole.until - now());
    },
  });
  return {
    ...loop,
    async take(hints) {
      const taken = await keeping.hints.take(hints, now());
      loop.wake();
      return taken;
    },
    backfill(next) {
      agenda.want(next);
      loop.wake();
    },
    readNow(modes) {
      agenda.hurry(modes);
      if (modes.includes('sweep')) reader.repair.hurry();
      loop.wake();
    },
    status: () => statusOf({ ...reader, source: source.id, hints: keeping.hints, paces: pages.paces, now }),
    subscription: () => reader.subscription.status(),
    asides: () => reader.asides.list(),
    async again(keys) {
      const count = await reader.rereading.want(keys);
      loop.wake();
      return count;
    },
    erase: (who) => alone(() => erase(reader, who, input)),
    context: () => reader.context(),
    visitors: reader.visitors,
    async stop() {
      limiter.close();
      await loop.stop();
      reader.away?.close();
      await keeping.release();
    },
  };
}

/** Erases a person from a shop that is currently not read. */
export async function eraseOf(source: ResolvedSource, who: DeletionRequest, input: ShopInput): Promise<void> {
  const reader = createReader(source, [], input);
  try {
    await erase(reader, who, input);
  } finally {
    reader.limiter.close();
    reader.away?.close();
    await reader.keeping.release();
  }
}
