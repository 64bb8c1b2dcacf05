import { describe, expect, it } from 'vitest';
import type { Event, ResolvedProcessor } from '@waybill/core';
import { createInstallation, type MemoryStores } from '@waybill/delivery';
import {
  createIntake,
  createProcessors,
  dummyProcessor,
  type Intake,
  type Processors,
} from '@waybill/ingest';
import { testProcessors, type TestProcessors } from './thread.ts';

/** Random schedules; more with WAYBILL_SCHEDULES. */
const SCHEDULES = Number(process.env['WAYBILL_SCHEDULES'] ?? 15);
const PARTITIONS = 3;
const USERS = 5;

/** A seeded generator of numbers from 0 to 1. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Holder {
  readonly stores: MemoryStores;
  readonly intake: Intake;
  readonly processors: Processors & Partial<Pick<TestProcessors, 'end'>>;
}

interface Ended {
  readonly events: readonly Event[];
  /** The messageIds of acknowledged events. */
  readonly stored: readonly string[];
}

async function schedule(seed: number, isAway: boolean): Promise<Ended> {
  const roll = dice(seed);
  const time = { now: Date.parse('2026-01-15T12:00:00Z') };
  const pause = (): Promise<void> =>
    roll() < 0.3 ? new Promise((resolve) => setTimeout(resolve, roll() * 3)) : Promise.resolve();
  const installation = createInstallation({ partitions: PARTITIONS, pause, now: () => time.now });
  const count: ResolvedProcessor = {
    id: 'count',
    name: 'count',
    enabled: true,
    processor: dummyProcessor,
    sources: ['shop'],
    settings: { quiet: 20_000 },
  };
  const open = (holder: string): Holder => {
    const stores = installation.open({ writes: ['log'] });
    const intake = createIntake({
      log: stores.log,
      sourceOf: () => undefined,
      guesses: { judge: () => 0 },
      refusals: { add: () => undefined },
      metrics: { accepted: () => undefined, duplicate: () => undefined, refused: () => undefined },
      now: () => time.now,
      newMessageId: () => 'unused',
      sparing: () => undefined,
      onStored: () => undefined,
    });
    const processors = (isAway ? testProcessors : createProcessors)({
      log: stores.log,
      intake,
      partitions: PARTITIONS,
      holder,
      now: () => time.now,
      onFailure: (_processor, { message }) => {
        throw new Error(message);
      },
      onError: () => undefined,
    });
    void processors.configure([count]);
    return { stores, intake, processors };
  };
  const holders = [open('one'), open('two')];
  await Promise.all(holders.map(({ processors }) => processors.idle()));
  /** What must end before the final check: a late commit, and everything after it, is not visible yet. */
  const under: Promise<unknown>[] = [];
  const stored: string[] = [];

  for (let step = 0; step < 40; step += 1) {
    const at = roll() < 0.5 ? 0 : 1;
    const chance = roll();
    if (chance < 0.6) {
      const userId = `user-${Math.floor(roll() * USERS)}`;
      const event = { type: 'track', event: 'Dummy Happened', messageId: `m-${step}`, userId };
      const origin = { source: { id: 'shop' }, path: 'test' };
      const kept = holders[at]!.intake.take([event], origin).stored!;
      // One in progress when its process ends may be lost: it was not acknowledged.
      under.push(kept.then(() => stored.push(event.messageId)).catch(() => undefined));
    } else if (chance < 0.7) {
      // Work in progress is cut off; another process of the same name, or none, continues.
      const gone = holders[at]!;
      gone.stores.crash();
      under.push(gone.processors.stop().catch(() => undefined));
      holders[at] = open(roll() < 0.5 ? (at === 0 ? 'one' : 'two') : `other-${step}`);
    } else if (chance < 0.75 && isAway) holders[at]!.processors.end?.();
    else if (chance < 0.85) time.now += roll() * 70_000;
    else await new Promise((resolve) => setTimeout(resolve, roll() * 10));
    for (const { processors } of holders) if (roll() < 0.7) processors.wake();
  }
  await Promise.all(under);
  for (let turn = 0; turn < 4; turn += 1) {
    time.now += 61_000;
    await Promise.all(holders.map(({ processors }) => processors.idle()));
  }
  const { log } = holders[0]!.stores;
  const read = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) => log.read({ after: 0, limit: 10_000, partition })),
  );
  await Promise.all(holders.map(({ processors }) => processors.stop()));
  return { events: read.flat().map(({ event }) => event), stored };
}

describe.for([false, true])(
  'two processes that work on partitions, with crashes, pauses and expired leases, in another thread: %s',
  (isAway) => {
    const first = Number(process.env['WAYBILL_SEED'] ?? Math.floor(Math.random() * 1e9));
    it(
      `count each event once, and fire each timer once (seeds from ${first})`,
      async () => {
        let seen = 0;
        for (let seed = first; seed < first + SCHEDULES; seed += 1) {
          const { events, stored } = await schedule(seed, isAway);
          const of = (name: string): readonly Event[] => events.filter((one) => one.event === name);
          const happened = Map.groupBy(of('Dummy Happened'), ({ userId }) => userId);
          const counted = Map.groupBy(of('Dummy Counted'), ({ userId }) => userId);
          const there = new Set(events.map(({ messageId }) => messageId));
          expect([seed, stored.filter((id) => !there.has(id))]).toEqual([seed, []]);
          seen += stored.length;
          for (const [user, list] of happened) {
            const counts = counted.get(user)?.map(({ properties }) => properties?.['count']);
            expect([seed, user, counts]).toEqual([seed, user, list.map((_, at) => at + 1)]);
            // The last count of a user is followed by one timer.
            const quiet = of('Dummy Quiet').filter(({ userId }) => userId === user);
            const last = quiet.filter(({ properties }) => properties?.['count'] === list.length);
            expect([seed, user, last.length]).toEqual([seed, user, 1]);
            const all = quiet.map(({ properties }) => JSON.stringify(properties));
            expect([seed, user, new Set(all).size]).toEqual([seed, user, all.length]);
          }
        }
        expect(seen).toBeGreaterThan(0);
      },
      60_000 + SCHEDULES * 2_000,
    );
  },
);
