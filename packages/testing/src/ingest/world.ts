import type { Event } from '@waybill/core';
import { createInstallation, type Log } from '@waybill/delivery';
import { createIntake, createRefusals, type Intake, type Refusal } from '@waybill/ingest';
import type { FakeClock } from '../clock.ts';

/** A log in memory with the intake over it: what sources and processors run on. */
export interface IngestWorld {
  readonly log: Log;
  readonly intake: Intake;
  /** Returns events since the last call, with their sources. */
  fresh(): Promise<readonly { readonly sourceId: string; readonly event: Event }[]>;
  /** Returns refusals, newest first. */
  refused(): readonly Refusal[];
}

/** Creates a world with a clock. */
export function ingestWorld(clock: Pick<FakeClock, 'now'>): IngestWorld {
  const { log } = createInstallation().open({ writes: ['log'], now: clock.now });
  const refusals = createRefusals();
  let made = 0;
  let seen = 0;
  const intake = createIntake({
    log,
    refusals,
    sourceOf: () => undefined,
    guesses: { judge: () => 0 },
    metrics: { accepted: () => undefined, duplicate: () => undefined, refused: () => undefined },
    now: clock.now,
    newMessageId: () => `test-${(made += 1)}`,
    sparing: () => undefined,
    onStored: () => undefined,
  });
  return {
    log,
    intake,
    async fresh() {
      const read = await log.read({ after: seen, limit: 1_000_000 });
      seen = read.at(-1)?.seq ?? seen;
      return read.map(({ sourceId, event }) => ({ sourceId, event }));
    },
    refused: () => refusals.list(1_000),
  };
}
