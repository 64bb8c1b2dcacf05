import type { SourceEvent } from '@waybill/core';
import { createProcessors, dummyProcessor, type Processors } from '@waybill/ingest';
import { expect } from 'vitest';
import type { World } from './support.ts';

/** The number of events that processors read together. */
export const CHUNK = 1_000;
/** The number of users of all events. */
export const USERS = 7;

/** Runs dummy processors that must not fail. The value of each is the time after which a user is quiet. */
export async function runDummies(
  one: World,
  quiet: Readonly<Record<string, number>>,
  { log, carry = one.intake.carry }: { log: Partial<World['log']>; carry?: World['intake']['carry'] },
): Promise<Processors> {
  const processors = createProcessors({
    log: { ...one.log, ...log },
    intake: { carry },
    holder: 'test',
    now: () => one.time.now,
    onFailure: (_processor, failure) => expect.unreachable(failure.message),
    onError: (_processor, error) => expect.unreachable(String(error)),
  });
  await processors.configure(
    Object.entries(quiet).map(([id, each]) => ({
      id,
      name: id,
      enabled: true,
      processor: dummyProcessor,
      sources: ['shop'],
      settings: { quiet: each },
    })),
  );
  await processors.idle();
  return processors;
}

/** Sends the events of some chunks. */
export async function sendChunks(one: World, from: number, to: number): Promise<void> {
  const events = Array.from({ length: (to - from) * CHUNK }, (_, at): SourceEvent => {
    const n = from * CHUNK + at;
    return { type: 'track', event: 'Dummy Happened', messageId: `${n}`, userId: `user ${n % USERS}` };
  });
  await one.send('shop', ...events);
}
