import { type Event, type Processor, type ResolvedProcessor, resolveWorkspace } from '@waybill/core';
import { createProcessors, type ProcessorFailure, type Processors } from '@waybill/ingest';
import { type FakeClock, fakeClock } from '../clock.ts';
import { TestSetupError } from '../destination.ts';
import { ingestWorld } from './world.ts';

/** Options of a test processor. */
export interface TestProcessorOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The time; a fake clock when absent. */
  readonly clock?: FakeClock;
}

/** A processor that can be run without a server. */
export interface TestProcessor {
  readonly resolved: ResolvedProcessor;
  readonly clock: FakeClock;
  /** Processes events, in order; they arrive at the time of the clock. Returns the derived events. */
  send(...events: readonly Event[]): Promise<readonly Event[]>;
  /** Advances the clock; returns the events derived by timers. */
  advance(milliseconds: number): Promise<readonly Event[]>;
  /** Restarts, as after a crash: unsaved state is lost. */
  restart(): Promise<void>;
  /** The errors. */
  readonly failures: readonly ProcessorFailure[];
  stop(): Promise<void>;
}

const SOURCE = 'test';

/** Creates an instance of a processor for tests, over a log in memory: states, timers and IDs are those of a server. */
export async function createTestProcessor(
  processor: Processor,
  options: TestProcessorOptions = {},
): Promise<TestProcessor> {
  const clock = options.clock ?? fakeClock();
  const resolved = resolveProcessor(processor, options.settings);
  const world = ingestWorld(clock);
  const failures: ProcessorFailure[] = [];
  const open = async (): Promise<Processors> => {
    const running = createProcessors({
      log: world.log,
      intake: world.intake,
      holder: 'test',
      now: clock.now,
      onFailure: (_processor, failure) => failures.push(failure),
      onError: (_processor, error) => {
        throw error;
      },
    });
    await running.configure([resolved]);
    return running;
  };
  let running = await open();
  const derived = async (): Promise<readonly Event[]> => {
    await running.idle();
    return (await world.fresh()).flatMap(({ sourceId, event }) => (sourceId === resolved.id ? [event] : []));
  };
  await derived();
  return {
    resolved,
    clock,
    failures,
    async send(...events) {
      await world.intake.take(events, { source: { id: SOURCE }, path: 'test' }).stored;
      return derived();
    },
    advance(milliseconds) {
      clock.advance(milliseconds);
      return derived();
    },
    async restart() {
      await running.stop();
      running = await open();
      await running.idle();
    },
    stop: () => running.stop(),
  };
}

/** Resolves an instance of a processor, with validated settings and defaults. Throws TestSetupError. */
export function resolveProcessor(
  processor: Processor,
  settings: Readonly<Record<string, unknown>> = {},
): ResolvedProcessor {
  const result = resolveWorkspace(
    {
      sources: [{ id: SOURCE, writeKey: SOURCE }],
      processors: [{ id: 'under-test', type: processor.slug, settings }],
      destinations: [],
    },
    { destinations: [], processors: [processor], env: () => undefined },
  );
  if (!result.ok) throw new TestSetupError(result.issues);
  return result.value.processors[0]!;
}
