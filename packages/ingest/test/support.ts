import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, SourceEvent } from '@waybill/core';
import { type Log, openStores, type Stores } from '@waybill/delivery';
import { createIntake, createRefusals, type Intake, type Refusals } from '@waybill/ingest';

/** A log in a file with an intake over it, at a time that a test sets. */
export interface World {
  readonly log: Log;
  readonly intake: Intake;
  readonly refusals: Refusals;
  readonly time: { now: number };
  /** Every event in the log, in order, with its source. */
  all(): Promise<readonly (Event & { readonly source: string })[]>;
  send(source: string, ...events: readonly SourceEvent[]): Promise<void>;
  /** Closes the log without ending anything, and reopens it: as after a kill. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Creates a world: in a file, or in memory, where answers are late and commits overtake each other. */
export async function world(driver: 'sqlite' | 'memory' = 'sqlite'): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-ingest-'));
  const time = { now: Date.parse('2026-01-15T12:00:00Z') };
  let stores: Stores;
  let log: Log;
  let intake: Intake;
  const refusals = createRefusals();
  const open = async (): Promise<void> => {
    const options = { writes: ['log'], only: ['log'], now: () => time.now } as const;
    stores = await openStores(driver === 'sqlite' ? `sqlite:${folder}` : `memory:${folder}`, options);
    ({ log } = stores);
    let made = 0;
    intake = createIntake({
      log,
      sourceOf: () => undefined,
      guesses: { judge: () => 0 },
      refusals,
      metrics: { accepted: () => undefined, duplicate: () => undefined, refused: () => undefined },
      now: () => time.now,
      newMessageId: () => `made-${(made += 1)}`,
      sparing: (_key, say) => say(0),
      onStored: () => undefined,
    });
  };
  await open();
  return {
    get log() {
      return log;
    },
    get intake() {
      return intake;
    },
    refusals,
    time,
    async all() {
      const read = await log.read({ after: 0, limit: 1_000_000 });
      return read.map(({ event, sourceId }) => ({ ...event, source: sourceId }));
    },
    async send(source, ...events) {
      await intake.take(events, { source: { id: source }, path: 'test' }).stored;
    },
    async reopen() {
      await stores.close();
      await open();
    },
    async close() {
      await stores.close();
      rmSync(folder, { recursive: true });
    },
  };
}
